import UnknotCausality
import UnknotPlatform
public import UnknotStorage

extension BlockingReplica {
  /// Copies the replica into a file that is not there yet, as it stands, while others go on, and checks the copy: it is
  /// there once it is found whole, or not at all.
  ///
  /// - Parameter path: a new file.
  /// - Returns: how many bytes it has.
  /// - Throws: `SyncError.targetExists` and `.cannotWrite`, `StorageError.damaged` where the copy is not what was written.
  @discardableResult
  public func backUp(to path: String) throws -> UInt64 {
    let bytes = try copied(path) { file in
      do {
        try store.copy(to: file.temporaryPath)
        try Self.expectWhole(file.temporaryPath, store.kinds, store.environment)
      } catch StorageError.diskFull {
        throw SyncError.cannotWrite(file: path, reason: "the disk is full")
      }
    }
    store.narrowNote()
    return bytes
  }

  /// Makes the replica what a backup has, in one transaction. Changes since then are gone here; other devices give back
  /// what they have of them. Make a copy first (`backUp`): putting that back undoes this.
  ///
  /// The next write of this device is made under a new name, as after any restored file: nothing that others have of what
  /// is gone is mistaken for what is written now.
  ///
  /// - Parameters:
  ///   - path: a file of this replica that `backUp` made.
  ///   - willReplace: called once the backup is found whole, before anything is changed: the moment for that copy. What it
  ///     throws ends it.
  /// - Throws: `SyncError.notABackup`, `.otherJournal`, `.notFound`; `StorageError`.
  public func restore(fromBackup path: String, willReplace: () throws -> Void = {}) throws {
    let target = store.path ?? path
    // Of a copy, so that the backup stays as it is, in whatever form an older program made it.
    let nonce = synchronizer.nonce()
    let file = try named(target) { try NewFile("\(target).\(nonce)", nonce: nonce) }
    let backup = try Self.whole(path, copiedTo: file, store.kinds, store.environment)
    let (own, its) = (try store.journalIDs(), try backup.journalIDs())
    guard own.isEmpty || !Set(own).isDisjoint(with: its) else {
      throw SyncError.otherJournal(file: path)
    }
    try willReplace()
    try store.replaceContents(from: file.temporaryPath)
  }

  /// Puts a backup where there is no file: the one that was there is lost, or was moved away because it cannot be read.
  ///
  /// - Throws: `SyncError` and `StorageError`; nothing is there then.
  static func put(
    _ backup: String, at path: String, _ kinds: [RecordKind], _ environment: any ReplicaEnvironment
  ) throws {
    do {
      try expectNoRollbackJournal(beside: path)
      let file = try NewFile(path, nonce: hexadecimal(environment.randomBytes(8)))
      _ = try whole(backup, copiedTo: file, kinds, environment)
      try file.commit()
    } catch let error as NewFileError {
      throw SyncError(error, path)
    }
  }

  /// - Returns: the copy of a backup, found whole.
  static func whole(
    _ backup: String, copiedTo file: NewFile, _ kinds: [RecordKind], _ environment: any ReplicaEnvironment
  ) throws -> Store {
    var status = stat()
    guard stat(backup, &status) == 0 else {
      guard errno == ENOENT || errno == ENOTDIR else {
        throw SyncError.unreadable(file: backup, reason: String(cString: strerror(errno)))
      }
      throw SyncError.notFound(file: backup)
    }
    do {
      // Who reads from a pipe waits for ever.
      guard status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else {
        throw StorageError.notAJournal("it is empty, or no regular file")
      }
      do {
        try Store.copy(backup, to: file.temporaryPath)
      } catch StorageError.io(let reason) {
        throw SyncError.unreadable(file: backup, reason: "it could not be copied: \(reason)")
      }
      return try expectWhole(file.temporaryPath, kinds, environment)
    } catch let error as StorageError where error.isOfFile {
      throw SyncError.notABackup(file: backup, reason: "\(error.errorDescription ?? "\(error)")")
    }
  }

  @discardableResult
  private static func expectWhole(
    _ path: String, _ kinds: [RecordKind], _ environment: any ReplicaEnvironment
  ) throws -> Store {
    let copy = try Store(
      path: path, tables: kinds, deviceName: "backup", environment: environment, notes: nil)
    // One of an older form was brought over just now; what that keeps of it lies beside the copy.
    if let kept = copy.keptFirstForm { unlink(kept) }
    let replica = BlockingReplica(store: copy, synchronizer: Synchronizer(store: copy), isCancelled: nil)
    if let fault = try replica.verify().first {
      throw StorageError.damaged("a copy of it is not whole: \(fault.reason)")
    }
    return copy
  }

  /// SQLite takes a file of that name for a part of the one beside it.
  static func expectNoRollbackJournal(beside path: String) throws {
    guard access("\(path)-journal", F_OK) == 0 else { return }
    throw SyncError.cannotWrite(
      file: path,
      reason: "\(path)-journal lies beside it, which belongs to another file of that name: move it away")
  }

  private func copied(_ path: String, _ body: (NewFile) throws -> Void) throws -> UInt64 {
    try named(path) {
      try Self.expectNoRollbackJournal(beside: path)
      let file = try NewFile(path, nonce: synchronizer.nonce())
      try body(file)
      try file.commit()
      var status = stat()
      return stat(path, &status) == 0 ? UInt64(clamping: status.st_size) : 0
    }
  }

  private func named<T>(_ path: String, _ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as NewFileError {
      throw SyncError(error, path)
    }
  }
}

extension Replica {
  /// Copies the replica into a file that is not there yet, as it stands, while others go on, and checks the copy: it is
  /// there once it is found whole, or not at all.
  ///
  /// - Parameter path: a new file.
  /// - Returns: how many bytes it has.
  /// - Throws: `SyncError.targetExists` and `.cannotWrite`, `StorageError.damaged` where the copy is not what was written.
  @discardableResult
  public func backUp(to path: String) async throws -> UInt64 { try await perform { try $0.backUp(to: path) } }

  /// Makes the replica what a backup has, in one transaction. Make a copy first: putting that back undoes this. Changes
  /// since the backup are gone here; other devices give back what they have of them.
  ///
  /// - Parameter path: a file of this replica that `backUp` made.
  /// - Throws: `SyncError.notABackup`, `.otherJournal`, `.notFound`; `StorageError`.
  public func restore(fromBackup path: String) async throws {
    try await perform { try $0.restore(fromBackup: path) }
  }

  /// Puts a backup where there is no file: the one that was there is lost, or was moved away because it cannot be read.
  ///
  /// - Parameters:
  ///   - backup: a file that `backUp` made.
  ///   - path: where the replica was; nothing is there.
  ///   - kinds: the kinds of records that the app declares.
  ///   - environment: where time and randomness come from.
  /// - Throws: `SyncError` and `StorageError`; nothing is there then.
  @available(*, noasync, message: "it blocks the thread: call it from one that may wait")
  public static func put(
    backup: String, at path: String, kinds: [RecordKind], environment: any ReplicaEnvironment
  ) throws { try BlockingReplica.put(backup, at: path, kinds, environment) }
}
