public import UnknotCausality
public import UnknotStorage

/// A replica whose methods block their thread until they are done: for command lines, tests and threads of one's own
/// (`Replica.blocking`). What they do, and throw, is said at the methods of `Replica`; cancelling a task ends none of them.
public struct BlockingReplica: Sendable {
  let store: Store
  let synchronizer: Synchronizer

  public func read<T>(_ body: (StoreReader) throws -> T) throws -> T { try store.read(body) }

  @discardableResult
  public func write<T>(
    _ label: String, asOf form: Form? = nil, _ body: (StoreWriter) throws -> T
  ) throws -> T {
    try store.write(label, asOf: form, body)
  }

  @discardableResult
  public func undo(_ operation: Dot? = nil) throws -> Reverted { try store.undo(operation) }

  @discardableResult
  public func redo() throws -> Reverted { try store.redo() }

  /// - Parameter isCancelled: asked often; true ends it with `StorageError.interrupted`.
  public func query<T>(
    _ sql: String, isCancelled: @escaping () -> Bool = { false }, _ body: (QueryResult) throws -> T
  ) throws -> T {
    try store.query(sql, isCancelled: isCancelled, body)
  }

  public func views() throws -> [QueryView] { try store.views() }

  /// - Parameter progress: may throw: then no file is written.
  public func export(
    to target: ExportTarget, for receiver: Receiver = .everyone, full: Bool = false,
    progress: ProgressReport? = nil
  ) throws -> ExportResult {
    try synchronizer.export(to: target, for: receiver, full: full, progress: progress)
  }

  /// - Parameters:
  ///   - conflicts: calls back with each register that counts as in conflict; asked before and after.
  ///   - progress: may throw: then nothing is taken in.
  public func importFiles(
    _ sources: [ChangesetSource], _ options: MergeOptions = MergeOptions(),
    conflicts: (StoreReader, (ConflictKey) throws -> Void) throws -> Void = { try $0.forEachConflict($1) },
    progress: ProgressReport? = nil
  ) throws -> ImportResult {
    try synchronizer.importFiles(sources, options, conflicts: conflicts, progress: progress)
  }

  public func inspect(_ path: String) throws -> Inspection { try synchronizer.inspect(path) }

  @discardableResult
  public func setRetired(_ device: DeviceID, _ isRetired: Bool) throws -> Bool {
    try store.setRetired(device, isRetired)
  }

  public func compact(before cutoff: Int64, dryRun: Bool = false) throws -> Compaction {
    try store.compact(before: cutoff, dryRun: dryRun)
  }

  public func fileFaults() throws -> [String] { try store.fileFaults() }

  public func mendTables() throws { try store.mendTables() }
}
