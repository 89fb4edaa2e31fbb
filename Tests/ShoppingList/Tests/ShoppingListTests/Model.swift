import UnknotEngine

/// What a device has done, by the words of the merge rules alone: writes, and which of them each had seen.
struct ModelWrite {
  let dot: Dot
  let recordedAt: Int64
  /// Numbers of writes.
  let seen: Set<Int>
  /// The record's number, which is that of the write that made it.
  let record: Int
  let values: [FieldName: Value]
  /// Of the record.
  let isPresent: Bool
  /// What the record belongs to: it is present again with each write but a removal.
  let parent: Int?
}

/// All writes that were ever made, on any device.
struct Model {
  var writes: [ModelWrite] = []

  struct Held {
    var visible: Value
    var values: Set<Value>
    var isInConflict: Bool { values.count > 1 }
  }

  /// The entries of a register: those that no other entry's writer had seen.
  private func entries(_ held: Set<Int>, _ value: (ModelWrite) -> Value?) -> [(ModelWrite, Value)] {
    let writers = held.filter { value(writes[$0]) != nil }
    return writers.filter { one in !writers.contains { writes[$0].seen.contains(one) } }
      .compactMap { number in value(writes[number]).map { (writes[number], $0) } }
  }

  func register(_ record: Int, _ field: FieldName, _ held: Set<Int>) -> Held? {
    let entries = entries(held) { $0.record == record ? $0.values[field] : nil }
    // Of a set's or a map's key, something written wins over a removal.
    let shown =
      field.isMapKey && entries.contains { $0.1 != .null } ? entries.filter { $0.1 != .null } : entries
    let visible = shown.max { ($0.0.recordedAt, $0.0.dot) < ($1.0.recordedAt, $1.0.dot) }
    return visible.map { Held(visible: $0.1, values: Set(entries.map(\.1))) }
  }

  func presence(_ record: Int, _ held: Set<Int>) -> Held {
    let entries = entries(held) { write in
      if write.record == record { return write.isPresent ? .present : .removed }
      return write.parent == record && write.isPresent ? .present : nil
    }
    let values = Set(entries.map(\.1))
    return Held(visible: values.contains(.present) ? .present : .removed, values: values)
  }

  func records(_ held: Set<Int>) -> [Int] { held.filter { writes[$0].record == $0 }.sorted() }

  func isVisible(_ record: Int, _ held: Set<Int>) -> Bool {
    guard presence(record, held).visible == .present else { return false }
    return writes[record].parent.map { isVisible($0, held) } ?? true
  }

  /// Of a record, every field that somebody wrote.
  func fields(_ record: Int, _ held: Set<Int>) -> Set<FieldName> {
    Set(held.filter { writes[$0].record == record }.flatMap { writes[$0].values.keys })
  }
}
