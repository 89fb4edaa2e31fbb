import UnknotCausality

// What the log says about a record, as its table has it.

extension StoreReader {
  /// The row of a record, and its rows in `member`, by the numbers of their fields.
  ///
  /// - Parameters:
  ///   - creation: of a declared kind.
  ///   - entries: of the record.
  func put(
    _ creation: LogRow, _ shape: StoredShape, _ entries: [Entry], to row: inout RowCells,
    members: inout RowCells
  ) throws {
    guard let table = shape.recordTable else { preconditionFailure("only a declared kind has a table") }
    let pieces = try pieces(of: creation, shape)
    var isComplete = shape.isDeclared
    row.key(creation.key)
    row.key(creation.subject)
    row.number(entries.arePresent ? 1 : 0)
    row.number(creation.recordedAt)
    if entries.isEmpty {
      for (index, place) in shape.columnPlaces.enumerated() {
        let piece = place.map { pieces[$0] } ?? .null
        if try !put(piece, of: creation, as: table.columns[index].kind, to: &row) { isComplete = false }
      }
      for place in shape.memberPlaces {
        let field = shape.fieldNumbers[place]
        if !put(pieces[place], of: creation, field, creation.key, to: &members) { isComplete = false }
      }
      row.number(isComplete ? 1 : 0)
      return
    }

    var columns = [LoggedValue?](repeating: nil, count: table.columns.count)
    var values: [Int64: LoggedValue] = [:]
    for (index, place) in shape.columnPlaces.enumerated() {
      columns[index] = place.map { LoggedValue(row: creation, piece: pieces[$0]) }
    }
    for place in shape.memberPlaces {
      values[shape.fieldNumbers[place]] = LoggedValue(row: creation, piece: pieces[place])
    }
    for (field, keys) in try entries.writers where field != 0 {
      let place = table.place(of: try names.field(field))
      if case .logAlone = place {
        isComplete = false
        continue
      }
      let shown = try keys.count > 1 ? ordered(keys, field)[0].key : keys[0]
      let value = try loggedValue(of: field, in: heldChange(at: shown))
      if case .column(let index) = place { columns[index] = value } else { values[field] = value }
    }
    for (column, value) in zip(table.columns, columns) {
      let fits = try put(value?.piece ?? .null, of: value?.row ?? creation, as: column.kind, to: &row)
      if !fits { isComplete = false }
    }
    for (field, value) in values.sorted(by: { $0.key < $1.key }) {
      if !put(value.piece, of: value.row, field, creation.key, to: &members) { isComplete = false }
    }
    row.number(isComplete ? 1 : 0)
  }

  /// The row of a record of a kind that is not declared.
  func putUndeclared(
    _ creation: LogRow, _ shape: StoredShape, _ entries: [Entry], to row: inout RowCells
  ) {
    row.key(creation.key)
    row.number(shape.kind)
    row.key(creation.subject)
    row.number(entries.arePresent ? 1 : 0)
    row.number(creation.recordedAt)
  }

  /// A value where it lies in the log.
  struct LoggedValue {
    let row: LogRow
    let piece: Body.Piece
  }

  func pieces(of row: LogRow, _ shape: StoredShape) throws -> [Body.Piece] {
    var pieces: [Body.Piece] = []
    pieces.reserveCapacity(shape.fieldNumbers.count)
    try Body.pieces(of: row.body, into: &pieces)
    guard pieces.count == shape.fieldNumbers.count else {
      throw StorageError.damaged("a change has not a value for each of its fields")
    }
    return pieces
  }

  func loggedValue(of field: Int64, in row: LogRow) throws -> LoggedValue {
    let shape = try names.shape(row.shape)
    guard let place = shape.fieldNumbers.firstIndex(of: field) else {
      throw StorageError.damaged("an entry names a field that its change did not write")
    }
    return LoggedValue(row: row, piece: try pieces(of: row, shape)[place])
  }

  /// The cells of one field.
  ///
  /// - Returns: false where the value is of another type, and the cells are null.
  func put(
    _ piece: Body.Piece, of row: LogRow, as kind: RecordField.Kind, to cells: inout RowCells
  ) throws -> Bool {
    switch (kind, piece.kind) {
    case (.text, .text): cells.text(row.body, piece.content)
    case (.integer, .integer), (.flag, .integer), (.day, .integer), (.timeOfDay, .integer):
      cells.number(piece.number)
    case (.time, .time):
      cells.number(piece.number)
      cells.number(piece.offsetMinutes)
    case (.reference, .reference):
      var reader = ByteReader(row.body[piece.content])
      var key: ChangeKey?
      _ = try Body.read(&reader) { reference in
        key = try seenKey(of: reference, by: row.key)
        return reference.origin
      }
      cells.key(key)
      return key != nil
    default:
      cells.null()
      if kind == .time { cells.null() }
      return piece.kind == .null
    }
    return true
  }

  /// The row of `member` for one key of a set or a map; none where it is not there.
  ///
  /// - Returns: false where the value is of a type that no column has.
  func put(
    _ piece: Body.Piece, of row: LogRow, _ field: Int64, _ record: ChangeKey, to cells: inout RowCells
  ) -> Bool {
    guard piece.kind != .null else { return true }
    cells.key(record)
    cells.number(field)
    switch piece.kind {
    case .integer: cells.number(piece.number)
    case .text: cells.text(row.body, piece.content)
    case .bytes: cells.bytes(row.body, piece.content)
    case .null, .time, .reference:
      cells.null()
      return false
    }
    return true
  }

  /// The record that a reference names, where its writer had seen that: it does not depend on what else is held or what
  /// changes are called. Nil for what no well-behaved program writes.
  private func seenKey(of reference: CanonicalReference, by key: ChangeKey) throws -> ChangeKey? {
    let tree = lines.tree
    guard let root = tree.root(of: reference.origin.actor),
      tree.rootActor(of: root) == reference.origin.actor,
      let depth = Int64(exactly: reference.origin.seq)
    else { return nil }
    let context = try context(of: key)
    let isOwn = tree.root(of: key.line) == root
    if let hash = reference.hash {
      guard let found = try find(root: root, depth: depth, hash: hash.bytes), found != key,
        context.covers(found, tree) || tree.isAncestor(found, of: key)
      else { return nil }
      return found
    }
    let heads = context.heads(ofFamily: root) + (isOwn ? [tree.before(key)] : [])
    guard heads.count == 1, heads[0].depth >= depth else { return nil }
    return tree.ancestor(of: heads[0], atDepth: depth)
  }
}
