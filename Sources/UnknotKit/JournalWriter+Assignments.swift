import UnknotEngine

// What a person writes as `FIELD=VALUE`.
extension JournalWriter {
  /// - Parameter assignments: `FIELD=VALUE` or, of a set or a map, `FIELD/KEY=VALUE`.
  func edit(_ record: StoredRecord, _ assignments: [String]) throws -> Bool {
    guard let type = RecordType.named(record.kind) else { return try edit(record, [:]) }
    guard !assignments.isEmpty else { throw KitError(.usage, "nothing to edit", hint: "write FIELD=VALUE") }
    var values: [FieldName: Value] = [:]
    for assignment in assignments {
      guard let sign = assignment.firstIndex(of: "=") else {
        throw KitError(.usage, "\(assignment) is not FIELD=VALUE")
      }
      let name = String(assignment[..<sign])
      let text = String(assignment[assignment.index(after: sign)...])
      values.merge(try self.values(of: name, text, type, record)) { $1 }
    }
    return try edit(record, values)
  }

  /// What an assignment writes: of a set that is written whole, a value for each word that comes or goes.
  func values(
    of name: String, _ text: String, _ type: RecordType, _ record: StoredRecord?
  ) throws -> [FieldName: Value] {
    let parts = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let field = type.field(parts.first ?? "") else {
      let names = type.fields.filter(\.isEditable).map(\.name)
      throw KitError(
        .invalidValue, "\(withArticle(type.name)) has no field \(name)",
        hint: (names.nearest(to: name).map { "did you mean \($0)? " } ?? "") + "it has: "
          + names.joined(separator: ", "))
    }
    if parts.count == 2 {
      let (key, value) = try field.value(of: text, key: parts[1])
      return [FieldName(field.name, key: key): value]
    }
    switch field.kind {
    case .set:
      let wanted = try field.words(text)
      let present = record?.members(of: field.name).map(\.key) ?? []
      var values: [FieldName: Value] = [:]
      for key in present where !wanted.contains(where: { bytewiseEqual($0, key) }) {
        values[FieldName(field.name, key: key)] = .removed
      }
      for key in wanted { values[FieldName(field.name, key: key)] = .present }
      return values
    case .map:
      throw KitError(
        .invalidValue, "\(field.name) holds values under keys", hint: "write \(field.name)/KEY=VALUE")
    default:
      var values = [
        FieldName(field.name): try field.value(of: text, times: times(), reference: reference)
      ]
      if field.kind == .time, field.key == type.timeField, !text.isEmpty {
        values[FieldName(.precision)] = .text(try times().precision(text))
      }
      return values
    }
  }
}
