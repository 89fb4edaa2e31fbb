import GRDB
import UnknotCausality
import UnknotPlatform

/// Where a device remembers of which folder it knows what: a database of its own, beside the notes and not in the journal,
/// which may be copied or restored.
package final class FolderLedger: Sendable {
  private static let version = 1
  private static let tables = """
    CREATE TABLE folder (
      path TEXT,
      device BLOB NOT NULL,
      epoch INTEGER NOT NULL,
      wrote_at INTEGER,
      wrote_clock BLOB NOT NULL,
      devices BLOB NOT NULL,
      lacking_since INTEGER,
      lacking_rounds INTEGER NOT NULL,
      removal_day INTEGER NOT NULL,
      removals INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE file (
      name BLOB PRIMARY KEY,
      bytes INTEGER NOT NULL,
      modified_at INTEGER NOT NULL,
      state INTEGER NOT NULL,
      reason TEXT NOT NULL,
      device BLOB NOT NULL,
      writer TEXT NOT NULL,
      changes INTEGER NOT NULL,
      is_written_here INTEGER NOT NULL,
      base BLOB NOT NULL,
      tip BLOB NOT NULL,
      first_day INTEGER NOT NULL,
      last_day INTEGER NOT NULL,
      listed_days INTEGER NOT NULL,
      missing_days INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE removed (name BLOB PRIMARY KEY) STRICT;
    """

  private let queue: DatabaseQueue

  /// - Parameter notes: those of the journal. It is kept beside them by where the journal lies: a journal that was copied or
  ///   restored becomes another device, and shares the same folder.
  /// - Throws: `StorageError`.
  package init(beside notes: NoteFolder) throws {
    do {
      try makeFolders(notes.folder)
    } catch {
      throw StorageError.io("\(notes.folder) cannot be made: \(error.reason ?? "it is there already")")
    }
    let place = hexadecimal(Hashing.sha256(Array(notes.place.utf8)).prefix(16))
    let path = "\(notes.folder)/\(place).folder"
    do {
      queue = try Self.database(path)
    } catch let error where (error as? StorageError)?.isOfFile == true {
      // SQLite says that it is damaged also where it could not be read.
      let failure = StorageError.lookingAgain(at: path, for: error)
      if case StorageError.io = failure { throw failure }
      // What it remembers of files is found out anew. Which folder it was is not, and is asked for.
      unlink(path)
      queue = try Self.database(path)
    }
  }

  private static func database(_ path: String) throws -> DatabaseQueue {
    // Names of files and of devices are nobody else's business.
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw StorageError.io(
        "what is known of the shared folder cannot be kept in \(path): \(String(cString: strerror(errno)))")
    }
    close(descriptor)
    var configuration = Configuration()
    configuration.busyMode = .timeout(5)
    return try StorageError.translating {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      func version(_ database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
      }
      // Who only looks does not wait for a round.
      let found = try queue.read { database in
        let found = try version(database)
        if found == Self.version { _ = try Self.load(database) }
        return found
      }
      guard found <= Self.version else {
        throw StorageError.io("what is known of the shared folder was written by a newer program: \(path)")
      }
      if found < Self.version {
        try queue.write { database in
          guard try version(database) < Self.version else { return }
          try database.execute(sql: Self.tables + "PRAGMA user_version = \(Self.version);")
        }
      }
      return queue
    }
  }

  /// - Throws: `StorageError`.
  package func read() throws -> FolderMemory {
    try StorageError.translating { try queue.read { try Self.load($0) } }
  }

  /// Changes what is remembered. One program at a time: others wait for up to 5 seconds.
  ///
  /// - Parameter body: what it remembers is kept also where it throws, as what it saw is true all the same.
  /// - Throws: `StorageError.busy`, others of it, and what `body` throws.
  package func change<T>(_ body: (inout FolderMemory) throws -> T) throws -> T {
    try StorageError.translating {
      try queue.writeWithoutTransaction { database in
        var result: Result<T, any Error>?
        try database.inTransaction(.immediate) {
          let before = try Self.load(database)
          var memory = before
          result = Result { try body(&memory) }
          try Self.save(memory, insteadOf: before, database)
          return .commit
        }
        guard let result else { preconditionFailure("a transaction that ended without its result") }
        return try result.get()
      }
    }
  }

  private static func load(_ database: Database) throws -> FolderMemory {
    var memory = FolderMemory()
    let statements = Statements(database)
    try statements[
      """
      SELECT path, epoch, wrote_at, wrote_clock, lacking_since, lacking_rounds, removal_day, removals, device,
      devices FROM folder
      """
    ].eachRow { row in
      memory.path = row.isNull(0) ? nil : try row.text(0)
      (memory.epoch, memory.wroteAt, memory.wroteClock) = (
        row.integer(1), row.optionalInteger(2).map(bounded), row.bytes(3)
      )
      (memory.lackingSince, memory.lackingRounds) = (
        row.optionalInteger(4).map(bounded), bounded(row.integer(5))
      )
      (memory.removalDay, memory.removals) = (bounded(row.integer(6)), bounded(row.integer(7)))
      (memory.device, memory.devices) = (row.bytes(8), row.bytes(9))
    }
    try statements["SELECT \(columns.joined(separator: ", ")) FROM file"].eachRow { row in
      guard let state = FolderFile.State(rawValue: row.integer(3)), row.integer(13) >= 0 else { return }
      var file = FolderFile(
        name: row.bytes(0), look: FileLook(bytes: row.integer(1), modifiedAt: row.integer(2)),
        day: bounded(row.integer(9)))
      (file.state, file.reason, file.device, file.writer) = (
        state, try row.text(4), row.bytes(5), try row.text(6)
      )
      (file.base, file.tip, file.changes) = (row.bytes(7), row.bytes(8), UInt64(row.integer(13)))
      file.isWrittenHere = row.integer(14) != 0
      (file.lastDay, file.listedDays, file.missingDays) = (
        bounded(row.integer(10)), bounded(row.integer(11)), bounded(row.integer(12))
      )
      memory.files[file.name] = file
    }
    try statements["SELECT name FROM removed"].eachRow { memory.removed.insert($0.bytes(0)) }
    return memory
  }

  /// A number that can be reckoned with, whatever is in the file.
  private static func bounded(_ number: Int64) -> Int64 { min(max(number, -(1 << 53)), 1 << 53) }

  private static let columns = [
    "name", "bytes", "modified_at", "state", "reason", "device", "writer", "base", "tip", "first_day",
    "last_day",
    "listed_days", "missing_days", "changes", "is_written_here",
  ]

  private static func save(_ memory: FolderMemory, insteadOf before: FolderMemory, _ database: Database)
    throws
  {
    let statements = Statements(database)
    try statements["DELETE FROM folder"].run()
    try statements[
      """
      INSERT INTO folder (path, epoch, wrote_at, wrote_clock, lacking_since, lacking_rounds, removal_day, removals, device,
      devices) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """
    ]
    .bind(memory.path, at: 1).bind(memory.epoch, at: 2).bind(memory.wroteAt, at: 3)
    .bind(memory.wroteClock, at: 4).bind(memory.lackingSince, at: 5).bind(memory.lackingRounds, at: 6)
    .bind(memory.removalDay, at: 7).bind(memory.removals, at: 8)
    .bind(memory.device, at: 9).bind(memory.devices, at: 10).run()
    for name in before.files.keys where memory.files[name] == nil {
      try statements["DELETE FROM file WHERE name = ?"].bind(name, at: 1).run()
    }
    let places = columns.map { _ in "?" }.joined(separator: ", ")
    for file in memory.files.values where before.files[file.name] != file {
      try statements["INSERT OR REPLACE INTO file (\(columns.joined(separator: ", "))) VALUES (\(places))"]
        .bind(file.name, at: 1).bind(file.look.bytes, at: 2).bind(file.look.modifiedAt, at: 3)
        .bind(file.state.rawValue, at: 4).bind(file.reason, at: 5).bind(file.device, at: 6)
        .bind(file.writer, at: 7).bind(file.base, at: 8).bind(file.tip, at: 9).bind(file.firstDay, at: 10)
        .bind(file.lastDay, at: 11).bind(file.listedDays, at: 12).bind(file.missingDays, at: 13)
        .bind(Int64(clamping: file.changes), at: 14).bind(file.isWrittenHere ? 1 : 0, at: 15).run()
    }
    for name in before.removed.subtracting(memory.removed) {
      try statements["DELETE FROM removed WHERE name = ?"].bind(name, at: 1).run()
    }
    for name in memory.removed.subtracting(before.removed) {
      try statements["INSERT INTO removed (name) VALUES (?)"].bind(name, at: 1).run()
    }
  }
}
