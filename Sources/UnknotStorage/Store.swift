import GRDB
public import UnknotCausality

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The journal file. All changes, local and imported, go through one door (`StoreReader+Door.swift`) inside one
/// transaction of this type.
public final class Store: Sendable {
  let queue: DatabaseQueue
  let recordTables: [String: RecordTable]
  /// The hash of all that the program declares.
  let declaration: [UInt8]
  public let environment: any Environment
  let deviceName: String
  let sidecar: (any Sidecar)?
  /// Where the journal is kept as it was, if this opening brought it over from the first form. Set while it is opened alone.
  public private(set) nonisolated(unsafe) var keptFirstForm: String?

  /// The schema version that this program writes: SQLite's `user_version`.
  public static let schemaVersion = 4

  /// Opens the journal, or makes one: the file with mode 0600, folders on the way with 0700.
  ///
  /// - Parameters:
  ///   - path: the file; nil keeps the journal in memory.
  ///   - tables: how the program's tables are listed. Records of other tables are kept and passed on.
  ///   - deviceName: the name of this device in a journal that is made now, or that was copied here.
  ///   - sidecar: where this device notes what it last wrote; without one, copies and restored backups are only
  ///     found when their histories meet.
  public convenience init(
    path: String?, tables: [TableSchema], deviceName: String, environment: any Environment,
    sidecar: (any Sidecar)? = nil
  ) throws(StorageError) {
    try self.init(
      path: path, tables: tables, deviceName: deviceName, environment: environment, sidecar: sidecar,
      durability: .everyCommit)
  }

  /// What is on the disk when a write returns. For measuring: people's journals keep every commit.
  package enum Durability: Sendable {
    /// A rollback journal, `synchronous = EXTRA`.
    case everyCommit
    /// A write-ahead log, `synchronous = NORMAL`: a power cut may take the last commits.
    case everyCheckpoint
  }

  package init(
    path: String?, tables: [TableSchema], deviceName: String, environment: any Environment,
    sidecar: (any Sidecar)?, durability: Durability
  ) throws(StorageError) {
    self.deviceName = deviceName
    self.sidecar = sidecar
    recordTables = Dictionary(uniqueKeysWithValues: tables.map { ($0.name, RecordTable($0)) })
    declaration = Hashing.sha256(
      recordTables.sorted { $0.key < $1.key }.flatMap { $0.value.declaration })
    self.environment = environment
    do {
      queue = try StorageError.translating {
        if let path {
          try Self.refuseEmptied(path, sidecar)
          try Self.makeFile(at: path)
          return try DatabaseQueue(path: path, configuration: Self.configuration(durability))
        }
        return try DatabaseQueue(configuration: Self.configuration(durability))
      }
      try StorageError.translating { try Self.prepare(queue, durability) }
      // The log through the one door: for this, all else has to be in its place.
      keptFirstForm = nil
      if let path {
        keptFirstForm = try StorageError.translating { try bringOver(path) }
      }
      // A journal that needs nothing is not written to: it may lie on read-only media.
      let isReady = try StorageError.translating {
        try queue.read { database in
          let session = try StoreReader(database, store: self)
          return try session.isIntroduced && session.hasDeclaredTables
        }
      }
      guard !isReady else { return }
      try transaction(makesTables: true) { session in
        try session.introduce(deviceName: deviceName)
      }
    } catch let error as StorageError {
      throw error
    } catch {
      throw .io(String(describing: error))
    }
  }

  private static func configuration(_ durability: Durability) -> Configuration {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { database in
      // EXTRA: with DELETE journals, FULL alone has lost acknowledged commits (the unlinked journal's folder).
      for pragma in [
        "trusted_schema = OFF", "synchronous = \(durability == .everyCommit ? "EXTRA" : "NORMAL")",
        "cell_size_check = ON", "mmap_size = 0",
        "fullfsync = 1",
        // In KiB: what one import changes stays in memory until it is committed, up to this much.
        "cache_size = -8192",
      ] {
        try database.execute(sql: "PRAGMA \(pragma)")
      }
    }
    return configuration
  }

  /// A file that lost all it had is not a new journal. One that is not there is: its owner took it away.
  private static func refuseEmptied(_ path: String, _ sidecar: (any Sidecar)?) throws {
    // The note first: it is only there once the file is more than empty.
    var status = stat()
    guard let sidecar, (try? sidecar.load()) ?? nil != nil, stat(path, &status) == 0,
      status.st_mode & S_IFMT == S_IFREG,
      status.st_size == 0
    else { return }
    throw StorageError.damaged("the file is empty, and this device has written to it before")
  }

  private static func makeFile(at path: String) throws {
    try makeFolder(of: path)
    let descriptor = open(path, O_CREAT | O_EXCL | O_CLOEXEC | O_RDWR, 0o600)
    if descriptor >= 0 {
      close(descriptor)
    } else if errno != EEXIST {
      throw StorageError.io("cannot make \(path): \(String(cString: strerror(errno)))")
    }
  }

  static func folder(of path: String) -> String {
    var folder = path
    while folder.utf8.last != UInt8(ascii: "/"), !folder.isEmpty { folder.removeLast() }
    return folder
  }

  /// So that a new file's name is on the disk, too.
  static func syncFolder(of path: String) {
    let folder = folder(of: path)
    let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  static func makeFolder(of file: String) throws {
    let folder = folder(of: file)
    guard !folder.isEmpty else { return }
    var path = ""
    for part in folder.split(separator: "/", omittingEmptySubsequences: false) {
      path += part.isEmpty && path.isEmpty ? "/" : "\(part)/"
      if !part.isEmpty, mkdir(path, 0o700) != 0, errno != EEXIST, errno != EISDIR, errno != EROFS,
        errno != EACCES
      {
        throw StorageError.io("cannot make the folder \(path): \(String(cString: strerror(errno)))")
      }
    }
  }

  /// Brings the tables to this program's version, and refuses a file of a newer program or of another kind.
  private static func prepare(_ queue: DatabaseQueue, _ durability: Durability) throws {
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
    for migration in Migrations.all where FirstForm.versions.contains(version) || migration.version > version
    {
      try database.execute(sql: migration.sql)
    }
  }

  /// One read of one consistent state.
  public func read<T>(_ body: (StoreReader) throws -> T) throws -> T {
    try StorageError.translating {
      try queue.read { database in
        let session = try StoreReader(database, store: self)
        try session.expectDeclaredTables()
        return try body(session)
      }
    }
  }

  /// One transaction that is one operation: everything that `body` writes is kept, or, when it throws, nothing.
  ///
  /// - Parameters:
  ///   - label: the command, for people: `undo` names it.
  ///   - form: where the journal stood when the form was opened that this writes (`StoreReader.entries`); later
  ///     imports then stay concurrent. Nil: what is held now.
  public func write<T>(
    _ label: String, asOf form: [ClockEntry]? = nil, _ body: (StoreWriter) throws -> T
  ) throws -> T {
    try transaction { session in
      let writer = StoreWriter(session, label: label, asOf: form)
      let result = try body(writer)
      try writer.close()
      return result
    }
  }

  /// `BEGIN IMMEDIATE` … `COMMIT`: the only way in which anything is written.
  /// - Parameters:
  ///   - keeps: false takes everything back at the end, as if it had not been.
  ///   - makesTables: those that the program declares, where the journal has others.
  func transaction<T>(
    keeps: Bool = true, makesTables: Bool = false, _ body: (StoreReader) throws -> T
  ) throws -> T {
    try StorageError.translating {
      var result: T?
      var noteBefore: [UInt8]?
      do {
        try queue.writeWithoutTransaction { database in
          try database.inTransaction(.immediate) {
            let session = try StoreReader(database, store: self)
            if let sidecar { try session.checkIdentity(sidecar) }
            let changesBefore = database.totalChangesCount
            if makesTables { try session.makeTables() } else { try session.expectDeclaredTables() }
            result = try body(session)
            try session.saveLines()
            guard keeps, database.totalChangesCount != changesBefore else { return .rollback }
            let before = try sidecar?.load()
            try session.renewStamp(sidecar)
            noteBefore = before
            return .commit
          }
        }
      } catch {
        // Not committed: what was noted of it never came to be.
        if let noteBefore { try? sidecar?.save(noteBefore) }
        throw error
      }
      guard let result else { preconditionFailure("a transaction that ended without its result") }
      return result
    }
  }
}

extension Store {
  /// Brings everything into the journal's own file, where it was opened to keep a write-ahead log.
  package func checkpoint() throws {
    try queue.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
  }
}
