public import UnknotCausality

/// A record that has the words that were looked for.
public struct FoundRecord: Sendable {
  /// What its kind is listed by, in ms since 1970 UTC.
  public let time: Int64
  public let id: Dot
  /// The record it belongs to.
  public let parent: Dot?
}

extension StoreReader {
  /// The newest records of a kind in whose texts, and keys of sets, each of the words is. Removed ones are left out.
  ///
  /// - Parameters:
  ///   - ignored: fields that are not looked at.
  ///   - words: upper and lower case of A to Z are the same; without any, all records have them.
  ///   - limit: at most so many.
  public func search(
    _ kind: String, _ words: [String], ignoring ignored: Set<String> = [], limit: Int
  ) throws -> [FoundRecord] {
    guard limit > 0, let table = store.recordTables[kind] else { return [] }
    let texts = table.columns.filter { $0.kind == .text && !ignored.contains($0.names[0]) }.map {
      "\"\($0.names[0])\""
    }
    let tests = words.indices.map { index in
      let pattern = "LIKE ?\(index + 1) ESCAPE '\\'"
      let keys = """
        EXISTS (SELECT 1 FROM member CROSS JOIN field ON field.id = member.field
        WHERE member.record = record.id AND field.key \(pattern))
        """
      return "(" + (texts.map { "\($0) \(pattern)" } + [keys]).joined(separator: " OR ") + ")"
    }
    let rows = try statements[
      """
      SELECT id, parent, \(table.listedBy), complete FROM \(table.sqlName) AS record
      WHERE present = 1 AND (complete = 0 OR \((["1"] + tests).joined(separator: " AND ")))
      ORDER BY 3 DESC, id DESC
      """
    ]
    for (index, word) in words.enumerated() { rows.bind("%\(Self.escaped(word))%", at: Int32(index + 1)) }
    var found: [FoundRecord] = []
    try rows.eachRowWhile { row in
      let parent = row.keyOrNone(1)
      guard try arePresent(parent) else { return true }
      // Such a row does not say all that the record holds.
      if row.integer(3) == 0, try !hasAll(words, record(heldChange(at: row.key(0))), ignored) { return true }
      found.append(
        FoundRecord(
          time: row.integer(2), id: try lines.name(of: row.key(0)),
          parent: try parent.map { try lines.name(of: $0) }
        ))
      return found.count < limit
    }
    return found
  }

  /// What stands for itself in a pattern of LIKE.
  private static func escaped(_ word: String) -> String {
    word.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_")
  }

  private func hasAll(_ words: [String], _ record: StoredRecord, _ ignored: Set<String>) -> Bool {
    let texts = record.fields.filter { !ignored.contains($0.key.field) }.flatMap { name, field -> [String] in
      let key = field.visible == .removed ? [] : [name.key].compactMap { $0 }
      if case .text(let text) = field.visible { return key + [text] }
      return key
    }.map { $0.lowercased() }
    return words.allSatisfy { word in
      let word = word.lowercased()
      return texts.contains { $0.contains(word) }
    }
  }
}
