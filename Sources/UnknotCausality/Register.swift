/// One entry of a multi-value register: which change wrote it, when that device's clock said so, and what.
public struct RegisterEntry: Hashable, Sendable {
  public let dot: Dot
  /// Milliseconds since 1970 UTC. Breaks ties between concurrent writes and decides nothing else.
  public let recordedAt: Int64
  public let value: Value

  public init(dot: Dot, recordedAt: Int64, value: Value) {
    self.dot = dot
    self.recordedAt = recordedAt
    self.value = value
  }

  /// `(recorded_at in ms, actor bytes, seq)`: any device computes the same order.
  static func precedes(_ left: RegisterEntry, _ right: RegisterEntry) -> Bool {
    left.recordedAt == right.recordedAt ? left.dot < right.dot : left.recordedAt < right.recordedAt
  }
}

/// A multi-value register: every write that no other write has seen (`merge.md`, "Registers").
public struct Register: Sendable {
  /// Which concurrent entry is shown.
  public enum Rule: Sendable {
    /// The greatest `(recorded_at, actor, seq)`: fields.
    case latest
    /// The greatest of those that hold something, whenever there is one: presence and keys of maps.
    case somethingWins
  }

  /// The entry that is shown first, then the others, greatest first.
  public let entries: [RegisterEntry]

  public init(_ entries: some Sequence<RegisterEntry>, rule: Rule = .latest) {
    self.entries = entries.sorted { left, right in
      if rule == .somethingWins, left.value.isSomething != right.value.isSomething {
        return left.value.isSomething
      }
      return RegisterEntry.precedes(right, left)
    }
  }

  public var visible: Value? { entries.first?.value }

  /// Two or more different values. Equal values written concurrently are no conflict.
  public var isInConflict: Bool {
    entries.dropFirst().contains { $0.value != entries[0].value }
  }
}

extension Value {
  /// What presence holds: 1 and 0 stand for true and false.
  public static let present = Value.integer(1)
  public static let removed = Value.null

  var isSomething: Bool { self != .null }
}

extension FieldName {
  public var rule: Register.Rule { self == .presence || isMapKey ? .somethingWins : .latest }
}
