public import UnknotCausality
public import UnknotStorage

/// A replica whose methods block their thread until they are done: for command lines, tests and threads of one's own
/// (`Replica.blocking`), and for several calls one after the other off a task's thread (`Replica.perform`). What they do,
/// and throw, is said at the methods of `Replica`.
public struct BlockingReplica: Sendable {
  let store: Store
  let synchronizer: Synchronizer
  /// Asked often by what takes long; true ends it with `StorageError.interrupted`.
  let isCancelled: (@Sendable () -> Bool)?

  /// Reads one consistent state. Neither keep the reader nor call the replica again inside `body`.
  ///
  /// - Throws: `StorageError`, and what `body` throws.
  public func read<T>(_ body: (StoreReader) throws -> T) throws -> T {
    try store.read(isCancelled: isCancelled, body)
  }

  /// Writes one operation: all that `body` writes, or nothing when it throws. Do not call the replica again inside.
  ///
  /// - Parameters:
  ///   - label: what the person did, as a list of what can be undone names it.
  ///   - form: where the replica stood when the person saw what is changed now; nil: as it stands now.
  ///   - keeps: false takes everything back at the end, as if it had not been: to try what would happen.
  ///   - body: writes through the writer it gets, which is not to be kept.
  /// - Throws: `StorageError`, and what `body` throws; nothing was changed.
  @discardableResult
  public func write<T>(
    _ label: String, asOf form: Form? = nil, keeps: Bool = true, _ body: (StoreWriter) throws -> T
  ) throws -> T {
    try store.write(label, asOf: form, keeps: keeps, isCancelled: isCancelled, body)
  }

  /// Takes back an operation or an import of this device; nil: the newest that is in force.
  ///
  /// - Throws: `StorageError.nothingToUndo`, `.noSuchOperation`, `.operationAlreadyReverted`, and others of it.
  @discardableResult
  public func undo(_ operation: Dot? = nil) throws -> Reverted {
    try store.undo(operation, isCancelled: isCancelled)
  }

  /// Takes back the newest undo that is in force, as long as nothing else was done since.
  ///
  /// - Throws: `StorageError.nothingToRedo`, and others of it.
  @discardableResult
  public func redo() throws -> Reverted { try store.redo(isCancelled: isCancelled) }

  /// Answers one SELECT in SQLite's language over the records' views, and can do nothing else.
  ///
  /// - Parameters:
  ///   - sql: one SELECT.
  ///   - isCancelled: asked often; true ends it with `StorageError.interrupted`, as does
  ///     cancelling the task that this is done for.
  ///   - body: gets the answer row by row, all of it from one state.
  public func query<T>(
    _ sql: String, isCancelled: (() -> Bool)? = nil, _ body: (QueryResult) throws -> T
  ) throws -> T {
    try store.query(
      sql, isCancelled: { isCancelled?() ?? false || self.isCancelled?() ?? false }, body)
  }

  /// The views that `query` can ask, in the order of their names.
  ///
  /// - Throws: `StorageError`.
  public func views() throws -> [QueryView] { try store.views() }

  ///
  /// - Parameters:
  ///   - target: the file, or the folder for one of a random name.
  ///   - receiver: for whom: what it is known to hold is left out.
  ///   - full: everything, as for a device that has nothing.
  ///   - progress: may throw: then no file is written.
  public func export(
    to target: ExportTarget, for receiver: Receiver = .everyone, full: Bool = false,
    progress: ProgressReport? = nil
  ) throws -> ExportResult {
    try synchronizer.export(
      to: target, for: receiver, full: full, isCancelled: isCancelled, progress: progress)
  }

  ///
  /// - Parameters:
  ///   - sources: files and folders of other devices.
  ///   - options: how they are merged.
  ///   - conflicts: calls back with each register that counts as in conflict; asked before and after.
  ///   - progress: may throw: then nothing is taken in.
  public func importFiles(
    _ sources: [ChangesetSource], _ options: MergeOptions = MergeOptions(),
    conflicts: (StoreReader, (ConflictKey) throws -> Void) throws -> Void = { try $0.forEachConflict($1) },
    progress: ProgressReport? = nil
  ) throws -> ImportResult {
    try synchronizer.importFiles(
      sources, options, conflicts: conflicts, isCancelled: isCancelled, progress: progress)
  }

  /// What the file at this path says of itself. Its checksum is verified, and nothing is taken in.
  ///
  /// - Throws: `SyncError`.
  public func inspect(_ path: String) throws -> Inspection { try synchronizer.inspect(path) }

  /// Says that nobody waits for a device any more, or that it is back.
  ///
  /// - Returns: false where it was so already, or where there is no such device.
  /// - Throws: `StorageError`.
  @discardableResult
  public func setRetired(_ device: DeviceID, _ isRetired: Bool) throws -> Bool {
    try store.setRetired(device, isRetired)
  }

  /// Forgets older values that all devices have seen overwritten, and makes the file smaller.
  ///
  /// - Parameters:
  ///   - cutoff: milliseconds since 1970 UTC; what was overwritten later is kept.
  ///   - dryRun: says what would be forgotten, and changes nothing.
  /// - Throws: `StorageError`.
  public func compact(before cutoff: Int64, dryRun: Bool = false) throws -> Compaction {
    try store.compact(before: cutoff, dryRun: dryRun, isCancelled: isCancelled)
  }

  /// Makes the records' tables anew from the log of changes, whatever they hold now.
  ///
  /// - Throws: `StorageError`; nothing was changed.
  public func mendTables() throws { try store.mendTables(isCancelled: isCancelled) }
}
