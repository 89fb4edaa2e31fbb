import GRDB
import UnknotCausality
import UnknotPlatform

import struct Foundation.Data

extension Store {
  /// Brings a journal of the first form over, in one transaction of its own file: whoever is stopped in the middle finds it
  /// as it was. Another program that opens it meanwhile waits, and one of before finds a newer journal.
  ///
  /// - Returns: where the journal as it was is kept.
  func bringOver(_ path: String, _ queue: DatabaseQueue) throws -> String? {
    while true {
      let state = try StorageError.translating { try formerState(queue) }
      // Another program was first.
      guard let state else { return nil }
      let kept: String
      do {
        kept = try StorageError.translating { try keepAsItWas(path, state, queue) }
      } catch StorageError.io(let reason) {
        throw StorageError.io(
          "it has the form of an older program, and no copy of it can be kept beside it: \(reason)")
      }
      removeUnfinished(of: kept)
      if try StorageError.translating({ try bringOver(from: kept, queue) }) {
        // Where the disk is too full for it, the file keeps the room for what comes next.
        try? queue.vacuum()
        return kept
      }
    }
  }

  private static func version(_ database: Database) throws -> Int {
    try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
  }

  /// What a copy of the journal is called by; nil where it has the first form no more.
  private func formerState(_ queue: DatabaseQueue) throws -> String? {
    try queue.read { database in
      guard FirstForm.versions.contains(try Self.version(database)) else { return nil }
      return try String.fetchOne(database, sql: "SELECT lower(hex(bytes)) FROM stamp") ?? "new"
    }
  }

  /// A copy beside the journal, which the journal is then brought over from: so it is known to be readable.
  private func keepAsItWas(_ path: String, _ state: String, _ queue: DatabaseQueue) throws -> String {
    let kept = "\(path).first-form-\(state)"
    // Called by the state that it is of, and only ever there when it is whole.
    if Files.isThere(kept) { return kept }
    let temporary = "\(kept)-\(hexadecimal(environment.randomBytes(4))).tmp"
    do {
      try queue.writeWithoutTransaction { database in
        try database.execute(sql: "VACUUM main INTO ?", arguments: [temporary])
      }
      try Self.keep(temporary, as: kept)
    } catch {
      // Another program that did the same may have been faster, and cleared up.
      guard Files.isThere(kept) else { throw error }
    }
    return kept
  }

  private static func keep(_ temporary: String, as kept: String) throws {
    let descriptor = open(temporary, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    defer { if descriptor >= 0 { close(descriptor) } }
    guard descriptor >= 0, fchmod(descriptor, 0o600) == 0, fsync(descriptor) == 0,
      rename(temporary, kept) == 0
    else { throw StorageError.io("cannot keep \(kept): \(String(cString: strerror(errno)))") }
    Files.syncFolder(of: kept)
  }

  /// What programs left behind that were stopped while they copied.
  private func removeUnfinished(of kept: String) {
    let folder = Files.folder(of: kept)
    for name in Files.names(in: folder) ?? [] where "\(folder)\(name)".hasPrefix("\(kept)-") {
      unlink("\(folder)\(name)")
    }
  }

  /// - Returns: false where the journal was written to since it was copied.
  private func bringOver(from kept: String, _ queue: DatabaseQueue) throws -> Bool {
    var configuration = Configuration()
    configuration.readonly = true
    return try DatabaseQueue(path: kept, configuration: configuration).read { first in
      var isDone = false
      try queue.writeWithoutTransaction { database in
        try database.inTransaction(.immediate) {
          guard FirstForm.versions.contains(try Self.version(database)) else {
            isDone = true
            return .rollback
          }
          guard try Self.stamp(database) == Self.stamp(first) else { return .rollback }
          // Referring tables first.
          for table in [
            "acknowledgement", "actor", "device", "journal", "stamp", "shape", "field", "record_table",
            "change",
            "context", "checkpoint", "forgotten", "entry", "conflict", "listing", "operation",
            "grdb_migrations",
          ] {
            try database.execute(sql: "DROP TABLE IF EXISTS \(table)")
          }
          try Self.migrate(database)
          let door = Door(try StoreReader(database, store: self))
          try FirstForm(Statements(first), into: door).bringOver()
          try door.finish()
          isDone = true
          return .commit
        }
      }
      return isDone
    }
  }

  private static func stamp(_ database: Database) throws -> Data? {
    try Data.fetchOne(database, sql: "SELECT bytes FROM stamp")
  }
}
