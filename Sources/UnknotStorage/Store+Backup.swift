import GRDB
import UnknotCausality

// Copies of the whole file, of one state that was committed, and back again. SQLite makes both page by page: others read
// meanwhile, and write before or after it.

extension Store {
  /// Copies everything into a file that is empty.
  package func copy(to path: String) throws {
    try StorageError.translating {
      try readable().backup(to: DatabaseQueue(path: path, configuration: Self.copying))
    }
  }

  /// Takes everything from another journal's file, in one transaction. What was here is gone: to be called with a copy at
  /// hand. The next write finds that this is not what this machine wrote last, and writes under a new name.
  package func replaceContents(from path: String) throws {
    try StorageError.translating {
      let target = try writable()
      try Self.source(path).backup(to: target)
      // What was prepared before is of other tables.
      target.writeWithoutTransaction { $0.clearSchemaCache() }
    }
    commits.tell(.imported)
  }

  /// What this is a journal of; more than one where journals were joined.
  package func journalIDs() throws -> [[UInt8]] { try read { try $0.journalIDs } }

  /// The kinds of records that the program declares.
  package var kinds: [RecordKind] { recordTables.values.map(\.schema) }

  private static var copying: Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase {
      try $0.execute(sql: "PRAGMA synchronous = EXTRA; PRAGMA cell_size_check = ON")
    }
    return configuration
  }

  /// Copies a journal's file into one that is empty.
  package static func copy(_ path: String, to target: String) throws {
    do {
      try source(path).backup(to: DatabaseQueue(path: target, configuration: copying))
    } catch {
      let failure = StorageError.failure(of: error) ?? error
      if case StorageError.diskFull = failure { throw StorageError.diskFull(at: target) }
      throw StorageError.lookingAgain(at: path, for: failure)
    }
  }

  /// Keeps others from writing to a journal's file while it is read past SQLite.
  package static func lock(_ path: String) throws -> ReadLock {
    var configuration = copying
    configuration.readonly = true
    // It stays open from one call to the next.
    configuration.allowsUnsafeTransactions = true
    return try ReadLock(try DatabaseQueue(path: path, configuration: configuration))
  }

  private static func source(_ path: String) throws -> DatabaseQueue {
    var configuration = copying
    configuration.readonly = true
    return try DatabaseQueue(path: path, configuration: configuration)
  }
}
