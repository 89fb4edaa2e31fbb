import GRDB
package import UnknotCausality

/// The log of a file that may be damaged: its rows, brought into a database of its own, in which it can be told which of
/// them are what was written. The damaged file is only read.
package final class SalvagedLog {
  private let queue: DatabaseQueue
  /// Knows the kinds of records. It has no records itself.
  private let stub: Store
  /// What the file is a journal of, as far as that could be read.
  package let journalIDs: [[UInt8]]
  /// The device that wrote the file; nil where that cannot be told.
  package let device: DeviceID?
  /// Changes of which not even the device can be told any more.
  package let nameless: Int64

  /// - Parameters:
  ///   - path: the damaged file.
  ///   - copy: an empty file that this may use as long as it lives.
  package init(
    _ path: String, into copy: String, kinds: [RecordKind], environment: any ReplicaEnvironment
  ) throws {
    stub = try Store(path: nil, tables: kinds, deviceName: "rescue", environment: environment, notes: nil)
    var configuration = Configuration()
    configuration.prepareDatabase {
      // Of a copy that is thrown away, nothing has to be on the disk.
      try $0.execute(sql: "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF")
    }
    queue = try StorageError.translating { try DatabaseQueue(path: copy, configuration: configuration) }
    let rows = FoundRows(try DatabaseFile(path: path))
    let queue = queue
    let made = try StorageError.translating {
      try queue.write { database in
        try Store.migrate(database)
        let filling = SalvageFilling(database, environment)
        try filling.take(rows)
        guard try filling.isOfJournal() else {
          throw StorageError.notAJournal("nothing of a journal is in it")
        }
        let device = try filling.device()
        try filling.complete()
        return (try filling.journalIDs(), device, try filling.nameless())
      }
    }
    (journalIDs, device, nameless) = made
  }

  /// Gives what the chain proves, as a log that is whole.
  ///
  /// - Parameters:
  ///   - isHeld: whether somebody who is to be trusted holds the change of that family, depth and hash: a chain that is
  ///     torn goes on from there.
  ///   - body: `proven` has nothing else; from `base` on it has everything.
  func withProven<T>(
    isHeld: @escaping (_ root: ActorID, _ depth: Int64, _ hash: [UInt8]) throws -> Bool,
    _ body: (_ proven: StoreReader, _ base: [ClockEntry]) throws -> T
  ) throws -> (result: T, unproven: [UnprovenChanges]) {
    try withProof(isHeld: isHeld) { proof, database in
      let unproven = try proof.unproven()
      try proof.cut()
      let proven = try StoreReader(database, store: stub)
      let base = proof.starts.sorted { $0.key < $1.key }.compactMap { key, hash -> ClockEntry? in
        guard let dot = proven.lines.tree.name(of: key), let hash = ChangeHash(hash) else { return nil }
        return ClockEntry(dot, hash)
      }
      return (try body(proven, base), unproven)
    }
  }

  /// Gives everything that could be read, and how much of it is proven.
  ///
  /// - Parameter isHeld: as above.
  func withProof<T>(
    isHeld: @escaping (_ root: ActorID, _ depth: Int64, _ hash: [UInt8]) throws -> Bool,
    _ body: (_ proof: SalvageProof) throws -> T
  ) throws -> T {
    try withProof(isHeld: isHeld) { proof, _ in try body(proof) }
  }

  private func withProof<T>(
    isHeld: @escaping (_ root: ActorID, _ depth: Int64, _ hash: [UInt8]) throws -> Bool,
    _ body: (SalvageProof, Database) throws -> T
  ) throws -> T {
    var result: T?
    try StorageError.translating {
      try queue.inDatabase { database in
        try database.inTransaction {
          let proof = SalvageProof(try StoreReader(database, store: stub), isHeld)
          try proof.run()
          result = try body(proof, database)
          // The next one may find more to be held.
          return .rollback
        }
      }
    }
    guard let result else { preconditionFailure("a transaction that ended without its result") }
    return result
  }
}

/// Changes of a damaged file that its chain does not prove.
package struct UnprovenChanges: Hashable, Sendable {
  package let device: String
  package let first: Dot
  package let last: Dot
  /// How many of them could be read.
  package let found: Int64
  /// How many of those are proven to be what was written; they come after some that are lost.
  package let proven: Int64

  /// Those after the change of that number.
  package func beyond(_ seq: UInt64) -> UnprovenChanges {
    let first = Dot(last.actor, max(self.first.actor == last.actor ? self.first.seq : 1, seq + 1))
    let count = Int64(clamping: last.seq - first.seq + 1)
    return UnprovenChanges(
      device: device, first: first, last: last, found: min(found, count), proven: min(proven, count))
  }

  /// Nothing more can be had of them.
  package var withoutProven: UnprovenChanges {
    UnprovenChanges(device: device, first: first, last: last, found: found, proven: 0)
  }
}
