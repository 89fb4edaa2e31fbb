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
    for piece in lines.tree.actorIDs.sorted().flatMap({ lines.tree.pieces(of: $0) ?? [] }) {
      let rows = try statements["\(LogRow.select) WHERE key BETWEEN ? AND ? ORDER BY key"]
        .bind(piece.lowerBound, at: 1).bind(piece.upperBound, at: 2)
      try rows.eachRow { statement in
        let row = LogRow(statement)
        guard try names.shape(row.shape).shape.action == .create else { return }
        try writeCanonically(row) { hasher.update(data: $0) }
      }
    }
    return Array(hasher.finalize())
  }

  /// - Parameter write: takes the bytes of a record piece by piece; only one of its long values is held at a time.
  private func writeCanonically(_ creation: LogRow, _ write: ([UInt8]) -> Void) throws {
    let shape = try names.shape(creation.shape)
    var writers = try writers(of: creation.key)
    for number in [0] + shape.fieldNumbers where writers[number] == nil { writers[number] = [creation.key] }

    var bytes = ByteWriter()
    bytes.dot(try lines.name(of: creation.key))
    bytes.text(shape.shape.table)
    bytes.byte(creation.subject == nil ? 0 : 1)
    if let parent = creation.subject { bytes.dot(try lines.name(of: parent)) }
    let presence = try register(0, writers.removeValue(forKey: 0) ?? [])
    bytes.unsigned(UInt64(presence.entries.count))
    for entry in presence.entries.sorted(by: { $0.dot < $1.dot }) {
      bytes.dot(entry.dot)
      bytes.byte(entry.value == .removed ? 0 : 1)
    }
    bytes.unsigned(UInt64(writers.count))
    let registers = try writers.map { (name: try names.field($0.key), number: $0.key, dots: $0.value) }
    for (name, number, dots) in registers.sorted(by: { $0.name < $1.name }) {
      bytes.text(name.field)
      bytes.byte(name.isMapKey ? 1 : 0)
      if let key = name.key { bytes.text(key) }
      bytes.unsigned(UInt64(dots.count))
      let entries = try dots.map { (local: $0, dot: try lines.name(of: $0)) }.sorted { $0.dot < $1.dot }
      for entry in entries {
        bytes.dot(entry.dot)
        let row = try entry.local == creation.key ? creation : heldChange(at: entry.local)
        Body.write(try written(row, number), to: &bytes)
        if bytes.bytes.count > 1 << 16 {
          write(bytes.bytes)
          bytes.clear()
        }
      }
    }
    write(bytes.bytes)
  }
}

extension ByteWriter {
  fileprivate mutating func dot(_ dot: Dot) {
    actor(dot.actor)
    unsigned(dot.seq)
  }
}
