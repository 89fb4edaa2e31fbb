import Dispatch
import UnknotPlatform
import UnknotStorage

/// Whoever follows a replica, and what wakes them.
final class Observers: Sendable {
  private let store: Store
  private let path: String?
  private let queue: DispatchQueue
  private let state = Guarded(State())

  private struct State {
    /// Their owners let them go.
    var observers: [Weak] = []
    var listener: Int?
    var watch: FolderWatch?
    var version: DataVersion?
    /// A look at the file is due already.
    var isLookDue = false
    /// What this replica has written last since the last look.
    var written: ReplicaChange.Origin?
  }

  private struct Weak { weak var observer: Observer? }

  init(_ store: Store, _ path: String?, _ queue: DispatchQueue) {
    self.store = store
    self.path = path
    self.queue = queue
    let listener = store.commits.listen { [weak self] origin in
      self?.note(origin == .imported ? .imported : .thisReplica)
    }
    state.withLock { $0.listener = listener }
  }

  deinit {
    state.withLock { state in
      if let listener = state.listener { store.commits.stop(listener) }
    }
  }

  func add() -> Observer {
    let observer = Observer()
    state.withLock { $0.observers.append(Weak(observer: observer)) }
    // Before whatever is asked of the replica from now on, also by those who block their thread.
    store.readState { [weak self] seen, version in
      observer.begin(with: seen)
      // What another program writes from here on is another version.
      self?.state.withLock { if $0.version == nil { $0.version = version } }
    }
    watch()
    look()
    return observer
  }

  private func note(_ own: ReplicaChange.Origin) {
    state.withLock { $0.written = own }
    tell(own)
    // The folder may have been made with the file.
    watch()
  }

  /// As long as nobody follows, nobody is woken.
  private func watch() {
    guard let path, state.withLock({ $0.watch == nil && !$0.observers.isEmpty }) else { return }
    // Of a link, the file that it leads to is written.
    let resolved = realpath(path, nil)
    defer { free(resolved) }
    let file = resolved.flatMap { String(validatingCString: $0) } ?? path
    let slash = file.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { String(file[...$0]) } ?? "."
    let watch = FolderWatch(folder, on: .global(qos: .utility)) { [weak self] in self?.look() }
    guard let watch else { return }
    state.withLock { if $0.watch == nil { $0.watch = watch } }
    // What happened before it watched.
    look()
  }

  /// Somebody has written to the file: others than this replica?
  private func look() {
    let isDue = state.withLock { state in
      defer { state.isLookDue = true }
      return !state.isLookDue
    }
    guard isDue else { return }
    queue.async { [weak self] in
      guard let self else { return }
      state.withLock { $0.isLookDue = false }
      // A file that cannot be read now is looked at again when it next changes.
      guard let version = try? store.dataVersion() else { return }
      let origin: ReplicaChange.Origin? = state.withLock { state in
        defer { (state.version, state.written) = (version, nil) }
        guard let known = state.version, known != version else { return nil }
        // A file that this replica has made just now: whoever else writes to it is not told from it yet.
        return known.isSameConnection(as: version) ? .otherProgram : state.written ?? .otherProgram
      }
      if let origin { tell(origin) }
    }
  }

  private func tell(_ origin: ReplicaChange.Origin) {
    let observers = state.withLock { state in
      state.observers.removeAll { $0.observer == nil }
      return state.observers.compactMap(\.observer)
    }
    for observer in observers { observer.note(origin) }
  }
}

/// One who follows a replica: how far, and what came since.
final class Observer: Sendable {
  private let state = Guarded(State())
  /// One is enough for any number of changes.
  let signals: AsyncStream<Void>
  private let signal: AsyncStream<Void>.Continuation

  private struct State {
    var seen: SeenState?
    var origins: Set<ReplicaChange.Origin> = []
  }

  init() { (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

  func begin(with seen: SeenState) { state.withLock { if $0.seen == nil { $0.seen = seen } } }

  func note(_ origin: ReplicaChange.Origin) {
    state.withLock { _ = $0.origins.insert(origin) }
    signal.yield()
  }

  /// What came since it was asked last; nil where nothing did that anybody could see.
  func change(in store: Store) throws -> ReplicaChange? {
    let (seen, origins) = state.withLock { state in
      defer { state.origins = [] }
      return (state.seen, state.origins)
    }
    do {
      return try store.read { session in
        let now = try session.seenState
        state.withLock { $0.seen = now }
        let touched = try session.touched(since: seen, most: ReplicaChange.mostRecords)
        guard !touched.isNothing else { return nil }
        return ReplicaChange(
          origins: origins, kinds: touched.kinds, records: touched.records, isOfDevices: touched.isOfDevices,
          clock: session.clock)
      }
    } catch {
      state.withLock { state in
        state.origins.formUnion(origins)
        state.seen = seen
      }
      throw error
    }
  }
}
