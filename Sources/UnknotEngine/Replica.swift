import Dispatch

/// One device's copy of an app's records: the way into the engine.
///
/// Make one for each file and keep it as long as the program runs. It can be used from any task. What can wait is `async`
/// and never blocks the thread that asks, also while another program writes to the file or an import takes long: one
/// thing is done after the other, and cancelling the task ends what it asked for, with nothing changed.
///
///     let replica = try await Replica(at: path, kinds: [list, item], deviceName: "phone", environment: SystemEnvironment())
///     let id = try await replica.write("add") { try $0.create("item", parent: groceries, [FieldName("name"): .text("milk")]) }
public final class Replica: Sendable {
  package let store: Store
  let synchronizer: Synchronizer
  /// Where everything is done that a task waits for.
  private let queue: DispatchQueue
  /// Whoever follows the changes.
  let observers: Observers

  /// Opens a replica, or makes one with the first write: the file with mode 0600, folders on the way with 0700.
  ///
  /// - Parameters:
  ///   - path: an SQLite file; nil keeps everything in memory.
  ///   - kinds: the kinds of records that the app has. Records of others, as a newer version of the app writes them, are
  ///     kept and passed on.
  ///   - deviceName: what this device is called in a replica that is made now.
  ///   - environment: the clock and the randomness to use.
  ///   - noteFolder: where this machine notes what it last wrote, so that a copied or restored file is told from the one
  ///     that it was. All programs that write the same file share it, and a backup must not take it along. Nil: copies are
  ///     found when their histories meet.
  ///   - replacing: begins a new replica also where this machine wrote one that is not there any more.
  /// - Throws: `StorageError`; nothing was changed.
  public init(
    at path: String?, kinds: [RecordKind], deviceName: String, environment: any ReplicaEnvironment,
    noteFolder: String? = nil, replacing: Bool = false
  ) async throws {
    let queue = Self.queue()
    let store = try await Self.perform(on: queue) { _ in
      try Self.open(path, kinds, deviceName, environment, noteFolder, replacing)
    }
    self.queue = queue
    self.store = store
    synchronizer = Synchronizer(store: store)
    observers = Observers(store, path, queue)
  }

  /// The same, blocking the thread. It has a name of its own, so that nobody takes it by mistake.
  @available(*, noasync, message: "await the asynchronous initializer")
  public init(
    blockingAt path: String?, kinds: [RecordKind], deviceName: String, environment: any ReplicaEnvironment,
    noteFolder: String? = nil, replacing: Bool = false
  ) throws(StorageError) {
    queue = Self.queue()
    store = try Self.open(path, kinds, deviceName, environment, noteFolder, replacing)
    synchronizer = Synchronizer(store: store)
    observers = Observers(store, path, queue)
  }

  private static func queue() -> DispatchQueue { DispatchQueue(label: "unknot.replica", qos: .userInitiated) }

  private static func open(
    _ path: String?, _ kinds: [RecordKind], _ deviceName: String, _ environment: any ReplicaEnvironment,
    _ noteFolder: String?, _ replacing: Bool
  ) throws(StorageError) -> Store {
    try Store(
      path: path, tables: kinds, deviceName: deviceName, environment: environment,
      notes: path.flatMap { path in noteFolder.map { NoteFolder(folder: $0, journal: path) } },
      replacing: replacing)
  }

  /// The same replica for programs that have nothing else to do: each method blocks its thread until it is done.
  @available(*, noasync, message: "await the replica's own methods")
  public var blocking: BlockingReplica { blocking(until: nil) }

  private func blocking(until isCancelled: (@Sendable () -> Bool)?) -> BlockingReplica {
    BlockingReplica(store: store, synchronizer: synchronizer, isCancelled: isCancelled)
  }

  // MARK: Reads and writes

  /// Reads one consistent state: whatever is written meanwhile, all that `body` reads was there at one moment.
  ///
  /// - Parameter body: gets a reader that is not to be kept; what it returns are values.
  /// - Throws: `StorageError`, `CancellationError`, and what `body` throws.
  public func read<T: Sendable>(_ body: @escaping @Sendable (StoreReader) throws -> T) async throws -> T {
    try await perform { try $0.read(body) }
  }

  /// Writes records, of one kind or many: all that `body` writes is one operation, which is kept whole or, when it
  /// throws, not at all, and which `undo` takes back as one.
  ///
  /// - Parameters:
  ///   - label: what the person did, as a list of what can be undone names it.
  ///   - form: where the replica stood when the person saw what is changed now; nil: as it stands now.
  ///   - body: writes through the writer it gets, which is not to be kept.
  /// - Throws: `StorageError`, `CancellationError`, and what `body` throws; nothing was changed.
  @discardableResult
  public func write<T: Sendable>(
    _ label: String, asOf form: Form? = nil, _ body: @escaping @Sendable (StoreWriter) throws -> T
  ) async throws -> T {
    try await perform { try $0.write(label, asOf: form, body) }
  }

  /// Takes back an operation of this device, or one of its imports. A record that it made is removed, one that it removed
  /// is restored, and a field that still holds what it wrote holds again what was visible before. This is an operation of
  /// its own, and travels to other devices like any other.
  ///
  /// - Parameter operation: nil: the newest that is in force.
  /// - Throws: `StorageError.nothingToUndo`, `.noSuchOperation`, `.operationAlreadyReverted`, and others of it.
  @discardableResult
  public func undo(_ operation: Dot? = nil) async throws -> Reverted {
    try await perform { try $0.undo(operation) }
  }

  /// Takes back the newest undo that is in force, as long as nothing else was done since.
  ///
  /// - Throws: `StorageError.nothingToRedo`, and others of it.
  @discardableResult
  public func redo() async throws -> Reverted { try await perform { try $0.redo() } }

  // MARK: Waiting

  /// Does several things one after the other, each of which is a transaction of its own, without blocking the thread that
  /// asks. Cancelling the task ends what is being done, with nothing of it changed; what was done before that stays.
  ///
  /// - Parameter body: runs on a thread of the replica; it gets the replica's blocking face, which is not to be kept.
  /// - Throws: `CancellationError`, and what `body` throws.
  public func perform<T: Sendable>(
    _ body: @escaping @Sendable (BlockingReplica) throws -> T
  ) async throws -> T {
    try await Self.perform(on: queue) { [self] isCancelled in try body(blocking(until: isCancelled)) }
  }

  /// Once the task is cancelled, SQLite stops within a few milliseconds.
  private static func perform<T: Sendable>(
    on queue: DispatchQueue,
    _ body: @escaping @Sendable (_ isCancelled: @escaping @Sendable () -> Bool) throws -> T
  ) async throws -> T {
    let isCancelled = Guarded(false)
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        queue.async {
          continuation.resume(
            with: Result {
              if isCancelled.withLock({ $0 }) { throw CancellationError() }
              do {
                return try body { isCancelled.withLock { $0 } }
              } catch StorageError.interrupted where isCancelled.withLock({ $0 }) {
                throw CancellationError()
              }
            })
        }
      }
    } onCancel: {
      isCancelled.withLock { $0 = true }
    }
  }
}
