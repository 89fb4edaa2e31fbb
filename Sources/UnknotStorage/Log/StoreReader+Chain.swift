package import UnknotCausality

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

extension StoreReader {
  /// One hash may need another, which is kept as a rule.
  private static let mostHashesAtOnce = 200

  /// Checkpoints stand at every multiple of this depth.
  static let checkpointDistance: Int64 = 64

  func chainHash(
    after previous: [UInt8], shape: StoredShape, begins: Bool, recordedAt: Int64,
    subject: CanonicalReference?, moved: [FamilyHeads], body: [UInt8]
  ) throws -> [UInt8] {
    var families: [(root: [UInt8], hashes: [[UInt8]])] = []
    if !moved.isEmpty {
      // Before anything is put together: finding a hash may compute others.
      families = try moved.map { family in
        guard let root = lines.tree[family.root]?.actor else {
          throw StorageError.damaged("a family has no root")
        }
        let hashes = try family.heads.map { try hash(at: $0) }
        return (root.bytes, hashes.sorted { $0.lexicographicallyPrecedes($1) })
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

  /// How a change is named for good by a writer who had seen `context` and whose last change is `previous`.
  func canonical(
    _ key: ChangeKey, previous: ChangeKey, context: () throws -> WriterContext
  ) throws -> CanonicalReference {
    let tree = lines.tree
    guard let root = tree.rootActor(of: key.line) else {
      throw StorageError.damaged("a change is of a line that is not listed")
    }
    let origin = Dot(root, UInt64(key.depth))
    guard tree.isForked(key.line) else { return CanonicalReference(origin: origin) }
    // What leads to the writer's own change before is one branch, and its context has the others.
    let isOwn = tree.root(of: previous.line) == tree.root(of: key.line) && previous.depth > 0
    let others = try context().heads(ofFamily: tree.root(of: key.line))
    guard others.count + (isOwn ? 1 : 0) > 1 else {
      return CanonicalReference(origin: origin)
    }
    return CanonicalReference(origin: origin, hash: ChangeHash(try hash(at: key)))
  }

  /// What a reference in the body of a change is called here; as it stands where nothing of that name is held.
  func resolve(_ reference: CanonicalReference, in row: ChangeKey) throws -> Dot {
    let tree = lines.tree
    guard let root = tree.root(of: reference.origin.actor), tree.isForked(root),
      let depth = Int64(exactly: reference.origin.seq)
    else { return reference.origin }
    if let hash = reference.hash {
      return try find(root: root, depth: depth, hash: hash.bytes).map { try lines.name(of: $0) }
        ?? reference.origin
    }
    let isOwn = tree.root(of: row.line) == root
    let heads = try context(of: row).heads(ofFamily: root) + (isOwn ? [row] : [])
    guard heads.count == 1, heads[0].depth >= depth else { return reference.origin }
    return try lines.name(of: tree.ancestor(of: heads[0], atDepth: depth))
  }

  /// The change of that hash, if it is held: at its depth there are as many as the family has lines there. Their hashes
  /// are found out once, whoever asks for how many of them.
  func find(root: Int64, depth: Int64, hash: [UInt8]) throws -> ChangeKey? {
    let family = lines.tree.family(root)
    func key(on number: Int64) -> ChangeKey? {
      guard let state = lines[number], depth > (state.parent?.depth ?? 0), depth <= state.depth else {
        return nil
      }
      return ChangeKey(line: number, depth: depth)
    }
    guard family.count > 1 else {
      guard let key = key(on: root) else { return nil }
      return try self.hash(at: key) == hash ? key : nil
    }
    let place = ChangeKey(line: root, depth: depth)
    if changesAtDepth[place] == nil {
      var changes: [[UInt8]: ChangeKey] = [:]
      for number in family {
        if let key = key(on: number) { changes[try self.hash(at: key)] = key }
      }
      changesAtDepth[place] = changes
    }
    return changesAtDepth[place]?[hash]
  }

  /// A change was stored just now: what is known of its depth says so.
  func noteStored(_ key: ChangeKey, _ hash: [UInt8]) {
    guard !changesAtDepth.isEmpty else { return }
    changesAtDepth[ChangeKey(line: lines.tree.root(of: key.line), depth: key.depth)]?[hash] = key
  }

  /// The chain hash of a change that is held; at depth 0, what the family's first change follows.
  func hash(at key: ChangeKey) throws -> [UInt8] {
    guard let state = lines[key.line], key.depth <= state.depth, key.depth >= (state.parent?.depth ?? 0)
    else { throw StorageError.damaged("a context names a change that is not held") }
    if key.depth == state.depth { return state.hash }
    if let recent = recentHashes[key] { return recent }

    // Contexts of a log that is what was written lead back only.
    guard hashesAskedFor.count < Self.mostHashesAtOnce, hashesAskedFor.insert(key).inserted else {
      throw StorageError.damaged("contexts in the log lead in a circle")
    }
    defer { hashesAskedFor.remove(key) }
    var (position, hash) = try nearestHash(before: key, of: state)
    guard position < key else { return hash }
    var rows: [LogRow] = []
    try statements["\(LogRow.select) WHERE key BETWEEN ? AND ? ORDER BY key"]
      .bind(position + 1, at: 1).bind(key, at: 2).eachRow { rows.append(LogRow($0)) }
    for row in rows {
      position = position + 1
      // A gap's end is a checkpoint: what is missing after the last one is what is asked for.
      guard row.key == position else { return try hashOfForgotten(key) }
      hash = try self.hash(of: row, after: hash)
    }
    guard position == key else { return try hashOfForgotten(key) }
    remember(hash, at: key)
    return hash
  }

  private func hashOfForgotten(_ key: ChangeKey) throws -> [UInt8] {
    guard let gap = try gap(at: key) else { throw StorageError.damaged("changes are missing from the log") }
    let start = Int(key.depth - gap.keys.lowerBound.depth) * ChangeHash.byteCount
    return Array(gap.hashes[start..<start + ChangeHash.byteCount])
  }

  /// The forgotten changes among which this one is, and their hashes.
  func gap(at key: ChangeKey) throws -> (keys: ClosedRange<ChangeKey>, hashes: [UInt8])? {
    let gap = try statements[
      "SELECT first, last, hashes FROM forgotten WHERE first <= ? ORDER BY first DESC LIMIT 1"
    ].bind(key, at: 1).first { (first: $0.key(0), last: $0.key(1), hashes: $0.bytes(2)) }
    guard let gap, gap.last >= key else { return nil }
    guard gap.first.rawValue >= 0,
      gap.hashes.count / ChangeHash.byteCount - 1 == gap.first.distance(to: gap.last),
      gap.hashes.count % ChangeHash.byteCount == 0
    else { throw StorageError.damaged("forgotten changes have no hash") }
    return (gap.first...gap.last, gap.hashes)
  }

  /// The last change up to this one whose hash is at hand.
  func nearestHash(before key: ChangeKey, of state: LineState) throws -> (ChangeKey, [UInt8]) {
    if let recent = recentHashes[key - 1] { return (key - 1, recent) }
    let start = ChangeKey(line: state.number, depth: state.parent?.depth ?? 0)
    let checkpoint = try statements[
      "SELECT key, hash FROM checkpoint WHERE key BETWEEN ? AND ? ORDER BY key DESC LIMIT 1"
    ].bind(start + 1, at: 1).bind(key, at: 2).first { ($0.key(0), $0.bytes(1)) }
    if let checkpoint { return checkpoint }
    return (start, try hash(ofStart: start, state))
  }

  /// What a line's first change follows.
  func hash(ofStart start: ChangeKey, _ state: LineState) throws -> [UInt8] {
    if let parent = state.parent, parent.depth > 0 { return try hash(at: parent) }
    guard let root = lines.tree.rootActor(of: state.number) else {
      throw StorageError.damaged("a family has no root")
    }
    return root.bytes + [UInt8](repeating: 0, count: ChangeHash.byteCount - ActorID.byteCount)
  }

  /// - Parameters:
  ///   - mayMove: false where it is known that the writer had learnt of nothing since the change before.
  ///   - context: of the change, where somebody has it at hand.
  func hash(
    of row: LogRow, after previous: [UInt8], mayMove: Bool = true,
    context: (() throws -> WriterContext)? = nil
  ) throws -> [UInt8] {
    let before = lines.tree.before(row.key)
    var moved: [FamilyHeads] = []
    if mayMove {
      if isFirstOfBranch(row.key) {
        moved = try foreignContext(at: before).moved(to: self.context(of: row.key))
      } else if let heads = try movedHeads(at: row.key) {
        moved = lines.tree.families(heads)
      }
    }
    let subject = try row.subject.map {
      try canonical($0, previous: before, context: context ?? { try self.context(of: row.key) })
    }
    return try chainHash(
      after: previous, shape: try names.shape(row.shape), begins: row.begins, recordedAt: row.recordedAt,
      subject: subject, moved: moved, body: row.body)
  }

  private func isFirstOfBranch(_ key: ChangeKey) -> Bool {
    lines.tree[key.line]?.parent?.depth == key.depth - 1
  }

  func remember(_ hash: [UInt8], at key: ChangeKey) {
    // Contexts name recent changes; older ones are found again from a checkpoint.
    if recentHashes.count >= 1 << 15 { recentHashes.removeAll(keepingCapacity: true) }
    recentHashes[key] = hash
  }

  /// The hash of the change of that name; nil if it is not held.
  package func hash(of dot: Dot) throws -> ChangeHash? {
    try lines.key(of: dot).flatMap { ChangeHash(try hash(at: $0)) }
  }
}

/// A change of the log without its values.
struct LogHead {
  static let columns = "key, shape, subject, recorded_at, begins"

  let key: ChangeKey
  let shape: Int64
  let subject: ChangeKey?
  let recordedAt: Int64
  let begins: Bool
}

extension LogHead {
  /// From `columns`.
  init(_ row: RawStatement) {
    self.init(
      key: row.key(0), shape: row.integer(1), subject: row.keyOrNone(2), recordedAt: row.integer(3),
      begins: row.integer(4) != 0)
  }
}

/// A row of the change log.
struct LogRow {
  static let select = "SELECT \(LogHead.columns), body FROM change"

  let head: LogHead
  let body: [UInt8]

  var key: ChangeKey { head.key }
  var shape: Int64 { head.shape }
  var subject: ChangeKey? { head.subject }
  var recordedAt: Int64 { head.recordedAt }
  var begins: Bool { head.begins }

  /// A change as it is being stored.
  init(_ change: Change, as key: ChangeKey, subject: ChangeKey?, _ shape: StoredShape) {
    head = LogHead(
      key: key, shape: shape.number, subject: subject, recordedAt: change.recordedAt,
      begins: change.beginsOperation)
    body = change.body
  }

  init(_ row: RawStatement) {
    head = LogHead(row)
    body = row.bytes(5)
  }
}
