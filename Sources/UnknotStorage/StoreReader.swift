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

  subscript(sql: String) -> RawStatement {
    get throws {
      if let statement = prepared[sql], !statement.isRunning { return statement }
      // The connection keeps them from one transaction to the next.
      let statement = try RawStatement(database, sql, isShared: prepared[sql] == nil)
      prepared[sql] = statement
      return statement
    }
  }

  lazy var insertChange = Result {
    try self["INSERT INTO change (dot, shape, subject, recorded_at, begins, body) VALUES (?, ?, ?, ?, ?, ?)"]
  }
  lazy var insertListing = Result {
    try self["INSERT INTO listing (record_table, time, record, present) VALUES (?, ?, ?, ?)"]
  }
  lazy var selectChange = Result {
    try self["\(LogRow.select) WHERE dot = ?"]
  }
  /// A record's entries that still stand.
  lazy var selectEntries = Result {
    try self["SELECT dot, own, presence, fields FROM entry WHERE record = ? AND spent = 0"]
  }
  /// The same, behind where the record comes from.
  lazy var selectRecord = Result {
    try self[
      """
      SELECT shape, -1, subject, NULL FROM change WHERE dot = ?1
      UNION ALL SELECT dot, own, presence, fields FROM entry WHERE record = ?1 AND spent = 0
      """
    ]
  }
  lazy var selectOrigin = Result {
    try self["SELECT shape, subject FROM change WHERE dot = ?"]
  }
  lazy var insertEntry = Result {
    try self["INSERT INTO entry (record, spent, dot, own, presence, fields) VALUES (?, 0, ?, ?, ?, ?)"]
  }
  lazy var updateEntry = Result {
    try self[
      "UPDATE entry SET spent = ?, presence = 0, fields = ? WHERE record = ? AND spent = 0 AND dot = ?"]
  }
  lazy var deleteEntry = Result {
    try self["DELETE FROM entry WHERE record = ? AND spent = 0 AND dot = ?"]
  }
}
