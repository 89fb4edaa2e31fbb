import UnknotCausality

// The door keeps the tables: whatever a register shows, the record's row shows.

extension StoreReader {
  /// The row of a record that is being created.
  func insertRow(_ creation: LogRow, _ shape: StoredShape) throws {
    guard let table = shape.recordTable else {
      let row = statements.undeclared.number(creation.key).number(shape.kind)
      if let parent = creation.subject { row.number(parent) } else { row.null() }
      return try row.number(1).number(creation.recordedAt).insert()
    }
    try insert(try row(creation, shape, []), creation.key, table)
  }

  func insert(_ row: RecordRow, _ record: ChangeKey, _ table: RecordTable) throws {
    let buffer = statements.rows(of: table)
    for cell in row.cells { buffer.cell(cell) }
    try buffer.insert()
    for member in row.members {
      statements.members.number(record).number(member.field).cell(member.cell)
      try statements.members.insert()
    }
  }

  /// Takes a row out, and what its sets and maps hold.
  private func deleteRow(_ record: ChangeKey, _ table: RecordTable) throws {
    try statements["DELETE FROM \(table.sqlName) WHERE id = ?"].bind(record, at: 1).run()
    try statements["DELETE FROM member WHERE record = ?"].bind(record, at: 1).run()
  }

  func makeRow(_ record: ChangeKey) throws {
    let creation = try creation(of: record)
    let shape = try names.shape(creation.shape)
    guard let table = shape.recordTable else { return }
    try deleteRow(record, table)
    try insert(try row(creation, shape, entries(of: record)), record, table)
  }

  func setPresent(_ origin: RecordOrigin, _ isPresent: Bool) throws {
    let table = origin.shape.recordTable?.sqlName ?? "record_undeclared"
    try statements["UPDATE \(table) SET present = ? WHERE id = ?"].bind(isPresent ? 1 : 0, at: 1)
      .bind(origin.record, at: 2).run()
  }

  /// After a write to a record: its row shows what its registers show now.
  ///
  /// - Parameter shown: of the fields that show another change's value than before, that change.
  func show(_ shown: [(field: Int64, by: ChangeKey)], of origin: RecordOrigin, own: LogRow) throws {
    guard let table = origin.shape.recordTable, !shown.isEmpty else { return }
    var fits = true
    for (field, key) in shown {
      let name = try names.field(field)
      guard table.isDeclared(name) else {
        fits = false
        continue
      }
      let value =
        try key == own.key ? loggedValue(of: field, in: own) : loggedValue(of: field, writtenBy: key)
      if name.isMapKey {
        if try !showMember(field, value, of: origin.record) { fits = false }
      } else if try !showColumn(name, value, of: origin.record, table) {
        fits = false
      }
    }
    if !fits {
      try statements["UPDATE \(table.sqlName) SET complete = 0 WHERE id = ?"].bind(origin.record, at: 1).run()
    } else if try statements["SELECT complete FROM \(table.sqlName) WHERE id = ?"].bind(origin.record, at: 1)
      .first({ $0.integer(0) }) != 1
    {
      // What did not fit may have been overwritten just now.
      try makeRow(origin.record)
    }
  }

  private func showColumn(
    _ name: FieldName, _ value: LoggedValue, of record: ChangeKey, _ table: RecordTable
  ) throws -> Bool {
    guard let column = table.columns.first(where: { $0.field == name }) else { return false }
    var cells: [Cell] = []
    let fits = try append(value.piece, of: value.row, as: column.kind, to: &cells)
    let update = try statements[
      "UPDATE \(table.sqlName) SET \(column.names.map { "\"\($0)\" = ?" }.joined(separator: ", ")) WHERE id = ?"
    ]
    for (index, cell) in cells.enumerated() { update.bind(cell, at: Int32(index + 1)) }
    try update.bind(record, at: Int32(cells.count + 1)).run()
    return fits
  }

  private func showMember(_ field: Int64, _ value: LoggedValue, of record: ChangeKey) throws -> Bool {
    let (cell, fits) = member(value.piece, of: value.row)
    if let cell {
      try statements["INSERT OR REPLACE INTO member (record, field, value) VALUES (?, ?, ?)"]
        .bind(record, at: 1).bind(field, at: 2).bind(cell, at: 3).run()
    } else {
      try statements["DELETE FROM member WHERE record = ? AND field = ?"].bind(record, at: 1)
        .bind(field, at: 2).run()
    }
    return fits
  }

  /// Names break ties: where changes are called otherwise now, another value may be shown of what is in conflict.
  func showTiesAnew() throws {
    var keys: [(record: ChangeKey, field: Int64, shown: ChangeKey)] = []
    try statements["SELECT record, field, shown FROM register_conflict"].eachRow {
      keys.append(($0.key(0), $0.integer(1), $0.key(2)))
    }
    var records: Set<ChangeKey> = []
    for (record, field, before) in keys {
      let writers = try writers(of: creation(of: record), field)
      let shown = try ordered(writers, field)[0].key
      guard shown != before else { continue }
      try statements.updateConflict.get().bind(shown, at: 1).bind(record, at: 2).bind(field, at: 3).run()
      records.insert(record)
    }
    for record in records { try makeRow(record) }
  }
}
