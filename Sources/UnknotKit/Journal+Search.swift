import UnknotEngine

extension Journal {
  /// The newest records that have all these words: in their texts, tags and notes, in those of what belongs to them, or as
  /// the name of their kind: `pain left`, `ibuprofen`, `session ql`.
  ///
  /// - Parameters:
  ///   - text: words with blanks between them; upper and lower case of A to Z are the same. None: nothing is found.
  ///   - kind: of this kind alone, such as `pain`; nil: of all kinds.
  ///   - limit: at most so many.
  /// - Throws: `KitError`.
  public func search(_ text: String, kind: String? = nil, limit: Int) throws(KitError) -> [JournalRecord] {
    let type = try kind.map { word throws(KitError) in try Self.type(listed: word) }
    // Words of the program's own.
    let ignored = Set([FieldKey.origin, .order, .precision, .source].map(\.rawValue))
    let words = text.split(whereSeparator: \.isWhitespace).prefix(8).map { String($0) }
    guard !words.isEmpty else { return [] }
    return try read { session in
      var found: [Dot: Int64] = [:]
      let children = Set(RecordType.all.compactMap(\.childName))
      for type in type.map({ [$0] }) ?? RecordType.all where !children.contains(type.name) {
        let others = words.filter { !type.name.hasPrefix($0.lowercased()) }
        for record in try session.reader.search(type.name, others, ignoring: ignored, limit: limit) {
          found[record.id] = record.time
        }
        guard let child = type.childName else { continue }
        for owner in Set(
          try session.reader.search(
            child, others, ignoring: ignored, limit: limit * 8
          ).compactMap(\.parent))
        {
          if found[owner] == nil { found[owner] = try session.reader.place(of: owner).time }
        }
      }
      return try found.sorted { ($1.value, $1.key) < ($0.value, $0.key) }.prefix(limit).compactMap {
        try session.reader.record($0.key).map { try session.show($0) }
      }
    }
  }
}
