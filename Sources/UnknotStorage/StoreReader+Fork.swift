import UnknotCausality

/// What an actor's changes are called from one seq on, once another history has taken the name.
struct Renaming {
  let from: Int64
  let after: Int64
  let to: Int64

  func renaming(_ dot: LocalDot) -> LocalDot {
    guard Packing.actor(dot) == from, Packing.seq(dot) > after else { return dot }
    return Packing.dot(to, Packing.seq(dot) - after)
  }

  /// The entry for the actor becomes one for what both histories share and one for the renamed one.
  func renaming(_ pairs: [(actor: Int64, seq: Int64)]) -> [(actor: Int64, seq: Int64)] {
    pairs.flatMap { pair in
      pair.actor == from
        ? [(from, min(pair.seq, after)), (to, max(0, pair.seq - after))] : [(pair.actor, pair.seq)]
    }
  }

  func renaming(_ clock: LocalClock) -> LocalClock {
    LocalClock(renaming(clock.entries.map { ($0.key, $0.value) }))
  }
}

extension StoreReader {
  /// A branch is called by the first 16 bytes of its first change's hash: a function of what was written alone.
  func actor(ofBranch hash: [UInt8]) throws -> ActorID {
    guard let actor = ActorID(hash[..<ActorID.byteCount]) else {
      throw StorageError.damaged("a hash is too short")
    }
    return actor
  }

  /// Gives everything that follows a change under its actor's name the name of a branch, throughout the journal.
  func renameHistory(after head: LocalDot) throws -> Renaming {
    guard let state = names.actors[Packing.actor(head)] else {
      throw StorageError.damaged("a branch of nothing")
    }
    let cut = Packing.seq(head)
    let headHash = try hash(at: head)
    try splitGap(after: head)
    let headContext = try foreignContext(at: head)
    let branch = try names.introduceBranch(
      try actor(ofBranch: try hash(at: head + 1)), after: head, hash: headHash)
    let renaming = Renaming(from: state.number, after: cut, to: branch.number)

    branch.seq = state.seq - cut
    branch.hash = state.hash
    branch.context = renaming.renaming(state.context)
    for (number, seq) in names.closure(of: [head]).entries {
      branch.context[number] = max(branch.context[number], seq)
    }
    branch.context[branch.number] = 0
    for other in names.actors.values {
      if other.parent == state.number, other.depth > branch.depth, other !== branch {
        other.parent = branch.number
        try statements["UPDATE actor SET parent = ? WHERE id = ?"].bind(branch.number, at: 1)
          .bind(other.number, at: 2).run()
      }
      guard other !== branch, other !== state else { continue }
      let renamed = renaming.renaming(other.context)
      if renamed != other.context {
        other.context = renamed
        other.isChanged = true
      }
    }

    // No history of this program's making parts in the middle of an operation; one that does cannot be undone as one.
    try statements["DELETE FROM operation WHERE dot BETWEEN ? AND ? AND last > ?"]
      .bind(Packing.dot(state.number, 1), at: 1).bind(head, at: 2).bind(head, at: 3).run()
    try renameRows(renaming, last: state.seq)
    try renameImports(renaming)
    try renameContexts(renaming, headContext: headContext)
    try renameAcknowledgements(renaming)

    state.seq = cut
    state.hash = headHash
    state.context = headContext
    state.isChanged = true
    branch.isChanged = true
    recentHashes = [:]
    try storeCheckpoint(headHash, at: head)
    try listTiesAnew()
    return renaming
  }

  /// Forgotten changes of which some keep their name and some do not.
  private func splitGap(after head: LocalDot) throws {
    guard let gap = try gap(at: head), gap.dots.contains(head + 1) else { return }
    let cut = Int(head - gap.dots.lowerBound + 1) * ChangeHash.byteCount
    try statements["DELETE FROM forgotten WHERE first = ?"].bind(gap.dots.lowerBound, at: 1).run()
    try noteForgotten(gap.dots.lowerBound...head, Array(gap.hashes[..<cut]))
    try noteForgotten(head + 1...gap.dots.upperBound, Array(gap.hashes[cut...]))
  }

  /// Dots, wherever a row has one.
  private func renameRows(_ renaming: Renaming, last: Int64) throws {
    let first = Packing.dot(renaming.from, renaming.after + 1)
    let shift = Packing.dot(renaming.to, 1) - first
    for (table, column) in [
      ("change", "dot"), ("change", "subject"), ("context", "dot"), ("checkpoint", "dot"),
      ("entry", "record"), ("entry", "dot"), ("conflict", "record"), ("listing", "record"),
      ("operation", "dot"), ("operation", "last"),
      ("forgotten", "first"), ("forgotten", "last"),
    ] {
      try statements["UPDATE \(table) SET \(column) = \(column) + ? WHERE \(column) BETWEEN ? AND ?"]
        .bind(shift, at: 1).bind(first, at: 2).bind(Packing.dot(renaming.from, last), at: 3).run()
    }
  }

  private func renameImports(_ renaming: Renaming) throws {
    var rows: [(number: Int64, before: LocalClock, after: LocalClock)] = []
    try statements["SELECT number, held_before, held_after FROM operation WHERE held_before IS NOT NULL"]
      .eachRow { row in
        rows.append((row.integer(0), try LocalClock(row.bytes(1)), try LocalClock(row.bytes(2))))
      }
    for row in rows {
      try statements["UPDATE operation SET held_before = ?, held_after = ? WHERE number = ?"]
        .bind(renaming.renaming(row.before).bytes, at: 1).bind(renaming.renaming(row.after).bytes, at: 2)
        .bind(row.number, at: 3).run()
    }
  }

  private func renameContexts(_ renaming: Renaming, headContext: LocalClock) throws {
    var rows: [(dot: LocalDot, delta: [(actor: Int64, seq: Int64)])] = []
    try statements["SELECT dot, entries FROM context"].eachRow { row in
      let delta = try LocalClock.pairs(row.bytes(1))
      if delta.contains(where: { $0.actor == renaming.from }) {
        rows.append((row.integer(0), renaming.renaming(delta)))
      }
    }
    for row in rows { try replaceContext(at: row.dot, row.delta) }

    // A branch begins with its whole context.
    let first = Packing.dot(renaming.to, 1)
    var context = headContext
    for (number, seq) in names.closure(of: [before(first)]).entries {
      context[number] = max(context[number], seq)
    }
    context.change(try contextDelta(at: first) ?? [])
    context[renaming.to] = 0
    try replaceContext(at: first, context.entries.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
  }

  private func replaceContext(at dot: LocalDot, _ delta: [(actor: Int64, seq: Int64)]) throws {
    guard !delta.isEmpty else { return }
    try statements["INSERT OR REPLACE INTO context (dot, entries) VALUES (?, ?)"]
      .bind(dot, at: 1).bind(LocalClock.bytes(delta.filter { $0.actor != Packing.actor(dot) }), at: 2).run()
  }

  private func renameAcknowledgements(_ renaming: Renaming) throws {
    try statements[
      """
      INSERT INTO acknowledgement (device, actor, seq, said)
      SELECT device, ?1, seq - ?2, max(0, said - ?2) FROM acknowledgement WHERE actor = ?3 AND seq > ?2
      """
    ].bind(renaming.to, at: 1).bind(renaming.after, at: 2).bind(renaming.from, at: 3).run()
    try statements[
      "UPDATE acknowledgement SET seq = ?1, said = min(said, ?1) WHERE actor = ?2 AND seq > ?1"
    ].bind(renaming.after, at: 1).bind(renaming.from, at: 2).run()
    try statements["DELETE FROM acknowledgement WHERE seq = 0"].run()
  }

  /// Names break ties: of records whose time is in conflict, another one may be the visible one now.
  private func listTiesAnew() throws {
    for table in store.tables.values {
      guard let timeField = table.timeField else { continue }
      let field = try names.number(of: FieldName(timeField))
      var records: [LocalDot] = []
      try statements["SELECT record FROM conflict WHERE field = ?"].bind(field, at: 1)
        .eachRow { records.append($0.integer(0)) }
      for record in records {
        try statements["UPDATE listing SET time = ? WHERE record = ?"]
          .bind(try listedTime(of: try heldChange(at: record)), at: 1).bind(record, at: 2).run()
      }
    }
  }
}
