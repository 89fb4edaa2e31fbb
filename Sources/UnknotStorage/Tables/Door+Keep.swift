import UnknotCausality

// The door keeps the tables: whatever a register shows, the record's row shows.

extension Door {
  /// Writes the row of a record that has none.
  ///
  /// - Parameter entries: of the record.
  func insertRow(_ creation: LogRow, _ shape: StoredShape, _ entries: [Entry] = []) throws {
    guard let table = shape.recordTable else {
      return try statements.undeclared.insert { reader.putUndeclared(creation, shape, entries, to: &$0) }
    }
    // Put together beside the buffers: to find out what a reference names, these may have to be written.
    var (row, members) = (rowCells, memberCells)
    (rowCells, memberCells) = (RowCells(), RowCells())
    try reader.put(creation, shape, entries, to: &row, members: &members)
    try statements.of(table).rows.insert { $0.append(row) }
    if members.count > 0 { try statements.members.insert { $0.append(members) } }
    row.clear(keeping: Body.maximumBytes)
    members.clear(keeping: Body.maximumBytes)
    (rowCells, memberCells) = (row, members)
  }

  /// Writes a record's row anew.
  private func makeRow(_ record: ChangeKey) throws {
    let creation = try reader.creation(of: record)
    let shape = try names.shape(creation.shape)
    guard let table = shape.recordTable else { return }
    try statements.of(table).deleteRow(record)
    try statements["DELETE FROM member WHERE record = ?"].bind(record, at: 1).run()
    try insertRow(creation, shape, reader.entries(of: record))
  }

  func setPresent(_ origin: RecordOrigin, _ isPresent: Bool) throws {
    if let table = origin.shape.recordTable {
      try statements.of(table).setPresent(origin.record, isPresent)
    } else {
      try statements["UPDATE record_undeclared SET present = ? WHERE id = ?"].bind(isPresent ? 1 : 0, at: 1)
        .bind(origin.record, at: 2).run()
    }
  }

  /// After a write to a record: its row shows what its registers show now.
  ///
  /// - Parameters:
  ///   - shown: of the shape's fields that show another change's value than before, by their places, that change.
  ///   - shape: of the change at hand.
  func show(
    _ shown: [(place: Int, by: ChangeKey)], of origin: RecordOrigin, own: LogRow, _ shape: StoredShape
  ) throws {
    guard let table = shape.recordTable, !shown.isEmpty else { return }
    let rows = statements.of(table)
    let pieces = try reader.pieces(of: own, shape)
    var fits = true
    var wasComplete: Bool?
    for (index, key) in shown {
      let field = shape.fieldNumbers[index]
      let value =
        try key == own.key
        ? StoreReader.LoggedValue(row: own, piece: pieces[index])
        : reader.loggedValue(of: field, in: reader.heldChange(at: key))
      switch shape.tablePlaces[index] {
      case .column(let column):
        var cells = RowCells()
        if try !reader.put(value.piece, of: value.row, as: table.columns[column].kind, to: &cells) {
          fits = false
        }
        wasComplete = try rows.setColumn(column, origin.record, cells)
      case .member:
        if try !showMember(field, value, of: origin.record) { fits = false }
      case .logAlone: fits = false
      }
    }
    if try !(wasComplete ?? rows.isComplete(origin.record)) {
      // What did not fit may have been overwritten just now.
      try makeRow(origin.record)
    } else if !fits {
      try rows.setIncomplete(origin.record)
    }
  }

  private func showMember(_ field: Int64, _ value: StoreReader.LoggedValue, of record: ChangeKey) throws
    -> Bool
  {
    if statements.members.holds(record) { try statements.members.flush() }
    try statements.deleteMember.get().bind(record, at: 1).bind(field, at: 2).run()
    var fits = true
    try statements.members.insert { fits = reader.put(value.piece, of: value.row, field, record, to: &$0) }
    return fits
  }

  /// Names break ties: where changes are called otherwise now, another value may be shown of what is in conflict.
  ///
  /// Every row in conflict is made anew, for a row may have been made in the middle of the import: names were then not
  /// yet what they are now, and what the row shows need not be what the conflict was listed with.
  func showTiesAnew() throws {
    var keys: [(record: ChangeKey, field: Int64, shown: ChangeKey)] = []
    try statements["SELECT record, field, shown FROM register_conflict"].eachRow {
      keys.append(($0.key(0), $0.integer(1), $0.key(2)))
    }
    for (record, field, before) in keys {
      let writers = try reader.writers(of: reader.creation(of: record), field)
      let shown = try reader.ordered(writers, field)[0].key
      guard shown != before else { continue }
      try statements.updateConflict.get().bind(shown, at: 1).bind(record, at: 2).bind(field, at: 3).run()
    }
    for record in Set(keys.map(\.record)) { try makeRow(record) }
  }
}
