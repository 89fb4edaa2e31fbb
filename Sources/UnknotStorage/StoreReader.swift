import GRDB
public import UnknotCausality

/// One transaction's view of the journal. Not to be kept after the closure that it was given to.
public class StoreReader {
  let database: Database
  let store: Store
  let names: NameCache
  let statements: Statements
  /// Hashes computed in this transaction, by dot; bounded (`StoreReader+Chain.swift`).
  var recentHashes: [LocalDot: [UInt8]] = [:]
  /// What a change's hash is taken over, put together anew for each.
  var hashed = ByteWriter()

  init(_ database: Database, store: Store) throws {
    self.database = database
    self.store = store
    statements = Statements(database)
    names = try NameCache(statements, store.tables)
  }

  /// A writer shares its transaction's view.
  init(sharing session: StoreReader) {
    database = session.database
    store = session.store
    names = session.names
    statements = session.statements
  }

  /// What this journal holds.
  public var clock: VectorClock {
    VectorClock(
      Dictionary(uniqueKeysWithValues: names.actors.values.map { ($0.actor, UInt64($0.seq)) }))
  }

  /// Each of 16 bytes. More than one where journals were joined.
  public var journalIDs: [[UInt8]] {
    get throws {
      var ids: [[UInt8]] = []
      try statements["SELECT id FROM journal ORDER BY number"].eachRow { ids.append($0.bytes(0)) }
      return ids
    }
  }

  /// The actor that this device writes as; nil before its first write.
  public var ownActor: ActorID? {
    get throws { try ownActorNumber.flatMap { names.actors[$0]?.actor } }
  }

  var ownActorNumber: Int64? {
    get throws {
      try statements["SELECT writer FROM device WHERE number = 1"].first { $0.optionalInteger(0) } ?? nil
    }
  }

  /// Every actor with a change here.
  public func actors() -> [ActorID] {
    names.actors.values.filter { $0.seq > 0 }.map(\.actor).sorted()
  }
}

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
    "change", ["dot", "shape", "subject", "recorded_at", "begins", "body"], hasContent: true)
  private(set) lazy var entries = buffer(
    "entry", ["record", "spent", "dot", "own", "presence", "fields"], hasContent: true)
  private(set) lazy var listings = buffer(
    "listing", ["record_table", "time", "record", "present"], hasContent: false)

  private func buffer(_ table: String, _ columns: [String], hasContent: Bool) -> InsertBuffer {
    InsertBuffer(table, columns, hasContent: hasContent) { [unowned self] in try prepare($0) }
  }

  func flush() throws {
    try changes.flush()
    try entries.flush()
    try listings.flush()
  }

  /// `LogRow` of a change.
  func selectChange(_ dot: LocalDot) throws -> RawStatement {
    if changes.holds(dot) { try changes.flush() }
    return try changeByDot.get().bind(dot, at: 1)
  }

  /// A change's shape and subject.
  func selectOrigin(_ dot: LocalDot) throws -> RawStatement {
    if changes.holds(dot) { try changes.flush() }
    return try originByDot.get().bind(dot, at: 1)
  }

  /// A record's entries that still stand.
  func selectEntries(_ record: LocalDot) throws -> RawStatement {
    if entries.holds(record) { try entries.flush() }
    return try entriesByRecord.get().bind(record, at: 1)
  }

  /// The same, behind where the record comes from.
  func selectRecord(_ record: LocalDot) throws -> RawStatement {
    if changes.holds(record) { try changes.flush() }
    if entries.holds(record) { try entries.flush() }
    return try originAndEntries.get().bind(record, at: 1)
  }

  private lazy var changeByDot = Result { try prepare("\(LogRow.select) WHERE dot = ?") }
  private lazy var originByDot = Result { try prepare("SELECT shape, subject FROM change WHERE dot = ?") }
  private lazy var entriesByRecord = Result {
    try prepare("SELECT dot, own, presence, fields FROM entry WHERE record = ? AND spent = 0")
  }
  private lazy var originAndEntries = Result {
    try prepare(
      """
      SELECT shape, -1, subject, NULL FROM change WHERE dot = ?1
      UNION ALL SELECT dot, own, presence, fields FROM entry WHERE record = ?1 AND spent = 0
      """)
  }

  // Those that follow touch nothing that may wait: entries that are changed or taken away were read before.

  private(set) lazy var updateEntry = Result {
    try prepare(
      "UPDATE entry SET spent = ?, presence = 0, fields = ? WHERE record = ? AND spent = 0 AND dot = ?")
  }
  private(set) lazy var deleteEntry = Result {
    try prepare("DELETE FROM entry WHERE record = ? AND spent = 0 AND dot = ?")
  }
  private(set) lazy var insertConflict = Result {
    try prepare("INSERT INTO conflict (record, field) VALUES (?, ?)")
  }
  private(set) lazy var deleteConflict = Result {
    try prepare("DELETE FROM conflict WHERE record = ? AND field = ?")
  }
  private(set) lazy var insertCheckpoint = Result {
    try prepare("INSERT OR IGNORE INTO checkpoint (dot, hash) VALUES (?, ?)")
  }
}
