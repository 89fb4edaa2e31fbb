import UnknotCausality

/// The table of a declared kind of record: one row a record, kept by the door.
///
/// Beside a column for each field it has `id`, the key of the change that created the record; `parent`, that of the
/// record it belongs to; `present`, 1 unless it was removed (its parent may be); `created_at`, ms by the clock of the
/// device that made it; and `complete`, 1 where the row and `member` say all that the record's fields hold, 0 where a
/// value is of another type or a field is not declared.
struct RecordTable: Sendable {
  let schema: TableSchema
  /// Quoted: a kind can be called like a word of SQL.
  let sqlName: String
  /// Of the fields that have one: where each begins among all cells of a row.
  let columns: [Column]
  /// All of a row's cells.
  let columnNames: [String]
  /// Fields of which every key has a row in `member`.
  let collections: Set<String>

  struct Column: Sendable {
    let field: FieldName
    let kind: FieldSchema.Kind
    let names: [String]
  }

  /// Columns that every record has before those of its fields; `complete` follows them.
  static let ownColumns = ["id", "parent", "present", "created_at"]

  init(_ schema: TableSchema) {
    self.schema = schema
    sqlName = "\"record_\(schema.name)\""
    columns = schema.fields.filter { !$0.kind.isCollection }.map {
      Column(field: FieldName($0.name), kind: $0.kind, names: $0.columns)
    }
    columnNames = Self.ownColumns + columns.flatMap(\.names) + ["complete"]
    collections = Set(schema.fields.filter(\.kind.isCollection).map(\.name))
    let sql = Self.definition(schema, sqlName, columns) + [Self.view(schema, sqlName)]
    declaration = Hashing.sha256(Array(sql.joined(separator: ";").utf8))
  }

  func isDeclared(_ name: FieldName) -> Bool {
    name.isMapKey ? collections.contains(name.field) : columns.contains { $0.field == name }
  }

  /// What records are listed by.
  var listedBy: String { Self.listedBy(schema) }

  private static func listedBy(_ schema: TableSchema) -> String {
    schema.timeField.map { "coalesce(\"\($0)\", created_at)" } ?? "created_at"
  }

  /// The statements that make the table, and its view.
  var definition: [String] {
    Self.definition(schema, sqlName, columns) + [Self.view(schema, sqlName)]
  }

  private static func definition(_ schema: TableSchema, _ sqlName: String, _ columns: [Column]) -> [String] {
    let fields = columns.flatMap { column in
      column.names.map { "\n  \"\($0)\" \(column.kind == .text ? "TEXT" : "INTEGER")," }
    }
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
    ]
      + (schema.parentName == nil
        ? []
        : ["CREATE INDEX \"record_\(schema.name)_parent\" ON \(sqlName) (parent) WHERE parent IS NOT NULL"])
  }

  /// By which a journal knows whether its table is this one: 32 bytes.
  let declaration: [UInt8]
}
