import UnknotCausality

/// What an empty journal in memory makes of the same changes. It takes as long as to import everything, and as much memory
/// as the journal is large.
struct Replay {
  private let store: Store

  /// - Throws: `StorageError.damaged` where nobody could take the changes in.
  init(of reader: StoreReader, isCancelled: (() -> Bool)? = nil) throws {
    store = try Store(
      path: nil, tables: [], deviceName: "replay", environment: reader.store.environment, notes: nil)
    guard !reader.clock.isEmpty else { return }
    do {
      try store.importing(isCancelled: isCancelled) { importer in
        try importer.adopt(journalIDs: reader.journalIDs)
        _ = try importer.take(everythingOf: reader)
      }
    } catch let error as InvalidChange {
      throw StorageError.damaged(error.description)
    }
  }

  /// What registers hold there and do not hold here, or the other way round: in words.
  func fault(in reader: StoreReader) throws -> String? {
    try store.read { other in
      if try other.digest() != reader.digest() { return "the records are not what the changes say" }
      return try other.entryDigest() == reader.entryDigest()
        ? nil : "what is kept of which change wrote to which record is not what the changes say"
    }
  }

  fileprivate func eachEntry(_ body: (StoreReader, RawStatement) throws -> Void) throws {
    try store.read { other in
      try other.statements["SELECT key, own, presence, fields, record, spent FROM entry"].eachRow {
        try body(other, $0)
      }
    }
  }
}

extension StoreReader {
  /// Whether registers hold what follows from the changes, which have to be what was written (`logFaults`).
  ///
  /// - Returns: what does not, in words.
  package func registerFault(isCancelled: (() -> Bool)? = nil) throws -> String? {
    try statements.flush()
    return try Replay(of: self, isCancelled: isCancelled).fault(in: self)
  }
}

extension Door {
  /// Gives the registers what they have there. Tables are to be made anew afterwards.
  func makeRegistersAnew(from replay: Replay) throws {
    func key(_ reader: StoreReader, _ key: ChangeKey) throws -> ChangeKey {
      let dot = try reader.lines.name(of: key)
      guard let own = lines.key(of: dot) else { throw StorageError.damaged("\(dot) is not there") }
      return own
    }
    try statements.flush()
    try statements["DELETE FROM entry"].run()
    let insert = try statements[
      "INSERT INTO entry (record, spent, key, own, presence, fields) VALUES (?, ?, ?, ?, ?, ?)"]
    var last = try NamedFields()
    try replay.eachEntry { other, row in
      let entry = try Entry(row, after: &last)
      let fields = try entry.fields.map { try numbers.number(of: other.names.field($0)) }.sorted()
      try insert.bind(key(other, row.key(4)), at: 1).bind(row.integer(5), at: 2)
        .bind(key(other, entry.key), at: 3).bind(entry.isOwn ? 1 : 0, at: 4)
        .bind(entry.presence.rawValue, at: 5).bind(Entry.bytes(fields), at: 6).run()
    }
  }
}
