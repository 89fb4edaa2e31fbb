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
    try statements.changes.number(dot).number(shape.number).number(subject).number(change.recordedAt)
      .number(change.beginsOperation ? 1 : 0).insert(content: change.body)
    state.seq += 1
    state.hash = hash
    state.isChanged = true
    if state.seq % Self.checkpointDistance == 0 { try storeCheckpoint(hash, at: dot) }

    let own = LogRow(change, as: dot, subject: subject, shape)
    switch change.shape.action {
    case .create:
      let time = try listingTime(of: change, shape)
      try statements.listings.number(shape.table).number(time).number(dot).number(1).insert()
      if subject != 0 { try touch(subject, by: own, isOwn: true, state) }
    case .edit:
      let time = shape.timeIndex == nil ? nil : try listedTime(of: creation(of: subject))
      let origin = try write(to: subject, shape, by: own, isOwn: true, .present, state, movingFrom: time)
      if origin.parent != 0 { try touch(origin.parent, by: own, isOwn: false, state) }
    case .delete:
      try write(to: subject, shape, by: own, isOwn: true, .removed, state)
    }
  }

  /// Whether the actor's present context has seen the change.
  private func covers(_ state: ActorState, _ dot: LocalDot) -> Bool {
    Packing.actor(dot) == state.number || state.context.covers(dot)
  }

  /// A write to a child is a write of `true` to its parent's presence, and so upward: same dot, same context.
  ///
  /// - Parameter isOwn: the first of them is the change's subject.
  private func touch(_ parent: LocalDot, by own: LogRow, isOwn: Bool, _ state: ActorState) throws {
    try forEachParent(from: parent) { record in
      guard covers(state, record) else {
        throw InvalidChange("a change names a parent that its writer had not seen")
      }
      try write(to: record, nil, by: own, isOwn: isOwn && record == parent, .present, state)
      return true
    }
  }

  /// New entries of a record: of its presence and of the shape's fields.
  ///
  /// - Parameters:
  ///   - shape: of an edit or delete of the record itself; nil where a parent is touched.
  ///   - own: the change.
  ///   - time: when the record is listed, where the change may move it.
  @discardableResult
  private func write(
    to record: LocalDot, _ shape: StoredShape?, by own: LogRow, isOwn: Bool, _ presence: Entry.Presence,
    _ state: ActorState, movingFrom time: Int64? = nil
  ) throws -> RecordOrigin {
    let (origin, before) = try recordEntries(of: record)
    guard shape == nil || origin.table == shape?.table else {
      throw InvalidChange("a change names another table than its record's")
    }
    let fields = shape?.fieldNumbers ?? []
    try statements.entries.number(record).number(0).number(own.dot).number(isOwn ? 1 : 0)
      .number(presence.rawValue).insert(content: shape?.entryFields ?? [])
    let siblings = try overwrite(before, of: record, fields, state)

    if !before.isEmpty {
      // Entries that the writer had not seen stay beside the new ones.
      try settle(
        record, 0, before: before.count { $0.presence != .none },
        isInConflict: siblings.contains { $0.presence != .none && $0.presence != presence })
      for field in fields {
        let others = siblings.filter { $0.holds(field) }.map(\.dot)
        try settle(
          record, field, before: before.count { $0.holds(field) },
          isInConflict: try !others.isEmpty && differ(others, field, from: own))
      }
    }
    if let time { try moveTime(of: origin, from: time) }
    let isPresent = presence == .present || siblings.contains { $0.presence == .present }
    if isPresent != before.arePresent { try list(origin, present: isPresent) }
    return origin
  }

  /// Takes out of each register what the writer had seen of it. The creating change's entries have no row and are
  /// always among those: nobody edits a record without having seen it.
  ///
  /// - Returns: what the writer had not seen.
  private func overwrite(
    _ entries: [Entry], of record: LocalDot, _ fields: [Int64], _ state: ActorState
  ) throws -> [Entry] {
    let (siblings, seen) = MergeRule.split(entries) { covers(state, $0.dot) }
    for entry in seen {
      let rest = entry.fields.filter { !fields.contains($0) }
      guard entry.presence != .none || rest.count < entry.fields.count else { continue }
      if rest.isEmpty, !entry.isOwn {
        try statements.deleteEntry.get().bind(record, at: 1).bind(entry.dot, at: 2).run()
      } else {
        try statements.updateEntry.get().bind(rest.isEmpty ? 1 : 0, at: 1).bind(Entry.bytes(rest), at: 2)
          .bind(record, at: 3).bind(entry.dot, at: 4).run()
      }
    }
    return siblings
  }

  /// Notes whether a register is in conflict. With less than two entries it was not before.
  private func settle(
    _ record: LocalDot, _ field: Int64, before count: Int, isInConflict: Bool
  ) throws {
    if count > 1 {
      try statements.deleteConflict.get().bind(record, at: 1).bind(field, at: 2).run()
    }
    if isInConflict {
      try statements.insertConflict.get().bind(record, at: 1).bind(field, at: 2).run()
    }
  }

  private func moveTime(of origin: RecordOrigin, from before: Int64) throws {
    let time = try listedTime(of: try heldChange(at: origin.record))
    guard time != before else { return }
    try statements["UPDATE listing SET time = ? WHERE record_table = ? AND time = ? AND record = ?"]
      .bind(time, at: 1).bind(origin.table, at: 2).bind(before, at: 3).bind(origin.record, at: 4).run()
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
    try statements.insertCheckpoint.get().bind(dot, at: 1).bind(hash, at: 2).run()
  }

  /// The context of a change: what its writer had seen, the writer's own changes included.
  ///
  /// - Parameter earlier: that of a change of the same actor before it, or of itself, where it is known.
  func context(of dot: LocalDot, after earlier: (dot: LocalDot, clock: LocalClock)? = nil) throws
    -> LocalClock
  {
    var context = earlier?.clock ?? LocalClock()
    try statements["SELECT entries FROM context WHERE dot BETWEEN ? AND ? ORDER BY dot"]
      .bind(earlier.map { $0.dot + 1 } ?? Packing.dot(Packing.actor(dot), 1), at: 1).bind(dot, at: 2)
      .eachRow { context.change(try LocalClock.pairs($0.bytes(0))) }
    context[Packing.actor(dot)] = Packing.seq(dot) - 1
    return context
  }

  /// The end of a transaction: how far each actor's changes are now held.
  func saveActors() throws {
    try statements.flush()
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
