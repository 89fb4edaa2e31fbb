import UnknotEngine

/// A record as it would be once written.
struct Draft {
  let type: RecordType
  /// Nil: it is made now.
  let id: Dot?
  let parent: Dot?
  let stored: StoredRecord?
  let written: [FieldName: Value]

  subscript(field: FieldKey) -> Value { written[FieldName(field)] ?? stored?[field] ?? .null }

  /// Whether a value is another one than what is shown, or decides a conflict.
  func differs(_ name: FieldName, from value: Value) -> Bool {
    guard let field = stored?.fields[name] else { return value != .null }
    return field.isInConflict || field.visible != value
  }

  /// Whether it says something else than before.
  func writes(_ fields: FieldKey...) -> Bool { fields.contains { written[FieldName($0)] != nil } }

  func text(_ field: FieldKey) -> String? { self[field].text }

  func number(_ field: FieldKey) -> Int64? {
    if case .integer(let number) = self[field] { number } else { nil }
  }

  func moment(_ field: FieldKey) -> Moment? { self[field].moment }

  func reference(_ field: FieldKey) -> Dot? { if case .reference(let dot) = self[field] { dot } else { nil } }
}
