public import UnknotCausality

// The hash that chains an actor's changes: SHA-256 over, in this order,
//   the hash of the actor's change before (for the first one: the actor's 16 bytes and 16 zeros),
//   the SHA-256 of the shape (`Shape.canonicalBytes`),
//   1 byte: whether an operation begins; recorded_at as a signed varint,
//   the subject: 0, or 1 with the actor's bytes and the seq as a varint,
//   the number of entries of the context delta as a varint, then each, in ascending order of its bytes:
//     1 and the hash of the change that the entry names, or 0 and the bytes of an actor that is taken away,
//   the body.
// With the hash before it stands for the whole context, so nothing that came before can be exchanged unnoticed.

extension StoreReader {
  /// Checkpoints stand at every multiple of this seq.
  static let checkpointDistance: Int64 = 64

  func chainHash(
    after previous: [UInt8], of actor: ActorID, shape: StoredShape, begins: Bool, recordedAt: Int64,
    subject: Dot?, delta: [(actor: Int64, seq: Int64)], body: [UInt8]
  ) throws -> [UInt8] {
    var writer = ByteWriter()
    if previous.isEmpty {
      writer.raw(actor.bytes)
      writer.raw([UInt8](repeating: 0, count: 16))
    } else {
      writer.raw(previous)
    }
    writer.raw(shape.digest)
    writer.byte(begins ? 1 : 0)
    writer.signed(recordedAt)
    if let subject {
      writer.byte(1)
      writer.raw(subject.actor.bytes)
      writer.unsigned(subject.seq)
    } else {
      writer.byte(0)
    }
    writer.unsigned(UInt64(delta.count))
    if !delta.isEmpty {
      let entries = try delta.map { entry -> [UInt8] in
        if entry.seq == 0 {
          guard let actor = names.actors[entry.actor]?.actor else {
            throw StorageError.damaged("a context names an actor that is not listed")
          }
          return [0] + actor.bytes
        }
        return [1] + (try hash(at: Packing.dot(entry.actor, entry.seq)))
      }
      for entry in entries.sorted(by: { $0.lexicographicallyPrecedes($1) }) { writer.raw(entry) }
    }
    writer.raw(body)
    return Hashing.sha256(writer.bytes)
  }

  /// The chain hash of a change that is held.
  func hash(at dot: LocalDot) throws -> [UInt8] {
    guard let state = names.actors[Packing.actor(dot)], Packing.seq(dot) <= state.seq, Packing.seq(dot) > 0
    else { throw StorageError.damaged("a context names a change that is not held") }
    if Packing.seq(dot) == state.seq { return state.hash }
    if let recent = recentHashes[dot] { return recent }

    let checkpoint = try statements[
      "SELECT dot, hash FROM checkpoint WHERE dot BETWEEN ? AND ? ORDER BY dot DESC LIMIT 1"
    ].bind(Packing.dot(state.number, 1), at: 1).bind(dot, at: 2).first { ($0.integer(0), $0.bytes(1)) }
    var (position, hash) = checkpoint ?? (Packing.dot(state.number, 0), [])
    guard position < dot else { return hash }

    var rows: [LogRow] = []
    try statements["\(LogRow.select) WHERE dot BETWEEN ? AND ? ORDER BY dot"]
      .bind(position + 1, at: 1).bind(dot, at: 2).eachRow { rows.append(LogRow($0)) }
    for row in rows {
      let delta = try contextDelta(at: row.dot)
      hash = try chainHash(
        after: hash, of: state.actor, shape: try names.shape(row.shape), begins: row.begins,
        recordedAt: row.recordedAt, subject: row.subject == 0 ? nil : try names.unpack(row.subject),
        delta: delta ?? [], body: row.body)
      position += 1
      guard row.dot == position else { throw StorageError.damaged("changes are missing from the log") }
    }
    guard position == dot else { throw StorageError.damaged("changes are missing from the log") }
    remember(hash, at: dot)
    return hash
  }

  func remember(_ hash: [UInt8], at dot: LocalDot) {
    // Contexts name recent changes; older ones are found again from a checkpoint.
    if recentHashes.count >= 1 << 15 { recentHashes.removeAll(keepingCapacity: true) }
    recentHashes[dot] = hash
  }

  func contextDelta(at dot: LocalDot) throws -> [(actor: Int64, seq: Int64)]? {
    try statements["SELECT entries FROM context WHERE dot = ?"].bind(dot, at: 1)
      .first { try LocalClock.pairs($0.bytes(0)) }
  }

  /// The hash of the change of that name; nil if it is not held.
  public func hash(of dot: Dot) throws -> ChangeHash? {
    guard let packed = names.pack(dot), let state = names.actors[Packing.actor(packed)],
      Packing.seq(packed) <= state.seq
    else { return nil }
    return ChangeHash(try hash(at: packed))
  }
}

/// A row of the change log.
struct LogRow {
  static let select = "SELECT dot, shape, subject, recorded_at, begins, body FROM change"

  let dot: LocalDot
  let shape: Int64
  let subject: LocalDot
  let recordedAt: Int64
  let begins: Bool
  let body: [UInt8]

  init(_ row: RawStatement) {
    dot = row.integer(0)
    shape = row.integer(1)
    subject = row.integer(2)
    recordedAt = row.integer(3)
    begins = row.integer(4) != 0
    body = row.bytes(5)
  }
}
