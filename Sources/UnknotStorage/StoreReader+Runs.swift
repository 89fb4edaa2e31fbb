public import UnknotCausality

extension StoreReader {
  /// No more changes are held in memory at once than this,
  static let pieceCount = 4096
  /// and no more of their bytes than this and one change.
  static let pieceBytes = 1 << 20

  /// Everything held that `base` does not cover, in an order in which nothing comes before what its writer had
  /// seen: runs of one actor under one context. A long run comes in pieces, of which only the first has the
  /// context and the hash that it follows.
  ///
  /// - Parameter base: must be causally closed, as every clock of a device is.
  public func forEachRun(
    after base: VectorClock, _ body: (_ run: ChangeRun, _ follows: ChangeHash?) throws -> Void
  ) throws {
    var emitted = LocalClock()
    for state in names.actors.values {
      emitted[state.number] = min(state.seq, Int64(clamping: base[state.actor]))
    }
    var waiting = try names.actors.values.filter { $0.seq > emitted[$0.number] }
      .sorted { $0.actor < $1.actor }
      .map { Segments(actor: $0, moves: try contextMoves(of: $0, after: emitted[$0.number])) }
    while !waiting.isEmpty {
      var progress = false
      for index in waiting.indices {
        while let segment = waiting[index].next(after: emitted) {
          progress = true
          try emit(segment, of: waiting[index].actor, body)
          emitted[waiting[index].actor.number] = segment.last
        }
      }
      waiting.removeAll { $0.actor.seq == emitted[$0.actor.number] }
      guard progress || waiting.isEmpty else {
        throw StorageError.damaged("contexts in the log lead in a circle")
      }
    }
  }

  private typealias ContextMove = (seq: Int64, delta: [(actor: Int64, seq: Int64)])

  private struct Segment {
    let first: Int64
    let last: Int64
    let delta: [(actor: Int64, seq: Int64)]?
  }

  /// What is left of an actor's changes, cut where its context moves.
  private struct Segments {
    let actor: ActorState
    var moves: ArraySlice<ContextMove>

    init(actor: ActorState, moves: [ContextMove]) {
      self.actor = actor
      self.moves = moves[...]
    }

    /// The next segment, if everything that it had seen has been emitted.
    mutating func next(after emitted: LocalClock) -> Segment? {
      let first = emitted[actor.number] + 1
      guard first <= actor.seq else { return nil }
      var delta: [(actor: Int64, seq: Int64)]?
      if let move = moves.first, move.seq == first {
        guard move.delta.allSatisfy({ emitted[$0.actor] >= $0.seq }) else { return nil }
        delta = move.delta
        moves.removeFirst()
      }
      return Segment(first: first, last: moves.first.map { $0.seq - 1 } ?? actor.seq, delta: delta)
    }
  }

  private func contextMoves(of state: ActorState, after seq: Int64) throws -> [ContextMove] {
    var moves: [ContextMove] = []
    try statements["SELECT dot, entries FROM context WHERE dot BETWEEN ? AND ? ORDER BY dot"]
      .bind(Packing.dot(state.number, seq + 1), at: 1).bind(Packing.dot(state.number, state.seq), at: 2)
      .eachRow { moves.append((Packing.seq($0.integer(0)), try LocalClock.pairs($0.bytes(1)))) }
    return moves
  }

  private func emit(
    _ segment: Segment, of state: ActorState, _ body: (ChangeRun, ChangeHash?) throws -> Void
  ) throws {
    var follows: ChangeHash?
    if segment.first > 1 || state.parent != 0 {
      follows = ChangeHash(try hash(at: before(Packing.dot(state.number, segment.first))))
    }
    var context: ContextDelta?
    if let delta = segment.delta {
      context = ContextDelta(
        at: Dot(state.actor, UInt64(segment.first)),
        entries: try delta.map { entry in
          guard let other = names.actors[entry.actor] else {
            throw StorageError.damaged("a context names an actor that is not listed")
          }
          return Dot(other.actor, UInt64(entry.seq))
        })
    }
    var first = segment.first
    while first <= segment.last {
      let isFirst = first == segment.first
      if let gap = try gap(at: Packing.dot(state.number, first)) {
        let last = min(segment.last, Packing.seq(gap.dots.upperBound))
        let start = Int(Packing.dot(state.number, first) - gap.dots.lowerBound) * ChangeHash.byteCount
        guard
          let forgotten = ForgottenChanges(
            first: Dot(state.actor, UInt64(first)),
            hashes: Array(gap.hashes[start..<start + Int(last - first + 1) * ChangeHash.byteCount]))
        else { throw StorageError.damaged("forgotten changes have no hash") }
        try body(
          ChangeRun(context: isFirst ? context : nil, forgotten: forgotten),
          isFirst ? follows : ChangeHash(try hash(at: Packing.dot(state.number, first - 1))))
        first = last + 1
        continue
      }
      let last = min(segment.last, first + Int64(Self.pieceCount) - 1)
      var changes: [Change] = []
      var byteCount = 0
      try statements["\(LogRow.select) WHERE dot BETWEEN ? AND ? ORDER BY dot"]
        .bind(Packing.dot(state.number, first), at: 1).bind(Packing.dot(state.number, last), at: 2)
        .eachRowWhile { row in
          let row = LogRow(row)
          // A gap ends the piece, and long texts do.
          guard byteCount < Self.pieceBytes, Packing.seq(row.dot) == first + Int64(changes.count) else {
            return false
          }
          let change = try change(row)
          byteCount += change.body.count
          changes.append(change)
          return true
        }
      guard !changes.isEmpty else { throw StorageError.damaged("changes are missing from the log") }
      let end = first + Int64(changes.count)
      if byteCount < Self.pieceBytes, end <= last, try gap(at: Packing.dot(state.number, end)) == nil {
        throw StorageError.damaged("changes are missing from the log")
      }
      try body(ChangeRun(context: isFirst ? context : nil, changes: changes), isFirst ? follows : nil)
      first = end
    }
  }
}
