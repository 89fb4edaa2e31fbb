import UnknotCausality

extension FirstForm {
  /// Everything that the journal holds, in an order in which nothing comes before what its writer had seen: as it would
  /// stand in a file.
  func forEachRun(_ body: (_ run: ChangeRun, _ follows: ChangeHash?) throws -> Void) throws {
    var emitted: [Int64: Int64] = [:]
    var waiting = try inOrder.filter { $0.seq > 0 }.map { (actor: $0, moves: try moves(of: $0)[...]) }
    while !waiting.isEmpty {
      var progress = false
      for index in waiting.indices {
        let actor = waiting[index].actor
        while let first = next(of: actor, emitted) {
          let move = waiting[index].moves.first.flatMap { $0.seq == first ? $0 : nil }
          if let move {
            guard move.entries.allSatisfy({ emitted[$0.actor] ?? 0 >= $0.seq }) else { break }
            waiting[index].moves.removeFirst()
          } else if first == 1, actor.parent != 0 {
            // A branch without a context of its own: it begins once what it goes on from is here.
            let parent = try self.parent(of: actor)
            guard parent.seq == 0 || door.lines.key(of: parent) != nil else { break }
          }
          let last = waiting[index].moves.first.map { $0.seq - 1 } ?? actor.seq
          try emit(actor, first...last, try move.map { try delta($0, of: actor) }, body)
          emitted[actor.number] = last
          progress = true
        }
      }
      waiting.removeAll { emitted[$0.actor.number] == $0.actor.seq }
      guard progress || waiting.isEmpty else {
        throw StorageError.damaged("contexts in the log lead in a circle")
      }
    }
  }

  private func next(of actor: Actor, _ emitted: [Int64: Int64]) -> Int64? {
    let first = (emitted[actor.number] ?? 0) + 1
    return first <= actor.seq ? first : nil
  }

  private typealias Move = (seq: Int64, entries: [(actor: Int64, seq: Int64)])

  private func moves(of actor: Actor) throws -> [Move] {
    var moves: [Move] = []
    try statements["SELECT dot, entries FROM context WHERE dot BETWEEN ? AND ? ORDER BY dot"]
      .bind(dot(actor, 1), at: 1).bind(dot(actor, actor.seq), at: 2)
      .eachRow { moves.append(($0.integer(0) - dot(actor, 0), try Self.pairs($0.bytes(1)))) }
    return moves
  }

  private func dot(_ actor: Actor, _ seq: Int64) -> Int64 { actor.number << 40 | seq }

  private func name(_ dot: Int64) throws -> Dot { Dot(try actor(dot >> 40).id, UInt64(dot & (1 << 40 - 1))) }

  private func delta(_ move: Move, of actor: Actor) throws -> ContextDelta {
    ContextDelta(
      at: Dot(actor.id, UInt64(move.seq)),
      entries: try move.entries.map { Dot(try self.actor($0.actor).id, UInt64($0.seq)) })
  }

  private func emit(
    _ actor: Actor, _ seqs: ClosedRange<Int64>, _ context: ContextDelta?,
    _ body: (ChangeRun, ChangeHash?) throws -> Void
  ) throws {
    var follows: ChangeHash?
    if seqs.lowerBound == 1, actor.parent != 0 {
      // The door has it already: what it follows was emitted.
      let parent = try self.parent(of: actor)
      guard
        let key = parent.seq > 0
          ? door.lines.key(of: parent)
          : door.lines.tree.root(of: parent.actor).map({ ChangeKey(line: $0, depth: 0) })
      else { throw StorageError.damaged("a branch of nothing") }
      follows = ChangeHash(try door.reader.hash(at: key))
    }
    var first = seqs.lowerBound
    while first <= seqs.upperBound {
      let delta = first == seqs.lowerBound ? context : nil
      if let gap = try gap(at: dot(actor, first)) {
        let last = min(seqs.upperBound, gap.last - dot(actor, 0))
        let start = Int(dot(actor, first) - gap.first) * ChangeHash.byteCount
        let end = start + Int(last - first + 1) * ChangeHash.byteCount
        guard gap.hashes.count >= end, first == 1 || door.lines.tree.actor(actor.id) != nil,
          let forgotten = ForgottenChanges(
            first: Dot(actor.id, UInt64(first)), hashes: Array(gap.hashes[start..<end]))
        else { throw StorageError.damaged("forgotten changes have no hash") }
        let before = first == 1 ? follows : try door.reader.hash(of: Dot(actor.id, UInt64(first - 1)))
        try body(ChangeRun(context: delta, forgotten: forgotten), before)
        first = last + 1
        continue
      }
      let changes = try self.changes(of: actor, first...seqs.upperBound)
      guard !changes.isEmpty else { throw StorageError.damaged("changes are missing from the log") }
      try body(ChangeRun(context: delta, changes: changes), first == 1 ? follows : nil)
      first += Int64(changes.count)
    }
  }

  /// As many as are held in memory at once.
  private func changes(of actor: Actor, _ seqs: ClosedRange<Int64>) throws -> [Change] {
    var changes: [Change] = []
    var byteCount = 0
    try statements[
      """
      SELECT dot, definition, subject, recorded_at, begins, body FROM change
      JOIN shape ON shape.id = change.shape WHERE dot BETWEEN ? AND ? ORDER BY dot
      """
    ].bind(dot(actor, seqs.lowerBound), at: 1).bind(dot(actor, seqs.upperBound), at: 2).eachRowWhile { row in
      guard byteCount < StoreReader.pieceBytes, changes.count < StoreReader.pieceCount,
        row.integer(0) == dot(actor, seqs.lowerBound) + Int64(changes.count)
      else { return false }
      let body = row.bytes(5)
      byteCount += body.count
      changes.append(
        Change(
          dot: try name(row.integer(0)), shape: try Shape(canonicalBytes: row.bytes(1)),
          subject: row.integer(2) == 0 ? nil : try name(row.integer(2)), recordedAt: row.integer(3),
          beginsOperation: row.integer(4) != 0, body: body))
      return true
    }
    return changes
  }

  private func gap(at dot: Int64) throws -> (first: Int64, last: Int64, hashes: [UInt8])? {
    let gap = try statements[
      "SELECT first, last, hashes FROM forgotten WHERE first <= ? ORDER BY first DESC LIMIT 1"
    ].bind(dot, at: 1).first { (first: $0.integer(0), last: $0.integer(1), hashes: $0.bytes(2)) }
    return gap.flatMap { $0.last >= dot ? $0 : nil }
  }
}
