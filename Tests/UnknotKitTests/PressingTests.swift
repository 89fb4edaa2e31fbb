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
    for despite in [false, true] {
      _ = try failure(.safetyStop) {
        try journal.resumeGuided(record, saved: running, despiteWarning: despite)
      }
    }
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

  /// What has come to speak against it since a session began is said before it goes on.
  @Test(arguments: ["fever", "9"]) func aSessionDoesNotGoOnUnasked(what: String) throws {
    let household = try Household()
    let journal = try household.device("phone")
    let running = try journal.beginGuided(GuidedRequest()).session
    household.advance(seconds: 60)
    _ = what == "9" ? try journal.ratePain(9) : try journal.recordCheck([what]).written
    let record = try journal.show(running.session)
    _ = try failure(.safetyStop) { try journal.resumeGuided(record, saved: running) }
    #expect(try journal.resumeGuided(record, saved: running, despiteWarning: true).session == running.session)
    household.advance(seconds: 60)
    _ = try journal.recordCheck([])
    #expect(try journal.resumeGuided(record, saved: running).session == running.session)
  }

  /// A check on a device that had not heard of a sign does not say that it is gone: no clock decides that.
  @Test(arguments: [-3600, 3600] as [Int64]) func aCheckThatHadNotSeenASignClearsNothing(later: Int64) throws
  {
    let household = try Household()
    let (phone, laptop) = (try household.device("phone"), try household.device("laptop"))
    _ = try phone.recordCheck([])
    try household.exchange(phone, laptop)
    household.advance(seconds: 60)
    _ = try phone.recordCheck(["fever"])
    household.advance(seconds: later)
    _ = try laptop.recordCheck([])
    try household.exchange(phone, laptop)
    for journal in [phone, laptop] { #expect(try journal.standingSign()?.tier == .urgent) }
    household.advance(seconds: 7200)
    _ = try laptop.recordCheck([])
    try household.exchange(phone, laptop)
    for journal in [phone, laptop] {
      #expect(try journal.standingSign() == nil)
      #expect(try journal.unexaminedSign()?.tier == .urgent)
    }
    household.advance(seconds: 60)
    _ = try phone.recordCheck([], examined: true)
    try household.exchange(phone, laptop)
    for journal in [phone, laptop] { #expect(try journal.unexaminedSign() == nil) }
  }

  /// A clock that was ahead when a check found none does not answer the sign that was written after it; nor does one that was ahead at
  /// a sign keep the next check from clearing it.
  @Test func aWrongClockClearsNothing() throws {
    let household = try Household()
    let journal = try household.device("phone")
    household.advance(seconds: 7200)
    _ = try journal.recordCheck([])
    household.advance(seconds: -7200)
    _ = try journal.recordCheck(["bladder"])
    #expect(try journal.standingSign()?.tier == .emergency)
    _ = try journal.recordCheck([])
    #expect(try journal.standingSign() == nil)
    household.advance(seconds: 14_400)
    _ = try journal.recordCheck(["fever"])
    household.advance(seconds: -14_000)
    #expect(try journal.standingSign()?.tier == .urgent)
    _ = try journal.recordCheck([])
    #expect(try journal.standingSign() == nil)
  }

  /// What a rating, a tag, a press or an episode points to is answered by who knew of it, whatever the clocks say.
  @Test(arguments: ["rating", "tag", "press", "episode"], [-3600, 3600] as [Int64])
  func aCheckAnswersWhatItsWriterKnew(what: String, later: Int64) throws {
    let household = try Household()
    let (phone, laptop) = (try household.device("phone"), try household.device("laptop"))
    let rating = try phone.ratePain(3).only()
    let bout = try phone.logSession(bouts: [try BoutText("ql/left:45s")]).records[0].children[0]
    _ = try phone.recordCheck([])
    try household.exchange(phone, laptop)
    household.advance(seconds: 60)
    #expect(try phone.signPointer() == nil)
    switch what {
    case "rating": _ = try phone.ratePain(9)
    case "tag": _ = try phone.tag(rating.id, ["+tingle"])
    case "press": _ = try phone.edit(bout.id, ["outcome=stopped", "stop_sign=electric"])
    default: _ = try phone.openEpisode()
    }
    let isReason = what == "rating" || what == "press"
    household.advance(seconds: later)
    _ = try laptop.recordCheck([])
    try household.exchange(phone, laptop)
    for journal in [phone, laptop] {
      #expect(try journal.signPointer() != nil)
      #expect(try (journal.reasonNotToPress() != nil) == isReason)
    }
    _ = try laptop.recordCheck([])
    try household.exchange(phone, laptop)
    for journal in [phone, laptop] {
      #expect(try journal.signPointer() == nil)
      #expect(try journal.reasonNotToPress() == nil)
    }
  }

  /// A check that was made when the clock was ahead answers nothing of afterwards.
  @Test func aCheckOfTheFutureAnswersNothingNew() throws {
    let household = try Household()
    let journal = try household.device("phone")
    household.advance(seconds: 7200)
    _ = try journal.recordCheck([])
    household.advance(seconds: -7200)
    _ = try journal.ratePain(9)
    #expect(try journal.reasonNotToPress() == "a rating of 9 is severe")
    #expect(try journal.signPointer() == "a rating of 9 since the check")
  }

  /// A severe rating that was corrected on another device, without knowing of it, is severe until somebody decides.
  @Test func aSevereRatingThatIsNotDecidedCounts() throws {
    let household = try Household()
    let (phone, laptop) = (try household.device("phone"), try household.device("laptop"))
    let rating = try phone.ratePain(4).only()
    try household.exchange(phone, laptop)
    _ = try phone.edit(rating.id, ["score=9"])
    household.advance(seconds: 60)
    _ = try laptop.edit(rating.id, ["score=3"])
    try household.exchange(phone, laptop)
    for journal in [phone, laptop] {
      #expect(try journal.conflictCount() == 1)
      #expect(try journal.reasonNotToPress() == "a rating of 9 is severe")
    }
  }

  /// A check that is written down late, as an import does, answers nothing of after its time.
  @Test func aCheckOfBeforeAnswersNothingOfAfter() throws {
    let household = try Household()
    let journal = try household.device("phone")
    household.advance(seconds: 4 * 86_400)
    _ = try journal.ratePain(9)
    let check = try journal.recordCheck([]).written.only()
    #expect(try journal.reasonNotToPress() == nil)
    let now = journal.now
    let before = Moment(milliseconds: now.milliseconds - 2 * 86_400_000, offsetMinutes: now.offsetMinutes)
    _ = try journal.edit(check.id, ["at=\(before.rfc3339)"])
    #expect(try journal.reasonNotToPress() == "a rating of 9 is severe")
  }

  /// An older sign that is written down later was known to nobody when the check was made; its writer knew of the check.
  @Test func aSignOfBeforeIsOfBefore() throws {
    let household = try Household()
    let journal = try household.device("phone")
    let sign = try journal.recordCheck(["fever"]).written.only()
    household.advance(seconds: 60)
    _ = try journal.recordCheck([])
    #expect(try journal.standingSign() == nil)
    let now = journal.now
    let before = Moment(milliseconds: now.milliseconds - 7_200_000, offsetMinutes: now.offsetMinutes)
    _ = try journal.edit(sign.id, ["at=\(before.rfc3339)"])
    #expect(try journal.standingSign() == nil)
  }

  /// Nobody examined it: that is said for six weeks, and no longer.
  @Test func anUnexaminedSignIsToldOfForSixWeeks() throws {
    let household = try Household()
    let journal = try household.device("phone")
    _ = try journal.recordCheck(["bladder"])
    #expect(try journal.unexaminedSign() == nil)
    for examined in [nil, false] as [Bool?] {
      household.advance(seconds: 60)
      _ = try journal.recordCheck([], examined: examined)
      #expect(try journal.unexaminedSign()?.tier == .emergency)
    }
    household.advance(seconds: 43 * 86_400)
    #expect(try journal.unexaminedSign() == nil)
  }

  @Test func aSevereRatingOfYesterdayCountsNoMore() throws {
    let household = try Household()
    let journal = try household.device("phone")
    _ = try journal.ratePain(9)
    household.advance(seconds: 86_401)
    #expect(try !journal.beginGuided(GuidedRequest()).session.steps.isEmpty)
  }
}
