import GRDB
import UnknotCausality

/// The journal file. All changes, local and imported, go through one door (`Door`) inside one
/// transaction of this type.
package final class Store: Sendable {
  let recordTables: [String: RecordTable]
  /// The hash of all that the program declares.
  let declaration: [UInt8]
  package let environment: any ReplicaEnvironment
  let deviceName: String
  let notes: (any DeviceNotes)?
  /// Its file; nil in memory.
  package let path: String?
  private let durability: Durability
  private let isReplacing: Bool
  let state = Guarded(State())
  /// Tells of every commit of this store: not of those of others on the same file (`dataVersion`).
  package let commits = Commits()

  /// What is read and written now; to be asked for without waiting for a file that is being opened.
  private let current = Guarded<DatabaseQueue?>(nil)

  struct State {
    /// The journal's file is not there, and an empty journal in memory is read in its place: reading makes no file.
    var isStandIn = false
    var keptFirstForm: String?
    var identityChange: IdentityChange?
    /// Whose journal it was when it was opened.
    var device: DeviceID?
    /// It may be damaged: all of it is looked at before anything is written.
    var isDoubted = false
    var repair: Repair?
    var mayNotBeOnDisk = false
    var hasWritten = false
  }

  /// The schema version that this program writes: SQLite's `user_version`.
  package static let schemaVersion = 5

  /// Opens the journal, or makes one with the first write: the file with mode 0600, folders on the way with 0700.
  ///
  /// - Parameters:
  ///   - path: the file; nil keeps the journal in memory.
  ///   - tables: how the program's tables are listed. Records of other tables are kept and passed on.
  ///   - deviceName: the name of this device in a journal that is made now.
  ///   - notes: where this machine notes what it last wrote; nil: copies and restored backups are only found when their
  ///     histories meet.
  ///   - replacing: begins a new journal also where this machine wrote one that is not there any more.
  /// - Throws: `.journalMissing` where there is a note of a journal and not the journal.
  package convenience init(
    path: String?, tables: [RecordKind], deviceName: String, environment: any ReplicaEnvironment,
    notes: (any DeviceNotes)?, replacing: Bool = false
  ) throws(StorageError) {
    try self.init(
      path: path, tables: tables, deviceName: deviceName, environment: environment, notes: notes,
      replacing: replacing, durability: .everyCommit)
  }

  /// What is on the disk when a write returns. For measuring: people's journals keep every commit.
  package enum Durability: Sendable {
    /// A rollback journal, `synchronous = EXTRA`.
    case everyCommit
    /// A write-ahead log, `synchronous = NORMAL`: a power cut may take the last commits.
    case everyCheckpoint
  }

  package init(
    path: String?, tables: [RecordKind], deviceName: String, environment: any ReplicaEnvironment,
    notes: (any DeviceNotes)?, replacing: Bool = false, durability: Durability
  ) throws(StorageError) {
    self.deviceName = deviceName
    self.notes = notes
    self.path = path
    self.durability = durability
    isReplacing = replacing
    recordTables = Dictionary(uniqueKeysWithValues: tables.map { ($0.name, RecordTable($0)) })
    declaration = Hashing.sha256(
      recordTables.sorted { $0.key < $1.key }.flatMap { $0.value.declaration })
    self.environment = environment
    do {
      try telling {
        if let path, try isExpectedNew(path) {
          try state.withLock { state in
            state.isStandIn = true
            try openInMemory(&state)
          }
        } else {
          try state.withLock { state in try path.map { try open($0, &state) } ?? openInMemory(&state) }
        }
      }
    } catch let error as StorageError {
      throw error
    } catch {
      throw .io(String(describing: error))
    }
  }

  /// Where the journal is kept as it was, if opening it brought it over from the first form.
  package var keptFirstForm: String? { state.withLock(\.keptFirstForm) }

  /// What the last write that found the journal to be another one than this machine noted made of that.
  package var identityChange: IdentityChange? { state.withLock(\.identityChange) }

  /// What the last write that looked at all of the journal has mended.
  package var repair: Repair? { state.withLock(\.repair) }

  /// Whether something was written since it was opened.
  package var hasWritten: Bool { state.withLock(\.hasWritten) }

  /// Whether something was written of which the disk did not say that it has it: a power cut may take it away.
  package var mayNotBeOnDisk: Bool { state.withLock(\.mayNotBeOnDisk) }

  // MARK: The file

  /// Gives errors their place among `StorageError`s, after another look at the file where they are about it.
  private func telling<T>(_ body: () throws -> T) throws -> T {
    do {
      return try StorageError.translating(body)
    } catch {
      let error = StorageError.lookingAgain(at: path, for: error)
      if StorageError.failure(of: error)?.isOfContent == true { doubt() }
      throw error
    }
  }

  /// Whether there is no journal yet, and there need not be one. A file that lost all it had is not a new journal, and
  /// neither is one that is on a medium that is not there now.
  private func isExpectedNew(_ path: String) throws -> Bool {
    guard Files.isMissingOrEmpty(path) else {
      // SQLite takes what is too small for a database for a new one.
      guard !Files.isTooSmall(path) else { throw StorageError.notAJournal("it is too small to be one") }
      return false
    }
    guard !isReplacing, let notes, try notes.noteOfPlace() != nil else { return true }
    guard Files.isThere(path) else { throw StorageError.journalMissing(notes.place) }
    // The note first: it is only there once the file is more than empty.
    guard Files.isMissingOrEmpty(path) else { return false }
    throw StorageError.damaged("the file is empty, and this device has written to it before")
  }

  private func openInMemory(_ state: inout State) throws {
    let queue = try DatabaseQueue(configuration: Self.configuration(durability))
    try Self.prepare(queue, durability)
    try makeReady(queue, &state)
    current.withLock { $0 = queue }
  }

  private func open(_ path: String, _ state: inout State) throws {
    let isUnclean = Guarded(false)
    let configuration = Self.configuration(durability) { database in
      // Before anything is read, which takes back what was not finished.
      if Self.isUnclean(database, path) { isUnclean.withLock { $0 = true } }
    }
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    if isUnclean.withLock({ $0 }) {
      state.isDoubted = true
    }
    try Self.prepare(queue, durability)
    // The log through the one door: for this, all else has to be in its place.
    state.keptFirstForm = try bringOver(path, queue)
    try makeReady(queue, &state)
    // For the next program, where this one only reads.
    if isUnclean.withLock({ $0 }), state.isDoubted { doubtInNote(of: state.device) }
    current.withLock { $0 = queue }
    state.isStandIn = false
  }

  /// A journal that needs nothing is not written to: it may lie on read-only media.
  private func makeReady(_ queue: DatabaseQueue, _ state: inout State) throws {
    let isReady = try queue.read { database in
      let session = try StoreReader(database, store: self)
      state.device = try session.device(1).flatMap { DeviceID($0.id) }
      guard try session.isIntroduced || session.clock.isEmpty else {
        throw StorageError.damaged("the journal does not know its own device")
      }
      return try session.isIntroduced && session.hasDeclaredTables
    }
    guard !isReady else { return }
    let isFile = queue.path == path
    let done = try transaction(
      on: queue, notes: isFile ? notes : nil, makesTables: true, isStandIn: !isFile && state.isStandIn,
      isDoubted: state.isDoubted
    ) {
      try $0.introduce(deviceName: deviceName)
    }
    state.note(done.found)
  }

  /// What is read.
  func readable() throws -> DatabaseQueue {
    try state.withLock { state in
      // Another program may have made it.
      if state.isStandIn, let path, !Files.isMissingOrEmpty(path) { try open(path, &state) }
      return opened
    }
  }

  /// What is written: a file, where the journal is to be one.
  func writable() throws -> DatabaseQueue {
    try state.withLock { state in
      if state.isStandIn, let path {
        // Much may have happened since it was looked for.
        if try isExpectedNew(path) { try Files.make(path) }
        try open(path, &state)
      }
      return opened
    }
  }

  /// What is written in a transaction that is taken back. Of a file that nobody may write to, a copy in memory will do.
  private func triedOut() throws -> DatabaseQueue {
    let queue = try readable()
    guard let path, queue.path == path, !Files.isWritable(path) else { return queue }
    let copy = try DatabaseQueue(configuration: Self.configuration(durability))
    try queue.backup(to: copy)
    return copy
  }

  /// What is read and written now, without another look at the file.
  var opened: DatabaseQueue {
    guard let queue = current.withLock({ $0 }) else { preconditionFailure("a journal that was never opened") }
    return queue
  }

  private static func configuration(
    _ durability: Durability, atOpening: @escaping @Sendable (Database) -> Void = { _ in }
  ) -> Configuration {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { database in
      atOpening(database)
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
      try RowChecksum.register(in: database)
    }
    return configuration
  }

  /// One read of one consistent state.
  ///
  /// - Parameter isCancelled: asked often; true ends it with `.interrupted`.
  package func read<T>(isCancelled: (() -> Bool)? = nil, _ body: (StoreReader) throws -> T) throws -> T {
    try telling {
      try readable().read { database in
        try Cancellation.watching(isCancelled, on: database) {
          let session = try StoreReader(database, store: self)
          try session.expectDeclaredTables()
          return try body(session)
        }
      }
    }
  }

  /// One transaction that is one operation: everything that `body` writes is kept, or, when it throws, nothing.
  ///
  /// - Parameters:
  ///   - label: the command, for people: `undo` names it.
  ///   - form: where the journal stood when the form was opened that this writes; what was imported since then stays
  ///     concurrent. Nil: what is held now.
  ///   - keeps: false takes everything back at the end.
  ///   - isCancelled: asked often; true ends it with `.interrupted`, and nothing is kept.
  package func write<T>(
    _ label: String, asOf form: Form? = nil, keeps: Bool = true, isCancelled: (() -> Bool)? = nil,
    _ body: (StoreWriter) throws -> T
  ) throws -> T {
    try transaction(keeps: keeps, isCancelled: isCancelled) { door in
      let writer = StoreWriter(door, label: label, asOf: form)
      let result = try body(writer)
      try writer.close()
      return result
    }
  }

  /// `BEGIN IMMEDIATE` … `COMMIT`: the only way in which anything is written.
  ///
  /// - Parameters:
  ///   - keeps: false takes everything back at the end, as if it had not been.
  ///   - origin: where what is written comes from.
  func transaction<T>(
    keeps: Bool = true, origin: Commits.Origin = .written, isCancelled: (() -> Bool)? = nil,
    _ body: (Door) throws -> T
  ) throws -> T {
    try telling {
      let queue = try keeps ? writable() : triedOut()
      let done = try transaction(
        on: queue, notes: notes, keeps: keeps, isDoubted: state.withLock(\.isDoubted),
        isCancelled: isCancelled, body)
      if done.isCommitted { commits.tell(origin) }
      state.withLock { state in
        state.note(done.found)
        if done.isCommitted { state.hasWritten = true }
      }
      return done.result
    }
  }

  /// - Parameter makesTables: those that the program declares, where the journal has others.
  private func transaction<T>(
    on queue: DatabaseQueue, notes: (any DeviceNotes)?, keeps: Bool = true, makesTables: Bool = false,
    isStandIn: Bool = false, isDoubted: Bool, isCancelled: (() -> Bool)? = nil, _ body: (Door) throws -> T
  ) throws -> (result: T, found: Found, isCommitted: Bool) {
    var result: T?
    var found = Found()
    var written: (stamp: [UInt8], note: DeviceNote?)?
    do {
      try queue.writeWithoutTransaction { database in
        try database.inTransaction(.immediate) {
          let door = Door(try StoreReader(database, store: self), isStandIn: isStandIn)
          door.isDoubted = isDoubted
          let changesBefore = database.totalChangesCount
          let change = try notes.flatMap { try door.checkIdentity($0) }
          // What came from elsewhere may have been damaged on the way.
          if change != nil { door.isDoubted = true }
          var repair: Repair?
          try Cancellation.watching(isCancelled, on: database) {
            if keeps && door.isDoubted { repair = try door.expectWhole() }
            if makesTables { try door.makeTables() } else { try door.reader.expectDeclaredTables() }
            result = try body(door)
            try door.finish()
          }
          guard keeps, database.totalChangesCount != changesBefore else { return .rollback }
          let stamped = try door.renewStamp(notes)
          found = Found(change: change, repair: repair, isWhole: door.isDoubted)
          written = stamped
          return .commit
        }
      }
    } catch let error where StorageError.failure(of: error) != nil {
      // The last thing that a commit does is to bring the folder to the disk. Where that fails, all else is done.
      guard let written, (try? queue.read { try StoreReader($0, store: self).stamp }) == written.stamp else {
        throw error
      }
      found.mayNotBeOnDisk = true
    }
    // Where this fails, the note names two stamps until the next write.
    if let note = written?.note {
      let narrowed = note.narrowed(to: note.stamp).doubted(false)
      _ = try? notes?.save(narrowed.bytes, of: note.device, replacing: note.bytes)
    }
    guard let result else { preconditionFailure("a transaction that ended without its result") }
    return (result, found, written != nil)
  }

  /// What a transaction that was kept has found out about the journal.
  struct Found {
    var change: IdentityChange?
    var repair: Repair?
    /// All of it was looked at.
    var isWhole = false
    var mayNotBeOnDisk = false
  }
}

extension Store.State {
  mutating func note(_ found: Store.Found) {
    if let change = found.change { identityChange = change }
    if let found = found.repair { repair = found }
    if found.isWhole { isDoubted = false }
    if found.mayNotBeOnDisk { mayNotBeOnDisk = true }
  }
}

extension Store {
  /// Brings everything into the journal's own file, where it was opened to keep a write-ahead log.
  package func checkpoint() throws {
    try writable().writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
  }
}
