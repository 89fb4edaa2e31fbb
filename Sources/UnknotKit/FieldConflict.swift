import UnknotCausality
import UnknotStorage

/// A field that devices disagree on and that a person decides.
struct FieldConflict {
  let record: StoredRecord
  let field: FieldName
  /// The visible entry first.
  let register: Register
}

extension JournalTransaction {
  /// Every one, by record id and then by field. What a person may not write follows the field that it is derived from,
  /// and is no conflict of its own.
  func fieldConflicts() throws -> [FieldConflict] {
    let stored = try storedConflicts().compactMap { conflict in
      try reader.record(conflict.record).map {
        FieldConflict(record: $0, field: conflict.field, register: conflict.register)
      }
    }
    return (stored + (try singleConflicts())).sorted {
      $0.record.id == $1.record.id ? $0.field < $1.field : $0.record.id < $1.record.id
    }
  }

  /// The same without their records: to be counted.
  func conflictKeys() throws -> Set<ConflictKey> {
    Set(
      try storedConflicts().map { ConflictKey(record: $0.record, field: $0.field) }
        + singleConflicts().map { ConflictKey(record: $0.record.id, field: $0.field) })
  }

  /// Of a kind of which a person has one, all records are looked at together (`singleConflicts`).
  private func storedConflicts() throws -> [Conflict] {
    let all = try reader.conflicts()
    let keys = Set(all.map { ConflictKey(record: $0.record, field: $0.field) })
    return all.filter { conflict in
      guard let type = RecordType.named(conflict.table) else { return true }
      guard !type.isSingle else { return false }
      return conflict.field == .presence
        || isForPeople(conflict.field, type) {
          keys.contains(ConflictKey(record: conflict.record, field: $0))
        }
    }
  }

  private func singleConflicts() throws -> [FieldConflict] {
    var conflicts: [FieldConflict] = []
    for type in RecordType.all where type.isSingle {
      guard let record = try single(type) else { continue }
      for (name, register) in record.fields
      where register.isInConflict && isForPeople(name, of: record, type) {
        conflicts.append(FieldConflict(record: record, field: name, register: register))
      }
      // Kept or removed is the whole thing.
      let disputed = try all(type).map(\.presence).filter(\.isInConflict)
      if !disputed.isEmpty {
        let register = Register(disputed.flatMap(\.entries), rule: FieldName.presence.rule)
        conflicts.append(FieldConflict(record: record, field: .presence, register: register))
      }
    }
    return conflicts
  }

  func isForPeople(_ name: FieldName, of record: StoredRecord, _ type: RecordType) -> Bool {
    isForPeople(name, type) { record.fields[$0]?.isInConflict == true }
  }

  /// Whether a person decides the field by itself: what nobody may edit, and what goes with a field that is in conflict
  /// as well, is decided with that. Fields of a newer program are a person's to decide.
  private func isForPeople(
    _ name: FieldName, _ type: RecordType, isInConflict: (FieldName) -> Bool
  ) -> Bool {
    guard let field = type.field(name.field), field.isCollection == name.isMapKey else { return true }
    guard field.isEditable || field.kind == .order else { return false }
    return !(type.source(of: field.name).map { isInConflict(FieldName($0)) } ?? false)
  }

  /// The record of a kind of which a person has one, made up of those that devices made without knowing of each other.
  func single(_ type: RecordType, includeRemoved: Bool = false) throws -> StoredRecord? {
    try reader.united(try all(type, includeRemoved: includeRemoved))
  }

  func all(_ type: RecordType, includeRemoved: Bool = false) throws -> [StoredRecord] {
    try reader.records(in: type.name, RecordFilter(includeRemoved: includeRemoved))
  }

  /// A record as a person sees it; nil where there is none of that id.
  func record(_ id: Dot) throws -> StoredRecord? {
    guard let record = try reader.record(id), let type = RecordType.named(record.table), type.isSingle,
      record.isVisible
    else { return try reader.record(id) }
    return try single(type)
  }
}
