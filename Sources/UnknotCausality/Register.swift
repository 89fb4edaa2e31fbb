/// One entry of a multi-value register: which change wrote it, when that device's clock said so, and what.
public struct RegisterEntry: Hashable, Sendable, RegisterWrite {
  public let dot: Dot
  /// Milliseconds since 1970 UTC. Breaks ties between concurrent writes and decides nothing else.
  public let recordedAt: Int64
  public let value: Value

  public init(dot: Dot, recordedAt: Int64, value: Value) {
    self.dot = dot
    self.recordedAt = recordedAt
    self.value = value
  }

  public var isSomething: Bool { value != .null }
}

/// A multi-value register with all its values: every write that no other write has seen (`merge.md`, "Registers").
public struct Register: Sendable {
  /// The entry that is shown first, then the others, greatest first.
  public let entries: [RegisterEntry]

  public init(_ entries: some Sequence<RegisterEntry>, rule: MergeRule = .latest) {
    self.entries = rule.ordered(entries) { $0.dot }
  }

  public var visible: Value? { entries.first?.value }

  public var isInConflict: Bool {
    entries.first.map { first in entries.contains { MergeRule.isConflict(first.value, $0.value) } } ?? false
  }
}

extension Value {
  /// What presence holds: 1 and 0 stand for true and false.
  public static let present = Value.integer(1)
  public static let removed = Value.null
}

extension FieldName {
  public var rule: MergeRule { self == .presence || isMapKey ? .somethingWins : .latest }
}
