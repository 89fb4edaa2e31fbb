import Foundation
import Testing
import UnknotKit

/// The guided session as a value: whatever is pressed, in whatever order, no bout is lost and none is longer than the
/// time that passed.
@Suite struct GuidedSessionTests {
  private static let steps = [
    GuidedStep(target: "ql", side: "left", surface: "wall", seconds: 5),
    GuidedStep(target: "tfl", side: "left", surface: nil, seconds: 3),
    GuidedStep(target: "glute-med", side: nil, surface: "floor", seconds: 4),
  ]

  private func session() -> GuidedSession { GuidedSession(session: "id", title: "short", steps: Self.steps) }

  private func bouts(_ effects: [GuidedSession.Effect]) -> [GuidedSession.BoutDone] {
    effects.compactMap { if case .bout(let bout) = $0 { bout } else { nil } }
  }

  @Test(arguments: [-1, 11, .max, .min]) func whatIsNoRatingIsNoAnswer(score: Int) {
    var guided = session()
    #expect(guided.handle(.answer(score), at: 0).isEmpty && guided.phase == .ratingBefore)
    _ = guided.handle(.answer(6), at: 0)
    for _ in 0..<10 { _ = guided.handle(.tick, at: 0) }
    #expect(guided.handle(.answer(score), at: 0).isEmpty && guided.tenderness == nil)
    while guided.phase == .getReady { _ = guided.handle(.next, at: 0) }
    while guided.phase == .pressing { _ = guided.handle(.next, at: 0) }
    #expect(guided.handle(.answer(score), at: 0).isEmpty && guided.phase == .tenderAfter)
  }

  /// However long somebody takes to get ready: what is kept of the session can be gone on with.
  @Test func gettingReadyHasAnEnd() {
    var guided = session()
    _ = guided.handle(.answer(6), at: 0)
    for _ in 0..<200 { _ = guided.handle(.longer, at: 0) }
    #expect(guided.phase == .getReady && guided.secondsLeft == 610)
  }

  @Test func aSessionGoesItsWay() throws {
    var guided = session()
    var effects: [GuidedSession.Effect] = []
    var now: Int64 = 0
    func does(_ event: GuidedSession.Event, after milliseconds: Int64 = 0) {
      now += milliseconds
      effects += guided.handle(event, at: now)
    }
    func ticks(_ seconds: Int) { for _ in 0..<seconds { does(.tick, after: 1000) } }
    does(.answer(6))
    #expect(effects == [.rating("before", 6)] && guided.phase == .getReady && guided.secondsLeft == 10)
    ticks(9)
    #expect(guided.phase == .getReady && guided.secondsLeft == 1)
    does(.answer(7))
    #expect(guided.phase == .getReady && guided.tenderness == 7)
    ticks(1)
    #expect(guided.phase == .pressing && guided.secondsLeft == 5)
    ticks(2)
    #expect(guided.phase == .pressing && guided.secondsLeft == 3)
    does(.pause)
    ticks(60)
    #expect(guided.isPaused && guided.secondsLeft == 3)
    does(.pause)
    does(.longer)
    #expect(guided.secondsLeft == 18)
    ticks(18)
    #expect(guided.phase == .tenderAfter)
    does(.answer(3))
    #expect(bouts(effects).last?.seconds == 20 && bouts(effects).last?.discomfortEnd == 3)
    // The second: skipped with a reason.
    does(.skip("no-time"))
    #expect(bouts(effects).last?.outcome == "skipped" && bouts(effects).last?.seconds == 0)
    // The third: a sign to stop.
    does(.next)
    ticks(2)
    does(.stop("tingling"))
    #expect(bouts(effects).last?.stopSign == "tingling" && bouts(effects).last?.seconds == 2)
    #expect(guided.phase == .askFinish)
    does(.answerFinish(false))
    #expect(guided.phase == .ratingAfter)
    does(.answer(4))
    #expect(effects.suffix(2) == [.rating("after", 4), .end("done")] && guided.phase == .done)
    #expect(bouts(effects).count == 3)
    // Nothing more happens.
    #expect(guided.handle(.answer(9), at: now).isEmpty && guided.handle(.finish, at: now).isEmpty)
  }

  @Test func itIsFinishedEarly() {
    var guided = session()
    #expect(guided.handle(.finish, at: 0) == [.end("abandoned")])
    guided = session()
    _ = guided.handle(.answer(nil), at: 0)
    _ = guided.handle(.next, at: 0)
    let effects = guided.handle(.tick, at: 2000) + guided.handle(.finish, at: 2500)
    #expect(bouts(effects).map(\.seconds) == [2] && guided.phase == .ratingAfter)
    #expect(guided.handle(.answer(nil), at: 3000) == [.end("partial")])
  }

  /// Within its last bout: partial as long as that one is not whole.
  @Test(arguments: [(3, "partial"), (4, "done")]) func itIsFinishedWithinTheLastBout(
    seconds: Int, status: String
  ) {
    var guided = GuidedSession(session: "id", title: "short", steps: [Self.steps[2]])
    _ = guided.handle(.answer(nil), at: 0)
    _ = guided.handle(.next, at: 0)
    for second in 1...seconds { _ = guided.handle(.tick, at: Int64(second) * 1000) }
    #expect(bouts(guided.handle(.finish, at: Int64(seconds) * 1000)).map(\.seconds) == [seconds])
    #expect(guided.handle(.answer(nil), at: 9000) == [.end(status)])
  }

  @Test func tooMuchDiscomfortStops() {
    var guided = session()
    _ = guided.handle(.answer(nil), at: 0)
    let effects = guided.handle(.answer(8), at: 0)
    #expect(bouts(effects).first?.outcome == "stopped" && bouts(effects).first?.stopSign == "discomfort")
    #expect(guided.phase == .askFinish)
    #expect(guided.handle(.answerFinish(true), at: 0).isEmpty)
    #expect(guided.handle(.answer(nil), at: 0) == [.end("abandoned")])
  }

  @Test func aSleepingMachineDoesNotPress() {
    var guided = session()
    _ = guided.handle(.answer(nil), at: 0)
    _ = guided.handle(.next, at: 0)
    _ = guided.handle(.tick, at: 3_600_000)
    #expect(guided.phase == .pressing && guided.pressedSeconds == 3)
    guided.leave()
    _ = guided.handle(.tick, at: 7_200_000)
    #expect(guided.pressedSeconds == 3)
  }

  /// Nobody has a hand free: after the first question it goes on by itself to the last one, and all of it is written.
  @Test func withoutAnyKeyItGoesOn() {
    var guided = session()
    var effects = guided.handle(.answer(6), at: 0)
    var seconds = 0
    while guided.phase != .ratingAfter, seconds < 200 {
      seconds += 1
      effects += guided.handle(.tick, at: Int64(seconds) * 1000)
    }
    let each = GuidedSession.getReadySeconds + GuidedSession.answerSeconds
    #expect(seconds == Self.steps.reduce(0) { $0 + $1.seconds + each })
    #expect(bouts(effects).map(\.seconds) == Self.steps.map(\.seconds))
    #expect(
      bouts(effects).allSatisfy {
        $0.outcome == "done" && $0.discomfortStart == nil && $0.discomfortEnd == nil
      })
  }

  /// What was skipped was not done: no rating after it, and the session counts as left.
  @Test func whatIsSkippedDoesNotCount() {
    var guided = session()
    _ = guided.handle(.answer(6), at: 0)
    for _ in 0..<2 { _ = guided.handle(.skip("other"), at: 0) }
    #expect(guided.handle(.finish, at: 0) == [.end("abandoned")])
  }

  /// The question after a press can be paused, and is over when its time is.
  @Test func theQuestionAfterAPressPasses() {
    var guided = session()
    var now: Int64 = 0
    _ = guided.handle(.answer(nil), at: 0)
    _ = guided.handle(.next, at: 0)
    _ = guided.handle(.next, at: 0)
    #expect(guided.phase == .tenderAfter && guided.secondsLeft == GuidedSession.answerSeconds)
    _ = guided.handle(.pause, at: now)
    for _ in 0..<60 {
      now += 1000
      #expect(guided.handle(.tick, at: now).isEmpty)
    }
    _ = guided.handle(.pause, at: now)
    for second in 1...GuidedSession.answerSeconds {
      now += 1000
      #expect(guided.handle(.tick, at: now).isEmpty == (second < GuidedSession.answerSeconds))
    }
    #expect(guided.phase == .getReady && guided.index == 1)
  }

  private static let events: [GuidedSession.Event] = [
    .tick, .tick, .tick, .tick, .pause, .next, .previous, .longer, .skip("other"), .stop("sharp"), .answer(5),
    .answer(9), .answer(nil), .answerFinish(true), .answerFinish(false), .finish,
  ]

  @Test(arguments: 0..<400) func whateverIsPressed(seed: Int) throws {
    var random = SeededPicks(seed)
    var guided = session()
    var now: Int64 = 0
    var effects: [GuidedSession.Effect] = []
    var pressed = 0
    for _ in 0..<300 where guided.phase != .done {
      now += Int64(random.pick(1500))
      // Rarely: most histories are to get somewhere.
      let event = random.pick(4) == 0 ? Self.events[random.pick(Self.events.count)] : .tick
      // Saved, loaded and gone on with, it is the same.
      if random.pick(5) == 0 {
        let loaded = try JSONDecoder().decode(GuidedSession.self, from: try JSONEncoder().encode(guided))
        #expect(loaded == guided)
        guided = loaded
      }
      let before = guided
      let happened = guided.handle(event, at: now)
      effects += happened
      #expect(guided.unwritten == effects, "seed \(seed)")
      #expect(guided.secondsLeft ?? 0 >= 0 && guided.plannedSeconds <= 1800)
      for bout in bouts(happened) {
        pressed += bout.seconds
        #expect(bout.step == before.step, "seed \(seed)")
        #expect(bout.outcome == "done" ? bout.seconds >= 1 : true)
      }
    }
    // A bout that is cut short within its first second counts as one of a second.
    #expect(Int64(pressed) * 1000 <= now + Int64(bouts(effects).count) * 1000, "seed \(seed)")
    let endings = effects.filter { if case .end = $0 { true } else { false } }
    #expect(endings.count == (guided.phase == .done ? 1 : 0))
  }

  @Test func everyPhaseIsReached() {
    var reached: Set<GuidedSession.Phase> = []
    for seed in 0..<50 {
      var random = SeededPicks(seed)
      var guided = session()
      for step in 0..<400 {
        reached.insert(guided.phase)
        let event = random.pick(4) == 0 ? Self.events[random.pick(Self.events.count)] : .tick
        _ = guided.handle(event, at: Int64(step) * 700)
      }
    }
    #expect(reached.count == 7)
  }
}

/// The same in the journal.
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
      let one = try journal.resumeGuided(record, saved: saved)
      #expect(one.index == 1 && one.phase == .getReady && one.steps.count == 2 && one.unwritten.isEmpty)
    }
    var last = try journal.resumeGuided(record, saved: nil)
    try complete(&last)
    let session = try journal.show(record.id)
    #expect(session.children.map { $0[.target].text } == ["ql", "tfl"] && session[.status].text == "done")
  }

  /// Killed before the file, between file and journal, and after the journal: each thing is there once.
  @Test(arguments: 0..<40) func killedAnywhereNothingIsLostOrTwice(seed: Int) throws {
    let texts = ["ql/left:2s", "tfl/left:3s", "ql/right:1s", "glute-med/left:2s"]
    _ = try journal.newRoutine("short", steps: try texts.map { try BoutText($0) })
    var random = SeededPicks(seed)
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
        guided = try journal.resumeGuided(record, saved: saved)
        continue
      }
      expected += effects
      saved = guided
      if end == 1, guided.phase != .done {
        guided = try journal.resumeGuided(record, saved: saved)
        #expect(guided.unwritten == effects)
      }
      _ = try journal.write(&guided)
      if end == 2, guided.phase != .done {
        guided = try journal.resumeGuided(record, saved: saved)
        #expect(guided.unwritten.isEmpty)
      }
      saved = guided
    }
    let session = try journal.show(record.id)
    let bouts = expected.compactMap { if case .bout(let bout) = $0 { bout } else { nil } }
    #expect(session.children.filter { $0.type == "bout" }.map { $0[.outcome].text } == bouts.map(\.outcome))
    #expect(
      session.children.filter { $0.type == "bout" }.map { $0[.target].text } == bouts.map(\.step.target))
    let scores = expected.compactMap { if case .rating(_, let score) = $0 { Int64(score) } else { nil } }
    #expect(try journal.list("pain").compactMap { $0[.score].integer }.sorted() == scores.sorted())
    if guided.phase == .done { #expect(expected.last == .end(session[.status].text ?? "")) }
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
    let resumed = try journal.resumeGuided(record, saved: nil)
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
      var resumed = try journal.resumeGuided(record, saved: damaged)
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

private struct SeededPicks {
  private var state: UInt64
  init(_ seed: Int) { state = (UInt64(seed) &+ 1) &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func pick(_ count: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state >> 33) % count
  }
}
