import UnknotEngine

/// A field that devices disagree on and that a person decides.
struct FieldConflict {
  let record: StoredRecord
  let field: FieldName
  let state: StoredField
}

extension JournalTransaction {
  /// Every one, by record id and then by field, in the memory of one record.
  func forEachFieldConflict(_ body: (FieldConflict) throws -> Void) throws {
    var keys: [ConflictKey] = []
    try forEachConflictKey { keys.append($0) }
    var record: StoredRecord?
    for key in keys.sorted() {
      if record?.id != key.record { record = try self.record(key.record) }
      guard let record, let state = try state(of: key.field, record) else { continue }
      try body(FieldConflict(record: record, field: key.field, state: state))
    }
  }

  /// Those of one record.
  func fieldConflicts(of record: StoredRecord) throws -> [FieldConflict] {
    var names: [FieldName] = []
    try forEachConflictKey { if $0.record == record.id { names.append($0.field) } }
    return try names.sorted().compactMap { name in
      try state(of: name, record).map { FieldConflict(record: record, field: name, state: $0) }
    }
  }

  /// Of presence: where a person has one of a kind, kept or removed is the whole thing.
  private func state(of name: FieldName, _ record: StoredRecord) throws -> StoredField? {
    guard name == .presence else { return record.fields[name] }
    var presence = record.presence
    if let type = RecordType.named(record.kind), type.isSingle {
      presence = Register(
        try records(type, fields: []).map(\.presence).filter(\.isInConflict).flatMap(\.entries),
        rule: FieldName.presence.rule)
    }
    return presence.visible.map { StoredField(presence, visible: $0) }
  }

  /// Every conflict that is a person's to decide, without its values, in no order. What a person may not write follows
  /// the field that it is derived from, and is no conflict of its own.
  func forEachConflictKey(_ body: (ConflictKey) throws -> Void) throws {
    try reader.forEachConflict { key in
      if let type = RecordType.named(try reader.kind(of: key.record)) {
        // Of a kind of which a person has one, all records are looked at together.
        guard !type.isSingle else { return }
        let isForPeople = try isForPeople(key.field, type) {
          try reader.isInConflict(ConflictKey(record: key.record, field: $0))
        }
        guard key.field == .presence || isForPeople else { return }
      }
      try body(key)
    }
    for type in RecordType.all where type.isSingle {
      var names: Set<FieldName> = []
      let record = try reader.uniting(type.name) { name, field in
        if field.isInConflict { names.insert(name) }
      }
      guard let record else { continue }
      for name in names where isForPeople(name, type, isInConflict: names.contains) {
        try body(ConflictKey(record: record.id, field: name))
      }
      if try records(type, fields: []).contains(where: \.presence.isInConflict) {
        try body(ConflictKey(record: record.id, field: .presence))
      }
    }
  }

  func isForPeople(_ name: FieldName, of record: StoredRecord, _ type: RecordType) -> Bool {
    isForPeople(name, type) { record.fields[$0]?.isInConflict == true }
  }

  /// Whether a person decides the field by itself: what nobody may edit, and what goes with a field that is in conflict
  /// as well, is decided with that. Fields of a newer program are a person's to decide.
  private func isForPeople(
    _ name: FieldName, _ type: RecordType, isInConflict: (FieldName) throws -> Bool
  ) rethrows -> Bool {
    guard let field = type.field(name.field), field.isCollection == name.isMapKey else { return true }
    guard field.isEditable || field.kind == .order else { return false }
    return try !(type.source(of: field.key).map { try isInConflict(FieldName($0)) } ?? false)
  }

  /// The record of a kind of which a person has one, made up of those that devices made without knowing of each other.
  ///
  /// - Parameter fields: nil: all of them.
  func single(
    _ type: RecordType, includeRemoved: Bool = false, fields: Set<FieldKey>? = nil
  ) throws -> StoredRecord? {
    try reader.united(
      type.name, includeRemoved: includeRemoved, fields: fields.map { Set($0.map(\.rawValue)) })
  }

  /// A record as a person sees it; nil where there is none of that id.
  func record(_ id: Dot) throws -> StoredRecord? {
    guard let record = try reader.record(id), let type = RecordType.named(record.kind), type.isSingle,
      record.isVisible
    else { return try reader.record(id) }
    return try single(type)
  }
}
