import UnknotCausality

// Local edits and imported changes are applied here and nowhere else.

extension Door {
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
    let shape = try numbers.stored(change.shape)
    let previous = lines.tree.before(key)
    if let subject {
      guard subject.depth > 0, subject < key || subject.line != state.number, try covers(state, subject)
      else { throw InvalidChange("\(change.dot) names a record that its writer had not seen") }
    }

    let hash = try reader.chainHash(
      after: state.hash, shape: shape, begins: change.beginsOperation, recordedAt: change.recordedAt,
      subject: try subject.map {
        try reader.canonical($0, previous: previous) { try lines.context(of: state) }
      },
      moved: moved, body: change.body)
    try statements.changes.insert {
      $0.key(key)
      $0.number(shape.number)
      $0.number(subject?.rawValue ?? 0)
      $0.number(change.recordedAt)
      $0.number(change.beginsOperation ? 1 : 0)
      $0.bytes(change.body)
    }
    lines.extend(state, hash: hash)
    reader.noteStored(key, hash)
    if key.depth % StoreReader.checkpointDistance == 0 { try storeCheckpoint(hash, at: key) }

    let own = LogRow(change, as: key, subject: subject, shape)
    switch change.shape.action {
    case .create:
      try insertRow(own, shape)
      if let subject { try touch(subject, by: own, isOwn: true, state) }
    case .edit:
      guard let subject else { throw InvalidChange("an edit of nothing") }
      let origin = try enter(into: subject, shape, by: own, isOwn: true, .present, state)
      if let parent = origin.parent { try touch(parent, by: own, isOwn: false, state) }
    case .delete:
      guard let subject else { throw InvalidChange("a delete of nothing") }
      try enter(into: subject, shape, by: own, isOwn: true, .removed, state)
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
    try reader.forEachParent(from: parent) { record in
      guard try covers(state, record) else {
        throw InvalidChange("a change names a parent that its writer had not seen")
      }
      try enter(into: record, nil, by: own, isOwn: isOwn && record == parent, .present, state)
      return true
    }
  }

  /// New entries of a record: of its presence and of the shape's fields.
  ///
  /// - Parameters:
  ///   - shape: of an edit or delete of the record itself; nil where a parent is touched.
  ///   - own: the change.
  @discardableResult
  private func enter(
    into record: ChangeKey, _ shape: StoredShape?, by own: LogRow, isOwn: Bool, _ presence: Entry.Presence,
    _ state: LineState
  ) throws -> RecordOrigin {
    let (origin, entries) = try reader.recordEntries(of: record)
    guard shape == nil || origin.shape.kind == shape?.kind else {
      throw InvalidChange("a change names another table than its record's")
    }
    let fields = shape?.fieldNumbers ?? []
    let written = fields.min().flatMap { first in fields.max().map { first...$0 } }
    let before = entries.filter { $0.mayHold(written) }
    try statements.entries.insert {
      $0.key(record)
      $0.number(0)
      $0.key(own.key)
      $0.number(isOwn ? 1 : 0)
      $0.number(presence.rawValue)
      $0.bytes(shape?.entryFields ?? [])
    }
    let beside = try overwrite(before, of: record, fields, state)

    var shown: [(place: Int, by: ChangeKey)] = []
    for (place, field) in fields.enumerated() {
      if let key = try settle(record, field, before, beside: beside, own) { shown.append((place, key)) }
    }
    _ = try settle(record, 0, before, beside: beside, own)
    if let shape { try show(shown, of: origin, own: own, shape) }
    let isPresent = presence == .present || beside.contains { $0.presence == .present }
    if isPresent != before.arePresent { try setPresent(origin, isPresent) }
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
    let written = Set(fields)
    for entry in seen {
      guard try entry.presence != .none || written.contains(where: entry.holds) else { continue }
      let rest = try entry.fields.filter { !written.contains($0) }
      if rest.isEmpty, !entry.isOwn {
        try statements.deleteEntry.get().bind(record, at: 1).bind(entry.key, at: 2).run()
      } else {
        try statements.updateEntry.get().bind(rest.isEmpty ? 1 : 0, at: 1).bind(Entry.bytes(rest), at: 2)
          .bind(record, at: 3).bind(entry.key, at: 4).run()
      }
    }
    return siblings
  }

  /// After a write to a register: notes whether it is in conflict, without a look at more of its entries than are needed. A
  /// file can bring any number of them.
  ///
  /// - Parameters:
  ///   - before: the record's entries until now, as far as they may be of the register.
  ///   - beside: those of them that the writer had not seen.
  /// - Returns: the change whose value it shows now; nil where it shows what it did before.
  private func settle(
    _ record: ChangeKey, _ field: Int64, _ before: [Entry], beside: [Entry], _ own: LogRow
  ) throws -> ChangeKey? {
    let count = try before.count { try $0.holds(field) }
    let others = try beside.filter { try $0.holds(field) }.map(\.key)
    var shown: ChangeKey?
    if count > 1 {
      shown = try statements.selectConflict.get().bind(record, at: 1).bind(field, at: 2).first { $0.key(0) }
    }
    let wasInConflict = shown != nil
    if others.count == count, let before = shown {
      // Nothing was overwritten: what was in conflict still is.
      guard try reader.ordered([before], field, and: own)[0].key == own.key else { return nil }
      try statements.updateConflict.get().bind(own.key, at: 1).bind(record, at: 2).bind(field, at: 3).run()
      return own.key
    }
    if wasInConflict {
      try statements.deleteConflict.get().bind(record, at: 1).bind(field, at: 2).run()
    }
    // What was not in conflict has one value.
    guard try !others.isEmpty && reader.differ(wasInConflict ? others[...] : others[..<1], field, from: own)
    else {
      return own.key
    }
    let winner = try reader.ordered(others, field, and: own)[0].key
    try statements.insertConflict.get().bind(record, at: 1).bind(field, at: 2).bind(winner, at: 3).run()
    return winner
  }
}

/// A change that breaks the rules of `merge.md`; only a file can bring one.
package struct InvalidChange: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}
