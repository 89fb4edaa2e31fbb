public import UnknotCausality

// Of some tables a person has one record: those that devices made without knowing of each other stand for one thing.

extension StoreReader {
  /// The records of a table as one: of each field, whatever no other write has seen. It bears the id and the presence
  /// of the one that was made first.
  ///
  /// - Parameter fields: nil: all of them.
  public func united(
    _ table: String, includeRemoved: Bool = false, fields: Set<String>? = nil
  ) throws -> StoredRecord? {
    var found: [FieldName: StoredField] = [:]
    let first = try uniting(table, includeRemoved: includeRemoved, fields: fields) { found[$0] = $1 }
    return first.map {
      StoredRecord(
        id: $0.id, kind: $0.kind, parent: $0.parent, createdAt: $0.createdAt, presence: $0.presence,
        fields: found, asked: fields, isVisible: $0.isVisible)
    }
  }

  /// The same field by field, in no order, in the memory of one field: a file can bring any number of records.
  ///
  /// - Returns: the record that was made first, without its fields.
  public func uniting(
    _ table: String, includeRemoved: Bool = false, fields: Set<String>? = nil,
    _ each: (FieldName, StoredField) throws -> Void
  ) throws -> StoredRecord? {
    var records: [StoredRecord] = []
    try forEachRecord(in: table, RecordFilter(includeRemoved: includeRemoved), fields: []) {
      records.append($0)
      return true
    }
    var all: [Int64: [ChangeKey]] = [:]
    for record in records {
      let id = try heldKey(of: record.id)
      let own = try writers(of: id)
      for (number, dots) in own { all[number, default: []] += dots }
      for number in try origin(of: id).shape.fieldNumbers where own[number] == nil {
        all[number, default: []].append(id)
      }
    }
    for (number, dots) in all where number != 0 {
      let name = try names.field(number)
      guard fields?.contains(name.field) ?? true else { continue }
      if let field = try field(number, records.count > 1 ? unseen(dots) : dots) { try each(name, field) }
    }
    return records.min { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
  }

  /// Those changes that the writer of no other one had seen. A file can bring any number: an actor's last change has
  /// seen whatever its earlier ones had, so one context of each line is enough.
  private func unseen(_ dots: [ChangeKey]) throws -> [ChangeKey] {
    var last: [Int64: ChangeKey] = [:]
    for key in dots { last[key.line] = max(last[key.line] ?? key, key) }
    var seen = LineClock()
    for dot in last.values {
      seen.merge(lines.tree.closure(of: try context(of: dot).covered))
    }
    return MergeRule.split(dots, byWriteThatHadSeen: seen.covers).concurrent
  }
}
