import UnknotChangeset
import UnknotPlatform
import UnknotSealing
public import UnknotStorage

/// What a rescue got.
public struct RescueResult: Sendable {
  /// Changes that the new file has.
  public let changes: UInt64
  /// How many of them were written anew, as they come after changes that are lost.
  public let changesPastGaps: UInt64
  /// Those that are known to have been written and are not there.
  public let missing: [MissingChanges]
  /// How many changes were found of which not even the device can be told.
  public let nameless: Int64
  /// Whether it can be told what it is a replica of. Where it cannot, the new file is one that was begun apart: with others
  /// of what it was it exchanges once they are joined (`MergeOptions.joins`).
  public let isJournalKnown: Bool
  /// Sources that gave nothing, and why.
  public let leftOut: [LeftOutSource]

  /// Changes of one device that are not in the new file.
  public struct MissingChanges: Hashable, Sendable {
    /// The device's name.
    public let device: String
    /// The first of them.
    public let first: Dot
    /// The last of them.
    public let last: Dot
    /// How many of them were found.
    public let found: Int64
    /// How many of those are proven to be what was written, and come after some that are lost: `pastGaps` writes them anew.
    public let proven: Int64
  }

  /// A source that gave nothing.
  public struct LeftOutSource: Sendable {
    /// Its file.
    public let file: String
    /// Why.
    public let reason: any Error
  }
}

extension BlockingReplica {
  /// Makes a new file of everything that can be proven to be what was written: from a damaged file of a replica, whatever of
  /// it can be read, and from other sources. None of them is written to.
  ///
  /// Every change is chained to the one before it by its hash. A change is proven where the chain leads, without a change
  /// missing, from the first one to a hash that the file keeps, or that another source proves. What an operation did can not
  /// be taken back in the new file, and what other devices hold is learnt anew from their files.
  ///
  /// - Parameters:
  ///   - pastGaps: see `Replica.rescue`.
  ///   - sources: damaged files, backups, changesets and folders of them. What the new file is a replica of, the first says
  ///     that can tell: what was begun apart from it is left out.
  ///   - path: a new file.
  ///   - temporaryFolder: as much space as all of them take is used there.
  ///   - noteFolder: that of the replicas of this machine, whose keys open what is sealed; nil: nothing does.
  /// - Throws: `SyncError.targetExists`, `.cannotWrite`; `.severalJournals` where it is a folder that would have to say it, of
  ///   replicas that were begun apart; `StorageError.damaged` where no source has a change that is proven;
  ///   `SyncError.onlyPastGaps` where all that are come after lost ones.
  static func rescue(
    _ sources: [String], to path: String, _ kinds: [RecordKind], deviceName: String,
    _ environment: any ReplicaEnvironment, pastGaps: Bool, temporaryFolder: String, noteFolder: String?,
    isCancelled: (@Sendable () -> Bool)? = nil
  ) throws -> RescueResult {
    do {
      try expectNoRollbackJournal(beside: path)
      let file = try NewFile(path, nonce: hexadecimal(environment.randomBytes(8)))
      let store = try Store(
        path: file.temporaryPath, tables: kinds, deviceName: deviceName, environment: environment, notes: nil)
      let keys = try noteFolder.flatMap { try KeyFile.all(in: NoteFolder(folder: $0, journal: path)) }
      let rescue = Rescue(store, kinds, environment, keys, temporaryFolder, isCancelled)
      for source in sources { try rescue.add(source) }
      let result = try rescue.run(pastGaps: pastGaps)
      guard result.changes > 0 else {
        let proven = result.missing.reduce(0) { $0 + $1.proven }
        if proven > 0 { throw SyncError.onlyPastGaps(proven: proven) }
        // A file that is none, or cannot be read, is told as that.
        let other = result.leftOut.first { if case StorageError.damaged = $0.reason { false } else { true } }
        throw other?.reason
          ?? StorageError.damaged("no change of it can be proven to be what was written")
      }
      let replica = BlockingReplica(
        store: store, synchronizer: Synchronizer(store: store), isCancelled: isCancelled)
      if let fault = try replica.verify().first {
        throw StorageError.damaged("what was put together is not whole: \(fault.reason)")
      }
      try file.commit()
      return result
    } catch StorageError.diskFull {
      throw SyncError.cannotWrite(file: path, reason: "the disk is full, or that of \(temporaryFolder)")
    } catch StorageError.io(let reason) {
      throw SyncError.cannotWrite(file: path, reason: reason)
    } catch let error as NewFileError {
      throw SyncError(error, path)
    }
  }
}

/// The sources of one rescue, until none of them gives anything more.
private final class Rescue {
  private struct Damaged {
    let name: String
    let log: SalvagedLog
    /// Goes away with it.
    let copy: NewFile
    var unproven: [UnprovenChanges] = []
  }

  private let store: Store
  private let kinds: [RecordKind]
  private let environment: any ReplicaEnvironment
  private let synchronizer: Synchronizer
  private let sealing: Sealing
  private let temporaryFolder: String
  private let isCancelled: (@Sendable () -> Bool)?
  private var damaged: [Damaged] = []
  private var changesets: [ChangesetFile] = []
  /// What the sources say to be replicas of, in their order.
  private var found: [(ids: [[UInt8]], name: String)] = []
  private var changesPastGaps: UInt64 = 0
  private var leftOut: [RescueResult.LeftOutSource] = []

  init(
    _ store: Store, _ kinds: [RecordKind], _ environment: any ReplicaEnvironment, _ keys: KeyFile?,
    _ temporaryFolder: String, _ isCancelled: (@Sendable () -> Bool)?
  ) {
    self.store = store
    self.kinds = kinds
    self.environment = environment
    synchronizer = Synchronizer(store: store)
    sealing = Sealing(keys: keys, epoch: 0)
    self.temporaryFolder = temporaryFolder
    self.isCancelled = isCancelled
  }

  private func temporaryFile() throws -> NewFile {
    let nonce = hexadecimal(environment.randomBytes(8))
    return try NewFile("\(temporaryFolder)/unknot-\(nonce)", nonce: nonce)
  }

  func add(_ source: String) throws {
    let (files, isFolder) = try FolderListing.files(at: source, of: [.changeset, .sealed, .database])
    let before = found
    for path in files {
      let file = path.name
      do {
        let changeset = try ChangesetFile(FileSource(path), sealing.keys)
        changesets.append(changeset)
        found.append((changeset.header.journalIDs, file))
      } catch SyncError.notFound(let file) where !isFolder {
        throw SyncError.notFound(file: file)
      } catch SyncError.invitation {
        // It has keys and no changes.
        continue
      } catch {
        do {
          // A changeset that is damaged gives nothing: its hash is of its whole. Everything else may be a replica's file.
          guard try !ChangesetFile.begins(FileSource(path)) else { throw error }
          try addDatabase(file)
          found.append((damaged[damaged.count - 1].log.journalIDs, file))
        } catch let error where Self.isOfSource(error) {
          leftOut.append(RescueResult.LeftOutSource(file: file, reason: error))
        }
      }
    }
    let journals = FoundJournal.all(of: found)
    // Which of a folder's it would be is not for the order of names to say.
    guard !FoundJournal.all(of: before).isEmpty || journals.count < 2 else {
      throw SyncError.severalJournals(folder: source, files: journals.map(\.file).sorted())
    }
  }

  private func addDatabase(_ path: String) throws {
    let copy = try temporaryFile()
    // One of an older form is brought over, where it is whole.
    let whole = try temporaryFile()
    var source = path
    if (try? Store.copy(path, to: whole.temporaryPath)) != nil,
      let brought = try? Store(
        path: whole.temporaryPath, tables: kinds, deviceName: "rescue", environment: environment, notes: nil),
      let kept = brought.keptFirstForm
    {
      unlink(kept)
      source = whole.temporaryPath
    }
    // As long as it is read, nobody writes to it; where it cannot be locked, nobody can.
    let lock = try? Store.lock(path)
    defer { lock?.release() }
    let log = try SalvagedLog(source, into: copy.temporaryPath, kinds: kinds, environment: environment)
    damaged.append(Damaged(name: path, log: log, copy: copy))
  }

  func run(pastGaps: Bool) throws -> RescueResult {
    // Whoever can tell whose device it was goes first.
    damaged.sort { !$0.log.journalIDs.isEmpty && $1.log.journalIDs.isEmpty }
    let journalIDs = FoundJournal.all(of: found).first?.ids ?? []
    func isOfAnother(_ ids: [[UInt8]]) -> Bool { !ids.isEmpty && journalIDs.isDisjoint(with: ids) }
    let strangers =
      changesets.filter { isOfAnother($0.header.journalIDs) }.map(\.name)
      + damaged.filter { isOfAnother($0.log.journalIDs) }.map(\.name)
    leftOut += strangers.map {
      RescueResult.LeftOutSource(file: $0, reason: SyncError.otherJournal(file: $0))
    }
    changesets.removeAll { isOfAnother($0.header.journalIDs) }
    damaged.removeAll { isOfAnother($0.log.journalIDs) }
    if !journalIDs.isEmpty { try store.importing { try $0.adopt(journalIDs: Array(journalIDs)) } }
    var before: VectorClock?
    var reasons: [String: any Error] = [:]
    // Each may prove, or come before, what another has.
    while true {
      let held = try store.read { $0.clock }
      if held == before { break }
      before = held
      // What files of other devices say of who is who goes before what is left of it in a damaged one.
      let imported = try synchronizer.importFiles(
        ofFolder: changesets, MergeOptions(growthLimit: nil), sealing, isCancelled: isCancelled)
      for (file, result) in zip(changesets, imported.results) {
        if case .failure(let reason) = result {
          reasons[file.name] = reason
        } else {
          reasons[file.name] = nil
        }
      }
      for index in damaged.indices {
        do {
          damaged[index].unproven = try store.importing(isCancelled: isCancelled) {
            try $0.take(damaged[index].log).unproven
          }
          reasons[damaged[index].name] = nil
        } catch let error where Self.isOfSource(error) {
          reasons[damaged[index].name] = error
        }
      }
    }
    if pastGaps { try takePastGaps() }
    if let device = damaged.compactMap(\.log.device).first { try store.importing { try $0.become(device) } }
    try store.importing { try $0.forgetOperations() }
    let epoch = changesets.filter { reasons[$0.name] == nil }.map(\.keyEpoch).max() ?? 0
    if epoch > 0 { try store.importing { try $0.seal(fromEpoch: epoch) } }
    leftOut += reasons.sorted { $0.key < $1.key }.map {
      RescueResult.LeftOutSource(file: $0.key, reason: $0.value)
    }
    return try result()
  }

  /// Of the file that has the most. What another has as well would be there twice.
  private func takePastGaps() throws {
    func proven(_ source: Damaged) -> Int64 { source.unproven.reduce(0) { $0 + $1.proven } }
    guard let index = damaged.indices.max(by: { proven(damaged[$0]) < proven(damaged[$1]) }),
      proven(damaged[index]) > 0
    else { return }
    let ends = Dictionary(damaged[index].unproven.map { ($0.last.actor, $0.last.seq) }, uniquingKeysWith: max)
    let written: UInt64
    let lost: [UnprovenChanges]
    do {
      (written, lost) = try store.importing(isCancelled: isCancelled) {
        try $0.takePastGaps(of: damaged[index].log)
      }
    } catch let error where Self.isOfSource(error) {
      // What it proves without a gap is there.
      return leftOut.append(RescueResult.LeftOutSource(file: damaged[index].name, reason: error))
    }
    changesPastGaps = written
    for other in damaged.indices {
      damaged[other].unproven = damaged[other].unproven.compactMap { range in
        guard let end = ends[range.last.actor] else { return range }
        return range.last.seq > end ? range.beyond(end) : nil
      }
    }
    damaged[index].unproven = lost.map(\.withoutProven)
  }

  private static func isOfSource(_ error: any Error) -> Bool {
    switch error {
    case is SyncError, is InvalidChange, StorageError.damaged, StorageError.notAJournal: true
    default: false
    }
  }

  private func result() throws -> RescueResult {
    let held = try store.read { $0.clock }
    // Of two damaged files, the one that knows of the most.
    var missing: [ActorID: [RescueResult.MissingChanges]] = [:]
    for source in damaged {
      let ranges = source.unproven.filter { held[$0.last.actor] < $0.last.seq }
      for (actor, ranges) in Dictionary(grouping: ranges, by: \.last.actor) {
        guard missing[actor]?.last?.last.seq ?? 0 < ranges[ranges.count - 1].last.seq else { continue }
        missing[actor] = ranges.map { range in
          RescueResult.MissingChanges(
            device: range.device, first: Dot(actor, max(range.first.seq, held[actor] + 1)), last: range.last,
            found: range.found, proven: range.proven)
        }
      }
    }
    return RescueResult(
      changes: held.changeCount(beyond: VectorClock()), changesPastGaps: changesPastGaps,
      missing: missing.sorted { $0.key < $1.key }.flatMap(\.value),
      nameless: damaged.reduce(0) { max($0, $1.log.nameless) },
      isJournalKnown: changesets.contains { file in !leftOut.contains { bytewiseEqual($0.file, file.name) } }
        || damaged.contains { !$0.log.journalIDs.isEmpty },
      leftOut: leftOut)
  }
}

extension ChangesetFile {
  /// Of the secret that it is sealed with; 0: of none.
  fileprivate var keyEpoch: Int64 {
    if case .secret(let epoch) = closing { Int64(clamping: epoch) } else { 0 }
  }
}

extension Replica {
  /// Makes a new file of everything that can be proven to be what was written: from a damaged file of a replica, whatever of
  /// it can be read, and from other sources. None of them is written to.
  ///
  /// - Parameters:
  ///   - sources: damaged files, backups, changesets and folders of them. What the new file is a replica of, the first says
  ///     that can tell: what was begun apart from it is left out.
  ///   - path: a new file. Put in the place of the damaged one, it is the same device again, under a new name for what it
  ///     writes from then on.
  ///   - kinds: the program's kinds of records.
  ///   - deviceName: what the device is called where the new file lies elsewhere.
  ///   - environment: the clock and the randomness that it is given.
  ///   - pastGaps: whether what comes after lost changes is written anew, where it is proven to be what was written. It keeps
  ///     what it says, and gets other names: what another device still has would be there twice once its files are taken in.
  ///     Without it, that is counted (`MissingChanges.proven`). Changes of records that are lost stay lost.
  ///   - temporaryFolder: as much space as all of them take is used there.
  ///   - noteFolder: that of the replicas of this machine, whose keys open what is sealed; nil: nothing does.
  /// - Returns: what the new file has, and what is known to be missing.
  /// - Throws: `SyncError.targetExists`, `.cannotWrite`, `.notFound`; `.severalJournals` where it is a folder that would have to
  ///   say what the new file is a replica of, and has files of some; `.onlyPastGaps` where all that is proven comes after lost
  ///   changes; `StorageError.damaged` where nothing is. No file is there then.
  @available(*, noasync, message: "it blocks the thread: call it from one that may wait")
  public static func rescue(
    _ sources: [String], to path: String, kinds: [RecordKind], deviceName: String,
    environment: any ReplicaEnvironment, pastGaps: Bool = false, temporaryFolder: String,
    noteFolder: String? = nil
  ) throws -> RescueResult {
    try BlockingReplica.rescue(
      sources, to: path, kinds, deviceName: deviceName, environment, pastGaps: pastGaps,
      temporaryFolder: temporaryFolder,
      noteFolder: noteFolder)
  }
}
