import UnknotCausality

/// The table of a declared kind of record: one row a record, kept by the door.
///
/// Beside a column for each field it has `id`, the key of the change that created the record; `parent`, that of the
/// record it belongs to; `present`, 1 unless it was removed (its parent may be); `created_at`, ms by the clock of the
/// device that made it; and `complete`, 1 where the row and `member` say all that the record's fields hold, 0 where a
/// value is of another type or a field is not declared.
final class RecordTable: Sendable {
  let schema: RecordKind
  /// Quoted: a kind can be called like a word of SQL.
  let sqlName: String
  let columns: [Column]
  /// Of the fields that have a column, where that stands among `columns`.
  private let places: [FieldName: Int]
  /// All of a row's cells.
  let columnNames: [String]
  /// Fields of which every key has a row in `member`.
  private let collections: Set<String>
  /// By which a journal knows whether its table is this one: 32 bytes.
  let declaration: [UInt8]

  struct Column: Sendable {
    let kind: RecordField.Kind
    let names: [String]
  }

  /// Where a field is kept.
  enum Place {
    case column(Int)
    case member
    case logAlone
  }

  init(_ schema: RecordKind) {
    self.schema = schema
    sqlName = "\"record_\(schema.name)\""
    let fields = schema.fields.filter { !$0.kind.isCollection }
    columns = fields.map { Column(kind: $0.kind, names: $0.columns) }
    places = Dictionary(uniqueKeysWithValues: fields.enumerated().map { (FieldName($1.name), $0) })
    columnNames = ["id", "parent", "present", "created_at"] + columns.flatMap(\.names) + ["complete"]
    collections = Set(schema.fields.filter(\.kind.isCollection).map(\.name))
    let sql = Self.definition(schema, sqlName, columns) + [Self.view(schema, sqlName)]
    declaration = Hashing.sha256(Array(sql.joined(separator: ";").utf8))
  }

  func place(of name: FieldName) -> Place {
    if let column = places[name] { return .column(column) }
    return name.isMapKey && collections.contains(name.field) ? .member : .logAlone
  }

  /// What records are listed by.
  var listedBy: String { Self.listedBy(schema) }

  private static func listedBy(_ schema: RecordKind) -> String {
    schema.timeField.map { "coalesce(\"\($0)\", created_at)" } ?? "created_at"
  }

  /// The statements that make the table, and its view.
  var definition: [String] {
    Self.definition(schema, sqlName, columns) + [Self.view(schema, sqlName)]
  }

  private static func definition(_ schema: RecordKind, _ sqlName: String, _ columns: [Column]) -> [String] {
    let fields = columns.flatMap { column in
      column.names.map { "\n  \"\($0)\" \(column.kind == .text ? "TEXT" : "INTEGER")," }
    }
    let parents = "\"record_\(schema.name)_parent\" ON \(sqlName) (parent) WHERE parent IS NOT NULL"
    return [
      """
      CREATE TABLE \(sqlName) (
        id INTEGER PRIMARY KEY,
        parent INTEGER,
        present INTEGER NOT NULL,
        created_at INTEGER NOT NULL,\(fields.joined())
        complete INTEGER NOT NULL
      ) STRICT
      """,
      "CREATE INDEX \"record_\(schema.name)_listed\" ON \(sqlName) (\(listedBy(schema)))",
    ] + (schema.parentName == nil ? [] : ["CREATE INDEX \(parents)"])
  }
}

/// Prepared statements of one record table, for the length of one transaction.
final class RecordTableStatements {
  let rows: InsertBuffer
  private let table: RecordTable
  private let prepare: (String) throws -> RawStatement
  private var columns: [Int: RawStatement] = [:]
  private lazy var present = Result { try prepare("UPDATE \(table.sqlName) SET present = ? WHERE id = ?") }
  private lazy var incomplete = Result {
    try prepare("UPDATE \(table.sqlName) SET complete = 0 WHERE id = ?")
  }
  private lazy var complete = Result { try prepare("SELECT complete FROM \(table.sqlName) WHERE id = ?") }
  private lazy var delete = Result { try prepare("DELETE FROM \(table.sqlName) WHERE id = ?") }

  init(_ table: RecordTable, prepare: @escaping (String) throws -> RawStatement) {
    self.table = table
    self.prepare = prepare
    rows = InsertBuffer(table.sqlName, table.columnNames, prepare: prepare)
  }

  /// Whoever changes a row has it written first.
  func write(_ record: ChangeKey) throws {
    if rows.holds(record) { try rows.flush() }
  }

  func setPresent(_ record: ChangeKey, _ isPresent: Bool) throws {
    try write(record)
    try present.get().bind(isPresent ? 1 : 0, at: 1).bind(record, at: 2).run()
  }

  func setIncomplete(_ record: ChangeKey) throws {
    try write(record)
    try incomplete.get().bind(record, at: 1).run()
  }

  func isComplete(_ record: ChangeKey) throws -> Bool {
    try write(record)
    return try complete.get().bind(record, at: 1).first { $0.integer(0) == 1 } ?? false
  }

  /// Sets one field of a row that shows all its fields; any other row is to be made anew.
  ///
  /// - Returns: whether it was such a row.
  func setColumn(_ column: Int, _ record: ChangeKey, _ cells: RowCells) throws -> Bool {
    try write(record)
    let statement: RawStatement
    if let known = columns[column] {
      statement = known
    } else {
      let names = table.columns[column].names.map { "\"\($0)\" = ?" }.joined(separator: ", ")
      statement = try prepare("UPDATE \(table.sqlName) SET \(names) WHERE id = ? AND complete = 1")
      columns[column] = statement
    }
    try cells.run(key: record) { (statement, $0) }
    return statement.changedRows == 1
  }

  func deleteRow(_ record: ChangeKey) throws {
    try write(record)
    try delete.get().bind(record, at: 1).run()
  }
}
