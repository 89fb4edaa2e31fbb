public import UnknotCausality

extension StoreReader {
  public func record(_ id: Dot) throws -> StoredRecord? {
    guard let packed = names.pack(id), let row = try change(at: packed),
      try names.shape(row.shape).shape.action == .create
    else { return nil }
    return try record(row)
  }

  func record(_ creation: LogRow) throws -> StoredRecord {
    let shape = try names.shape(creation.shape)
    var dots: [Int64: [LocalDot]] = [:]
    for entry in try entries(of: creation.dot) {
      if entry.holds(0) { dots[0, default: []].append(entry.dot) }
      for field in entry.fields { dots[field, default: []].append(entry.dot) }
    }

    let id = try names.unpack(creation.dot)
    var fields: [FieldName: Register] = [:]
    let created = try values(of: creation)
    for (index, number) in shape.fieldNumbers.enumerated() where dots[number] == nil {
      fields[shape.shape.fields[index]] = Register([
        RegisterEntry(dot: id, recordedAt: creation.recordedAt, value: created[index])
      ])
    }
    for (number, dots) in dots where number != 0 {
      fields[try names.field(number)] = try register(creation.dot, number, dots)
    }
    let presence = try register(creation.dot, 0, dots[0] ?? [creation.dot])
    return StoredRecord(
      id: id, table: shape.shape.table,
      parent: creation.subject == 0 ? nil : try names.unpack(creation.subject),
      createdAt: creation.recordedAt, presence: presence, fields: fields,
      isVisible: try presence.visible != .removed && parentsArePresent(creation.subject))
  }

  private func parentsArePresent(_ parent: LocalDot) throws -> Bool {
    var arePresent = true
    try forEachParent(from: parent) { record in
      arePresent = try isPresent(record)
      return arePresent
    }
    return arePresent
  }

  /// The records of a table, newest first; those of one time by their ids, the last one first.
  ///
  /// - Parameter isWanted: others are passed over, and do not count for the limit.
  public func records(
    in table: String, _ filter: RecordFilter, where isWanted: (StoredRecord) throws -> Bool = { _ in true }
  ) throws -> [StoredRecord] {
    guard let number = try names.existingTable(table), filter.limit.map({ $0 > 0 }) ?? true else { return [] }
    var records: [StoredRecord] = []
    // Rows of one time stand in an order of this journal's own: it is not to be seen.
    var time: Int64?
    var ties: [LocalDot] = []
    func takeTies() throws {
      let ids = ties.count > 1 ? try ties.sorted { try names.unpack($1) < names.unpack($0) } : ties
      ties = []
      for id in ids where filter.limit.map({ records.count < $0 }) ?? true {
        let record = try record(try heldChange(at: id))
        if filter.includeRemoved || record.isVisible, try isWanted(record) { records.append(record) }
      }
      if records.count == filter.limit { throw Enough() }
    }
    let rows = try statements[
      """
      SELECT record, present, time FROM listing
      WHERE record_table = ?1 AND time >= ?2 AND (time < ?3 OR ?3 IS NULL) ORDER BY time DESC, record DESC
      """
    ].bind(number, at: 1).bind(filter.since ?? .min, at: 2).bind(filter.until, at: 3)
    do {
      try rows.eachRow { row in
        if !filter.includeRemoved, row.integer(1) == 0 { return }
        if row.integer(2) != time { try takeTies() }
        time = row.integer(2)
        ties.append(row.integer(0))
      }
      try takeTies()
    } catch is Enough {}
    return records
  }

  private struct Enough: Error {}

  /// The records of a table that belong to a parent, in order: by their order keys as bytes where the table has
  /// them, ties and others by record id.
  public func children(of parent: Dot, in table: String, includeRemoved: Bool) throws -> [StoredRecord] {
    guard let packed = names.pack(parent) else { return [] }
    let children = try creations(under: packed).filter { row in
      bytewiseEqual(try names.shape(row.shape).shape.table, table)
    }.map { try record($0) }.filter { includeRemoved || $0.isPresent }
    let orderField = store.tables[table]?.orderField
    func key(_ record: StoredRecord) -> [UInt8] {
      guard let orderField, case .text(let key) = record[orderField] else { return [] }
      return Array(key.utf8)
    }
    return children.map { ($0, key($0)) }.sorted {
      $0.1 == $1.1 ? $0.0.id < $1.0.id : $0.1.lexicographicallyPrecedes($1.1)
    }.map(\.0)
  }

  /// The changes of a record in an order in which none comes before one that it had seen.
  public func history(of record: Dot) throws -> [HistoryEntry] {
    guard let packed = names.pack(record), try change(at: packed) != nil else { return [] }
    let rows = try writes(to: packed)
    return try rows.map { row in
      HistoryEntry(
        change: try change(row), operation: try names.unpack(try operationStart(row)),
        values: Dictionary(
          uniqueKeysWithValues: zip(try names.shape(row.shape).shape.fields, try values(of: row))))
    }
  }

  /// The creating change and every edit and delete, children's touches left out.
  func writes(to record: LocalDot) throws -> [LogRow] {
    let own =
      try [creation(of: record)]
      + changes(about: record).filter { try names.shape($0.shape).shape.action != .create }
    // What a change has seen, of these, is fewer than what a change that has seen it has seen.
    let contexts = try own.map { try context(of: $0.dot) }
    let seen = contexts.map { context in own.count { context.covers($0.dot) } }
    let order = own.indices.sorted { left, right in
      (seen[left], own[left].recordedAt, own[left].dot) < (seen[right], own[right].recordedAt, own[right].dot)
    }
    return order.map { own[$0] }
  }

  /// The changes that created the record's children.
  func creations(under parent: LocalDot) throws -> [LogRow] {
    try changes(about: parent).filter { try names.shape($0.shape).shape.action == .create }
  }

  /// The changes that have the record as their subject, forgotten ones left out.
  private func changes(about record: LocalDot) throws -> [LogRow] {
    var rows: [LogRow] = []
    try statements[
      """
      SELECT change.dot, shape, subject, recorded_at, begins, body FROM entry
      CROSS JOIN change ON change.dot = entry.dot WHERE record = ? AND own = 1
      """
    ].bind(record, at: 1).eachRow { rows.append(LogRow($0)) }
    return rows
  }

  func change(_ row: LogRow) throws -> Change {
    Change(
      dot: try names.unpack(row.dot), shape: try names.shape(row.shape).shape,
      subject: row.subject == 0 ? nil : try names.unpack(row.subject), recordedAt: row.recordedAt,
      beginsOperation: row.begins, body: row.body)
  }

  private func operationStart(_ row: LogRow) throws -> LocalDot {
    if row.begins { return row.dot }
    return try statements[
      "SELECT dot FROM change WHERE dot BETWEEN ? AND ? AND begins = 1 ORDER BY dot DESC LIMIT 1"
    ].bind(Packing.dot(Packing.actor(row.dot), 1), at: 1).bind(row.dot, at: 2).first { $0.integer(0) }
      ?? row.dot
  }

  /// Every register in conflict, by record id and then by field.
  public func conflicts() throws -> [Conflict] {
    // Of a register with two entries, each was written after the record was made: it has a row. CROSS: from the
    // conflicts, which are few, to their rows, never the other way round.
    var entries: [(record: LocalDot, field: Int64, row: LogRow)] = []
    try statements[
      """
      SELECT entry.dot, own, presence, fields, shape, subject, recorded_at, begins, body, conflict.record, field
      FROM conflict CROSS JOIN entry ON entry.record = conflict.record AND spent = 0
      CROSS JOIN change ON change.dot = entry.dot ORDER BY conflict.record, field
      """
    ].eachRow { row in
      let field = row.integer(10)
      if try Entry(row).holds(field) { entries.append((row.integer(9), field, LogRow(row, after: 3))) }
    }
    var conflicts: [Conflict] = []
    var rest = entries[...]
    while let first = rest.first {
      let own = rest.prefix { $0.record == first.record && $0.field == first.field }
      rest = rest.dropFirst(own.count)
      let field = try names.field(first.field)
      conflicts.append(
        Conflict(
          record: try names.unpack(first.record), table: try table(ofConflict: own.map(\.row), first.field),
          field: field,
          register: Register(try own.map { try entry($0.row, first.field) }, rule: field.rule)))
    }
    return conflicts.sorted { $0.record == $1.record ? $0.field < $1.field : $0.record < $1.record }
  }

  /// One of them wrote to the record itself: whoever only touched its presence, for a child, did not remove it.
  private func table(ofConflict rows: [LogRow], _ field: Int64) throws -> String {
    for row in rows {
      let shape = try names.shape(row.shape).shape
      if field != 0 || shape.action == .delete { return shape.table }
    }
    throw StorageError.damaged("a conflict has no entries")
  }

  /// Every key that a map or a set of that name ever had, in any record, in the order of their bytes.
  public func keys(of field: String) throws -> [String] {
    var keys: [String] = []
    try statements["SELECT key FROM field WHERE name = ? AND key IS NOT NULL ORDER BY key"].bind(field, at: 1)
      .eachRow { keys.append(try $0.text(0)) }
    return keys
  }

  /// Which registers are in conflict, in no order.
  public func conflictKeys() throws -> [ConflictKey] {
    var keys: [(record: LocalDot, field: Int64)] = []
    try statements["SELECT record, field FROM conflict"].eachRow {
      keys.append(($0.integer(0), $0.integer(1)))
    }
    return try keys.map {
      ConflictKey(record: try names.unpack($0.record), field: try names.field($0.field))
    }
  }

  public func conflictCount() throws -> Int {
    try statements["SELECT count(*) FROM conflict"].first { Int($0.integer(0)) } ?? 0
  }
}
