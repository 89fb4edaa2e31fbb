import UnknotEngine

/// The safety checks of a journal, and which of them answer each other.
struct SafetyChecks {
  private struct Check {
    let id: Dot
    /// Nil of one without a sign, and of one whose sign does not press.
    let tier: SafetyChecklist.Tier?
    let isClear: Bool
    let isExamined: Bool
    let time: Int64
    /// It was written down at least a day after its time, as what is imported is.
    let isLate: Bool
  }

  /// The newest first.
  private let checks: [Check]
  private let seen: SeenByWriters

  init(_ session: JournalTransaction) throws {
    checks = try session.records(.check, RecordFilter(limit: 1000), fields: [.outcome, .examined, .at]).map {
      let outcome = $0.text(.outcome) ?? ""
      // Of values that are not decided between, one may be a sign.
      let isUndecided = $0.fields[FieldName(.outcome)]?.isInConflict ?? false
      let named = SafetyChecklist.Tier(rawValue: outcome).flatMap { $0 == .routine ? nil : $0 }
      let tier = named ?? (isUndecided ? .urgent : nil)
      let time = $0.moment(.at)?.milliseconds ?? $0.createdAt
      let (delay, isHuge) = $0.createdAt.subtractingReportingOverflow(time)
      return Check(
        id: $0.id, tier: tier,
        // What cannot be read, or is not decided, clears nothing.
        isClear: bytewiseEqual(outcome, "clear") && !isUndecided,
        isExamined: $0[.examined] == .integer(1), time: time,
        isLate: isHuge ? time < 0 : delay > Moment.millisecondsPerDay)
    }
    seen = SeenByWriters(checks.map(\.id), session.reader)
  }

  var isEmpty: Bool { checks.isEmpty }

  /// Whether a check was made by somebody who knew of what was written.
  ///
  /// - Parameter time: of what it is about: a check that was written down late, as by an import, answers nothing of after it.
  func answer(_ change: Dot, of time: Int64) throws -> Bool {
    try checks.contains { try knows($0.id, change) && (!$0.isLate || $0.time >= time) }
  }

  /// The worst sign that no later check answers with none. That fewer are named later does not mean that it is gone.
  func standing() throws -> (tier: SafetyChecklist.Tier, check: Dot)? {
    try worst { _ in
      true
    } until: {
      $0.isClear
    }
  }

  /// The worst sign that no doctor is said to have examined.
  func unexamined(since time: Int64) throws -> (tier: SafetyChecklist.Tier, check: Dot)? {
    try worst {
      $0.time >= time
    } until: {
      $0.isClear && $0.isExamined
    }
  }

  private func worst(
    _ isWanted: (Check) -> Bool, until isAnswer: (Check) -> Bool
  ) throws -> (tier: SafetyChecklist.Tier, check: Dot)? {
    var worst: (tier: SafetyChecklist.Tier, check: Dot)?
    for check in checks {
      guard let tier = check.tier, isWanted(check), worst == nil || tier == .emergency else { continue }
      let isAnswered = try checks.contains { try isAnswer($0) && answers($0, check) }
      guard !isAnswered else { continue }
      worst = (tier, check.id)
      if tier == .emergency { break }
    }
    return worst
  }

  /// Whether a check is the answer to a sign: its writer knew of it. A check on a device that had not heard of the sign, or that was
  /// made before it, does not say that it is gone, whatever the clocks say. Where one of the two was written down later, as by an
  /// import, what it says of its time decides.
  private func answers(_ check: Check, _ sign: Check) throws -> Bool {
    if try knows(check.id, sign.id) { return !check.isLate || check.time >= sign.time }
    return try sign.isLate && check.time >= sign.time && knows(sign.id, check.id)
  }

  private func knows(_ later: Dot, _ earlier: Dot) throws -> Bool {
    if later.actor == earlier.actor { return later.seq > earlier.seq }
    return try seen.by(later, earlier)
  }
}

/// What the writers of some changes had seen: read once, and only where it is asked for.
private final class SeenByWriters {
  private let ids: [Dot]
  private let reader: StoreReader
  private var contexts: [Dot: SeenContext]?

  init(_ ids: [Dot], _ reader: StoreReader) { (self.ids, self.reader) = (ids, reader) }

  func by(_ writer: Dot, _ change: Dot) throws -> Bool {
    if contexts == nil {
      let changes = SeenChanges(reader)
      var found: [Dot: SeenContext] = [:]
      // In the order in which they were written: what is between two of them is read once.
      for id in ids.sorted() { found[id] = try changes.context(of: id) }
      contexts = found
    }
    return contexts?[writer]?.covers(change) ?? false
  }
}
