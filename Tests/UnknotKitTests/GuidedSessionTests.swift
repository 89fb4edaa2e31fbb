import Foundation
import SeededRandom
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
    #expect(bouts(effects).last?.outcome == .skipped && bouts(effects).last?.seconds == 0)
    // The third: a sign to stop.
    does(.next)
    ticks(2)
    does(.stop("tingling"))
    #expect(bouts(effects).last?.stopSign == "tingling" && bouts(effects).last?.seconds == 2)
    #expect(guided.phase == .askFinish)
    does(.answerFinish(false))
    #expect(guided.phase == .ratingAfter)
    does(.answer(4))
    #expect(effects.suffix(2) == [.rating("after", 4), .end(.done)] && guided.phase == .done)
    #expect(bouts(effects).count == 3)
    // Nothing more happens.
    #expect(guided.handle(.answer(9), at: now).isEmpty && guided.handle(.finish, at: now).isEmpty)
  }

  @Test func itIsFinishedEarly() {
    var guided = session()
    #expect(guided.handle(.finish, at: 0) == [.end(.abandoned)])
    guided = session()
    _ = guided.handle(.answer(nil), at: 0)
    _ = guided.handle(.next, at: 0)
    let effects = guided.handle(.tick, at: 2000) + guided.handle(.finish, at: 2500)
    #expect(bouts(effects).map(\.seconds) == [2] && guided.phase == .ratingAfter)
    #expect(guided.handle(.answer(nil), at: 3000) == [.end(.partial)])
  }

  /// Within its last bout: partial as long as that one is not whole.
  @Test(arguments: [(3, SessionStatus.partial), (4, .done)]) func itIsFinishedWithinTheLastBout(
    seconds: Int, status: SessionStatus
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
    #expect(bouts(effects).first?.outcome == .stopped && bouts(effects).first?.stopSign == "discomfort")
    #expect(guided.phase == .askFinish)
    #expect(guided.handle(.answerFinish(true), at: 0).isEmpty)
    #expect(guided.handle(.answer(nil), at: 0) == [.end(.abandoned)])
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
        $0.outcome == .done && $0.discomfortStart == nil && $0.discomfortEnd == nil
      })
  }

  /// What was skipped was not done: no rating after it, and the session counts as left.
  @Test func whatIsSkippedDoesNotCount() {
    var guided = session()
    _ = guided.handle(.answer(6), at: 0)
    for _ in 0..<2 { _ = guided.handle(.skip("other"), at: 0) }
    #expect(guided.handle(.finish, at: 0) == [.end(.abandoned)])
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
    var random = SeededGenerator(seed: UInt64(seed))
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
        #expect(bout.outcome == .done ? bout.seconds >= 1 : true)
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
      var random = SeededGenerator(seed: UInt64(seed))
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
