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
  case deep
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
    guard faults.isEmpty, depth == .deep else { return faults }
    do {
      return try store.read(isCancelled: isCancelled) {
        try $0.registerFault(isCancelled: isCancelled).map { [.registers($0)] } ?? []
      }
    } catch StorageError.damaged(let reason) {
      return [.registers(reason)]
    }
  }
}
