import Testing
import UnknotKit

/// No front end can send somebody to the ball whom another one would not: the journal itself refuses.
@Suite struct PressingTests {
  private func refuses(_ journal: Journal) throws {
    let before = try journal.digest().digest
    let error = try failure(.safetyStop) { try journal.beginGuided(GuidedRequest()) }
    #expect(error.hint != nil)
    #expect(try journal.digest().digest == before, "a refusal writes nothing")
  }

  private func begins(_ journal: Journal) throws {
    var request = GuidedRequest()
    request.despiteWarning = true
    #expect(try !journal.beginGuided(request).session.steps.isEmpty)
  }

  @Test(arguments: [8, 9, 10]) func aSevereRatingComesFirst(score: Int) throws {
    let journal = try Household().device("phone")
    _ = try journal.ratePain(score)
    try refuses(journal)
    // The signs were gone through, and there is none.
    let other = try Household().device("phone")
    _ = try other.ratePain(score)
    _ = try other.recordCheck([])
    #expect(try !other.beginGuided(GuidedRequest()).session.steps.isEmpty)
    try begins(journal)
  }

  @Test func aStoppedPressComesFirst() throws {
    let journal = try Household().device("phone")
    var session = try journal.beginGuided(GuidedRequest()).session
    for event in [GuidedSession.Event.answer(4), .next, .stop("numbness"), .answerFinish(true), .answer(4)] {
      _ = session.handle(event, at: 0)
    }
    _ = try journal.write(&session)
    #expect(session.phase == .done)
    try refuses(journal)
    try begins(journal)
  }

  @Test func anEmergencyCannotBePassedOver() throws {
    let journal = try Household().device("phone")
    let running = try journal.beginGuided(GuidedRequest()).session
    let emergency = try #require(SafetyChecklist.current.items.first { $0.tier == .emergency })
    _ = try journal.recordCheck([emergency.id])
    try refuses(journal)
    var request = GuidedRequest()
    request.despiteWarning = true
    _ = try failure(.safetyStop) { try journal.beginGuided(request) }
    // Nor is one who had begun led any further.
    let record = try journal.show(running.session)
    _ = try failure(.safetyStop) { try journal.resumeGuided(record, saved: running) }
  }

  /// What hurt too much is left for the day: no answer to the questions makes the place less sore.
  @Test func aCheckDoesNotEndTheRestOfASorePlace() throws {
    let household = try Household()
    let journal = try household.device("phone")
    var session = try journal.beginGuided(GuidedRequest()).session
    for event in [GuidedSession.Event.answer(4), .next, .stop("discomfort"), .answerFinish(true), .answer(4)]
    {
      _ = session.handle(event, at: 0)
    }
    _ = try journal.write(&session)
    household.advance(seconds: 60)
    _ = try journal.recordCheck([])
    try refuses(journal)
    try begins(journal)
  }

  @Test func aSevereRatingOfYesterdayCountsNoMore() throws {
    let household = try Household()
    let journal = try household.device("phone")
    _ = try journal.ratePain(9)
    household.advance(seconds: 86_401)
    #expect(try !journal.beginGuided(GuidedRequest()).session.steps.isEmpty)
  }
}
