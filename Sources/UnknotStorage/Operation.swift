public import UnknotCausality

/// What one command did on this device: the changes that a person made with it, or those that an import took in.
/// Undone as one.
public struct Operation: Sendable {
  enum Kind: Int64 { case done, undo, redo, imported }

  let number: Int64
  let kind: Kind
  let first: LocalDot
  let last: LocalDot
  /// Of an import: what was held before and after it.
  let held: (before: LocalClock, after: LocalClock)?

  /// The dot of its first change.
  public let id: Dot
  /// The command, for people.
  public let label: String
  public let recordedAt: Int64
  /// The operation that this one took back, where it is an undo or a redo.
  public let reverts: Dot?
  /// Whether an undo took this one back, and no redo that undo.
  public let isReverted: Bool
  /// How many changes it made or took in.
  public var changeCount: Int { runs.reduce(0) { $0 + $1.count } }
  public var isUndo: Bool { kind == .undo }

  /// Its changes: a run for each actor, in the order of their numbers.
  var runs: [ClosedRange<LocalDot>] {
    guard let held else { return [first...last] }
    return held.before.delta(to: held.after).compactMap { actor, seq in
      let before = held.before[actor]
      return seq > before ? Packing.dot(actor, before + 1)...Packing.dot(actor, seq) : nil
    }
  }

  func covers(_ dot: LocalDot) -> Bool {
    guard let held else { return first <= dot && dot <= last }
    return held.after.covers(dot) && !held.before.covers(dot)
  }
}

extension StoreReader {
  /// This device's operations, newest first.
  public func operations(limit: Int) throws -> [Operation] {
    var rows: [OperationRow] = []
    try statements[
      """
      SELECT number, dot, last, label, recorded_at, kind, reverts, held_before, held_after, spent
      FROM operation ORDER BY number DESC
      """
    ].eachRow { rows.append(try OperationRow($0)) }
    // Newest first: whatever reverts an operation is seen before it.
    var reverted: Set<Int64> = []
    for row in rows where !reverted.contains(row.number) {
      if let target = row.reverts { reverted.insert(target) }
    }
    let dots = Dictionary(uniqueKeysWithValues: rows.map { ($0.number, $0.first) })
    return try rows.prefix(limit).map { row in
      Operation(
        number: row.number, kind: row.kind, first: row.first, last: row.last, held: row.held,
        id: try names.unpack(row.first), label: row.label, recordedAt: row.recordedAt,
        reverts: try row.reverts.flatMap { dots[$0] }.map { try names.unpack($0) },
        isReverted: row.isSpent || reverted.contains(row.number))
    }
  }
}

extension Importer {
  /// Imports that brought the changes of these files and were undone since, the newest first.
  public func undoneImports(of histories: [SentHistory]) throws -> [Operation] {
    guard !histories.isEmpty else { return [] }
    var heads: [LocalDot] = []
    for history in histories {
      let actors = Dictionary(history.actors.map { ($0.actor, $0) }, uniquingKeysWith: { first, _ in first })
      let base = Set(history.base)
      heads += try history.tip.filter { !base.contains($0) }.compactMap { try held($0, actors) }
    }
    return try operations(limit: .max).filter { operation in
      operation.held != nil && operation.isReverted && heads.contains(where: operation.covers)
    }
  }
}

private struct OperationRow {
  let number: Int64
  let first: LocalDot
  let last: LocalDot
  let label: String
  let recordedAt: Int64
  let kind: Operation.Kind
  let reverts: Int64?
  let held: (before: LocalClock, after: LocalClock)?
  let isSpent: Bool

  init(_ row: RawStatement) throws {
    number = row.integer(0)
    first = row.integer(1)
    last = row.integer(2)
    label = try row.text(3)
    recordedAt = row.integer(4)
    guard let kind = Operation.Kind(rawValue: row.integer(5)) else {
      throw StorageError.damaged("an operation of an unknown kind")
    }
    self.kind = kind
    reverts = row.optionalInteger(6)
    held = kind == .imported ? (try LocalClock(row.bytes(7)), try LocalClock(row.bytes(8))) : nil
    isSpent = row.integer(9) != 0
    guard first <= last else { throw StorageError.damaged("an operation is malformed") }
  }
}
