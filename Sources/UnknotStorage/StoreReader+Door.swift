import UnknotCausality

// The one door: local edits (`StoreWriter`) and imported changes (`Importer`) are applied here and nowhere else.

extension StoreReader {
  /// Stores the actor's next change and applies it to the registers.
  ///
  /// The actor's context must already be the change's: `moveContext` comes first where it moves.
  /// - Parameters:
  ///   - change: its names are not looked at; what it is called here is `dot`, and its subject `subject`.
  ///   - moved: what `moveContext` moved for this change; part of its hash.
  func apply(
    _ change: Change, as dot: LocalDot, subject: LocalDot?, by state: ActorState, moved: [FamilyHeads]
  ) throws {
    precondition(dot == Packing.dot(state.number, state.seq + 1), "changes of an actor are applied in order")
    let shape = try names.stored(change.shape)
    let previous = before(dot)
    let subject = subject ?? 0
    if subject != 0 {
      guard Packing.seq(subject) > 0, subject < dot || Packing.actor(subject) != state.number,
        covers(state, subject)
      else { throw InvalidChange("\(change.dot) names a record that its writer had not seen") }
    }

    let hash = try chainHash(
      after: state.hash, shape: shape, begins: change.beginsOperation, recordedAt: change.recordedAt,
      subject: subject == 0 ? nil : try canonical(subject, previous: previous) { state.context },
      moved: moved, body: change.body)
    try statements.insertChange.get()
      .bind(dot, at: 1).bind(shape.number, at: 2).bind(subject, at: 3).bind(change.recordedAt, at: 4)
      .bind(change.beginsOperation ? 1 : 0, at: 5).run(with: change.body, at: 6)
    state.seq += 1
    state.hash = hash
    state.isChanged = true
    if state.seq % Self.checkpointDistance == 0 { try storeCheckpoint(hash, at: dot) }

    switch change.shape.action {
    case .create:
      try statements.insertListing.get()
        .bind(shape.table, at: 1).bind(try listingTime(of: change, shape), at: 2).bind(dot, at: 3)
        .bind(1, at: 4).run()
      if subject != 0 { try touch(subject, by: dot, state) }
    case .edit:
      try edit(subject, by: dot, state, shape, change)
    case .delete:
      let origin = try origin(of: subject)
      try expect(shape, isOf: origin)
      try writePresence(
        of: origin, to: false, over: try entries(of: subject, 0), by: dot, state,
        LogRow(change, as: dot, subject: subject, shape))
    }
  }

  /// Whether the actor's present context has seen the change.
  private func covers(_ state: ActorState, _ dot: LocalDot) -> Bool {
    Packing.actor(dot) == state.number || state.context.covers(dot)
  }

  private func edit(
    _ record: LocalDot, by dot: LocalDot, _ state: ActorState, _ shape: StoredShape, _ change: Change
  ) throws {
    let firstField = shape.fieldNumbers.first ?? 0
    let own = LogRow(change, as: dot, subject: record, shape)
    let (origin, presence, first) = try registers(of: record, firstField)
    try expect(shape, isOf: origin)
    let movesTime = shape.timeIndex != nil
    let timeBefore = movesTime ? try listedTime(of: try heldChange(at: record)) : 0
    let wasPresent = try isPresent(presence)
    if firstField == 0 {
      try insert(record, 0, by: dot)
    } else {
      // The rows lie beside each other: one statement.
      try statements.insertRegisters.get().bind(record, at: 1).bind(firstField, at: 2).bind(dot, at: 3).run()
      try settle(record, firstField, over: first, by: dot, state, own)
    }
    for field in shape.fieldNumbers.dropFirst() {
      let before = try entries(of: record, field)
      try insert(record, field, by: dot)
      try settle(record, field, over: before, by: dot, state, own)
    }
    if movesTime {
      let time = try listedTime(of: try heldChange(at: record))
      if time != timeBefore {
        try statements[
          "UPDATE listing SET time = ? WHERE record_table = ? AND time = ? AND record = ?"
        ].bind(time, at: 1).bind(shape.table, at: 2).bind(timeBefore, at: 3).bind(record, at: 4).run()
      }
    }
    try settle(record, 0, over: presence, by: dot, state, own)
    if !wasPresent { try list(origin, present: true) }
    if origin.parent != 0 { try touch(origin.parent, by: dot, state) }
  }

  private func expect(_ shape: StoredShape, isOf origin: RecordOrigin) throws {
    guard origin.table == shape.table else {
      throw InvalidChange("a change names another table than its record's")
    }
  }

  /// A write to a child is a write of `true` to its parent's presence, and so upward: same dot, same context.
  private func touch(_ record: LocalDot, by dot: LocalDot, _ state: ActorState) throws {
    var record = record
    while record != 0 {
      guard covers(state, record) else {
        throw InvalidChange("a change names a parent that its writer had not seen")
      }
      let origin = try origin(of: record)
      try writePresence(of: origin, to: true, over: try entries(of: record, 0), by: dot, state, nil)
      record = origin.parent
    }
  }

  private func insert(_ record: LocalDot, _ field: Int64, by dot: LocalDot) throws {
    try statements.insertRegister.get().bind(record, at: 1).bind(field, at: 2).bind(dot, at: 3).run()
  }

  /// A new entry replaces those of its register that its writer had seen. The creating change's entry has no row and
  /// is always among those seen: nobody edits a record without having seen it.
  ///
  /// - Parameters:
  ///   - before: the register's rows before the new one.
  ///   - own: the change that wrote it; nil where it only touches a parent.
  private func settle(
    _ record: LocalDot, _ field: Int64, over before: [LocalDot], by dot: LocalDot, _ state: ActorState,
    _ own: LogRow?
  ) throws {
    guard !before.isEmpty else { return }
    var siblings: [LocalDot] = []
    for entry in before {
      if covers(state, entry) {
        try statements.deleteRegister.get().bind(record, at: 1).bind(field, at: 2).bind(entry, at: 3).run()
      } else {
        siblings.append(entry)
      }
    }
    if before.count > 1 {
      try statements["DELETE FROM conflict WHERE record = ? AND field = ?"]
        .bind(record, at: 1).bind(field, at: 2).run()
    }
    if !siblings.isEmpty, try differ(siblings, field, from: own) {
      try statements["INSERT INTO conflict (record, field) VALUES (?, ?)"]
        .bind(record, at: 1).bind(field, at: 2).run()
    }
  }

  private func writePresence(
    of origin: RecordOrigin, to present: Bool, over before: [LocalDot], by dot: LocalDot, _ state: ActorState,
    _ own: LogRow?
  ) throws {
    let wasPresent = try isPresent(before)
    try insert(origin.record, 0, by: dot)
    try settle(origin.record, 0, over: before, by: dot, state, own)
    let isPresent = try present || isPresent(try entries(of: origin.record, 0))
    if isPresent != wasPresent { try list(origin, present: isPresent) }
  }

  private func list(_ origin: RecordOrigin, present: Bool) throws {
    try statements["UPDATE listing SET present = ? WHERE record_table = ? AND time = ? AND record = ?"]
      .bind(present ? 1 : 0, at: 1).bind(origin.table, at: 2)
      .bind(try listedTime(of: try heldChange(at: origin.record)), at: 3).bind(origin.record, at: 4).run()
  }

  // MARK: Contexts

  /// From the actor's next change on, its context is another: stored once, before that change is applied.
  func moveContext(of state: ActorState, by delta: [(actor: Int64, seq: Int64)]) throws {
    guard !delta.isEmpty else { return }
    for entry in delta {
      guard let other = names.actors[entry.actor], entry.actor != state.number, entry.seq <= other.seq else {
        throw InvalidChange("a context names changes that do not come before it")
      }
      // Its hash is part of this change's hash: keep it where it is found at once.
      if entry.seq > 0 {
        let named = Packing.dot(entry.actor, entry.seq)
        try storeCheckpoint(try hash(at: named), at: named)
      }
    }
    try statements["INSERT INTO context (dot, entries) VALUES (?, ?)"]
      .bind(Packing.dot(state.number, state.seq + 1), at: 1).bind(LocalClock.bytes(delta), at: 2).run()
    state.context.change(delta)
    state.isChanged = true
  }

  func storeCheckpoint(_ hash: [UInt8], at dot: LocalDot) throws {
    try statements["INSERT OR IGNORE INTO checkpoint (dot, hash) VALUES (?, ?)"]
      .bind(dot, at: 1).bind(hash, at: 2).run()
  }

  /// The context of a change: what its writer had seen, the writer's own changes included.
  func context(of dot: LocalDot) throws -> LocalClock {
    var context = LocalClock()
    try statements["SELECT entries FROM context WHERE dot BETWEEN ? AND ? ORDER BY dot"]
      .bind(Packing.dot(Packing.actor(dot), 1), at: 1).bind(dot, at: 2)
      .eachRow { context.change(try LocalClock.pairs($0.bytes(0))) }
    context[Packing.actor(dot)] = Packing.seq(dot) - 1
    return context
  }

  /// The end of a transaction: how far each actor's changes are now held.
  func saveActors() throws {
    for state in names.actors.values where state.isChanged {
      try statements["UPDATE actor SET seq = ?, hash = ?, context = ? WHERE id = ?"]
        .bind(state.seq, at: 1).bind(state.hash, at: 2).bind(state.context.bytes, at: 3)
        .bind(state.number, at: 4).run()
      state.isChanged = false
    }
  }
}

/// A change that breaks the rules of `merge.md`; only a file can bring one.
public struct InvalidChange: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}
