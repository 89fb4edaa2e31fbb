import UnknotCausality

// What the log says about a record, as its table has it.

extension StoreReader {
  /// The row of a record whose registers hold these changes' values.
  ///
  /// - Parameters:
  ///   - creation: of a declared kind.
  ///   - entries: of the record.
  func row(_ creation: LogRow, _ shape: StoredShape, _ entries: [Entry]) throws -> RecordRow {
    guard let table = shape.recordTable else { preconditionFailure("only a declared kind has a table") }
    var pieces: [Body.Piece] = []
    try Body.pieces(of: creation.body, into: &pieces)
    guard pieces.count == shape.fieldNumbers.count else {
      throw StorageError.damaged("a change has not a value for each of its fields")
    }
    var row = RecordRow(cells: [], members: [])
    row.cells.reserveCapacity(table.columnNames.count)
    row.cells += [
      .number(creation.key.rawValue), creation.subject.map { .number($0.rawValue) } ?? .null,
      .number(entries.arePresent ? 1 : 0), .number(creation.recordedAt),
    ]
    var isComplete = shape.isDeclared
    let written = entries.isEmpty ? Written() : try self.written(entries, table)
    if written.hasOthers { isComplete = false }
    for (column, place) in zip(table.columns, shape.columnPlaces) {
      let fits: Bool
      if let value = written.columns[column.field] {
        fits = try append(value.piece, of: value.row, as: column.kind, to: &row.cells)
      } else {
        fits = try append(
          place.map { pieces[$0] } ?? .null, of: creation, as: column.kind, to: &row.cells)
      }
      if !fits { isComplete = false }
    }
    for place in shape.memberPlaces where written.members[shape.fieldNumbers[place]] == nil {
      let (cell, fits) = member(pieces[place], of: creation)
      if let cell { row.members.append(RecordRow.Member(field: shape.fieldNumbers[place], cell: cell)) }
      if !fits { isComplete = false }
    }
    for (field, value) in written.members {
      let (cell, fits) = member(value.piece, of: value.row)
      if let cell { row.members.append(RecordRow.Member(field: field, cell: cell)) }
      if !fits { isComplete = false }
    }
    row.members.sort { $0.field < $1.field }
    row.cells.append(.number(isComplete ? 1 : 0))
    return row
  }

  /// A value where it lies in the log.
  struct LoggedValue {
    let row: LogRow
    let piece: Body.Piece
  }

  /// What entries say of a record's fields.
  private struct Written {
    var columns: [FieldName: LoggedValue] = [:]
    var members: [Int64: LoggedValue] = [:]
    /// Fields that the table does not have.
    var hasOthers = false
  }

  private func written(_ entries: [Entry], _ table: RecordTable) throws -> Written {
    var writers: [Int64: [ChangeKey]] = [:]
    for entry in entries {
      for field in entry.fields { writers[field, default: []].append(entry.key) }
    }
    var written = Written()
    for (field, keys) in writers {
      let name = try names.field(field)
      guard table.isDeclared(name) else {
        written.hasOthers = true
        continue
      }
      let shown = try keys.count > 1 ? ordered(keys, field)[0].key : keys[0]
      let value = try loggedValue(of: field, writtenBy: shown)
      if name.isMapKey { written.members[field] = value } else { written.columns[name] = value }
    }
    return written
  }

  func loggedValue(of field: Int64, writtenBy key: ChangeKey) throws -> LoggedValue {
    try loggedValue(of: field, in: heldChange(at: key))
  }

  func loggedValue(of field: Int64, in row: LogRow) throws -> LoggedValue {
    guard let place = try names.shape(row.shape).fieldNumbers.firstIndex(of: field) else {
      throw StorageError.damaged("an entry names a field that its change did not write")
    }
    var pieces: [Body.Piece] = []
    try Body.pieces(of: row.body, into: &pieces)
    guard place < pieces.count else {
      throw StorageError.damaged("a change has not a value for each of its fields")
    }
    return LoggedValue(row: row, piece: pieces[place])
  }

  /// The cells of one field.
  ///
  /// - Returns: false where the value is of another type, and the cells are null.
  func append(
    _ piece: Body.Piece, of row: LogRow, as kind: FieldSchema.Kind, to cells: inout [Cell]
  ) throws -> Bool {
    switch (kind, piece.kind) {
    case (.text, .text): cells.append(.text(row.body[piece.content]))
    case (.integer, .integer), (.flag, .integer), (.day, .integer), (.timeOfDay, .integer):
      cells.append(.number(piece.number))
    case (.time, .time):
      cells.append(.number(piece.number))
      cells.append(.number(piece.offsetMinutes))
    case (.reference, .reference):
      var reader = ByteReader(row.body[piece.content])
      var key: ChangeKey?
      _ = try Body.read(&reader) { reference in
        key = try seenKey(of: reference, by: row.key)
        return reference.origin
      }
      cells.append(key.map { .number($0.rawValue) } ?? .null)
      return key != nil
    default:
      cells.append(.null)
      if kind == .time { cells.append(.null) }
      return piece.kind == .null
    }
    return true
  }

  /// What `member` has for one key of a set or a map; nil where it is not there.
  func member(_ piece: Body.Piece, of row: LogRow) -> (cell: Cell?, fits: Bool) {
    switch piece.kind {
    case .null: (nil, true)
    case .integer: (.number(piece.number), true)
    case .text: (.text(row.body[piece.content]), true)
    case .bytes: (.bytes(row.body[piece.content]), true)
    case .time, .reference: (.null, false)
    }
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
