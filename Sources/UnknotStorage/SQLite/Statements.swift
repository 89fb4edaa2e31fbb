import GRDB
import UnknotCausality

/// Prepared statements of one transaction, by their SQL.
final class Statements {
  private let database: Database
  private var prepared: [String: RawStatement] = [:]

  init(_ database: Database) { self.database = database }

  /// What was prepared in this transaction.
  var texts: [String] { prepared.keys.sorted() }

  /// Finds all that was written before.
  subscript(sql: String) -> RawStatement {
    get throws {
      try flush()
      return try prepare(sql)
    }
  }

  private func prepare(_ sql: String) throws -> RawStatement {
    if let statement = prepared[sql], !statement.isRunning { return statement }
    // The connection keeps them from one transaction to the next.
    let statement = try RawStatement(database, sql, isShared: prepared[sql] == nil)
    prepared[sql] = statement
    return statement
  }

  // MARK: What most changes need

  private(set) lazy var changes = buffer(
    "change", ["key", "shape", "subject", "recorded_at", "begins", "body"])
  private(set) lazy var entries = buffer("entry", ["record", "spent", "key", "own", "presence", "fields"])
  private(set) lazy var undeclared = buffer(
    "record_undeclared", ["id", "kind", "parent", "present", "created_at"])
  private(set) lazy var members = buffer("member", ["record", "field", "value"])
  private var recordTables: [ObjectIdentifier: RecordTableStatements] = [:]
  private var lastTable: (table: RecordTable, statements: RecordTableStatements)?

  func of(_ table: RecordTable) -> RecordTableStatements {
    if let lastTable, lastTable.table === table { return lastTable.statements }
    let statements =
      recordTables[ObjectIdentifier(table)]
      ?? RecordTableStatements(table) { [unowned self] in try prepare($0) }
    recordTables[ObjectIdentifier(table)] = statements
    lastTable = (table, statements)
    return statements
  }

  private func buffer(_ table: String, _ columns: [String]) -> InsertBuffer {
    InsertBuffer(table, columns) { [unowned self] in try prepare($0) }
  }

  func flush() throws {
    try changes.flush()
    try entries.flush()
    try undeclared.flush()
    try members.flush()
    for table in recordTables.values { try table.rows.flush() }
  }

  /// Forgets what waits: that part of the transaction is taken back.
  func discard() {
    for buffer in [changes, entries, undeclared, members] { buffer.discard() }
    for table in recordTables.values { table.rows.discard() }
  }

  /// `LogRow` of a change.
  func selectChange(_ key: ChangeKey) throws -> RawStatement {
    if changes.holds(key) { try changes.flush() }
    return try changeByKey.get().bind(key, at: 1)
  }

  /// A change's shape and subject.
  func selectOrigin(_ key: ChangeKey) throws -> RawStatement {
    if changes.holds(key) { try changes.flush() }
    return try originByKey.get().bind(key, at: 1)
  }

  /// A record's entries that still stand.
  func selectEntries(_ record: ChangeKey) throws -> RawStatement {
    if entries.holds(record) { try entries.flush() }
    return try entriesByRecord.get().bind(record, at: 1)
  }

  /// The same, behind where the record comes from.
  func selectRecord(_ record: ChangeKey) throws -> RawStatement {
    if changes.holds(record) { try changes.flush() }
    if entries.holds(record) { try entries.flush() }
    return try originAndEntries.get().bind(record, at: 1)
  }

  private lazy var changeByKey = Result { try prepare("\(LogRow.select) WHERE key = ?") }
  private lazy var originByKey = Result { try prepare("SELECT shape, subject FROM change WHERE key = ?") }
  private lazy var entriesByRecord = Result {
    try prepare("SELECT key, own, presence, fields FROM entry WHERE record = ? AND spent = 0")
  }
  private lazy var originAndEntries = Result {
    try prepare(
      """
      SELECT shape, -1, subject, NULL FROM change WHERE key = ?1
      UNION ALL SELECT key, own, presence, fields FROM entry WHERE record = ?1 AND spent = 0
      """)
  }

  // Those that follow touch nothing that may wait: entries that are changed or taken away were read before.

  private(set) lazy var updateEntry = Result {
    try prepare(
      "UPDATE entry SET spent = ?, presence = 0, fields = ? WHERE record = ? AND spent = 0 AND key = ?")
  }
  private(set) lazy var deleteEntry = Result {
    try prepare("DELETE FROM entry WHERE record = ? AND spent = 0 AND key = ?")
  }
  private(set) lazy var selectConflict = Result {
    try prepare("SELECT shown FROM register_conflict WHERE record = ? AND field = ?")
  }
  private(set) lazy var insertConflict = Result {
    try prepare("INSERT INTO register_conflict (record, field, shown) VALUES (?, ?, ?)")
  }
  private(set) lazy var updateConflict = Result {
    try prepare("UPDATE register_conflict SET shown = ? WHERE record = ? AND field = ?")
  }
  private(set) lazy var deleteConflict = Result {
    try prepare("DELETE FROM register_conflict WHERE record = ? AND field = ?")
  }
  private(set) lazy var deleteMember = Result {
    try prepare("DELETE FROM member WHERE record = ? AND field = ?")
  }
  private(set) lazy var insertCheckpoint = Result {
    try prepare("INSERT OR IGNORE INTO checkpoint (key, hash) VALUES (?, ?)")
  }
}
