public import UnknotCausality

/// A record that has the words that were looked for.
public struct FoundRecord: Sendable {
  /// What its kind is listed by, in ms since 1970 UTC.
  public let time: Int64
  /// Its id.
  public let id: Dot
}

extension StoreReader {
  /// The newest records of a kind that have each of the words: in a text or a key of a set, of their own or of what belongs
  /// to them. Removed ones are left out.
  ///
  /// - Parameters:
  ///   - words: upper and lower case of A to Z are the same; without any, all records have them.
  ///   - child: the kind of what belongs to them; nil: nothing does.
  ///   - ignored: fields that are not looked at.
  ///   - numbers: fields with whole numbers; a word that is one of them has to be all of it.
  ///   - limit: at most so many.
  public func search(
    _ kind: String, _ words: [String], with child: String? = nil, ignoring ignored: Set<String> = [],
    numbers: Set<String> = [], limit: Int
  ) throws -> [FoundRecord] {
    guard limit > 0, let table = store.recordTables[kind] else { return [] }
    let children = child.flatMap { store.recordTables[$0] }
    let tests = words.indices.map { index in
      let own = Self.test(table, "record", index, ignored, numbers)
      guard let children else { return own }
      let below = """
        EXISTS (SELECT 1 FROM \(children.sqlName) AS child WHERE child.parent = record.id AND child.present = 1
        AND \(Self.test(children, "child", index, ignored, numbers)))
        """
      return "(\(own) OR \(below))"
    }
    // Where a row does not say all that a record holds, the record is asked itself.
    let doubt =
      children.map {
        """
        complete = 0 OR EXISTS (SELECT 1 FROM \($0.sqlName) AS child
        WHERE child.parent = record.id AND child.complete = 0)
        """
      } ?? "complete = 0"
    let rows = try statements[
      """
      SELECT id, parent, \(table.listedBy), \(doubt) AS doubt FROM \(table.sqlName) AS record
      WHERE present = 1 AND (\(doubt) OR \((["1"] + tests).joined(separator: " AND ")))
      ORDER BY 3 DESC, id DESC
      """
    ]
    for (index, word) in words.enumerated() { rows.bind("%\(Self.escaped(word))%", at: Int32(index + 1)) }
    var found: [FoundRecord] = []
    try rows.eachRowWhile { row in
      guard try arePresent(row.keyOrNone(1)) else { return true }
      let id = try lines.name(of: row.key(0))
      if row.integer(3) != 0, try !hasAll(words, id, child, ignored, numbers) { return true }
      found.append(FoundRecord(time: row.integer(2), id: id))
      return found.count < limit
    }
    return found
  }

  private static func test(
    _ table: RecordTable, _ name: String, _ index: Int, _ ignored: Set<String>, _ numbers: Set<String>
  ) -> String {
    let pattern = "LIKE ?\(index + 1) ESCAPE '\\'"
    let texts = table.columns.filter { $0.kind == .text && !ignored.contains($0.names[0]) }.map {
      "\(name).\"\($0.names[0])\" \(pattern)"
    }
    let exact = table.columns.filter { $0.kind == .integer && numbers.contains($0.names[0]) }.map {
      "'%' || \(name).\"\($0.names[0])\" || '%' = ?\(index + 1)"
    }
    let keys = """
      EXISTS (SELECT 1 FROM member CROSS JOIN field ON field.id = member.field
      WHERE member.record = \(name).id AND field.key \(pattern))
      """
    return "(" + (texts + exact + [keys]).joined(separator: " OR ") + ")"
  }

  /// What stands for itself in a pattern of LIKE.
  private static func escaped(_ word: String) -> String {
    word.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_")
  }

  private func hasAll(
    _ words: [String], _ id: Dot, _ child: String?, _ ignored: Set<String>, _ numbers: Set<String>
  ) throws -> Bool {
    guard let record = try record(id) else { return false }
    let below = try child.map { try children(of: id, in: $0, includeRemoved: false) } ?? []
    let texts = ([record] + below).flatMap { record in
      record.fields.filter { !ignored.contains($0.key.field) }.flatMap { name, field -> [String] in
        let key = field.visible == .removed ? [] : [name.key].compactMap { $0 }
        if case .text(let text) = field.visible { return key + [text] }
        return key
      }
    }.map(Self.folded)
    let numbers = ([record] + below).flatMap { record in
      record.fields.compactMap { name, field -> [UInt8]? in
        guard numbers.contains(name.field), case .integer(let number) = field.visible else { return nil }
        return Array(String(number).utf8)
      }
    }
    return words.map(Self.folded).allSatisfy { word in
      numbers.contains(word) || texts.contains { $0.contains(word) }
    }
  }

  /// As LIKE compares: A to Z as a to z, and all else as it is.
  private static func folded(_ text: String) -> [UInt8] {
    text.utf8.map { (65...90).contains($0) ? $0 + 32 : $0 }
  }
}
