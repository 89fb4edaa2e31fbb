import GRDB

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension Store {
  /// Brings a journal of the first form over, in one transaction of its own file: whoever is stopped in the middle finds it
  /// as it was. Another program that opens it meanwhile waits, and one of before finds a newer journal.
  ///
  /// - Returns: where the journal as it was is kept.
  func bringOver(_ path: String) throws -> String? {
    while true {
      guard let kept = try keepAsItWas(path) else { return nil }
      if try bringOver(from: kept) {
        // Where the disk is too full for it, the file keeps the room for what comes next.
        try? queue.vacuum()
        return kept
      }
    }
  }

  private static func version(_ database: Database) throws -> Int {
    try Int.fetchOne(database, sql: "PRAGMA main.user_version") ?? 0
  }

  /// A copy beside the journal, which the journal is then brought over from: so it is known to be readable.
  ///
  /// - Returns: nil where another program was first.
  private func keepAsItWas(_ path: String) throws -> String? {
    let state = try queue.read { database -> String? in
      guard FirstForm.versions.contains(try Self.version(database)) else { return nil }
      return try String.fetchOne(database, sql: "SELECT lower(hex(substr(bytes, 1, 4))) FROM stamp") ?? "new"
    }
    guard let state else { return nil }
    let kept = "\(path).first-form-\(state)"
    let temporary = "\(kept).tmp"
    unlink(temporary)
    try queue.writeWithoutTransaction { database in
      try database.execute(sql: "VACUUM main INTO ?", arguments: [temporary])
    }
    let descriptor = open(temporary, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else {
      throw StorageError.io("cannot keep \(kept): \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    guard fchmod(descriptor, 0o600) == 0, fsync(descriptor) == 0, rename(temporary, kept) == 0 else {
      throw StorageError.io("cannot keep \(kept): \(String(cString: strerror(errno)))")
    }
    Self.syncFolder(of: kept)
    return kept
  }

  /// - Returns: false where the journal was written to since it was copied.
  private func bringOver(from kept: String) throws -> Bool {
    try queue.writeWithoutTransaction { database in
      try database.execute(sql: "ATTACH DATABASE ? AS first", arguments: [kept])
      defer { try? database.execute(sql: "DETACH DATABASE first") }
      var isDone = false
      try database.inTransaction(.immediate) {
        guard FirstForm.versions.contains(try Self.version(database)) else {
          isDone = true
          return .rollback
        }
        let isSame = try Bool.fetchOne(
          database, sql: "SELECT (SELECT bytes FROM main.stamp) IS (SELECT bytes FROM first.stamp)")
        guard isSame == true else { return .rollback }
        // Referring tables first.
        for table in [
          "acknowledgement", "actor", "device", "journal", "stamp", "shape", "field", "record_table",
          "change",
          "context", "checkpoint", "forgotten", "entry", "conflict", "listing", "operation",
          "grdb_migrations",
        ] {
          try database.execute(sql: "DROP TABLE IF EXISTS main.\(table)")
        }
        try Self.migrate(database)
        let session = try StoreReader(database, store: self)
        try FirstForm(session).bringOver()
        try session.saveLines()
        isDone = true
        return .commit
      }
      return isDone
    }
  }
}
