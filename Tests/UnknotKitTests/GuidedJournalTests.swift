import Foundation
import SeededRandom
import Testing
import UnknotKit

/// The guided session in the journal: what is done is recorded, and it goes on where it was.
@Suite struct GuidedJournalTests {
  private let household: Household
  private let journal: Journal

  init() throws {
    household = try Household()
    journal = try household.device("phone")
  }

  private func begin(_ change: (inout GuidedRequest) -> Void = { _ in }) throws -> GuidedBeginning {
    var request = GuidedRequest()
    change(&request)
    return try journal.beginGuided(request)
  }

  /// Does everything that is left, as fast as it can be done.
  private func complete(_ guided: inout GuidedSession) throws {
    var now: Int64 = 0
    while guided.phase != .done {
      now += 1000
      let asks =
        guided.isQuestion || guided.phase == .tenderAfter
        || guided.phase == .getReady && guided.tenderness == nil
      let event: GuidedSession.Event = asks ? .answer(4) : .tick
      _ = guided.handle(event, at: now)
      _ = try journal.write(&guided)
    }
  }

  @Test func whatIsDoneIsRecorded() throws {
    _ = try journal.newRoutine(
      "short", steps: [try BoutText("ql/both:2s@wall"), try BoutText("tfl/left:3s")])
    var guided = try begin { $0.routine = "short" }.session
    #expect(guided.steps.map(\.side) == ["left", "right", "left"])
    let running = try #require(try journal.runningSession())
    #expect(running.isOwn && running.record.id == guided.session && running.record[.source].text == "timer")
    try complete(&guided)
    #expect(try journal.runningSession() == nil)
    let session = try journal.show(guided.session)
    #expect(session[.status].text == "done" && !session[.endedAt].isEmpty)
    #expect(session.children.map { $0[.seconds].integer } == [2, 2, 3])
    #expect(session.children.allSatisfy { $0[.outcome].text == "done" && $0[.release].text == "none" })
    #expect(try journal.list("pain").compactMap { $0[.context].text }.sorted() == ["after", "before"])
  }

  @Test func itGoesOnWhereItWas() throws {
    _ = try journal.newRoutine("short", steps: [try BoutText("ql/left:2s"), try BoutText("tfl/left:3s")])
    var guided = try begin { $0.routine = "short" }.session
    for (event, now) in [(GuidedSession.Event.answer(5), Int64(0)), (.next, 0), (.tick, 2000)] {
      _ = guided.handle(event, at: now)
      _ = try journal.write(&guided)
    }
    _ = guided.handle(.answer(1), at: 2000)
    let unwritten = guided
    _ = try journal.write(&guided)
    let record = try #require(try journal.runningSession()).record
    // From the file, from the file of just before it was written, and from none.
    for saved in [guided, unwritten, nil] {
      let one = try journal.resumeGuided(record, saved: saved, despiteWarning: true)
      #expect(one.index == 1 && one.phase == .getReady && one.steps.count == 2 && one.unwritten.isEmpty)
    }
    var last = try journal.resumeGuided(record, saved: nil, despiteWarning: true)
    try complete(&last)
    let session = try journal.show(record.id)
    #expect(session.children.map { $0[.target].text } == ["ql", "tfl"] && session[.status].text == "done")
  }

  /// Killed before the file, between file and journal, and after the journal: each thing is there once.
  @Test(arguments: 0..<40) func killedAnywhereNothingIsLostOrTwice(seed: Int) throws {
    let texts = ["ql/left:2s", "tfl/left:3s", "ql/right:1s", "glute-med/left:2s"]
    _ = try journal.newRoutine("short", steps: try texts.map { try BoutText($0) })
    var random = SeededGenerator(seed: UInt64(seed))
    var saved = try begin { $0.routine = "short" }.session
    let record = try #require(try journal.runningSession()).record
    var expected: [GuidedSession.Effect] = []
    var guided = saved
    var now: Int64 = 0
    for _ in 0..<400 where guided.phase != .done {
      now += 700
      let isPress = random.pick(3) == 0
      let event: GuidedSession.Event =
        isPress
        ? [.next, .previous, .skip("other"), .stop("sharp"), .answer(5), .answerFinish(false), .finish][
          random.pick(random.pick(20) == 0 ? 7 : 6)]
        : guided.isQuestion ? .answer(random.pick(7)) : .tick
      let effects = guided.handle(event, at: now)
      let end = random.pick(12)
      if end == 0 {
        // Before anything was kept: as if that key had not been pressed.
        guided = try journal.resumeGuided(record, saved: saved, despiteWarning: true)
        continue
      }
      expected += effects
      saved = guided
      if end == 1, guided.phase != .done {
        guided = try journal.resumeGuided(record, saved: saved, despiteWarning: true)
        #expect(guided.unwritten == effects)
      }
      _ = try journal.write(&guided)
      if end == 2, guided.phase != .done {
        guided = try journal.resumeGuided(record, saved: saved, despiteWarning: true)
        #expect(guided.unwritten.isEmpty)
      }
      saved = guided
    }
    let session = try journal.show(record.id)
    let bouts = expected.compactMap { if case .bout(let bout) = $0 { bout } else { nil } }
    let written = session.children.filter { $0.type == "bout" }
    #expect(written.map { $0[.outcome].text } == bouts.map(\.outcome.rawValue))
    #expect(written.map { $0[.target].text } == bouts.map(\.step.target))
    let scores = expected.compactMap { if case .rating(_, let score) = $0 { Int64(score) } else { nil } }
    #expect(try journal.list("pain").compactMap { $0[.score].integer }.sorted() == scores.sorted())
    let end = session[.status].text.flatMap(SessionStatus.init).map(GuidedSession.Effect.end)
    if guided.phase == .done { #expect(expected.last == end) }
  }

  /// Left at any step, with its file or without: it is ended once, all that was done is kept, and nothing is asked.
  @Test(arguments: 0..<20) func whatWasLeftIsEnded(seed: Int) throws {
    let texts = ["ql/left:2s", "tfl/left:3s", "ql/right:1s"]
    _ = try journal.newRoutine("short", steps: try texts.map { try BoutText($0) })
    var random = SeededGenerator(seed: UInt64(seed))
    var guided = try begin { $0.routine = "short" }.session
    let record = try #require(try journal.runningSession()).record
    var saved = guided
    for step in 0..<random.pick(30) where guided.phase != .done {
      let presses: [GuidedSession.Event] = [.next, .skip("other"), .stop("sharp"), .tick, .pause]
      let event = guided.isQuestion ? .answer(4) : presses[random.pick(presses.count)]
      _ = guided.handle(guided.phase == .askFinish ? .answerFinish(false) : event, at: Int64(step) * 700)
      saved = guided
      _ = try journal.write(&guided)
      if random.pick(2) == 0 { saved = guided }
    }
    guard guided.phase != .done else { return }
    let before = try journal.show(record.id).children.filter { $0.type == "bout" }.count
    let isSaved = random.pick(2) == 0
    // A sign that forbids to go on does not forbid to end.
    _ = try journal.recordCheck(["bladder"])
    _ = try journal.endGuided(record, saved: isSaved ? saved : nil)
    #expect(try journal.runningSession() == nil)
    let session = try journal.show(record.id)
    let bouts = session.children.filter { $0.type == "bout" }
    #expect((0...(isSaved ? 1 : 0)).contains(bouts.count - before))
    let pressed = bouts.contains { $0[.seconds].integer ?? 0 > 0 }
    let status = session[.status].text ?? ""
    #expect(pressed ? ["partial", "done"].contains(status) : status == "abandoned")
    #expect(bouts.count >= 3 || status != "done")
    let state = try journal.digest().digest
    _ = try failure(.invalidValue) { try journal.endGuided(record, saved: saved) }
    #expect(try journal.digest().digest == state)
  }

  /// The file is lost: it goes on after the bouts that there are, whatever their order was.
  @Test(arguments: [
    ([GuidedSession.Event.skip("other"), .skip("other")], 2, GuidedSession.Phase.getReady),
    // The first one again, and then not the third.
    ([.next, .answer(1), .next, .answer(1), .previous, .next, .answer(1), .next, .answer(1)], 1, .getReady),
    ([.skip("other"), .stop("sharp")], 1, .askFinish),
    ([.skip("other"), .skip("other"), .skip("other")], 3, .ratingAfter),
  ]) func itGoesOnFromRecordsAlone(events: [GuidedSession.Event], index: Int, phase: GuidedSession.Phase)
    throws
  {
    let texts = ["ql/left:2s", "tfl/left:3s", "ql/right:1s"]
    _ = try journal.newRoutine("short", steps: try texts.map { try BoutText($0) })
    var guided = try begin { $0.routine = "short" }.session
    for event in [.answer(4)] + events {
      _ = guided.handle(event, at: 0)
      _ = try journal.write(&guided)
    }
    #expect(guided.index == index && guided.phase == phase)
    let record = try #require(try journal.runningSession()).record
    let resumed = try journal.resumeGuided(record, saved: nil, despiteWarning: true)
    #expect(resumed.index == index && resumed.phase == phase)
  }

  @Test func theSideThatWasGivenIsThatOfTheRatings() throws {
    _ = try journal.ratePain(6, site: PlaceText(site: "low-back/right"))
    var guided = try begin { $0.side = "left" }.session
    _ = guided.handle(.answer(5), at: 0)
    _ = try journal.write(&guided)
    let before = try #require(try journal.list("pain").first { $0[.context].text == "before" })
    #expect(before[.side].text == "left")
  }

  /// Left, and finished the next day: it ended when its last bout did.
  @Test func whatIsFinishedMuchLaterEndedWithItsLastBout() throws {
    var guided = try begin { $0.side = "left" }.session
    _ = guided.handle(.answer(nil), at: 0)
    _ = try journal.write(&guided)
    household.advance(seconds: 120)
    _ = guided.handle(.skip("no-time"), at: 0)
    _ = try journal.write(&guided)
    household.advance(seconds: 86_400)
    _ = guided.handle(.finish, at: 0)
    _ = try journal.write(&guided)
    _ = guided.handle(.answer(3), at: 0)
    _ = try journal.write(&guided)
    let session = try journal.show(guided.session)
    #expect(session[.endedAt].moment?.milliseconds == thursdayEvening + 120_000)
    #expect(session[.status].text == "abandoned")
  }

  /// A damaged file is not gone on from.
  @Test func aDamagedFileIsLeftAside() throws {
    let guided = try begin { $0.side = "left" }.session
    let record = try #require(try journal.runningSession()).record
    let whole = try #require(String(data: try JSONEncoder().encode(guided), encoding: .utf8))
    #expect(whole.contains("\"index\":0") && whole.contains("\"passed\":0"))
    for (old, new) in [
      ("\"index\":0", "\"index\":99"), ("\"index\":0", "\"index\":-1"),
      ("\"passed\":0", "\"passed\":9000000000000000000"),
      ("\"added\":0", "\"added\":-5"), ("\"seconds\":60", "\"seconds\":0"),
    ] {
      let damaged = try JSONDecoder().decode(
        GuidedSession.self, from: Data(whole.replacingOccurrences(of: old, with: new).utf8))
      var resumed = try journal.resumeGuided(record, saved: damaged, despiteWarning: true)
      #expect(resumed.index == 0 && resumed.phase == .ratingBefore, "\(new)")
      _ = resumed.handle(.finish, at: 0)
    }
  }

  @Test func thereAreRoutinesToBeginWith() throws {
    #expect(Catalogue.defaultRoutines.map(\.id) == ["quick", "both-sides", "gentle-wall", "minimal"])
    _ = try journal.ratePain(5, site: PlaceText(site: "low-back/right"))
    var guided = try begin().session
    #expect(guided.steps.map(\.target) == ["erector-mid", "ql", "glute-med", "glute-max", "tfl"])
    #expect(guided.steps.allSatisfy { $0.side == "right" && $0.surface != nil })
    _ = guided.handle(.finish, at: 0)
    _ = try journal.write(&guided)
    #expect(try journal.show(guided.session)[.status].text == "abandoned")
    guided = try begin { $0.routine = "gentle-wall" }.session
    #expect(
      guided.steps.count == 12
        && guided.steps.allSatisfy { $0.surface == "wall" && $0.discomfortCap == 4 && $0.seconds == 30 })
    _ = guided.handle(.finish, at: 0)
    _ = try journal.write(&guided)
    // The person's own spots come first.
    let spot = try journal.addSpot("tfl/right", label: nil).only()
    guided = try begin { $0.routine = "minimal" }.session
    #expect(guided.steps.map(\.spot) == [spot.id])
    _ = guided.handle(.finish, at: 0)
    _ = try journal.write(&guided)
    let error = try failure(.notFound) { try begin { $0.routine = "quik" } }
    #expect(error.hint == "did you mean quick?")
    #expect(try journal.newRoutine("mine", steps: Catalogue.defaultSteps("quick")).only().children.count == 5)
  }

  @Test func itIsRefusedInAnEmergency() throws {
    _ = try journal.recordCheck(["bladder"])
    let before = try journal.digest().digest
    _ = try failure(.safetyStop) { try begin() }
    #expect(try journal.digest().digest == before)
    household.advance(seconds: 1)
    _ = try journal.recordCheck([])
    #expect(try begin().session.steps.isEmpty == false)
  }

  @Test func whatIsForbiddenIsLeftOut() throws {
    _ = try journal.editProfile(["contraindications/fracture/ql=2026-05-01"])
    let beginning = try begin { $0.side = "left" }
    #expect(!beginning.session.steps.contains { $0.target == "ql" } && beginning.notices.count == 1)
    var guided = beginning.session
    _ = guided.handle(.finish, at: 0)
    _ = try journal.write(&guided)
    guided = try begin {
      $0.side = "left"
      $0.overrideReason = "agreed with the doctor"
    }.session
    #expect(guided.steps.contains { $0.target == "ql" })
    try complete(&guided)
    #expect(try journal.show(guided.session).children.count == 5)
    _ = try journal.editProfile(["contraindications/fracture=2026-05-01"])
    _ = try failure(.safetyStop) { try begin() }
  }

  @Test func anotherDevicesSessionIsSeenAndTakenOver() throws {
    let laptop = try household.device("laptop")
    _ = try journal.ratePain(5)
    try household.carry(journal, laptop)
    var guided = try begin { $0.side = "left" }.session
    _ = guided.handle(.answer(5), at: 0)
    _ = try journal.write(&guided)
    try household.carry(journal, laptop)
    let running = try #require(try laptop.runningSession())
    #expect(!running.isOwn && running.record.device == "phone")
    let resumed = try laptop.resumeGuided(running.record, saved: nil)
    #expect(resumed.phase == .getReady && resumed.steps == guided.steps)
  }
}
