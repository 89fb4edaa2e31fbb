public import UnknotStorage

extension Replica {
  /// Where the file is kept as it was, if opening it brought it over from the form of an older program. The person may
  /// remove it once everything is found to be there.
  public var keptFirstForm: String? { store.keptFirstForm }

  /// What the last write that found this file not to be the one that this machine last wrote made of that; nil: it is the
  /// one. Worth telling the person, who may have restored a backup, or copied the file.
  public var identityChange: IdentityChange? { store.identityChange }

  /// What the last write that looked at all of the file has mended by itself; nil: nothing. A write does so after a program
  /// ended in the middle of one, after a read that failed, and after `verify` found something. What it cannot mend, it
  /// refuses to write to, with `StorageError.damaged`.
  public var repair: Repair? { store.repair }

  /// Whether something was written since it was opened: where an error follows, it is not about that.
  public var hasWritten: Bool { store.hasWritten }

  /// Whether something was written of which the disk did not say that it has it: it is there, and a power cut may take it
  /// away. A copy on another disk helps.
  public var mayNotBeOnDisk: Bool { store.mayNotBeOnDisk }

  /// The clock and the randomness that it was given.
  public var environment: any ReplicaEnvironment { store.environment }

  /// Says that nobody waits for a device any more, which it would be sent all changes for ever otherwise, or that it is
  /// back. Other devices hear of it.
  ///
  /// - Returns: false where it was so already, or there is no such device.
  /// - Throws: `StorageError`.
  @discardableResult
  public func setRetired(_ device: DeviceID, _ isRetired: Bool) async throws -> Bool {
    try await perform { try $0.setRetired(device, isRetired) }
  }

  /// Forgets older values that all devices have seen overwritten, and makes the file smaller. What is shown, and what is in
  /// conflict, stays.
  ///
  /// - Parameters:
  ///   - cutoff: milliseconds since 1970 UTC; what was overwritten later is kept, for history and undo.
  ///   - dryRun: says what would be forgotten, and changes nothing.
  /// - Throws: `StorageError`.
  public func compact(before cutoff: Int64, dryRun: Bool = false) async throws -> Compaction {
    try await perform { try $0.compact(before: cutoff, dryRun: dryRun) }
  }

  /// Looks whether the replica is what was written, and shows what follows from that. It changes nothing, and takes seconds:
  /// offer it to people, and do it now and then where nobody waits.
  ///
  /// - Returns: some of what it found, SQLite's faults first; none where all is as it should be.
  /// - Throws: `StorageError`; where the file cannot be read at all, `.damaged`, `.notAJournal` or `.io`. `CancellationError`.
  public func verify(_ depth: VerificationDepth = .usual) async throws -> [ReplicaFault] {
    try await perform { try $0.verify(depth) }
  }

  /// Makes the records' tables anew from the log: where these alone are damaged, nothing is lost.
  ///
  /// - Throws: `StorageError`; nothing was changed.
  public func mendTables() async throws { try await perform { try $0.mendTables() } }

  /// Answers one SELECT in SQLite's language over the records' views, and can do nothing else.
  ///
  /// - Parameters:
  ///   - sql: one SELECT.
  ///   - body: gets the answer row by row, all of it from one state.
  /// - Throws: `StorageError.invalidQuery` and others of it, `CancellationError`.
  public func query<T: Sendable>(
    _ sql: String, _ body: @escaping @Sendable (QueryResult) throws -> T
  ) async throws -> T {
    try await perform { try $0.query(sql, body) }
  }

  /// What there is to ask, by name: a view for each kind of record, and a few more.
  ///
  /// - Throws: `StorageError`.
  public func views() async throws -> [QueryView] { try await perform { try $0.views() } }
}
