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
    ticks(1)
    #expect(guided.phase == .tenderBefore)
    does(.answer(7))
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
    _ = guided.handle(.next, at: 0)
    let effects = guided.handle(.tick, at: 2000) + guided.handle(.finish, at: 2500)
    #expect(bouts(effects).map(\.seconds) == [2] && guided.phase == .ratingAfter)
    #expect(guided.handle(.answer(nil), at: 3000) == [.end("partial")])
  }

  @Test func tooMuchDiscomfortStops() {
    var guided = session()
    _ = guided.handle(.answer(nil), at: 0)
    _ = guided.handle(.next, at: 0)
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
    _ = guided.handle(.next, at: 0)
    _ = guided.handle(.tick, at: 3_600_000)
    #expect(guided.phase == .pressing && guided.pressedSeconds == 3)
    guided.leave()
    _ = guided.handle(.tick, at: 7_200_000)
    #expect(guided.pressedSeconds == 3)
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
      #expect(guided.writtenBouts == bouts(effects).count, "seed \(seed)")
      #expect(guided.secondsLeft ?? 0 >= 0 && guided.plannedSeconds <= 1800)
      for bout in bouts(happened) {
        pressed += bout.seconds
        #expect(bout.step == before.step, "seed \(seed)")
        #expect(bout.outcome == "done" ? bout.seconds >= 1 : true)
      }
      // Killed between the journal and the file: the saved state is the one before.
      if bouts(happened).count == 1, guided.phase != .askFinish, guided.phase != .done, event != .finish {
        var behind = before
        behind.leave()
        behind.catchUp(bouts: guided.writtenBouts, hasRatedBefore: true)
        #expect(behind.index == guided.index && behind.phase == guided.phase, "seed \(seed), \(event)")
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
    #expect(reached.count == 8)
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
      let event: GuidedSession.Event = guided.isQuestion ? .answer(4) : .tick
      _ = try journal.record(guided.handle(event, at: now), of: guided)
    }
  }

  @Test func whatIsDoneIsRecorded() throws {
    _ = try journal.newRoutine(
      "short", steps: [try BoutText("ql/both:2s@wall"), try BoutText("tfl/left:3s")])
    var guided = try begin { $0.routine = "short" }.session
    #expect(guided.steps.map(\.side) == ["left", "right", "left"])
    let running = try #require(try journal.runningSession())
    #expect(running.isOwn && running.record.id == guided.session && running.record["source"].text == "timer")
    try complete(&guided)
    #expect(try journal.runningSession() == nil)
    let session = try journal.show(guided.session)
    #expect(session["status"].text == "done" && !session["ended_at"].isEmpty)
    #expect(session.children.map { $0["seconds"].integer } == [2, 2, 3])
    #expect(session.children.allSatisfy { $0["outcome"].text == "done" && $0["release"].text == "none" })
    #expect(try journal.list("pain").compactMap { $0["context"].text }.sorted() == ["after", "before"])
  }

  @Test func itGoesOnWhereItWas() throws {
    _ = try journal.newRoutine("short", steps: [try BoutText("ql/left:2s"), try BoutText("tfl/left:3s")])
    let beginning = try begin { $0.routine = "short" }.session
    var guided = beginning
    _ = try journal.record(guided.handle(.answer(5), at: 0), of: guided)
    _ = try journal.record(guided.handle(.next, at: 0), of: guided)
    _ = try journal.record(guided.handle(.next, at: 0), of: guided)
    _ = try journal.record(guided.handle(.tick, at: 2000), of: guided)
    let beforeWriting = guided
    _ = try journal.record(guided.handle(.answer(1), at: 2000), of: guided)
    let record = try #require(try journal.runningSession()).record
    // From the file, from the file of just before, from the first one, and from none.
    let resumed = try [guided, beforeWriting, nil].map { try journal.resumeGuided(record, saved: $0) }
    for one in resumed { #expect(one.index == 1 && one.phase == .getReady && one.steps.count == 2) }
    var last = resumed[2]
    try complete(&last)
    let session = try journal.show(record.id)
    #expect(session.children.map { $0["target"].text } == ["ql", "tfl"] && session["status"].text == "done")
  }

  /// Left, and finished the next day: it ended when its last bout did.
  @Test func whatIsFinishedMuchLaterEndedWithItsLastBout() throws {
    var guided = try begin { $0.side = "left" }.session
    _ = try journal.record(guided.handle(.answer(nil), at: 0), of: guided)
    household.advance(seconds: 120)
    _ = try journal.record(guided.handle(.skip("no-time"), at: 0), of: guided)
    household.advance(seconds: 86_400)
    _ = try journal.record(guided.handle(.finish, at: 0), of: guided)
    _ = try journal.record(guided.handle(.answer(3), at: 0), of: guided)
    let session = try journal.show(guided.session)
    #expect(session["ended_at"].moment?.milliseconds == thursdayEvening + 120_000)
    #expect(session["status"].text == "abandoned")
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
    _ = try journal.record(guided.handle(.finish, at: 0), of: guided)
    #expect(try journal.show(guided.session)["status"].text == "abandoned")
    guided = try begin { $0.routine = "gentle-wall" }.session
    #expect(
      guided.steps.count == 12
        && guided.steps.allSatisfy { $0.surface == "wall" && $0.discomfortCap == 4 && $0.seconds == 30 })
    _ = try journal.record(guided.handle(.finish, at: 0), of: guided)
    // The person's own spots come first.
    let spot = try journal.addSpot("tfl/right", label: nil).only()
    guided = try begin { $0.routine = "minimal" }.session
    #expect(guided.steps.map(\.spot) == [spot.id])
    _ = try journal.record(guided.handle(.finish, at: 0), of: guided)
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
    _ = try journal.record(guided.handle(.finish, at: 0), of: guided)
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
    _ = try journal.record(guided.handle(.answer(5), at: 0), of: guided)
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
