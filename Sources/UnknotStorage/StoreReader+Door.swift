import UnknotCausality

// The one door: local edits (`StoreWriter`) and imported changes (`Importer`) are applied here and nowhere else.

extension StoreReader {
  /// Stores a line's next change and applies it to the registers.
  ///
  /// The line's context must already be the change's: `moveContext` comes first where it moves.
  /// - Parameters:
  ///   - change: its names are not looked at; where it stands here says `key`, and its subject `subject`.
  ///   - moved: what `moveContext` moved for this change; part of its hash.
  func apply(
    _ change: Change, as key: ChangeKey, subject: ChangeKey?, on state: LineState, moved: [FamilyHeads]
  ) throws {
    precondition(key == state.last + 1, "changes of a line are applied in order")
    let shape = try names.stored(change.shape)
    let previous = lines.tree.before(key)
    if let subject {
      guard subject.depth > 0, subject < key || subject.line != state.number, try covers(state, subject)
      else { throw InvalidChange("\(change.dot) names a record that its writer had not seen") }
    }

    let hash = try chainHash(
      after: state.hash, shape: shape, begins: change.beginsOperation, recordedAt: change.recordedAt,
      subject: try subject.map { try canonical($0, previous: previous) { try lines.context(of: state) } },
      moved: moved, body: change.body)
    try statements.changes.number(key).number(shape.number).number(subject).number(change.recordedAt)
      .number(change.beginsOperation ? 1 : 0).insert(content: change.body)
    lines.extend(state, hash: hash)
    changesAtDepth[ChangeKey(line: lines.tree.root(of: key.line), depth: key.depth)]?[hash] = key
    if key.depth % Self.checkpointDistance == 0 { try storeCheckpoint(hash, at: key) }

    let own = LogRow(change, as: key, subject: subject, shape)
    switch change.shape.action {
    case .create:
      let time = try listingTime(of: change, shape)
      try statements.listings.number(shape.table).number(time).number(key).number(1).insert()
      if let subject { try touch(subject, by: own, isOwn: true, state) }
    case .edit:
      guard let subject else { throw InvalidChange("an edit of nothing") }
      let time = shape.timeIndex == nil ? nil : try listedTime(of: creation(of: subject))
      let origin = try write(to: subject, shape, by: own, isOwn: true, .present, state, movingFrom: time)
      if let parent = origin.parent { try touch(parent, by: own, isOwn: false, state) }
    case .delete:
      guard let subject else { throw InvalidChange("a delete of nothing") }
      try write(to: subject, shape, by: own, isOwn: true, .removed, state)
    }
  }

  /// Whether the line's present context has seen the change.
  private func covers(_ state: LineState, _ key: ChangeKey) throws -> Bool {
    try key.line == state.number || lines.context(of: state).covers(key, lines.tree)
  }

  /// A write to a child is a write of `true` to its parent's presence, and so upward: same dot, same context.
  ///
  /// - Parameter isOwn: the first of them is the change's subject.
  private func touch(_ parent: ChangeKey, by own: LogRow, isOwn: Bool, _ state: LineState) throws {
    try forEachParent(from: parent) { record in
      guard try covers(state, record) else {
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
    to record: ChangeKey, _ shape: StoredShape?, by own: LogRow, isOwn: Bool, _ presence: Entry.Presence,
    _ state: LineState, movingFrom time: Int64? = nil
  ) throws -> RecordOrigin {
    let (origin, before) = try recordEntries(of: record)
    guard shape == nil || origin.table == shape?.table else {
      throw InvalidChange("a change names another table than its record's")
    }
    let fields = shape?.fieldNumbers ?? []
    try statements.entries.number(record).number(0).number(own.key).number(isOwn ? 1 : 0)
      .number(presence.rawValue).insert(content: shape?.entryFields ?? [])
    let siblings = try overwrite(before, of: record, fields, state)

    if !before.isEmpty {
      // Entries that the writer had not seen stay beside the new ones.
      try settle(
        record, 0, before: before.count { $0.presence != .none },
        isInConflict: siblings.contains { $0.presence != .none && $0.presence != presence })
      for field in fields {
        let others = siblings.filter { $0.holds(field) }.map(\.key)
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
    _ entries: [Entry], of record: ChangeKey, _ fields: [Int64], _ state: LineState
  ) throws -> [Entry] {
    guard !entries.isEmpty else { return [] }
    // A file can bring any number of entries of one register.
    let (context, tree) = (try lines.context(of: state), lines.tree)
    let (siblings, seen) = MergeRule.split(entries) {
      $0.key.line == state.number || context.covers($0.key, tree)
    }
    for entry in seen {
      let rest = entry.fields.filter { !fields.contains($0) }
      guard entry.presence != .none || rest.count < entry.fields.count else { continue }
      if rest.isEmpty, !entry.isOwn {
        try statements.deleteEntry.get().bind(record, at: 1).bind(entry.key, at: 2).run()
      } else {
        try statements.updateEntry.get().bind(rest.isEmpty ? 1 : 0, at: 1).bind(Entry.bytes(rest), at: 2)
          .bind(record, at: 3).bind(entry.key, at: 4).run()
      }
    }
    return siblings
  }

  /// Notes whether a register is in conflict. With less than two entries it was not before.
  private func settle(
    _ record: ChangeKey, _ field: Int64, before count: Int, isInConflict: Bool
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

  /// The end of a transaction: how far each line is now held.
  func saveLines() throws {
    try statements.flush()
    try lines.save()
  }
}

/// A change that breaks the rules of `merge.md`; only a file can bring one.
public struct InvalidChange: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}
