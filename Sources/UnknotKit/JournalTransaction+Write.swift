import UnknotCausality
import UnknotStorage

// The one door for what a person writes: every record is made and edited here, so that each rule holds everywhere.
extension JournalTransaction where Reader == StoreWriter {
  /// - Returns: the new record's id.
  func create(_ type: RecordType, parent: Dot? = nil, _ values: [FieldName: Value]) throws -> Dot {
    var values = values.filter { $0.value != .null }
    let draft = Draft(type: type, id: nil, parent: parent, stored: nil, written: values)
    for field in type.fields where field.isRequired && !field.isParent {
      guard draft[field.name] != .null else {
        throw KitError(.invalidValue, "a \(type.name) needs \(field.name)")
      }
    }
    try complete(draft, &values)
    try check(Draft(type: type, id: nil, parent: parent, stored: nil, written: values))
    return try reader.create(type.name, parent: parent, values)
  }

  /// - Returns: false where nothing differed.
  func edit(_ record: StoredRecord, _ values: [FieldName: Value]) throws -> Bool {
    guard let type = RecordType.named(record.table) else {
      throw KitError(
        .invalidValue, "records of type \(record.table) come from a newer program",
        hint: "install it to edit them")
    }
    var values = values
    try complete(
      Draft(type: type, id: record.id, parent: record.parent, stored: record, written: values), &values)
    try check(Draft(type: type, id: record.id, parent: record.parent, stored: record, written: values))
    return try reader.edit(record.id, values)
  }

  /// What goes with the time of a record: the local day that it belongs to, as days begin now, and whether a rating
  /// still is one around its session.
  private func complete(_ draft: Draft, _ values: inout [FieldName: Value]) throws {
    guard let name = draft.type.timeField, let moment = draft.moment(name) else { return }
    if draft.writes(name), values[FieldName("local_day")] == nil {
      let day = LocalDay(of: moment, start: try dayStart())
      values[FieldName("local_day")] = .integer(Int64(day.number))
    }
    if draft.type == .pain, draft.writes(name, "context"), let wanted = draft.text("context"),
      let session = try draft.parent.flatMap({ try reader.record($0) })
    {
      let context = context(wanted, at: moment, around: session)
      if !bytewiseEqual(context, wanted) { values[FieldName("context")] = .text(context) }
    }
  }

  /// - Parameter assignments: `FIELD=VALUE` or, of a set or a map, `FIELD/KEY=VALUE`.
  func edit(_ record: StoredRecord, _ assignments: [String]) throws -> Bool {
    guard let type = RecordType.named(record.table) else { return try edit(record, [:]) }
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
        .invalidValue, "a \(type.name) has no field \(name)",
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
        FieldName(field.name): try field.value(of: text, times: journal.times, reference: reference)
      ]
      if field.kind == .time, field.name == type.timeField, !text.isEmpty {
        values[FieldName("precision")] = .text(journal.times.precision(text))
      }
      return values
    }
  }
}

/// A record as it would be once written.
struct Draft {
  let type: RecordType
  /// Nil: it is made now.
  let id: Dot?
  let parent: Dot?
  let stored: StoredRecord?
  let written: [FieldName: Value]

  subscript(field: String) -> Value { written[FieldName(field)] ?? stored?[field] ?? .null }

  /// Whether it says something else than before.
  func writes(_ fields: String...) -> Bool { fields.contains { written[FieldName($0)] != nil } }

  func text(_ field: String) -> String? { if case .text(let text) = self[field] { text } else { nil } }

  func number(_ field: String) -> Int64? {
    if case .integer(let number) = self[field] { number } else { nil }
  }

  func moment(_ field: String) -> Moment? {
    if case .time(let milliseconds, let offset) = self[field] {
      Moment(milliseconds: milliseconds, offsetMinutes: offset)
    } else {
      nil
    }
  }

  func reference(_ field: String) -> Dot? { if case .reference(let dot) = self[field] { dot } else { nil } }
}
