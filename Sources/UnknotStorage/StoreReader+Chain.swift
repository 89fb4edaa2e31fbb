public import UnknotCausality

// The hash that chains an actor's changes: SHA-256 over, in this order,
//   the hash of the change before (for a family's first one: the root's 16 bytes and 16 zeros),
//   the SHA-256 of the shape (`Shape.canonicalBytes`),
//   1 byte: whether an operation begins; recorded_at as a signed varint,
//   the subject: 0; or 1, its root's bytes and its depth as a varint; or 2, the same and its hash
//     (`CanonicalReference`),
//   where the context moves, for how many families, as a varint, and for each, in ascending order of its root:
//     the root's bytes, how many of its last changes the context has, as a varint, and their hashes in ascending
//     order,
//   the body.
// Nothing in it depends on how an actor is called here, so that a change keeps its hash when a fork becomes known.
// With the hash before it, it stands for the whole context: nothing that came before can be exchanged unnoticed.

/// The last changes of one family in a context that moves: what a hash says of it.
struct FamilyHeads {
  let root: Int64
  let heads: [LocalDot]
}

extension StoreReader {
  /// Checkpoints stand at every multiple of this seq.
  static let checkpointDistance: Int64 = 64

  func chainHash(
    after previous: [UInt8], shape: StoredShape, begins: Bool, recordedAt: Int64,
    subject: CanonicalReference?, moved: [FamilyHeads], body: [UInt8]
  ) throws -> [UInt8] {
    var families: [(root: [UInt8], hashes: [[UInt8]])] = []
    if !moved.isEmpty {
      // Before anything is put together: finding a hash may compute others.
      families = try moved.map { family in
        guard let root = names.actors[family.root] else { throw StorageError.damaged("a family has no root") }
        let hashes = try family.heads.map { try hash(at: $0) }
        return (root.actor.bytes, hashes.sorted { $0.lexicographicallyPrecedes($1) })
      }
      families.sort { $0.root.lexicographicallyPrecedes($1.root) }
    }
    hashed.clear()
    hashed.raw(previous)
    hashed.raw(shape.digest)
    hashed.byte(begins ? 1 : 0)
    hashed.signed(recordedAt)
    if let subject {
      hashed.byte(subject.hash == nil ? 1 : 2)
      hashed.actor(subject.origin.actor)
      hashed.unsigned(subject.origin.seq)
      if let hash = subject.hash { hashed.raw(hash.bytes) }
    } else {
      hashed.byte(0)
    }
    hashed.unsigned(UInt64(families.count))
    for family in families {
      hashed.raw(family.root)
      hashed.unsigned(UInt64(family.hashes.count))
      for hash in family.hashes { hashed.raw(hash) }
    }
    hashed.raw(body)
    return Hashing.sha256(hashed.bytes)
  }

  /// What the context of the change after `previous` says of those families, less what leads to the change itself.
  func familyHeads(_ roots: some Sequence<Int64>, in context: LocalClock, after previous: LocalDot)
    -> [FamilyHeads]
  {
    Set(roots).map { root in
      FamilyHeads(
        root: root,
        heads: names.heads(ofFamily: root, in: context).filter { !names.isAncestor($0, of: previous) })
    }
  }

  /// The families of which a context, moved from one state to another, has other last changes.
  func movedFamilies(from old: LocalClock, to new: LocalClock, after previous: LocalDot) -> [FamilyHeads] {
    let roots = Set(old.delta(to: new).map { names.root(of: $0.actor) })
    let before = familyHeads(roots, in: old, after: previous)
    let after = Dictionary(
      uniqueKeysWithValues: familyHeads(roots, in: new, after: previous).map { ($0.root, $0) })
    return before.compactMap { family in
      after[family.root].flatMap { Set($0.heads) == Set(family.heads) ? nil : $0 }
    }
  }

  /// How a change is named for good by a writer who had seen `context` and whose last change is `previous`.
  func canonical(
    _ dot: LocalDot, previous: LocalDot, context: () throws -> LocalClock
  ) throws -> CanonicalReference {
    guard let state = names.actors[Packing.actor(dot)], let root = names.actors[state.root] else {
      throw StorageError.damaged("a change names an actor that is not listed")
    }
    let origin = Dot(root.actor, UInt64(names.depth(of: dot)))
    guard names.isForked(state.number) else { return CanonicalReference(origin: origin) }
    var seen = try context()
    if names.root(of: Packing.actor(previous)) == state.root, Packing.seq(previous) > 0 {
      seen[Packing.actor(previous)] = Packing.seq(previous)
    }
    guard names.heads(ofFamily: state.root, in: seen).count > 1 else {
      return CanonicalReference(origin: origin)
    }
    return CanonicalReference(origin: origin, hash: ChangeHash(try hash(at: dot)))
  }

  /// What a reference in the body of a change is called here; as it stands where nothing of that name is held.
  func resolve(_ reference: CanonicalReference, in row: LocalDot) throws -> Dot {
    guard let number = names.number(of: reference.origin.actor), names.isForked(number),
      let depth = Int64(exactly: reference.origin.seq)
    else { return reference.origin }
    if let hash = reference.hash {
      return try find(root: number, depth: depth, hash: hash.bytes).map { try names.unpack($0) }
        ?? reference.origin
    }
    var seen = try context(of: row)
    seen[Packing.actor(row)] = Packing.seq(row)
    let heads = names.heads(ofFamily: number, in: seen)
    guard heads.count == 1, names.depth(of: heads[0]) >= depth else { return reference.origin }
    return try names.unpack(names.ancestor(of: heads[0], atDepth: depth))
  }

  /// The change of that hash, if it is held: at its depth there are as many as the family has branches there.
  func find(root: Int64, depth: Int64, hash: [UInt8]) throws -> LocalDot? {
    for number in names.families[root] ?? [] {
      guard let state = names.actors[number], depth > state.depth, depth <= state.depth + state.seq else {
        continue
      }
      let dot = Packing.dot(number, depth - state.depth)
      if try self.hash(at: dot) == hash { return dot }
    }
    return nil
  }

  /// The chain hash of a change that is held; for seq 0, what the actor's first change follows.
  func hash(at dot: LocalDot) throws -> [UInt8] {
    guard let state = names.actors[Packing.actor(dot)], Packing.seq(dot) <= state.seq, Packing.seq(dot) >= 0
    else { throw StorageError.damaged("a context names a change that is not held") }
    if Packing.seq(dot) == state.seq { return state.hash }
    if let recent = recentHashes[dot] { return recent }

    var (position, hash) = try nearestHash(before: dot, of: state)
    guard position < dot else { return hash }
    var rows: [LogRow] = []
    try statements["\(LogRow.select) WHERE dot BETWEEN ? AND ? ORDER BY dot"]
      .bind(position + 1, at: 1).bind(dot, at: 2).eachRow { rows.append(LogRow($0)) }
    for row in rows {
      position += 1
      // A gap's end is a checkpoint: what is missing after the last one is what is asked for.
      guard row.dot == position else { return try hashOfForgotten(dot) }
      hash = try self.hash(of: row, after: hash)
    }
    guard position == dot else { return try hashOfForgotten(dot) }
    remember(hash, at: dot)
    return hash
  }

  private func hashOfForgotten(_ dot: LocalDot) throws -> [UInt8] {
    guard let gap = try gap(at: dot) else { throw StorageError.damaged("changes are missing from the log") }
    let start = Int(dot - gap.dots.lowerBound) * ChangeHash.byteCount
    return Array(gap.hashes[start..<start + ChangeHash.byteCount])
  }

  /// The forgotten changes among which this one is, and their hashes.
  func gap(at dot: LocalDot) throws -> (dots: ClosedRange<LocalDot>, hashes: [UInt8])? {
    let gap = try statements[
      "SELECT first, last, hashes FROM forgotten WHERE first <= ? ORDER BY first DESC LIMIT 1"
    ].bind(dot, at: 1).first { (first: $0.integer(0), last: $0.integer(1), hashes: $0.bytes(2)) }
    guard let gap, gap.last >= dot else { return nil }
    guard gap.hashes.count / ChangeHash.byteCount == gap.last - gap.first + 1,
      gap.hashes.count % ChangeHash.byteCount == 0
    else { throw StorageError.damaged("forgotten changes have no hash") }
    return (gap.first...gap.last, gap.hashes)
  }

  /// The last change up to this one whose hash is at hand.
  private func nearestHash(before dot: LocalDot, of state: ActorState) throws -> (LocalDot, [UInt8]) {
    if let recent = recentHashes[dot - 1] { return (dot - 1, recent) }
    let checkpoint = try statements[
      "SELECT dot, hash FROM checkpoint WHERE dot BETWEEN ? AND ? ORDER BY dot DESC LIMIT 1"
    ].bind(Packing.dot(state.number, 1), at: 1).bind(dot, at: 2).first { ($0.integer(0), $0.bytes(1)) }
    if let checkpoint { return checkpoint }
    let seed =
      state.parent == 0
      ? state.actor.bytes + [UInt8](repeating: 0, count: ChangeHash.byteCount - ActorID.byteCount)
      : try hash(at: before(Packing.dot(state.number, 1)))
    return (Packing.dot(state.number, 0), seed)
  }

  /// The change before this one in its family.
  func before(_ dot: LocalDot) -> LocalDot {
    guard Packing.seq(dot) == 1, let state = names.actors[Packing.actor(dot)], state.parent != 0 else {
      return dot - 1
    }
    return names.ancestor(of: dot, atDepth: state.depth)
  }

  private func hash(of row: LogRow, after previous: [UInt8]) throws -> [UInt8] {
    let before = before(row.dot)
    var moved: [FamilyHeads] = []
    if let delta = try contextDelta(at: row.dot) {
      let new =
        delta.contains { names.isForked($0.actor) } || isFirstOfBranch(row.dot)
        ? try context(of: row.dot) : LocalClock(delta)
      moved =
        isFirstOfBranch(row.dot)
        ? movedFamilies(from: try foreignContext(at: before), to: new, after: before)
        : familyHeads(delta.map { names.root(of: $0.actor) }, in: new, after: before)
    }
    let subject =
      row.subject == 0
      ? nil : try canonical(row.subject, previous: before) { try self.context(of: row.dot) }
    return try chainHash(
      after: previous, shape: try names.shape(row.shape), begins: row.begins, recordedAt: row.recordedAt,
      subject: subject, moved: moved, body: row.body)
  }

  private func isFirstOfBranch(_ dot: LocalDot) -> Bool {
    Packing.seq(dot) == 1 && names.actors[Packing.actor(dot)]?.parent != 0
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

  /// The context of the change, as far as it is of other actors; nothing where a root begins.
  func foreignContext(at dot: LocalDot) throws -> LocalClock {
    guard Packing.seq(dot) > 0 else { return LocalClock() }
    guard let state = names.actors[Packing.actor(dot)] else {
      throw StorageError.damaged("a change names an actor that is not listed")
    }
    if state.seq == Packing.seq(dot) { return state.context }
    var context = try context(of: dot)
    context[state.number] = 0
    return context
  }
}

/// A change of the log without its values.
struct LogHead {
  let dot: LocalDot
  let shape: Int64
  let subject: LocalDot
  let recordedAt: Int64
  let begins: Bool
}

extension LogHead {
  /// From columns `dot, shape, subject, recorded_at, begins`.
  init(_ row: RawStatement) {
    self.init(
      dot: row.integer(0), shape: row.integer(1), subject: row.integer(2), recordedAt: row.integer(3),
      begins: row.integer(4) != 0)
  }
}

/// A row of the change log.
struct LogRow {
  static let select = "SELECT dot, shape, subject, recorded_at, begins, body FROM change"

  let head: LogHead
  let body: [UInt8]

  var dot: LocalDot { head.dot }
  var shape: Int64 { head.shape }
  var subject: LocalDot { head.subject }
  var recordedAt: Int64 { head.recordedAt }
  var begins: Bool { head.begins }

  /// A change as it is being stored.
  init(_ change: Change, as dot: LocalDot, subject: LocalDot, _ shape: StoredShape) {
    head = LogHead(
      dot: dot, shape: shape.number, subject: subject, recordedAt: change.recordedAt,
      begins: change.beginsOperation)
    body = change.body
  }

  init(_ row: RawStatement) {
    head = LogHead(row)
    body = row.bytes(5)
  }
}
