public import UnknotCausality

/// Some fields of a record, as they stand: what figures over many records are made of.
public struct ScannedRecord {
  /// The table's time field, or else when it was recorded, in ms.
  public let time: Int64
  /// When the creating change was recorded, in ms.
  public let createdAt: Int64
  /// The record that it belongs to; nil where it belongs to none.
  public let parent: Dot?
  /// In the order in which the fields were asked for; null where nobody wrote one; of a text of more than 40,000 bytes
  /// its hash, as bytes.
  public let values: [Value]
  /// The record's id.
  public let id: Dot
}

extension StoreReader {
  /// Goes through the records of a table, the visible ones if not said otherwise, the oldest first; of one time, in no order.
  ///
  /// A million are gone through within seconds, in the memory of one.
  ///
  /// - Parameter inOrder: false where any order will do: all of a table are faster to find where they lie.
  public func scan(
    _ kind: String, fields wanted: [FieldName], since: Int64? = nil, until: Int64? = nil,
    includeRemoved: Bool = false, inOrder: Bool = true, _ body: (ScannedRecord) throws -> Void
  ) throws {
    guard let source = try rows(of: kind) else { return }
    let columns = try ScanColumns(wanted, store.recordTables[kind], names)
    var parents: [ChangeKey: (id: Dot, isVisible: Bool)] = [:]
    let isBounded = since != nil || until != nil
    let rows = try statements[
      """
      SELECT id, parent, created_at, \(source.time), \(columns.select)
      FROM \(source.table) AS record
      WHERE \(source.condition) AND present >= ?3
      AND \(isBounded || inOrder ? "" : "+")\(source.time) >= ?1 AND (\(source.time) < ?2 OR ?2 IS NULL)
      \(inOrder ? "ORDER BY \(source.time)" : "")
      """
    ].bind(since ?? .min, at: 1).bind(until, at: 2).bind(includeRemoved ? 0 : 1, at: 3).bind(
      source.kind, at: 4)
    for (index, number) in columns.members.enumerated() { rows.bind(number, at: Int32(index + 5)) }
    try rows.eachRow { row in
      var parent: Dot?
      if let subject = row.keyOrNone(1) {
        if parents[subject] == nil {
          let known = try lines.name(of: subject)
          parents[subject] = (known, try record(known, fields: [])?.isVisible ?? false)
        }
        guard let known = parents[subject], known.isVisible || includeRemoved else { return }
        parent = known.id
      }
      let values: [Value]
      if columns.isEnough, row.integer(4) == 1 {
        values = try columns.values(of: row, from: 5) { try lines.name(of: $0) }
      } else {
        let chosen = try record(heldChange(at: row.key(0)), fields: Set(wanted.map(\.field)))
        values = wanted.map { chosen.fields[$0]?.visible ?? .null }
      }
      try body(
        ScannedRecord(
          time: row.integer(3), createdAt: row.integer(2), parent: parent, values: values,
          id: try lines.name(of: row.key(0))))
    }
  }
}

/// Fields of a kind of record as they are selected from its table.
private struct ScanColumns {
  /// `complete`, and what is wanted.
  let select: String
  /// Whether the table has all that is wanted.
  let isEnough: Bool
  /// What parameters from 5 on are: the numbers of fields in `member`.
  let members: [Int64?]
  private let kinds: [RecordField.Kind]

  init(_ wanted: [FieldName], _ table: RecordTable?, _ names: NameCache) throws {
    var kinds: [RecordField.Kind] = []
    var columns = ["complete"]
    var members: [Int64?] = []
    for name in wanted {
      switch table?.place(of: name) {
      case nil, .logAlone:
        (select, isEnough, self.members, self.kinds) = ("0", false, [], [])
        return
      case .column(let index):
        let column = table?.columns[index]
        kinds.append(column?.kind ?? .map)
        columns += (column?.names ?? []).map { "\"\($0)\"" }
      case .member:
        kinds.append(.map)
        columns.append(
          "(SELECT value FROM member WHERE member.record = record.id AND field = ?\(members.count + 5))")
        members.append(try names.existingNumber(of: name))
      }
    }
    (self.members, self.kinds) = (members, kinds)
    (select, isEnough) = (columns.joined(separator: ", "), true)
  }

  /// - Parameter name: what a record is called.
  func values(
    of row: RawStatement, from first: Int32, name: (ChangeKey) throws -> Dot
  ) throws -> [Value] {
    var column = first
    var values: [Value] = []
    values.reserveCapacity(kinds.count)
    for kind in kinds {
      switch row.type(of: column) {
      case .null: values.append(.null)
      case .text: values.append(Value.text(try row.text(column)).lookedAt)
      case .other: values.append(.bytes(row.bytes(column)))
      case .integer:
        switch kind {
        case .time:
          guard let offset = Int32(exactly: row.integer(column + 1)) else {
            throw StorageError.damaged("a time in a table has no offset")
          }
          values.append(.time(milliseconds: row.integer(column), offsetMinutes: offset))
        case .reference: values.append(.reference(try name(row.key(column))))
        default: values.append(.integer(row.integer(column)))
        }
      }
      column += kind == .time ? 2 : 1
    }
    return values
  }
}
