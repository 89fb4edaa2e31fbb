import UnknotEngine

extension Journal {
  /// The newest records that have all these words: in their texts, scores, tags and notes, in those of what belongs to them, or as
  /// the name of their kind, of which three letters are enough: `pain left`, `ibuprofen`, `session ql`.
  ///
  /// - Parameters:
  ///   - text: words with blanks between them; upper and lower case of A to Z are the same. None: nothing is found.
  ///   - kind: of this kind alone, such as `pain`; nil: of all kinds.
  ///   - limit: at most so many, and no more than 10,000.
  /// - Throws: `KitError`.
  public func search(_ text: String, kind: String? = nil, limit: Int) throws(KitError) -> [JournalRecord] {
    let type = try kind.map { word throws(KitError) in try Self.type(listed: word) }
    // Words of the program's own.
    let ignored = Set([FieldKey.origin, .order, .precision, .source].map(\.rawValue))
    let words = text.split(whereSeparator: \.isWhitespace).prefix(8).map { String($0) }
    guard !words.isEmpty else { return [] }
    let limit = min(limit, 10_000)
    guard limit > 0 else { return [] }
    return try read { session in
      var found: [Dot: Int64] = [:]
      // What belongs to another record is found in it.
      let isChild = { (type: RecordType) in RecordType.all.contains { $0.childName == type.name } }
      for type in type.map({ [$0] }) ?? RecordType.all.filter({ !isChild($0) }) {
        let others = words.filter { word in
          word.count < 3 || !(type.name.hasPrefix(word.lowercased()) || type.plural == word.lowercased())
        }
        let records = try session.reader.search(
          type.name, others, with: type.childName, ignoring: ignored, numbers: [FieldKey.score.rawValue],
          limit: limit)
        for record in records { found[record.id] = record.time }
      }
      return try found.sorted { ($1.value, $1.key) < ($0.value, $0.key) }.prefix(limit).compactMap {
        try session.reader.record($0.key).map { try session.show($0) }
      }
    }
  }
}
