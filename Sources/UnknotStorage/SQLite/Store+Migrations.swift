import GRDB

// A journal's tables, from whatever version on.

extension Store {
  /// Brings the tables to this program's version, and refuses a file of a newer program or of another kind.
  static func prepare(_ queue: DatabaseQueue, _ durability: Durability) throws {
    // One read: another process may be making the journal just now.
    let (version, isForeign) = try queue.read { database in
      let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
      guard version == 0 else {
        return (version, try !database.tableExists("change") || !database.tableExists("stamp"))
      }
      // A migration that was interrupted, or that another process is at just now, has left its own table.
      let others = try Int.fetchOne(
        database,
        sql: "SELECT count(*) FROM sqlite_schema WHERE tbl_name NOT IN ('grdb_migrations', 'sqlite_sequence')"
      )
      return (version, others != 0)
    }
    guard version <= schemaVersion else {
      throw StorageError.newerJournal(version: version, supported: schemaVersion)
    }
    guard !isForeign else { throw StorageError.notAJournal("an SQLite database of another program") }
    guard version < schemaVersion, !FirstForm.versions.contains(version) else { return }
    let mode = durability == .everyCommit ? "DELETE" : "WAL"
    try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = \(mode)") }
    try queue.writeWithoutTransaction { database in
      try database.inTransaction(.immediate) {
        // Two processes that make the same journal: the other one was first, and did the same.
        guard try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0 < schemaVersion else {
          return .rollback
        }
        try migrate(database)
        return .commit
      }
    }
  }

  /// Makes the tables, from whatever version on the file is.
  static func migrate(_ database: Database) throws {
    let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    try RowChecksum.register(in: database)
    for migration in Migrations.all where FirstForm.versions.contains(version) || migration.version > version
    {
      try database.execute(sql: migration.sql)
    }
  }
}
