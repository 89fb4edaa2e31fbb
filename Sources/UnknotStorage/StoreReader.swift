import GRDB
public import UnknotCausality

/// One transaction's view of the journal. Not to be kept after the closure that it was given to.
public final class StoreReader {
  let database: Database
  let store: Store
  let lines: Lines
  let names: NameCache
  let statements: Statements
  /// Hashes computed in this transaction; bounded (`StoreReader+Chain.swift`).
  var recentHashes: [ChangeKey: [UInt8]] = [:]
  /// Changes whose hashes are being computed just now, one for the sake of the other.
  var hashesAskedFor: Set<ChangeKey> = []
  /// Between which kept hashes the log was proven in this transaction; bounded (`StoreReader+Proven.swift`).
  var provenBlocks: Set<ChangeKey> = []
  /// Of families with more than one line, the changes at a depth, each by its hash (`find`).
  var changesAtDepth: [ChangeKey: [[UInt8]: ChangeKey]] = [:]
  /// What a change's hash is taken over, put together anew for each.
  var hashed = ByteWriter()

  init(_ database: Database, store: Store) throws {
    self.database = database
    self.store = store
    statements = Statements(database)
    lines = try Lines(statements)
    names = NameCache(statements, store.recordTables)
  }

  /// After a part of the transaction was taken back.
  func reload() throws {
    recentHashes = [:]
    provenBlocks = []
    changesAtDepth = [:]
    names.reload()
    try lines.reload()
  }

  /// What this journal holds.
  public var clock: VectorClock { lines.tree.vectorClock(lines.held) }

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
    get throws {
      try ownLine.flatMap { try lines[$0].map { try lines.name(of: $0.last).actor } }
    }
  }

  /// The line that this device writes on.
  var ownLine: Int64? {
    get throws {
      try statements["SELECT writer FROM device WHERE number = 1"].first { $0.optionalInteger(0) } ?? nil
    }
  }

  /// Every actor with a change here.
  public func actors() -> [ActorID] {
    clock.entries.keys.sorted()
  }
}
