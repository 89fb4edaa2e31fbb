public import UnknotEngine

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// One person's journal on this device: the face of the core to any front end.
///
/// Every method does all that it says, or throws a `KitError` and has changed nothing. Each blocks its thread until it is
/// done; `perform` does any of them off the thread that asks, and `changes` says when to ask again.
public final class Journal: Sendable {
  private let replica: Replica
  /// Nothing else in this module reaches it: what writes records goes through a `JournalWriter`.
  private let source: Source
  let zone: TimeZone
  let path: String?
  /// Where this machine keeps what belongs to it and not to the journal.
  let stateFolder: String?

  /// Opens the journal, or makes one with the first write.
  ///
  /// - Parameters:
  ///   - path: the SQLite file; nil keeps the journal in memory.
  ///   - deviceName: this device's name in a journal that is made now.
  ///   - environment: where time and randomness come from.
  ///   - zone: where the person is: times without an offset are read and new ones recorded in it.
  ///   - stateFolder: where this machine notes which state of the journal it last wrote. All programs of one person on
  ///     one machine share it, and a backup of the journal must not take it along. Nil: copied and restored journals are
  ///     only found when their histories meet.
  ///   - replacing: begins a new journal also where this machine wrote one that is not there any more.
  public init(
    path: String?, deviceName: String, environment: any ReplicaEnvironment, zone: TimeZone,
    stateFolder: String?, replacing: Bool = false
  ) throws(KitError) {
    self.zone = zone
    self.stateFolder = stateFolder
    self.path = path
    replica = try KitError.translating {
      try Replica(
        blockingAt: path, kinds: RecordType.schemas, deviceName: try Self.checkedDevice(deviceName),
        environment: environment, noteFolder: stateFolder, replacing: replacing)
    }
    source = .engine(replica.blocking)
  }

  /// The same without blocking the thread that asks: opening can bring a file over from an older form, or wait for another
  /// program.
  ///
  /// - Throws: `KitError`, `CancellationError`; nothing was changed.
  public init(
    path: String?, deviceName: String, environment: any ReplicaEnvironment, zone: TimeZone,
    stateFolder: String?, replacing: Bool = false
  ) async throws {
    self.zone = zone
    self.stateFolder = stateFolder
    self.path = path
    do {
      replica = try await Replica(
        at: path, kinds: RecordType.schemas, deviceName: try Self.checkedDevice(deviceName),
        environment: environment, noteFolder: stateFolder, replacing: replacing)
    } catch let error as StorageError {
      throw KitError.translated(error)
    }
    source = .engine(Self.blocking(replica))
  }

  /// Where a task may not ask for it: nothing blocks before it is used.
  private static func blocking(_ replica: Replica) -> BlockingReplica { replica.blocking }

  /// A journal that does the same with the engine, for as long as a task or a snapshot goes on.
  private init(_ journal: Journal, _ source: Source) {
    zone = journal.zone
    stateFolder = journal.stateFolder
    path = journal.path
    replica = journal.replica
    self.source = source
  }

  /// What a journal reads from.
  private enum Source: Sendable {
    case engine(BlockingReplica)
    case snapshot(Snapshot)
  }

  /// A transaction that is open for several calls.
  private final class Snapshot: Sendable {
    // On the one thread that `snapshot` blocks.
    nonisolated(unsafe) var transaction: JournalTransaction?
  }

  private var engine: BlockingReplica {
    get throws(KitError) {
      guard case .engine(let engine) = source else {
        throw KitError(.failed, "a snapshot of the journal can only be read")
      }
      return engine
    }
  }

  /// Does any of what a journal does without blocking the thread that asks, be it the main one: while another program
  /// writes or a file is imported, the task waits and the screen does not.
  ///
  ///     let records = try await journal.perform { try $0.list("pain", ListFilter(limit: 20)) }
  ///
  /// Cancelling the task ends the call that is being done, with nothing of it changed; what calls before it in the same
  /// body have done stays. What waits behind an import begins when that has ended.
  ///
  /// - Parameter body: runs on a thread of the engine, and so in no task; it gets this journal, which is not to be kept.
  /// - Throws: `KitError`, `CancellationError`, and what `body` throws.
  public func perform<T: Sendable>(
    _ body: @escaping @Sendable (Journal) throws -> T
  ) async throws -> T {
    do {
      return try await replica.perform { [self] in try body(Journal(self, .engine($0))) }
    } catch let error as KitError where error.kind == .interrupted && Task.isCancelled {
      throw CancellationError()
    }
  }

  /// Reads several things of one state, whoever writes meanwhile: a page with numbers of different reports. It is also
  /// faster, as what is read twice is proven once.
  ///
  ///     let (status, slots) = try journal.snapshot { try ($0.checkIn(), $0.slots(day...day)) }
  ///
  /// - Parameter body: gets a journal that records and figures can be read of, and that is not to be kept. All else of it
  ///   throws a `KitError` of the kind `failed`.
  /// - Throws: `KitError`, and what `body` throws.
  public func snapshot<T>(_ body: (Journal) throws -> T) throws -> T {
    if case .snapshot = source { return try body(self) }
    let snapshot = Snapshot()
    defer { snapshot.transaction = nil }
    do {
      return try engine.read {
        snapshot.transaction = try JournalTransaction($0, self)
        return try body(Journal(self, .snapshot(snapshot)))
      }
    } catch let error as StorageError {
      throw KitError.translated(error)
    }
  }

  /// Tells of every change from now on: own writes, imports, and what other programs write into the same file. Ask for
  /// this first, then read what you show, then follow the changes and read anew what they touch.
  ///
  ///     let changes = journal.changes
  ///     await show()
  ///     for await change in changes where change.touches(.pain) { await show() }
  public var changes: ReplicaChanges { replica.changes }

  /// Where the journal is kept as it was, if opening it brought it over from the form of an older program.
  public var keptAsItWas: String? { replica.keptFirstForm }

  /// What the person should know of whose journal this is, once a write has found it not to be the one that this machine
  /// last wrote; nil: it is.
  public var identityNotice: Notice? {
    get throws(KitError) {
      guard let change = replica.identityChange else { return nil }
      let ownName = try deviceName()
      let isShared = try devices().contains { !$0.isThis && bytewiseEqual($0.name, ownName) }
      let name: Advice =
        isShared ? "\(ownName) like the other one: \(.newName) gives it its own name" : "\(ownName)"
      let another: Advice = "it is another device from now on, called \(name)"
      let text: Advice =
        switch change {
        case .restored:
          """
          this journal is not as this device last wrote it: it was restored from a backup, another one was put in its \
          place, or the power failed. What is missing comes back with the next file of any device that has it
          """
        case .copied(let place): "this is a copy of the journal in \(place): \(another)"
        case .unnoted:
          "this journal was not written here before, or the notes on it are lost: \(another)"
        }
      return Notice(level: .warning, text: text)
    }
  }

  /// What the person should know of the journal after this: whose it is (`identityNotice`), what a write has mended, and
  /// what may not be on the disk. Ask for it after every write.
  public var notices: [Notice] {
    get throws(KitError) {
      var notices = try [identityNotice].compactMap { $0 }
      if replica.repair != nil {
        notices.append(
          Notice(
            level: .warning,
            text:
              "some of the journal's tables had faults: they were rebuilt from the log"
          ))
      }
      if replica.mayNotBeOnDisk {
        notices.append(
          Notice(
            level: .warning,
            text:
              "it is recorded, but may not survive a power cut: the disk failed to save the journal's folder"
          ))
      }
      if let notice = placeNotice { notices.append(notice) }
      return notices
    }
  }

  /// Whether something was written since it was opened: where an error follows, it is not about that.
  public var hasWritten: Bool { replica.hasWritten }

  /// What the clock says now, with the offset of the journal's zone.
  public var now: Moment { Moment(milliseconds: nowMilliseconds, in: zone) }

  /// The same where the zone does not matter: to ask that takes longer than all else of a time.
  var nowMilliseconds: Int64 { replica.environment.now() }

  /// Reads times as the person at this device means them.
  public var times: TimeExpression { get throws(KitError) { try read { try $0.times() } } }

  /// Refuses a moment that nothing can have happened at.
  func check(_ moment: Moment?) throws(KitError) {
    guard let moment else { return }
    try TimeExpression(now: nowMilliseconds, zone: zone).check(moment, moment.rfc3339)
  }

  /// This device's name.
  public func deviceName() throws(KitError) -> String {
    try read { try $0.reader.devices().first(where: \.isThis)?.name ?? "" }
  }

  /// Gives this device another name, which other devices get with the next files. No undo takes it back.
  ///
  /// - Parameter name: at most 60 characters; blanks around it are left out.
  /// - Throws: `KitError` of the kind `invalidValue` where the name is empty, too long, or has a control character.
  public func renameDevice(_ name: String) throws(KitError) {
    try KitError.translating {
      let name = try Self.checkedDevice(name)
      try engine.write("init") { try $0.renameDevice(name) }
    }
  }

  private static func checkedDevice(_ name: String) throws(KitError) -> String {
    let checked = try FieldDescription.checked(name.trimmed, "the device's name", most: 60)
    guard !checked.isEmpty else { throw KitError(.invalidValue, "a device needs a name") }
    return checked
  }

  func randomBytes(_ count: Int) -> [UInt8] { replica.environment.randomBytes(count) }

  /// Reads what was written just now: who is told that it was interrupted is told that nothing was.
  func readBack<T>(_ body: (JournalTransaction) throws -> T) throws(KitError) -> T {
    try KitError.translating { try replica.blocking.read { try body(try JournalTransaction($0, self)) } }
  }

  func read<T>(_ body: (JournalTransaction) throws -> T) throws(KitError) -> T {
    try KitError.translating {
      guard case .snapshot(let snapshot) = source else {
        return try engine.read { try body(try JournalTransaction($0, self)) }
      }
      guard let transaction = snapshot.transaction else {
        throw KitError(.failed, "a snapshot of the journal was kept")
      }
      return try body(transaction)
    }
  }

  /// - Parameter form: where the journal stood when the form was opened that this writes; nil: as it stands now.
  func write<T>(
    _ label: String, asOf form: Form? = nil, copying: Bool = false, keeps: Bool = true,
    _ body: (JournalWriter) throws -> T
  ) throws(KitError) -> T {
    try KitError.translating {
      try engine.write(label, asOf: form, keeps: keeps) {
        try body(try JournalWriter(writing: $0, self, copying: copying))
      }
    }
  }

  // What the engine writes by itself, of records that the rules have seen before or of none.

  func undo(_ operation: Dot?) throws(KitError) -> Reverted {
    try KitError.translating { try engine.undo(operation) }
  }

  func redoLast() throws(KitError) -> Reverted { try KitError.translating { try engine.redo() } }

  func setRetired(_ device: DeviceID, _ isRetired: Bool) throws(KitError) -> Bool {
    try KitError.translating { try engine.setRetired(device, isRetired) }
  }

  func compact(before cutoff: Int64, dryRun: Bool) throws(KitError) -> Compaction {
    try KitError.translating { try engine.compact(before: cutoff, dryRun: dryRun) }
  }

  func faults(_ depth: VerificationDepth) throws(KitError) -> [ReplicaFault] {
    try KitError.translating { try engine.verify(depth) }
  }

  func copyWhole(to path: String) throws(KitError) -> UInt64 {
    try KitError.translating { try engine.backUp(to: path) }
  }

  func putBack(_ backup: String, willReplace: () throws(KitError) -> Void) throws(KitError) {
    try KitError.translating { try engine.restore(fromBackup: backup) { try willReplace() } }
  }

  static func put(_ backup: String, at path: String, _ environment: any ReplicaEnvironment) throws {
    try Replica.put(backup: backup, at: path, kinds: RecordType.schemas, environment: environment)
  }

  static func rescued(
    _ sources: [String], to path: String, deviceName: String, environment: any ReplicaEnvironment,
    pastGaps: Bool, temporaryFolder: String, stateFolder: String?
  ) throws -> RescueResult {
    try Replica.rescue(
      sources, to: path, kinds: RecordType.schemas, deviceName: deviceName, environment: environment,
      pastGaps: pastGaps, temporaryFolder: temporaryFolder, noteFolder: stateFolder)
  }

  static func verified(
    _ file: String, environment: any ReplicaEnvironment, temporaryFolder: String, stateFolder: String?
  ) throws -> VerifiedFile {
    try Replica.verify(
      file: file, kinds: RecordType.schemas, environment: environment, temporaryFolder: temporaryFolder,
      noteFolder: stateFolder)
  }

  func makeTablesAnew() throws(KitError) { try KitError.translating { try engine.mendTables() } }

  // What is asked in SQL, past the records: there is no way to write in it.

  func answer<T>(
    _ sql: String, isCancelled: (() -> Bool)?, _ body: (QueryResult) throws -> T
  ) throws(KitError) -> T {
    try KitError.translating { try engine.query(sql, isCancelled: isCancelled, body) }
  }

  func queryViews() throws(KitError) -> [QueryView] {
    try KitError.translating { try engine.views() }
  }

  /// To be remembered by a front end that shows a form: what is imported until it is saved stays concurrent.
  public func form() throws(KitError) -> Form { try read { try $0.reader.form } }

  // Files of other devices.

  func exportFile(
    to target: ExportTarget, for receiver: Receiver, full: Bool, _ progress: @escaping ProgressReport
  ) throws(KitError) -> ExportResult {
    try KitError.translating {
      try engine.export(to: target, for: receiver, full: full, progress: progress)
    }
  }

  func merge(
    _ sources: [ChangesetSource], _ options: MergeOptions, _ progress: @escaping ProgressReport
  ) throws(KitError) -> ImportResult {
    try KitError.translating {
      try engine.importFiles(
        sources, options, conflicts: { try JournalTransaction($0, self).forEachConflictKey($1) },
        progress: progress)
    }
  }

  func sharedFolder() throws(KitError) -> String? { try KitError.translating { try engine.folder() } }

  func setSharedFolder(_ path: String?) throws(KitError) {
    try KitError.translating { try engine.setFolder(path) }
  }

  func sharedFiles() throws(KitError) -> [SharedFile] {
    try KitError.translating { try engine.folderFiles() }
  }

  func engineKeys<T>(_ body: (BlockingReplica) throws -> T) throws(KitError) -> T {
    try KitError.translating { try body(engine) }
  }

  func exchangeWithFolder(_ options: MergeOptions, tidies: Bool) throws(KitError) -> FolderRoundResult {
    try KitError.translating {
      try engine.synchronizeFolder(
        options, tidies: tidies, conflicts: { try JournalTransaction($0, self).forEachConflictKey($1) })
    }
  }

  func header(of file: String) throws(KitError) -> Inspection {
    try KitError.translating { try engine.inspect(file) }
  }
}
