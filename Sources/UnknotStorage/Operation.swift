public import UnknotCausality

/// The changes of one command of one person on this device; undone as one.
public struct Operation: Sendable {
  enum Kind: Int64 { case done, undo, redo }

  let number: Int64
  let kind: Kind
  let first: LocalDot
  let last: LocalDot

  /// The dot of its first change.
  public let id: Dot
  /// The command, for people.
  public let label: String
  public let recordedAt: Int64
  /// The operation that this one took back, where it is an undo or a redo.
  public let reverts: Dot?
  /// Whether an undo took this one back, and no redo that undo.
  public let isReverted: Bool
  /// How many changes it made.
  public var changeCount: Int { Int(last - first) + 1 }
  public var isUndo: Bool { kind == .undo }
}

extension StoreReader {
  /// This device's operations, newest first.
  public func operations(limit: Int) throws -> [Operation] {
    var rows:
      [(number: Int64, first: Int64, last: Int64, label: String, at: Int64, kind: Int64, reverts: Int64?)] =
        []
    try statements[
      "SELECT number, dot, last, label, recorded_at, kind, reverts FROM operation ORDER BY number DESC"
    ].eachRow {
      rows.append(
        (
          $0.integer(0), $0.integer(1), $0.integer(2), try $0.text(3), $0.integer(4), $0.integer(5),
          $0.optionalInteger(6)
        ))
    }
    // Newest first: whatever reverts an operation is seen before it.
    var reverted: Set<Int64> = []
    for row in rows where !reverted.contains(row.number) {
      if let target = row.reverts { reverted.insert(target) }
    }
    let dots = Dictionary(uniqueKeysWithValues: rows.map { ($0.number, $0.first) })
    return try rows.prefix(limit).map { row in
      guard let kind = Operation.Kind(rawValue: row.kind) else {
        throw StorageError.damaged("an operation of an unknown kind")
      }
      return Operation(
        number: row.number, kind: kind, first: row.first, last: row.last, id: try names.unpack(row.first),
        label: row.label, recordedAt: row.at,
        reverts: try row.reverts.flatMap { dots[$0] }.map { try names.unpack($0) },
        isReverted: reverted.contains(row.number))
    }
  }
}
