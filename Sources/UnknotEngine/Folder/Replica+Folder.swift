public import UnknotStorage

extension BlockingReplica {
  /// The folder that this device shares with others; nil: none. Another device may know it under another path.
  ///
  /// - Throws: `StorageError`, `SyncError.noNotes`.
  public func folder() throws -> String? { try ledger().read().path }

  /// Says which folder something carries from device to device: a synced one, or one on a stick. Only this device remembers
  /// it, beside its notes and not in the replica.
  ///
  /// - Parameter path: absolute; nil: none any more. What is in the folder stays.
  /// - Throws: `StorageError`, `SyncError.noNotes`.
  public func setFolder(_ path: String?) throws {
    try ledger().change { memory in
      // What is known of the files of one folder says nothing of another.
      guard !bytewiseEqual(memory.path ?? "", path ?? "") else { return }
      memory.forgetFiles()
      memory.path = path
    }
  }

  /// Exchanges with all others through the folder: takes in what is new, writes what it lacks, and removes what this device
  /// wrote and nobody needs any more. Files that do not fit are set aside, and named; they stop nobody.
  ///
  /// - Parameters:
  ///   - options: a dry run says what would be taken in, and changes nothing.
  ///   - tidies: removes what is superfluous at once, and not only after some days: a quarter of the folder a day at most.
  ///   - conflicts: calls back with each register that counts as in conflict; asked before and after.
  /// - Throws: `SyncError.noFolder`, `.noNotes`, `.unreadable` where the folder cannot be read, `.cannotWrite` where it takes or
  ///   keeps nothing; `StorageError.busy` where another program is at it, and others. What was taken in until then stays.
  public func synchronizeFolder(
    _ options: MergeOptions = MergeOptions(), tidies: Bool = false,
    conflicts: (StoreReader, (ConflictKey) throws -> Void) throws -> Void = { try $0.forEachConflict($1) }
  ) throws -> FolderRoundResult {
    let ledger = try ledger()
    func run(_ memory: inout FolderMemory) throws -> FolderRoundResult {
      guard let folder = memory.path else { throw SyncError.noFolder }
      let round = try FolderRound(
        synchronizer, folder, memory, FolderPolicy(), options, isCancelled: isCancelled)
      defer { memory = round.memory }
      try round.run(conflicts: conflicts, tidies: tidies)
      return round.result
    }
    guard options.isDryRun else { return try ledger.change(run) }
    var memory = try ledger.read()
    return try run(&memory)
  }

  /// The files of the folder as they were found in the last round, in the order of their names.
  ///
  /// - Throws: `StorageError`, `SyncError.noFolder`, `.noNotes`.
  public func folderFiles() throws -> [SharedFile] {
    let memory = try ledger().read()
    guard memory.path != nil else { throw SyncError.noFolder }
    return memory.files.values.filter { $0.missingDays == 0 }.sorted {
      $0.name.lexicographicallyPrecedes($1.name)
    }.compactMap {
      SharedFile($0)
    }
  }

  func ledger() throws -> FolderLedger {
    guard let notes = store.noteFolder else { throw SyncError.noNotes }
    return try FolderLedger(beside: notes)
  }
}

extension Replica {
  /// Exchanges with all others through a folder that something carries from device to device (`BlockingReplica.setFolder`).
  ///
  /// - Throws: `SyncError`, `StorageError`, `CancellationError`. What was taken in until then stays.
  public func synchronizeFolder(_ options: MergeOptions = MergeOptions()) async throws -> FolderRoundResult {
    try await perform { try $0.synchronizeFolder(options) }
  }
}
