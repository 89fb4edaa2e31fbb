import UnknotEngine

/// A session that is guided step by step: what comes next, how long a bout still takes, what was answered.
///
/// A value without a clock: whoever shows it says what the time is with every event. It can be saved at any moment and
/// goes on from there; time during which nobody told it the time does not count. What is to be written is part of it
/// until it was: saved, then written, then saved again, nothing is lost and nothing written twice, wherever the
/// program ends.
public struct GuidedSession: Hashable, Sendable, Codable {
  /// What the session waits for now. Time counts in `getReady`, `pressing` and `tenderAfter`: hands are on the ball, and it goes on
  /// by itself.
  public enum Phase: String, Hashable, Sendable, Codable {
    /// How much it hurts before the first step.
    case ratingBefore
    /// Getting into place, ball on the spot. Meanwhile it can be said how tender it is (`Event.answer`).
    case getReady
    case pressing
    /// How tender it is now: who does not answer in `answerSeconds` is not asked any longer.
    case tenderAfter
    /// A sign to stop came up: finish here, or go on with the next step?
    case askFinish
    /// How much it hurts after the last step, or after the session was finished early.
    case ratingAfter
    /// Nothing more happens: every event is ignored.
    case done
  }

  /// What happens to the session. An event that makes no sense in a phase is ignored.
  public enum Event: Hashable, Sendable {
    /// Only the time has passed.
    case tick
    /// Stops the time, or lets it go on.
    case pause
    /// Goes on before the time is up, or past a rating without an answer: to the press, its end, the next step.
    case next
    /// The step again; at its beginning, the one before.
    case previous
    /// 15 seconds more.
    case longer
    /// Leaves the step out, and says why: what was pressed so far counts as done.
    case skip(String)
    /// A sign to stop came up: a word of `Words.stopSigns`.
    case stop(String)
    /// To the question that is asked, and in `getReady` how tender the spot is; nil: no answer.
    case answer(Int?)
    /// To `Phase.askFinish`: true finishes the session, false goes on with the next step.
    case answerFinish(Bool)
    /// Ends the steps here. What was pressed is kept, and the rating after is asked where anything was begun.
    case finish
  }

  /// How many seconds a person has to get into place.
  public static let getReadySeconds = 10
  /// How many seconds it waits for how tender the spot is after a press.
  public static let answerSeconds = 8
  /// What `Event.longer` adds, in seconds. A bout does not become longer than 1800 seconds by it.
  public static let longerSeconds = 15
  /// From this discomfort on a bout is stopped.
  public static let stopAt = 8
  /// The longest time between two events that counts: of a machine that slept, the rest does not.
  private static let longestStep: Int64 = 3000

  /// The session's record.
  public let session: String
  /// The name of the routine that it goes through.
  public let title: String
  /// All its steps, in their order: what is done on both sides is two of them. It can be empty.
  public let steps: [GuidedStep]
  /// Which of `steps` it is at, from 0; the number of steps once they are over.
  public private(set) var index = 0
  /// What it waits for now; it begins with `ratingAfter` where there are no steps.
  public private(set) var phase = Phase.ratingBefore
  /// Whether `Event.pause` has stopped the time.
  public private(set) var isPaused = false
  /// What has happened and is not known to be in the journal.
  public private(set) var unwritten: [Effect] = []
  /// Its bouts and ratings that are known to be in the journal.
  private(set) var records = 0
  /// Of the phase: milliseconds that have passed.
  private var passed: Int64 = 0
  /// Of the bout: seconds that were added.
  private var added = 0
  /// How tender the spot is before the press, as it was said in this step; nil: it was not.
  public private(set) var tenderness: Int?
  /// Of `tenderAfter`: milliseconds that have passed.
  private var asked: Int64 = 0
  private var lastTime: Int64?

  /// A session at its beginning. `Journal.beginGuided` and `resumeGuided` make those that belong to a record.
  ///
  /// - Parameters:
  ///   - session: the id of the session's record.
  ///   - title: what the session is called on a screen.
  ///   - steps: what is pressed, in this order.
  public init(session: String, title: String, steps: [GuidedStep]) {
    self.session = session
    self.title = title
    self.steps = steps
    if steps.isEmpty { phase = .ratingAfter }
  }

  /// Whether it can be one that was saved: a file can have been damaged.
  var isSound: Bool {
    let inStep = [.getReady, .pressing, .tenderAfter, .askFinish].contains(phase)
    return (0...steps.count).contains(index) && (!inStep || index < steps.count) && (0...1800).contains(added)
      && (-1_000_000...10_000_000).contains(passed) && (0...100_000).contains(asked)
      && (0...100_000).contains(pressedBouts) && (0...1_000_000).contains(records)
      && (tenderness.map { (0...10).contains($0) } ?? true)
      && steps.count <= 1000 && steps.allSatisfy { (1...1800).contains($0.seconds) }
      && unwritten.count <= 8 && unwritten.allSatisfy(isSound)
  }

  private func isSound(_ effect: Effect) -> Bool {
    switch effect {
    case .bout(let bout):
      (0...1800).contains(bout.seconds) && steps.contains(bout.step)
        && [bout.discomfortStart, bout.discomfortEnd].allSatisfy { $0.map { (0...10).contains($0) } ?? true }
    case .rating(_, let score): (0...10).contains(score)
    case .end: true
    }
  }

  // MARK: What is shown

  /// The step at `index`, also before it has begun; nil once all steps are over.
  public var step: GuidedStep? { steps.indices.contains(index) ? steps[index] : nil }
  /// Whether it waits for an answer, however long that takes.
  public var isQuestion: Bool { [.ratingBefore, .askFinish, .ratingAfter].contains(phase) }
  /// How long this bout is to take, in seconds.
  public var plannedSeconds: Int { min((step?.seconds ?? 0) + added, 1800) }
  /// How long this bout has been pressed, in whole seconds. It means this only in `pressing` and `tenderAfter`.
  public var pressedSeconds: Int { Int(passed / 1000) }
  /// Of what is counted down just now, in whole seconds, rounded up; nil: nothing is.
  public var secondsLeft: Int? {
    let left: Int64
    switch phase {
    case .getReady: left = Int64(Self.getReadySeconds) * 1000 - passed
    case .pressing: left = Int64(plannedSeconds) * 1000 - passed
    case .tenderAfter: left = Int64(Self.answerSeconds) * 1000 - asked
    default: return nil
    }
    return Int((max(0, left) + 999) / 1000)
  }

  // MARK: What happens

  ///
  /// - Parameters:
  ///   - event: what the person did, or that time has passed.
  ///   - now: in milliseconds, of any clock that does not go back.
  /// - Returns: what has to be written now, before anything else.
  public mutating func handle(_ event: Event, at now: Int64) -> [Effect] {
    let before = lastTime ?? now
    lastTime = max(before, now)
    let time = min(max(0, now - before), Self.longestStep)
    if !isPaused {
      switch phase {
      case .getReady, .pressing: passed += time
      case .tenderAfter: asked += time
      default: break
      }
    }
    var effects = react(to: event)
    effects += timeUp()
    unwritten += effects
    return effects
  }

  /// Ends it where it is, without another question: what was done of it is kept.
  mutating func endUnasked() {
    // The first may ask for the rating after, which the second leaves out.
    for _ in 0..<2 { unwritten += react(to: .finish) }
  }

  /// It was closed, or the program ended: what passes until it is opened again does not count.
  public mutating func leave() { lastTime = nil }

  /// What was unwritten is in the journal, which now holds so many bouts and ratings of it.
  mutating func hasWritten(records: Int) {
    self.records = records
    unwritten = []
  }

  /// After a crash, with what was saved: the journal holds so many bouts and ratings of it.
  mutating func compare(records found: Int) {
    // All that was unwritten is one operation: the journal holds the whole of it or nothing.
    if found > records { unwritten = [] }
    records = found
  }

  /// Where nothing was saved: it goes on after the bouts that the journal holds, in their order.
  mutating func goOn(after bouts: [BoutDone], hasRatedBefore: Bool, records: Int) {
    self.records = records
    guard hasRatedBefore || !bouts.isEmpty else { return }
    pressedBouts = bouts.count { $0.seconds > 0 }
    hasBegunAny = bouts.contains { $0.seconds > 0 || $0.outcome == .stopped }
    var next = 0
    for bout in bouts {
      func isOf(_ step: GuidedStep) -> Bool {
        bytewiseEqual(step.target, bout.step.target) && bytewiseEqual(step.side ?? "", bout.step.side ?? "")
      }
      // The step that was next; one that was done again; one that was jumped to.
      let found =
        steps.indices.dropFirst(next).first.flatMap { isOf(steps[$0]) ? $0 : nil }
        ?? steps.indices.prefix(next).last { isOf(steps[$0]) }
        ?? steps.indices.dropFirst(next).first { isOf(steps[$0]) }
      if let found { next = found + 1 }
    }
    index = next
    begin()
    if let last = bouts.last, last.outcome == .stopped, next > 0 {
      index = next - 1
      phase = .askFinish
    }
  }

  private mutating func react(to event: Event) -> [Effect] {
    guard phase != .done else { return [] }
    switch event {
    case .tick: return []
    case .pause:
      if isInStep { isPaused.toggle() }
      return []
    case .next: return next()
    case .previous:
      previous()
      return []
    case .longer:
      longer()
      return []
    case .skip(let reason): return skip(reason)
    case .stop(let sign): return isInStep ? close(.stopped, sign: sign) : []
    case .answer(let score): return answer(score)
    case .answerFinish(let finishes): return phase == .askFinish ? answerFinish(finishes) : []
    case .finish: return phase == .ratingAfter ? end(rating: nil) : finish()
    }
  }

  /// Hands are on the ball: time counts.
  private var isInStep: Bool { [.getReady, .pressing, .tenderAfter].contains(phase) }

  private mutating func next() -> [Effect] {
    switch phase {
    case .ratingBefore: enter(.getReady)
    case .getReady: enter(.pressing)
    case .pressing: enterKeepingTime(.tenderAfter)
    case .tenderAfter: return close(.done)
    case .ratingAfter: return end(rating: nil)
    case .askFinish, .done: break
    }
    return []
  }

  private mutating func previous() {
    guard isInStep else { return }
    if phase == .getReady { index = max(0, index - 1) }
    begin()
  }

  private mutating func longer() {
    switch phase {
    case .pressing:
      added = min(added + Self.longerSeconds, max(0, 1800 - (step?.seconds ?? 0)))
    case .getReady:
      // Ten minutes to get ready are enough for anybody who leans on the key.
      passed = max(passed - Int64(Self.longerSeconds) * 1000, -600_000)
    default: break
    }
  }

  private mutating func skip(_ reason: String) -> [Effect] {
    guard isInStep else { return [] }
    // What was pressed so far was done.
    return close(phase != .getReady && pressedSeconds > 0 ? .done : .skipped, reason: reason)
  }

  private mutating func answer(_ score: Int?) -> [Effect] {
    // What is no rating is no answer either.
    if let score, !(0...10).contains(score) { return [] }
    let isTooMuch = score.map { $0 >= Self.stopAt } ?? false
    switch phase {
    case .ratingBefore:
      enter(.getReady)
      return score.map { [.rating("before", $0)] } ?? []
    case .getReady:
      tenderness = score ?? tenderness
      return isTooMuch ? close(.stopped, sign: "discomfort") : []
    case .tenderAfter:
      return isTooMuch ? close(.stopped, sign: "discomfort", end: score) : close(.done, end: score)
    case .ratingAfter: return end(rating: score)
    case .pressing, .askFinish, .done: return []
    }
  }

  private mutating func answerFinish(_ finishes: Bool) -> [Effect] {
    if finishes { return finish() }
    nextStep()
    // After a sign nothing goes on by itself.
    isPaused = phase == .getReady
    return []
  }

  private mutating func end(rating: Int?) -> [Effect] {
    phase = .done
    return (rating.map { [.rating("after", $0)] } ?? []) + [.end(ending)]
  }

  private mutating func timeUp() -> [Effect] {
    guard secondsLeft == 0 else { return [] }
    switch phase {
    case .getReady where passed > 0: enter(.pressing)
    case .pressing where passed > 0: enterKeepingTime(.tenderAfter)
    case .tenderAfter: return close(.done)
    default: break
    }
    return []
  }

  /// What has begun is written as far as it went; then the rating after.
  private mutating func finish() -> [Effect] {
    let inBout = (phase == .pressing || phase == .tenderAfter) && pressedSeconds > 0
    let isWhole = inBout && pressedSeconds >= plannedSeconds
    isEarly = index + (isWhole ? 1 : 0) < steps.count
    let effects = inBout ? [written(.done, nil, nil, nil)] : []
    index = steps.count
    // Where all was skipped, nothing can have changed.
    phase = hasBegunAny ? .ratingAfter : .done
    isPaused = false
    return effects + (phase == .done ? [.end(.abandoned)] : [])
  }

  private var isEarly = false
  /// Bouts in which something was pressed.
  private var pressedBouts = 0
  /// A bout was pressed, or stopped for a sign.
  private var hasBegunAny = false
  private var ending: SessionStatus { pressedBouts == 0 ? .abandoned : isEarly ? .partial : .done }

  private mutating func close(
    _ outcome: BoutOutcome, reason: String? = nil, sign: String? = nil, end: Int? = nil
  ) -> [Effect] {
    let effect = written(outcome, reason, sign, end)
    if outcome == .stopped {
      phase = .askFinish
    } else {
      nextStep()
    }
    return [effect]
  }

  private mutating func written(_ outcome: BoutOutcome, _ reason: String?, _ sign: String?, _ end: Int?)
    -> Effect
  {
    let hasTime = phase == .pressing || phase == .tenderAfter
    // One that was cut short within its first second was one of a second.
    let seconds = hasTime ? min(1800, max(outcome == .done ? 1 : 0, pressedSeconds)) : 0
    if seconds > 0 { pressedBouts += 1 }
    if seconds > 0 || outcome == .stopped { hasBegunAny = true }
    return .bout(
      BoutDone(
        step: steps[min(index, steps.count - 1)], seconds: seconds, outcome: outcome, skipReason: reason,
        stopSign: sign, discomfortStart: tenderness, discomfortEnd: end))
  }

  private mutating func nextStep() {
    index += 1
    begin()
  }

  private mutating func begin() {
    added = 0
    tenderness = nil
    enter(index < steps.count ? .getReady : .ratingAfter)
  }

  private mutating func enter(_ phase: Phase) {
    passed = 0
    enterKeepingTime(phase)
  }

  private mutating func enterKeepingTime(_ phase: Phase) {
    self.phase = phase
    asked = 0
    isPaused = false
  }
}
