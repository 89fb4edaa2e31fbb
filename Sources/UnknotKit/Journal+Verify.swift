import UnknotEngine

/// A place of the journal that is not as it should be.
public struct JournalFault: Hashable, Sendable {
  /// The table; nil of the file as a whole.
  public let table: String?
  /// The full id of the record that it is about.
  public let record: String?
  /// What is wrong there, in words.
  public let reason: String

  /// An object with `table`, `record` and `reason`.
  public var json: JSONValue {
    .object([
      ("table", table.map { .string($0) } ?? .null), ("record", record.map { .string($0) } ?? .null),
      ("reason", .string(reason)),
    ])
  }
}

extension Journal {
  /// Looks through the file as SQLite does, and compares every derived table with the log. It takes about as long as to
  /// make those anew.
  ///
  /// - Returns: some of what it found, the file's first; none where all is as it should be.
  public func verify() throws(KitError) -> [JournalFault] {
    let file = try fileFaults().map { JournalFault(table: nil, record: nil, reason: $0) }
    guard file.isEmpty else { return file }
    return try read { session in
      try session.reader.tableFaults().map {
        JournalFault(table: $0.table, record: $0.record?.description, reason: $0.reason)
      }
    }
  }

  /// Makes every derived table anew from the log: what another hand has written to them is gone.
  public func mendTables() throws(KitError) { try makeTablesAnew() }
}
