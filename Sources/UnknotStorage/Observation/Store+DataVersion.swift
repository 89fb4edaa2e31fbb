import GRDB

package struct DataVersion: Hashable, Sendable {
  fileprivate let connection: ObjectIdentifier
  fileprivate let number: Int64

  package func isSameConnection(as other: DataVersion) -> Bool { connection == other.connection }
}

extension Store {
  /// Another one than before where somebody else has committed to the same file since: another process, or another store.
  package func dataVersion() throws -> DataVersion {
    try StorageError.translating {
      let queue = try readable()
      return DataVersion(
        connection: ObjectIdentifier(queue),
        number: try queue.read { try Int64.fetchOne($0, sql: "PRAGMA data_version") ?? 0 })
    }
  }

  /// Reads how far it stands after all that was asked of it so far, and before anything that is asked of it later. Who asks
  /// does not wait.
  package func readState(_ body: @escaping @Sendable (SeenState, DataVersion) -> Void) {
    let queue = opened
    queue.asyncRead { [self] database in
      guard let database = try? database.get(), let reader = try? StoreReader(database, store: self),
        let seen = try? reader.seenState,
        let number = try? Int64.fetchOne(database, sql: "PRAGMA data_version")
      else { return }
      body(seen, DataVersion(connection: ObjectIdentifier(queue), number: number))
    }
  }
}
