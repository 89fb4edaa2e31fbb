import GRDB

/// The journal's own tables and indexes as the migrations make them: SQLite keeps the text.
enum Definitions {
  /// What the text of `entry` said before; it means the same.
  private static let formerEntry = (now: "presence BETWEEN 0 AND 2", then: "presence IN (0, 1, 2)")

  /// By name, every text that a journal can have.
  static let known: Result<[String: [String]], any Error> = Result {
    try DatabaseQueue().write { database in
      try Store.migrate(database)
      var known: [String: [String]] = [:]
      for row in try Row.fetchAll(database, sql: "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
      {
        known[row[0], default: []].append(row[1])
      }
      let former = known["entry", default: []].map { $0.replacing(formerEntry.now, with: formerEntry.then) }
      known["entry", default: []] += former
      return known
    }
  }
}

extension StoreReader {
  /// A constraint that is another one would let in what no reader expects.
  func definitionFaults() throws -> [String] {
    var kept: [String: [UInt8]] = [:]
    try statements["SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"].eachRow {
      kept[String(decoding: $0.bytes(0), as: UTF8.self)] = $0.bytes(1)
    }
    // SQLite keeps beside each definition what it defines.
    if let (name, _) = kept.first(where: { name, text in text.firstRange(of: Array(name.utf8)) == nil }) {
      return ["\(name): it is called otherwise than in its definition"]
    }
    return try Definitions.known.get().sorted { $0.key < $1.key }.compactMap { name, texts in
      guard let text = kept[name] else { return "\(name): it is not there" }
      return texts.contains { text.elementsEqual($0.utf8) }
        ? nil : "\(name): its definition is not what it was"
    }
  }
}
