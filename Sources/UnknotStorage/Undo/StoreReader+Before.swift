import UnknotCausality

// What an operation did, and what stood before it: found in the log.

/// What an operation did to a record, all its changes taken together.
struct Wrote {
  var created = false
  var deleted = false
  var restored = false
  /// The last change that wrote to each field.
  var fields: [Int64: ChangeKey] = [:]
}

extension StoreReader {
  /// What is derived from a field is taken back with it, and left as it is where that is left: a field by itself cannot
  /// be told apart, as it is written along without being changed.
  ///
  /// - Returns: what is to be written although nothing changes.
  func takeAlong(
    _ record: ChangeKey, _ wrote: Wrote, _ values: inout [FieldName: Value], earlier: (Int64) throws -> Value?
  ) throws -> Set<FieldName> {
    var rewritten: Set<FieldName> = []
    let schema = try names.shape(creation(of: record).shape).recordTable?.schema
    let numbers = Dictionary(
      try wrote.fields.keys.map { (try names.field($0), $0) }, uniquingKeysWith: { first, _ in first })
    for (source, followers) in schema?.followers ?? [:] where numbers[FieldName(source)] != nil {
      for name in followers.map({ FieldName($0) }) {
        guard let number = numbers[name] else { continue }
        guard values[FieldName(source)] != nil else {
          values[name] = nil
          continue
        }
        values[name] = try earlier(number) ?? .null
        rewritten.insert(name)
      }
    }
    return rewritten
  }

  var hasForgotten: Bool {
    get throws { try statements["SELECT 1 FROM forgotten LIMIT 1"].first { _ in true } ?? false }
  }

  func writes(of operation: Operation) throws -> [(ChangeKey, Wrote)] {
    var order: [ChangeKey] = []
    var wrote: [ChangeKey: Wrote] = [:]
    var heads: [LogHead] = []
    for run in operation.runs {
      try statements[
        "SELECT \(LogHead.columns) FROM change WHERE key BETWEEN ? AND ? ORDER BY key"
      ].bind(run.lowerBound, at: 1).bind(run.upperBound, at: 2).eachRow { heads.append(LogHead($0)) }
    }
    for row in heads {
      let shape = try names.shape(row.shape)
      guard let record = shape.shape.action == .create ? row.key : row.subject else {
        throw StorageError.damaged("a change is one of nothing")
      }
      if wrote[record] == nil { order.append(record) }
      var entry = wrote[record] ?? Wrote()
      switch shape.shape.action {
      case .create: entry.created = true
      case .delete:
        entry.deleted = true
        entry.restored = false
      case .edit:
        if shape.fieldNumbers.isEmpty { entry.restored = true }
        for field in shape.fieldNumbers { entry.fields[field] = row.key }
      }
      wrote[record] = entry
    }
    // Of several lines, the one that wrote to the parent can come after the one that wrote to the child.
    let depths = try order.map { record in
      var depth = 0
      try forEachParent(from: creation(of: record).subject) { _ in
        depth += 1
        return true
      }
      return depth
    }
    return order.indices.sorted { (depths[$0], $0) < (depths[$1], $1) }.map {
      (order[$0], wrote[order[$0]] ?? Wrote())
    }
  }

  /// Undone and redone, what it wrote was written again: the operation, and those that did it again.
  func redone(_ operation: Operation) throws -> [Operation] {
    var again = [operation]
    for other in try operations(limit: .max).reversed()
    where again.contains(where: { $0.id == other.reverts }) { again.append(other) }
    return again
  }

  /// Records that are not to be there afterwards: those that were removed and are back because of this operation
  /// alone, which edited them or wrote to a child of theirs, and those that are not there now and stay so. Children
  /// before their parents.
  func recordsToRemove(
    _ again: [Operation], _ written: [(ChangeKey, Wrote)], before clock: LineClock
  ) throws -> [ChangeKey] {
    var considered: Set<ChangeKey> = []
    var records: [ChangeKey] = []
    let wrote = Dictionary(uniqueKeysWithValues: written)
    func consider(_ record: ChangeKey) throws {
      guard considered.insert(record).inserted else { return }
      let entries = try entries(of: record)
      if entries.arePresent {
        let isOwn = entries.allSatisfy { entry in
          entry.presence != .present || again.contains { $0.covers(entry.key) }
        }
        guard try isOwn && wasRemoved(record, before: clock) else { return }
      } else if wrote[record]?.deleted == true {
        guard try wasRemoved(record, before: clock) else { return }
      }
      records.append(record)
    }
    for (record, wrote) in written.reversed() {
      if !wrote.created { try consider(record) }
      try forEachParent(from: creation(of: record).subject) { parent in
        try consider(parent)
        return true
      }
    }
    return records
  }

  /// Whether the record was removed for somebody who had seen just this much.
  func wasRemoved(_ record: ChangeKey, before clock: LineClock) throws -> Bool {
    try presence(of: record, before: clock).visible == .removed
  }

  /// Who removed it and who did not, of those that nothing had seen.
  func presence(of record: ChangeKey, before clock: LineClock) throws -> Register {
    func isDelete(_ row: LogHead) throws -> Bool { try names.shape(row.shape).shape.action == .delete }
    let own = try writes(to: record).filter { clock.covers($0.key) }
    // What was never removed needs no look at what is below it.
    let written =
      try own.contains(where: isDelete)
      ? own + touches(of: record).filter { clock.covers($0.key) } : own
    return Register(
      try surviving(written).map {
        RegisterEntry(
          dot: try lines.name(of: $0.key), recordedAt: $0.recordedAt,
          value: try isDelete($0) ? .removed : .present)
      }, rule: FieldName.presence.rule)
  }

  /// The changes of a record's children, and theirs, that write `true` to its presence.
  private func touches(of parent: ChangeKey, below depth: Int = 0) throws -> [LogHead] {
    // Only in a damaged journal does a record come below itself.
    guard depth < 1000 else { throw StorageError.damaged("a record belongs to itself") }
    return try creations(under: parent).flatMap { child in
      try writes(to: child.key).filter { try names.shape($0.shape).shape.action != .delete }
        + touches(of: child.key, below: depth + 1)
    }
  }

  /// A field as somebody who had seen just this much saw it, found in the log; nil: nobody had written to it.
  func field(_ record: ChangeKey, _ field: Int64, before clock: LineClock) throws -> StoredField? {
    // What was removed by then had no part in the thing.
    let things = try thing(of: record).filter { try $0 == record || !wasRemoved($0, before: clock) }
    let written = try things.flatMap { try writes(to: $0) }.filter { row in
      try clock.covers(row.key) && names.shape(row.shape).fieldNumbers.contains(field)
    }
    return try self.field(field, surviving(written).map(\.key))
  }

  /// A field as it stands now: of records that stand for one thing, that of all together, as people see it.
  func present(_ record: ChangeKey, _ field: Int64) throws -> StoredField? {
    let origin = try origin(of: record)
    let table = origin.shape.shape.table
    let name = try names.field(field)
    guard origin.shape.recordTable?.schema.isSingle == true,
      let thing = try united(table, fields: [name.field])
    else {
      return try self.field(of: creation(of: record), field)
    }
    return thing.fields[name]
  }

  /// The record, or all that stand for one thing with it.
  private func thing(of record: ChangeKey) throws -> [ChangeKey] {
    let origin = try origin(of: record)
    guard let table = origin.shape.recordTable, table.schema.isSingle else { return [record] }
    var records: [ChangeKey] = []
    try statements["SELECT id FROM \(table.sqlName)"].eachRow { records.append($0.key(0)) }
    return records
  }

  /// Those of the writes that none of the others had seen.
  private func surviving(_ heads: [LogHead]) throws -> [LogHead] {
    let seen = try heads.map { (head: $0, context: try context(of: $0.key)) }
    return MergeRule.standing(seen) { $0.context.covers($1.head.key, lines.tree) }.map(\.head)
  }
}
