package import UnknotCausality

extension StoreReader {
  /// No more changes are held in memory at once than this,
  static let pieceCount = 4096
  /// and no more of their bytes than this and one change.
  static let pieceBytes = 1 << 20

  /// Everything held that `base` does not cover, in an order in which nothing comes before what its writer had
  /// seen: runs of one actor under one context. A long run comes in pieces, of which only the first has the
  /// context and the hash that it follows.
  ///
  /// The changes are proven on the way: once it has ended, what was given is what was written.
  ///
  /// - Parameter base: must be causally closed, as every clock of a device is.
  package func forEachRun(
    after base: VectorClock, _ body: (_ run: ChangeRun, _ follows: ChangeHash?) throws -> Void
  ) throws {
    let tree = lines.tree
    var emitted = tree.lineClock(base)
    var waiting: [[Segment]] = []
    var proofs: [Int64: ChainProof] = [:]
    for actor in tree.actorIDs.sorted() {
      var segments: [Segment] = []
      for piece in tree.pieces(of: actor) ?? [] where !emitted.covers(piece.upperBound) {
        let first = max(
          piece.lowerBound, ChangeKey(line: piece.lowerBound.line, depth: emitted[piece.lowerBound.line]) + 1)
        segments += try self.segments(of: first...piece.upperBound, actor)
      }
      if !segments.isEmpty { waiting.append(segments.reversed()) }
    }
    while !waiting.isEmpty {
      var progress = false
      for index in waiting.indices {
        while let segment = waiting[index].last, segment.isReady(after: emitted, tree) {
          progress = true
          waiting[index].removeLast()
          try emit(segment, &proofs, body)
          emitted[segment.keys.lowerBound.line] = segment.keys.upperBound.depth
        }
      }
      waiting.removeAll(where: \.isEmpty)
      guard progress || waiting.isEmpty else {
        throw StorageError.damaged("contexts in the log lead in a circle")
      }
    }
  }

  /// Changes of one actor under one context, on one line.
  private struct Segment {
    let actor: ActorID
    let keys: ClosedRange<ChangeKey>
    /// What of the context moves with the first of them; of an actor that begins as a branch, all of it.
    let moved: [FamilyHeads]

    /// Whether everything that they had seen has been emitted.
    func isReady(after emitted: LineClock, _ tree: NameTree) -> Bool {
      let before = tree.before(keys.lowerBound)
      return (before.depth == 0 || emitted.covers(before))
        && moved.allSatisfy { $0.heads.allSatisfy(emitted.covers) }
    }
  }

  /// Changes of one actor on one line, cut where the context moves.
  private func segments(of keys: ClosedRange<ChangeKey>, _ actor: ActorID) throws -> [Segment] {
    var cuts: [ChangeKey] = []
    try statements["SELECT key FROM context WHERE key BETWEEN ? AND ? ORDER BY key"]
      .bind(keys.lowerBound + 1, at: 1).bind(keys.upperBound, at: 2).eachRow { cuts.append($0.key(0)) }
    return try zip([keys.lowerBound] + cuts, cuts.map { $0 - 1 } + [keys.upperBound]).map { first, last in
      Segment(actor: actor, keys: first...last, moved: try moved(at: first, actor))
    }
  }

  private func moved(at key: ChangeKey, _ actor: ActorID) throws -> [FamilyHeads] {
    let tree = lines.tree
    let previous = tree.before(key)
    if try lines.name(of: key).seq == 1, tree.rootActor(of: key.line) != actor {
      let whole = try context(of: key).all
      // Where nothing is listed, a branch goes on under the context of the change that it follows.
      guard whole.isEmpty, try !foreignContext(at: previous).all.isEmpty else { return whole }
      return [FamilyHeads(root: tree.root(of: previous.line), heads: [previous])]
    }
    if previous.line != key.line { return try foreignContext(at: previous).moved(to: context(of: key)) }
    return try movedHeads(at: key).map(tree.families) ?? []
  }

  private func emit(
    _ segment: Segment, _ proofs: inout [Int64: ChainProof], _ body: (ChangeRun, ChangeHash?) throws -> Void
  ) throws {
    let begin = try lines.name(of: segment.keys.lowerBound)
    let previous = lines.tree.before(segment.keys.lowerBound)
    let isRootsFirst = previous.depth == 0 && lines.tree.rootActor(of: previous.line) == segment.actor
    let follows = isRootsFirst ? nil : ChangeHash(try hash(at: previous))
    let proof = try proof(of: segment, after: previous, &proofs)
    let context = try context(of: segment, at: begin)
    var first = segment.keys.lowerBound
    while first <= segment.keys.upperBound {
      let isFirst = first == segment.keys.lowerBound
      let dot = Dot(begin.actor, begin.seq + UInt64(first.depth - segment.keys.lowerBound.depth))
      if let gap = try gap(at: first) {
        let last = min(segment.keys.upperBound, gap.keys.upperBound)
        let forgotten = try forgotten(first...last, of: gap, from: dot, proof)
        try body(
          ChangeRun(context: isFirst ? context : nil, forgotten: forgotten),
          isFirst ? follows : ChangeHash(try hash(at: first - 1)))
        first = last + 1
        continue
      }
      let changes = try changes(from: first, of: segment, as: dot, proof)
      try body(ChangeRun(context: isFirst ? context : nil, changes: changes), isFirst ? follows : nil)
      first = first + Int64(changes.count)
    }
  }

  /// What moves with the first change of a segment, by the names that changes have elsewhere.
  private func context(of segment: Segment, at begin: Dot) throws -> ContextDelta? {
    guard !segment.moved.isEmpty else { return nil }
    return ContextDelta(
      at: begin,
      entries: try segment.moved.flatMap { family in
        let gone = ChangeKey(line: family.root, depth: 0)
        return try (family.heads.isEmpty ? [gone] : family.heads).map { try lines.name(of: $0) }
      })
  }

  /// The hashes of those that are forgotten.
  private func forgotten(
    _ keys: ClosedRange<ChangeKey>, of gap: (keys: ClosedRange<ChangeKey>, hashes: [UInt8]), from dot: Dot,
    _ proof: ChainProof
  ) throws -> ForgottenChanges {
    let start = gap.keys.lowerBound.distance(to: keys.lowerBound) * ChangeHash.byteCount
    let end = start + (keys.lowerBound.distance(to: keys.upperBound) + 1) * ChangeHash.byteCount
    guard let forgotten = ForgottenChanges(first: dot, hashes: Array(gap.hashes[start..<end])) else {
      throw StorageError.damaged("forgotten changes have no hash")
    }
    // The first of them may be in the base, or in the segment before.
    if gap.keys.upperBound > proof.position {
      let rest = max(gap.keys.lowerBound, proof.position + 1)...gap.keys.upperBound
      try proof.expect(proof.add(forgotten: rest, gap.hashes))
    }
    return forgotten
  }

  /// A piece of those that the log holds, one at least.
  private func changes(
    from first: ChangeKey, of segment: Segment, as dot: Dot, _ proof: ChainProof
  ) throws -> [Change] {
    let last = min(segment.keys.upperBound, first + (Int64(Self.pieceCount) - 1))
    var changes: [Change] = []
    var byteCount = 0
    try statements["\(LogRow.select) WHERE key BETWEEN ? AND ? ORDER BY key"]
      .bind(first, at: 1).bind(last, at: 2)
      .eachRowWhile { row in
        let row = LogRow(row)
        // A gap ends the piece, and long texts do.
        guard byteCount < Self.pieceBytes, row.key == first + Int64(changes.count) else { return false }
        try proof.expect(proof.add(row, mayMove: row.key == segment.keys.lowerBound))
        let change = try change(row, as: Dot(dot.actor, dot.seq + UInt64(changes.count)))
        byteCount += change.body.count
        changes.append(change)
        return true
      }
    guard !changes.isEmpty else { throw StorageError.damaged("changes are missing from the log") }
    let end = first + Int64(changes.count)
    if byteCount < Self.pieceBytes, end <= last, try gap(at: end) == nil {
      throw StorageError.damaged("changes are missing from the log")
    }
    return changes
  }

  /// What is known of the line of a segment, whose changes come in their order.
  private func proof(
    of segment: Segment, after previous: ChangeKey, _ proofs: inout [Int64: ChainProof]
  ) throws -> ChainProof {
    let first = segment.keys.lowerBound
    if let proof = proofs[first.line] { return proof }
    let proof = ChainProof(self, try lines.state(of: first), after: first - 1, hash: try hash(at: previous))
    proofs[first.line] = proof
    return proof
  }
}
