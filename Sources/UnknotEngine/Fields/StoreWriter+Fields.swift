public import UnknotCausality
public import UnknotStorage

extension StoreWriter {
  /// Makes a record. What it belongs to becomes present again if it was removed.
  ///
  /// - Parameters:
  ///   - parent: the record that it belongs to: set now, and never another.
  ///   - place: of a kind with an order, where it stands among those of its parent.
  ///   - assignments: of two that write the same field, the later counts.
  /// - Returns: the record's id.
  /// - Throws: `StorageError.noSuchRecord` where there is no such parent, `.notInList`, `.invalidWrite`.
  @discardableResult
  public func create(
    _ kind: RecordKind, in parent: Dot? = nil, at place: ListPlace = .last, _ assignments: [Assignment] = []
  ) throws -> Dot {
    var values = Self.values(of: assignments)
    if kind.orderField != nil, let parent,
      let insertion = try insertion(of: kind.name, into: parent, at: place)
    {
      try rekey(insertion)
      values[insertion.field] = .text(insertion.key)
    }
    return try create(kind.name, parent: parent, values)
  }

  /// Writes to a record those fields that differ, or that devices disagree on.
  ///
  /// - Returns: false where nothing differed.
  /// - Throws: `StorageError.noSuchRecord`, `.invalidWrite`.
  @discardableResult
  public func edit(_ record: Dot, _ assignments: [Assignment]) throws -> Bool {
    try edit(record, Self.values(of: assignments))
  }

  /// Moves a record within the order of its parent's records of its kind. Moves on two devices at once are a conflict of
  /// that record alone.
  ///
  /// - Returns: false where it stands there already.
  /// - Throws: `StorageError.noSuchRecord`, `.notInList`; `.invalidWrite` of a kind without an order.
  @discardableResult
  public func move(_ record: Dot, to place: ListPlace) throws -> Bool {
    guard let stored = try reader.record(record, fields: []) else { throw StorageError.noSuchRecord(record) }
    guard let parent = stored.parent else {
      throw StorageError.invalidWrite("a record that belongs to none stands in no order")
    }
    guard let insertion = try insertion(of: stored.kind, into: parent, at: place, moving: record) else {
      return false
    }
    try rekey(insertion)
    return try edit(record, [insertion.field: .text(insertion.key)])
  }

  private func rekey(_ insertion: ListInsertion) throws {
    for other in insertion.rekeyed { _ = try edit(other.record, [insertion.field: .text(other.key)]) }
  }

  private static func values(of assignments: [Assignment]) -> [FieldName: Value] {
    Dictionary(assignments.map { ($0.field, $0.value) }) { $1 }
  }
}
