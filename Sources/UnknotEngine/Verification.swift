public import UnknotStorage

/// What is wrong with a replica.
public enum ReplicaFault: Hashable, Sendable {
  /// What SQLite says of the file, in its words.
  case file(String)
  /// Changes that are not what was written, or are not there. Other devices may still have them.
  case log(LogFault)
  /// A derived table says something else than the log. `mendTables` makes all of them anew.
  case table(TableFault)
  /// What the file knows for itself alone does not fit the log: of devices, of what was done here. In words.
  case local(String)
  /// What registers hold is not what follows from the log, in words.
  case registers(String)

  /// What is wrong, in words.
  public var reason: String {
    switch self {
    case .file(let words), .local(let words), .registers(let words): words
    case .log(let fault): fault.reason
    case .table(let fault): fault.description
    }
  }
}

/// How closely a replica is looked at.
public enum VerificationDepth: Sendable {
  /// SQLite's integrity check, the hash of every change from the first on, and every derived table.
  case usual
  /// And all changes are merged anew into an empty replica in memory, to compare what comes of it. It takes as long as an
  /// import of everything does, and as much memory as the file is large.
  ///
  /// - Parameter temporaryFolder: a file without a name is put there.
  case deep(temporaryFolder: String)
}

extension BlockingReplica {
  /// Looks whether the replica is what was written, and shows what follows from that. It changes nothing.
  /// Where something is wrong, the next write mends it, or is refused (`Replica.repair`).
  ///
  /// - Returns: some of what it found, SQLite's faults first; none where all is as it should be.
  /// - Throws: `StorageError`; where the file cannot be read at all, `.damaged`, `.notAJournal` or `.io`.
  public func verify(_ depth: VerificationDepth = .usual) throws -> [ReplicaFault] {
    let faults = try faults(depth)
    // Nothing more is written to it as it is.
    if !faults.isEmpty { store.doubt() }
    return faults
  }

  private func faults(_ depth: VerificationDepth) throws -> [ReplicaFault] {
    var faults = try store.fileFaults().map(ReplicaFault.file)
    do {
      faults += try store.read(isCancelled: isCancelled) { session in
        let log = try session.logFaults().map(ReplicaFault.log)
        // By a log that is not what it was, nothing that has to fit it can be told.
        let local = try log.isEmpty ? session.localFaults().map(ReplicaFault.local) : []
        return try log + local + session.tableFaults().map(ReplicaFault.table)
      }
    } catch StorageError.damaged(let reason) {
      // SQLite has said it of the same place, or this is the one who says it.
      if faults.isEmpty { faults.append(.file(reason)) }
    }
    guard faults.isEmpty, case .deep(let folder) = depth else { return faults }
    return try replay(folder).map { [.registers($0)] } ?? []
  }

  /// What an empty replica makes of the same changes is another state: in words.
  private func replay(_ temporaryFolder: String) throws -> String? {
    var bytes: [UInt8] = []
    let (digest, entries, conflicts) = try store.read(isCancelled: isCancelled) { session in
      guard !session.clock.isEmpty else { return ([UInt8](), [UInt64](), 0) }
      try synchronizer.write(session, after: VectorClock(), nil) { bytes += $0 }
      return (try session.digest(), try session.entryDigest(), try session.conflictKeys().count)
    }
    guard !bytes.isEmpty else { return nil }
    let copy = try Store(
      path: nil, tables: [], deviceName: "verify", environment: store.environment, notes: nil)
    let reading = Reading(bytes)
    _ = try Synchronizer(store: copy).importFiles(
      [.stream(named: "the replica") { reading.next(atMost: $0) }],
      MergeOptions(growthLimit: nil, temporaryFolder: temporaryFolder), isCancelled: isCancelled)
    return try copy.read { session in
      if try session.digest() != digest { return "the records are not what the changes say" }
      if try session.entryDigest() != entries {
        return "what is kept of which change wrote to which record is not what the changes say"
      }
      let count = try session.conflictKeys().count
      return count == conflicts ? nil : "\(conflicts) fields wait for a decision, and \(count) should"
    }
  }
}

/// Bytes, piece by piece, for one reader.
private final class Reading: @unchecked Sendable {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func next(atMost count: Int) -> [UInt8] {
    let end = min(bytes.count, position + count)
    defer { position = end }
    return Array(bytes[position..<end])
  }
}
