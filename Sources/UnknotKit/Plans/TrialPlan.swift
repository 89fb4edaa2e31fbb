import UnknotEngine

/// A trial on oneself: two ways of doing it, in blocks of two to four days whose order was drawn once.
public struct TrialEntry: Sendable {
  /// Two names: "wall" and "floor", "hold" and "slow-roll", "session" and "rest".
  public var arms: (String, String)
  /// Of each arm: four at least, since fewer can show nothing.
  public var blocks = 4
  /// "change" or "next-day"; nil: the next day where an arm is rest, else the change.
  public var outcome: String?
  /// As in `PlanEntry.slots`; none: every morning.
  public var slots: [String] = []
  /// Nil: today, or tomorrow where something of today is past already.
  public var from: LocalDay?
  /// What the person wants to remember about the trial, up to 10,000 characters.
  public var note: String?
  /// Also where that ends another trial, which then shows nothing.
  public var endsTrial = false

  /// The arms' names, up to 100 characters each; they are checked when the trial is set.
  public init(_ first: String, _ second: String) { arms = (first, second) }
}

enum TrialPlan {
  /// The arm in which nothing is due.
  static let rest = "rest"

  /// The lengths and arms of the blocks; the same for the same seed.
  ///
  /// As many blocks of the first arm as of the second, in an order in which each is as likely as any other.
  static func draw(seed: UInt32, blocks: Int) -> [(days: Int, isSecond: Bool)] {
    var random = SplitMix(state: UInt64(seed))
    var arms = [Bool](repeating: false, count: blocks) + [Bool](repeating: true, count: blocks)
    for index in arms.indices.dropFirst().reversed() { arms.swapAt(index, random.below(index + 1)) }
    return arms.map { (2 + random.below(3), $0) }
  }
}

extension Journal {
  /// Draws a trial's blocks and keeps them with the plan, so that every device does the same.
  public func setTrial(_ entry: TrialEntry) throws(KitError) -> Written {
    let first = try FieldDescription.checked(entry.arms.0.trimmed, "arm", most: 100)
    let second = try FieldDescription.checked(entry.arms.1.trimmed, "arm", most: 100)
    guard !first.isEmpty, !second.isEmpty else {
      throw KitError(.invalidValue, "an arm of a trial needs a name")
    }
    guard !bytewiseEqual(first, second) else { throw KitError(.usage, "a trial compares two different arms") }
    guard (4...10).contains(entry.blocks) else {
      throw KitError(
        .invalidValue, "a trial has 4 to 10 blocks of each arm",
        hint: "with fewer than 4 no result can be told from chance")
    }
    let rests = [first, second].contains { bytewiseEqual($0, TrialPlan.rest) }
    let outcome = try Words.trialOutcomes.check(entry.outcome ?? (rests ? "next-day" : "change"))
    if rests, bytewiseEqual(outcome, "change") {
      throw KitError(.usage, "days of rest have no change within sessions", hint: "leave \(.outcome) out")
    }
    let random = randomBytes(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    return try write("plan trial") { session in
      let today = try session.today().day
      let from = try session.firstDay(entry.from, today)
      var fields: [FieldName: Value] = [
        FieldName(.kind): .text("trial"), FieldName(.armA): .text(first),
        FieldName(.armB): .text(second),
        FieldName(.seed): .integer(Int64(random)), FieldName(.outcome): .text(outcome),
      ]
      for text in entry.slots.isEmpty ? ["am"] : entry.slots {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
          String.init)
        let days = try WeekdaySet(parts.count == 2 ? parts[1] : "daily")
        fields[FieldName(.slots, key: try SlotName(parts[0]).description)] = .text(days.description)
      }
      var day = from
      for block in TrialPlan.draw(seed: random, blocks: entry.blocks) {
        fields[FieldName(.blocks, key: day.description)] = .text(block.isSecond ? second : first)
        day = day.adding(block.days)
      }
      fields[FieldName(.untilDay)] = .integer(Int64(day.number - 1))
      fields.merge(try session.texts([(.note, entry.note)])) { $1 }
      return try session.begin(fields, from: from, today: today, endingTrial: entry.endsTrial)
    }
  }

  /// What today's arm is, and the how-manieth of how many blocks it is; nil outside of a trial.
  public func trialToday() throws(KitError) -> (arm: String, block: Int, of: Int)? {
    try read { session in
      let today = try session.today().day
      guard let plan = PlanSlots.inForce(try session.plans(), on: today), let arm = plan.arm(on: today) else {
        return nil
      }
      return (arm, plan.blocks.count { $0.from <= today }, plan.blocks.count)
    }
  }
}
