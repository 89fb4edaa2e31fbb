/// One entry of a multi-value register: which change wrote it, when that device's clock said so, and what.
public struct RegisterEntry: Hashable, Sendable, RegisterWrite {
  /// The change that wrote the entry.
  public let dot: Dot
  /// Milliseconds since 1970 UTC. Breaks ties between concurrent writes and decides nothing else.
  public let recordedAt: Int64
  /// What the change wrote; `null` where it emptied the field, removed a map's key, or deleted the record.
  public let value: Value

  /// - Parameter recordedAt: in milliseconds since 1970 UTC.
  public init(dot: Dot, recordedAt: Int64, value: Value) {
    self.dot = dot
    self.recordedAt = recordedAt
    self.value = value
  }

  /// Whether the value is other than `null`.
  public var isSomething: Bool { value != .null }
}

/// A multi-value register with all its values: every write that no other write has seen (`merge.md`, "Registers").
public struct Register: Sendable {
  /// The entry that is shown first, then the others, greatest first.
  public let entries: [RegisterEntry]

  /// Puts the entries in order by the rule. They come in any order.
  ///
  /// - Parameter entries: only those that stand: which writes overwrite others is not looked at here.
  public init(_ entries: some Sequence<RegisterEntry>, rule: MergeRule = .latest) {
    self.entries = rule.ordered(entries) { $0.dot }
  }

  /// The value that is shown; nil where the register has no entry.
  public var visible: Value? { entries.first?.value }

  /// Whether the entries hold two or more different values; false where there is no entry.
  public var isInConflict: Bool {
    entries.first.map { first in entries.contains { MergeRule.isConflict(first.value, $0.value) } } ?? false
  }
}

extension Value {
  /// What presence holds of a record that is there, and a key of a set that is in it.
  public static let present = Value.integer(1)
  /// What presence holds after a delete, and a key of a set or a map after its removal: the same as `null`.
  public static let removed = Value.null
}

extension FieldName {
  /// How concurrent writes to this register come together: `somethingWins` for presence and keys of maps and sets.
  public var rule: MergeRule { self == .presence || isMapKey ? .somethingWins : .latest }
}
