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
    var bytes = ByteWriter()
    for piece in lines.tree.actorIDs.sorted().flatMap({ lines.tree.pieces(of: $0) ?? [] }) {
      let rows = try statements[
        """
        SELECT \(LogHead.columns), body, EXISTS (SELECT 1 FROM entry WHERE record = change.key)
        FROM change WHERE key BETWEEN ? AND ? ORDER BY key
        """
      ]
      .bind(piece.lowerBound, at: 1).bind(piece.upperBound, at: 2)
      try rows.eachRow { statement in
        let row = LogRow(statement)
        guard try names.shape(row.shape).shape.action == .create else { return }
        if statement.integer(6) == 0 {
          try writeCanonicallyAsMade(row, to: &bytes)
        } else {
          try writeCanonically(row, to: &bytes) { hasher.update(data: $0) }
        }
        if bytes.bytes.count > Self.digestedAtOnce {
          hasher.update(data: bytes.bytes)
          bytes.clear()
        }
      }
    }
    hasher.update(data: bytes.bytes)
    return Array(hasher.finalize())
  }

  private static let digestedAtOnce = 1 << 16

  /// A record to which nobody wrote since it was made: its fields are the creating change's.
  private func writeCanonicallyAsMade(_ creation: LogRow, to bytes: inout ByteWriter) throws {
    let shape = try names.shape(creation.shape)
    let dot = try lines.name(of: creation.key)
    try writeHead(creation, dot, shape, to: &bytes)
    bytes.unsigned(1)
    bytes.dot(dot)
    bytes.byte(1)
    bytes.unsigned(UInt64(shape.fieldNumbers.count))
    var body = ByteReader(creation.body)
    // They are in the order of their names.
    for name in shape.shape.fields {
      bytes.name(name)
      bytes.unsigned(1)
      bytes.dot(dot)
      Body.write(try Body.read(&body) { try resolve($0, in: creation.key) }, to: &bytes)
    }
  }

  private func writeHead(
    _ creation: LogRow, _ dot: Dot, _ shape: StoredShape, to bytes: inout ByteWriter
  ) throws {
    bytes.dot(dot)
    bytes.text(shape.shape.table)
    bytes.byte(creation.subject == nil ? 0 : 1)
    if let parent = creation.subject { bytes.dot(try lines.name(of: parent)) }
  }

  /// - Parameter write: takes the bytes of a record piece by piece; only one of its long values is held at a time.
  private func writeCanonically(
    _ creation: LogRow, to bytes: inout ByteWriter, _ write: ([UInt8]) -> Void
  ) throws {
    let shape = try names.shape(creation.shape)
    var writers = try writers(of: creation.key)
    for number in [0] + shape.fieldNumbers where writers[number] == nil { writers[number] = [creation.key] }

    try writeHead(creation, lines.name(of: creation.key), shape, to: &bytes)
    let presence = try register(0, writers.removeValue(forKey: 0) ?? [])
    bytes.unsigned(UInt64(presence.entries.count))
    for entry in presence.entries.sorted(by: { $0.dot < $1.dot }) {
      bytes.dot(entry.dot)
      bytes.byte(entry.value == .removed ? 0 : 1)
    }
    bytes.unsigned(UInt64(writers.count))
    let registers = try writers.map { (name: try names.field($0.key), number: $0.key, dots: $0.value) }
    for (name, number, dots) in registers.sorted(by: { $0.name < $1.name }) {
      bytes.name(name)
      bytes.unsigned(UInt64(dots.count))
      let entries = try dots.map { (local: $0, dot: try lines.name(of: $0)) }.sorted { $0.dot < $1.dot }
      for entry in entries {
        bytes.dot(entry.dot)
        let row = try entry.local == creation.key ? creation : heldChange(at: entry.local)
        Body.write(try written(row, number), to: &bytes)
        if bytes.bytes.count > Self.digestedAtOnce {
          write(bytes.bytes)
          bytes.clear()
        }
      }
    }
  }
}

extension ByteWriter {
  mutating func name(_ name: FieldName) {
    text(name.field)
    byte(name.isMapKey ? 1 : 0)
    if let key = name.key { text(key) }
  }

  mutating func dot(_ dot: Dot) {
    actor(dot.actor)
    unsigned(dot.seq)
  }
}
