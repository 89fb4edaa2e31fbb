import Crypto
import UnknotCausality

/// `merge.md`, by brute force: every write keeps its full vector clock, and what survives in a register is found by
/// asking every other write whether it had seen this one. Nothing of the engine is used but its values.
struct Model {
  struct Write {
    let dot: Dot
    let context: VectorClock
    let record: Dot
    let action: Shape.Action
    let recordedAt: Int64
    let fields: [FieldName: Value]
  }

  struct Record {
    let id: Dot
    let table: String
    let parent: Dot?
  }

  /// Everything that anybody ever wrote, and which part of it a clock holds.
  private(set) var writes: [Write] = []
  private(set) var records: [Dot: Record] = [:]

  mutating func add(_ write: Write, table: String, parent: Dot?) {
    writes.append(write)
    if write.action == .create { records[write.dot] = Record(id: write.dot, table: table, parent: parent) }
  }

  func held(by clock: VectorClock) -> [Record] {
    records.values.filter { clock.covers($0.id) }.sorted { $0.id < $1.id }
  }

  /// The writes to a register that none of the others to it had seen.
  private func survivors(_ candidates: [Write]) -> [Write] {
    candidates.filter { write in !candidates.contains { $0.context.covers(write.dot) } }
  }

  func register(_ record: Dot, _ name: FieldName, at clock: VectorClock) -> ModelRegister {
    let candidates = writes.filter { $0.record == record && $0.fields[name] != nil && clock.covers($0.dot) }
    return ModelRegister(
      survivors(candidates).map {
        RegisterEntry(dot: $0.dot, recordedAt: $0.recordedAt, value: $0.fields[name] ?? .null)
      }, somethingWins: name.isMapKey)
  }

  /// A create or edit of a record, or of one that belongs to it, writes true; a delete of it writes false.
  func presence(_ record: Dot, at clock: VectorClock) -> ModelRegister {
    let candidates = writes.filter { write in
      clock.covers(write.dot)
        && (write.record == record || (write.action != .delete && belongs(write.record, to: record)))
    }
    return ModelRegister(
      survivors(candidates).map {
        RegisterEntry(
          dot: $0.dot, recordedAt: $0.recordedAt, value: $0.action == .delete ? .removed : .present)
      }, somethingWins: true)
  }

  private func belongs(_ record: Dot, to ancestor: Dot) -> Bool {
    guard let parent = records[record]?.parent else { return false }
    return parent == ancestor || belongs(parent, to: ancestor)
  }

  func isVisible(_ record: Dot, at clock: VectorClock) -> Bool {
    presence(record, at: clock).visible == .present
      && (records[record]?.parent.map { isVisible($0, at: clock) } ?? true)
  }

  func fieldNames(of record: Dot, at clock: VectorClock) -> [FieldName] {
    Set(writes.filter { $0.record == record && clock.covers($0.dot) }.flatMap(\.fields.keys)).sorted()
  }

  func conflicts(at clock: VectorClock) -> [String] {
    held(by: clock).flatMap { record -> [String] in
      let fields = fieldNames(of: record.id, at: clock).filter {
        register(record.id, $0, at: clock).isInConflict
      }
      return (fields + (presence(record.id, at: clock).isInConflict ? [.presence] : [])).sorted()
        .map { "\(record.id) \($0)" }
    }
  }

  func digest(at clock: VectorClock) -> [UInt8] {
    var writer = ByteWriter()
    func put(_ dot: Dot) {
      writer.raw(dot.actor.bytes)
      writer.unsigned(dot.seq)
    }
    for record in held(by: clock) {
      put(record.id)
      writer.text(record.table)
      writer.byte(record.parent == nil ? 0 : 1)
      if let parent = record.parent { put(parent) }
      let presence = presence(record.id, at: clock).entries.sorted { $0.dot < $1.dot }
      writer.unsigned(UInt64(presence.count))
      for entry in presence {
        put(entry.dot)
        writer.byte(entry.value == .present ? 1 : 0)
      }
      let names = fieldNames(of: record.id, at: clock)
      writer.unsigned(UInt64(names.count))
      for name in names {
        writer.text(name.field)
        writer.byte(name.key == nil ? 0 : 1)
        if let key = name.key { writer.text(key) }
        let entries = register(record.id, name, at: clock).entries.sorted { $0.dot < $1.dot }
        writer.unsigned(UInt64(entries.count))
        for entry in entries {
          put(entry.dot)
          Body.write(entry.value, to: &writer)
        }
      }
    }
    return Array(SHA256.hash(data: writer.bytes))
  }
}

enum Checksum {
  static func sha256(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }
}
