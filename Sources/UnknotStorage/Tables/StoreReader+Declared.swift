import UnknotCausality

// What the tables are compared with: the program's declaration, and the log.

extension StoreReader {
  /// Whether the journal's tables are those that the program declares.
  var hasDeclaredTables: Bool {
    get throws {
      try statements["SELECT hash FROM declaration"].first { $0.bytes(0) } == store.declaration
    }
  }

  /// At the start of a transaction: another program may have come between.
  func expectDeclaredTables() throws {
    guard try hasDeclaredTables else { throw StorageError.tablesChanged }
  }

  /// Registers whose entries hold different values.
  func forEachConflictOfLog(
    _ body: (_ record: ChangeKey, _ field: Int64, _ shown: ChangeKey) throws -> Void
  ) throws {
    var records: [ChangeKey] = []
    try statements["SELECT record FROM entry WHERE spent = 0 GROUP BY record HAVING count(*) > 1"]
      .eachRow { records.append($0.key(0)) }
    for record in records {
      for (field, keys) in try writers(of: record).sorted(by: { $0.key < $1.key }) where keys.count > 1 {
        guard try differ(keys.dropFirst(), field, from: heldChange(at: keys[0])) else { continue }
        try body(record, field, try ordered(keys, field)[0].key)
      }
    }
  }
}
