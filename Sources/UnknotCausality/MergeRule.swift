/// A write to a register, as much of it as the merge rule asks for. What it wrote may lie elsewhere.
public protocol RegisterWrite {
  /// Milliseconds since 1970 UTC, by the clock of the device that wrote it.
  var recordedAt: Int64 { get }
  /// Whether it wrote something, or that nothing is there. Only `MergeRule.somethingWins` asks.
  var isSomething: Bool { get }
}

/// How the writes to one register come together (`merge.md`, "Registers"). It is the only place that decides this:
/// what is applied, what is undone and what the tables show goes by it.
public enum MergeRule: Sendable {
  /// The greatest `(recorded_at, actor, seq)` is shown: fields.
  case latest
  /// The greatest of those that hold something, whenever there is one: presence, and keys of maps.
  case somethingWins

  /// What a new write does to a register's entries: it takes away those that its writer had seen, and stands beside
  /// the others. Clocks play no part in it.
  public static func split<Entry>(
    _ entries: [Entry], byWriteThatHadSeen hadSeen: (Entry) throws -> Bool
  ) rethrows -> (concurrent: [Entry], overwritten: [Entry]) {
    var concurrent: [Entry] = []
    var overwritten: [Entry] = []
    for entry in entries {
      if try hadSeen(entry) { overwritten.append(entry) } else { concurrent.append(entry) }
    }
    return (concurrent, overwritten)
  }

  /// The entries of a register, from all that was ever written to it, in any order: what no other write had seen.
  ///
  /// - Parameter hadSeen: whether the writer of the first had seen the second.
  public static func standing<Entry>(
    _ writes: [Entry], where hadSeen: (Entry, Entry) throws -> Bool
  ) rethrows -> [Entry] {
    try writes.filter { write in try !writes.contains { try hadSeen($0, write) } }
  }

  /// Whether the left one of two concurrent writes is shown rather than the right one.
  ///
  /// - Parameter name: what a change is called; asked only where both were recorded at the same time.
  public func prefers<Write: RegisterWrite>(
    _ left: Write, to right: Write, name: (Write) throws -> Dot
  ) rethrows -> Bool {
    if self == .somethingWins, left.isSomething != right.isSomething { return left.isSomething }
    if left.recordedAt != right.recordedAt { return left.recordedAt > right.recordedAt }
    return try name(right) < name(left)
  }

  /// A register's entries in the order in which they are shown: the visible one first.
  public func ordered<Write: RegisterWrite>(
    _ entries: some Sequence<Write>, name: (Write) throws -> Dot
  ) rethrows -> [Write] {
    try entries.sorted { try prefers($0, to: $1, name: name) }
  }

  /// Whether two entries of a register hold different values: it is in conflict where any two of them do. Equal ones
  /// written concurrently are no conflict.
  public static func isConflict(_ left: Value, _ right: Value) -> Bool { left != right }
}
