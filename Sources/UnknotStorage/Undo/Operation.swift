public import UnknotCausality

/// What one command did on this device: the changes that a person made with it, or those that an import took in.
/// Undone as one.
public struct Operation: Sendable {
  enum Kind: Int64 { case done, undo, redo, imported }

  let number: Int64
  let kind: Kind
  let first: ChangeKey
  let last: ChangeKey
  /// Of an import: what was held before and after it.
  let held: (before: LineClock, after: LineClock)?
  /// Its changes: a run for each line, in the order of their numbers.
  let runs: [ClosedRange<ChangeKey>]

  /// The dot of its first change.
  public let id: Dot
  /// The command, for people.
  public let label: String
  /// When it was made or imported, in ms since 1970 UTC by this device's clock.
  public let recordedAt: Int64
  /// The operation that this one took back, where it is an undo or a redo.
  public let reverts: Dot?
  /// Whether an undo took this one back, and no redo that undo.
  public let isReverted: Bool
  /// How many changes it made or took in.
  public var changeCount: Int { runs.reduce(0) { $0 + $1.count } }
  /// Whether it is an import of other devices' files.
  public var isImport: Bool { kind == .imported }
  /// Whether it is an undo of another one; false for a redo.
  public var isUndo: Bool { kind == .undo }

  func covers(_ key: ChangeKey) -> Bool {
    guard let held else { return first <= key && key <= last }
    return held.after.covers(key) && !held.before.covers(key)
  }
}

extension StoreReader {
  /// This device's operations, newest first.
  public func operations(limit: Int) throws -> [Operation] {
    var rows: [OperationRow] = []
    try statements[
      """
      SELECT number, first, last, label, recorded_at, kind, reverts, held_before, held_after, spent
      FROM operation ORDER BY number DESC
      """
    ].eachRow { rows.append(try OperationRow($0)) }
    // Newest first: whatever reverts an operation is seen before it.
    var reverted: Set<Int64> = []
    for row in rows where !reverted.contains(row.number) {
      if let target = row.reverts { reverted.insert(target) }
    }
    let first = Dictionary(uniqueKeysWithValues: rows.map { ($0.number, $0.first) })
    return try rows.prefix(limit).map { row in
      Operation(
        number: row.number, kind: row.kind, first: row.first, last: row.last, held: row.held,
        runs: row.held.map { runs(between: $0.before, and: $0.after) } ?? [row.first...row.last],
        id: try lines.name(of: row.first), label: row.label, recordedAt: row.recordedAt,
        reverts: try row.reverts.flatMap { first[$0] }.map { try lines.name(of: $0) },
        isReverted: row.isSpent || reverted.contains(row.number))
    }
  }

  /// What a later clock covers and an earlier one does not.
  func runs(between before: LineClock, and after: LineClock) -> [ClosedRange<ChangeKey>] {
    before.differing(from: after).compactMap { line in
      let start = max(before[line], lines.tree[line]?.start ?? 0)
      guard after[line] > start else { return nil }
      return ChangeKey(line: line, depth: start + 1)...ChangeKey(line: line, depth: after[line])
    }
  }
}

extension Importer {
  /// Imports that brought the changes of these files and were undone since, the newest first.
  package func undoneImports(of histories: [SentHistory]) throws -> [Operation] {
    guard !histories.isEmpty else { return [] }
    var heads: [ChangeKey] = []
    for history in histories {
      let actors = Dictionary(history.actors.map { ($0.actor, $0) }, uniquingKeysWith: { first, _ in first })
      let base = Set(history.base)
      heads += try history.tip.filter { !base.contains($0) }.compactMap { try held($0, actors) }
    }
    return try reader.operations(limit: .max).filter { operation in
      operation.held != nil && operation.isReverted && heads.contains(where: operation.covers)
    }
  }
}

private struct OperationRow {
  let number: Int64
  let first: ChangeKey
  let last: ChangeKey
  let label: String
  let recordedAt: Int64
  let kind: Operation.Kind
  let reverts: Int64?
  let held: (before: LineClock, after: LineClock)?
  let isSpent: Bool

  init(_ row: RawStatement) throws {
    number = row.integer(0)
    first = row.key(1)
    last = row.key(2)
    label = try row.text(3)
    recordedAt = row.integer(4)
    guard let kind = Operation.Kind(rawValue: row.integer(5)) else {
      throw StorageError.damaged("an operation of an unknown kind")
    }
    self.kind = kind
    reverts = row.optionalInteger(6)
    held = kind == .imported ? (try LineClock(row.bytes(7)), try LineClock(row.bytes(8))) : nil
    isSpent = row.integer(9) != 0
    guard first <= last, first.line == last.line else {
      throw StorageError.damaged("an operation is malformed")
    }
  }
}
