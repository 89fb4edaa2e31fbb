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

/// What a text field has to be for a record to be gone through.
public enum ScanCondition: Sendable {
  /// It has this text.
  case equals(String)
  /// It has any value.
  case isSet

  fileprivate func isMet(_ value: Value) -> Bool {
    switch self {
    case .equals(let text): value == .text(text)
    case .isSet: value != .null
    }
  }
}

extension StoreReader {
  /// Goes through the records of a table, the visible ones if not said otherwise, the oldest first; of one time, in no order.
  ///
  /// A million are gone through within seconds, in the memory of one.
  ///
  /// - Parameters:
  ///   - conditions: only those whose fields are so.
  ///   - owners: only what belongs to one of these; of a kind that declares a parent whatever its time, sorted by their
  ///     ids; nil: all.
  ///   - inOrder: false where any order will do: all of a table are faster to find where they lie.
  public func scan(
    _ kind: String, fields wanted: [FieldName], where conditions: [FieldName: ScanCondition] = [:],
    of owners: Set<Dot>? = nil, since: Int64? = nil, until: Int64? = nil, includeRemoved: Bool = false,
    inOrder: Bool = true,
    _ body: (ScannedRecord) throws -> Void
  ) throws {
    guard let source = try rows(of: kind) else { return }
    let tests = conditions.sorted { $0.key < $1.key }.map { (name: $0.key, condition: $0.value) }
    let columns = try ScanColumns(wanted, tests, store.recordTables[kind], names)
    // Without an index, all are gone through once.
    let isByOwner = owners != nil && store.recordTables[kind]?.schema.parentName != nil
    var parents: [ChangeKey: (id: Dot, isVisible: Bool)] = [:]
    let order = since == nil && until == nil && !inOrder ? ScanOrder.any : inOrder ? .time : .index
    let rows = try scanned(source, columns, tests, isByOwner ? nil : order)
    rows.bind(includeRemoved ? 0 : 1, at: 3)
    func take(_ row: RawStatement) throws {
      var parent: Dot?
      if let subject = row.keyOrNone(1) {
        if parents[subject] == nil {
          parents[subject] = (try lines.name(of: subject), try arePresent(subject))
        }
        guard let known = parents[subject], known.isVisible || includeRemoved else { return }
        parent = known.id
      }
      if let owners, !isByOwner, parent.map(owners.contains) != true { return }
      let values: [Value]
      if columns.isEnough, row.integer(4) == 1 {
        values = try columns.values(of: row, from: 5) { try lines.name(of: $0) }
      } else {
        let chosen = try record(
          heldChange(at: row.key(0)), fields: Set(wanted.map(\.field) + tests.map(\.name.field)))
        guard tests.allSatisfy({ $0.condition.isMet(chosen.fields[$0.name]?.visible ?? .null) }) else {
          return
        }
        values = wanted.map { chosen.fields[$0]?.visible ?? .null }
      }
      try body(
        ScannedRecord(
          time: row.integer(3), createdAt: row.integer(2), parent: parent, values: values,
          id: try lines.name(of: row.key(0))))
    }
    guard let owners, isByOwner else {
      return try rows.bind(since ?? .min, at: 1).bind(until, at: 2).eachRow(take)
    }
    for owner in owners.sorted() {
      if let key = lines.key(of: owner) { try rows.bind(key, at: 1).eachRow(take) }
    }
  }

  /// In which order rows are gone through.
  private enum ScanOrder {
    case time
    /// As the index by time has them, where only some times are asked for.
    case index
    case any
  }

  /// - Parameter order: nil: those of one owner, which is parameter 1.
  private func scanned(
    _ source: (table: String, time: String, condition: String, kind: Int64?), _ columns: ScanColumns,
    _ tests: [(name: FieldName, condition: ScanCondition)], _ order: ScanOrder?
  ) throws -> RawStatement {
    let select = """
      SELECT id, parent, created_at, \(source.time), \(columns.select)
      FROM \(source.table) AS record WHERE \(source.condition) AND present >= ?3\(columns.condition)
      """
    let rows =
      if let order {
        try statements[
          """
          \(select) AND \(order == .any ? "+" : "")\(source.time) >= ?1 AND (\(source.time) < ?2 OR ?2 IS NULL)
          \(order == .time ? "ORDER BY \(source.time)" : "")
          """
        ]
      } else {
        try statements["\(select) AND parent = ?1 AND ?2 IS NULL"]
      }
    rows.bind(source.kind, at: 4)
    for (index, number) in columns.members.enumerated() { rows.bind(number, at: Int32(index + 5)) }
    guard columns.isEnough else { return rows }
    for (index, pair) in tests.enumerated() {
      guard case .equals(let text) = pair.condition else { continue }
      rows.bind(text, at: Int32(columns.members.count + index + 5))
    }
    return rows
  }
}

/// Fields of a kind of record as they are selected from its table.
private struct ScanColumns {
  /// `complete`, and what is wanted.
  let select: String
  /// Of rows that show all their fields, those that are asked for.
  let condition: String
  /// Whether the table has all that is wanted.
  let isEnough: Bool
  /// What parameters from 5 on are: the numbers of fields in `member`.
  let members: [Int64?]
  private let kinds: [RecordField.Kind]

  init(
    _ wanted: [FieldName], _ conditions: [(name: FieldName, condition: ScanCondition)], _ table: RecordTable?,
    _ names: NameCache
  ) throws {
    var kinds: [RecordField.Kind] = []
    var columns = ["complete"]
    var members: [Int64?] = []
    for name in wanted {
      switch table?.place(of: name) {
      case nil, .logAlone:
        (select, condition, isEnough, self.members, self.kinds) = ("0", "", false, [], [])
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
    var met = ""
    for (number, pair) in conditions.enumerated() {
      guard case .column(let index) = table?.place(of: pair.name), let column = table?.columns[index],
        column.kind == .text
      else {
        (select, condition, isEnough, self.members, self.kinds) = ("0", "", false, [], [])
        return
      }
      let test =
        switch pair.condition {
        case .equals: "= ?\(members.count + number + 5)"
        case .isSet: "IS NOT NULL"
        }
      met += " AND (complete = 0 OR \"\(column.names[0])\" \(test))"
    }
    (self.members, self.kinds, condition) = (members, kinds, met)
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
