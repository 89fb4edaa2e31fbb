import Crypto
import UnknotCausality

// The state digest: SHA-256 over every record, visible or not, in id order (actor bytes, then seq). A record is
//   its id; its table as a text; its parent: 0, or 1 and its id;
//   the number of presence entries, then each by dot: dot, 1 for true or 0 for false;
//   the number of registers that hold something, then each by name: the field as a text, 0, or 1 and the key as a
//   text; the number of its entries, then each by dot: dot, value (`Body`).
// Ids and dots are the actor's 16 bytes and the seq; numbers are varints; texts have their length before them.

extension StoreReader {
  /// 32 bytes. Devices with the same vector clock have the same digest.
  public func digest() throws -> [UInt8] {
    var hasher = SHA256()
    for state in names.actors.values.sorted(by: { $0.actor < $1.actor }) where state.seq > 0 {
      let rows = try statements["\(LogRow.select) WHERE dot BETWEEN ? AND ? ORDER BY dot"]
        .bind(Packing.dot(state.number, 1), at: 1).bind(Packing.dot(state.number, state.seq), at: 2)
      try rows.eachRow { statement in
        let row = LogRow(statement)
        guard try names.shape(row.shape).shape.action == .create else { return }
        hasher.update(data: try canonicalBytes(of: row))
      }
    }
    return Array(hasher.finalize())
  }

  private func canonicalBytes(of creation: LogRow) throws -> [UInt8] {
    let record = try record(creation)
    var writer = ByteWriter()
    writer.dot(record.id)
    writer.text(record.table)
    writer.byte(record.parent == nil ? 0 : 1)
    if let parent = record.parent { writer.dot(parent) }
    writer.unsigned(UInt64(record.presence.entries.count))
    for entry in record.presence.entries.sorted(by: { $0.dot < $1.dot }) {
      writer.dot(entry.dot)
      writer.byte(entry.value == .removed ? 0 : 1)
    }
    let registers = record.fields.filter { !$0.value.entries.isEmpty }.sorted { $0.key < $1.key }
    writer.unsigned(UInt64(registers.count))
    for (name, register) in registers {
      writer.text(name.field)
      writer.byte(name.isMapKey ? 1 : 0)
      if let key = name.key { writer.text(key) }
      writer.unsigned(UInt64(register.entries.count))
      for entry in register.entries.sorted(by: { $0.dot < $1.dot }) {
        writer.dot(entry.dot)
        Body.write(entry.value, to: &writer)
      }
    }
    return writer.bytes
  }
}

extension ByteWriter {
  fileprivate mutating func dot(_ dot: Dot) {
    actor(dot.actor)
    unsigned(dot.seq)
  }
}
