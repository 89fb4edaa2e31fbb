public import UnknotCausality

extension StoreReader {
  /// - Parameter fields: those wanted, a set or a map with all its keys; nil: all.
  public func record(_ id: Dot, fields: Set<String>? = nil) throws -> StoredRecord? {
    guard let key = lines.key(of: id), let row = try change(at: key),
      try names.shape(row.shape).shape.action == .create
    else { return nil }
    return try record(row, fields: fields)
  }

  /// - Parameter wanted: nil: all fields.
  func record(_ creation: LogRow, fields wanted: Set<String>? = nil) throws -> StoredRecord {
    let shape = try names.shape(creation.shape)
    let writers = try writers(of: creation.key)
    if wanted?.isEmpty != true {
      try expectProven(creation.key)
      for dots in writers.values { for dot in dots { try expectProven(dot) } }
    }
    let id = try lines.name(of: creation.key)
    func looked(_ value: Value) -> Value { wanted == nil ? value : value.lookedAt }
    var fields: [FieldName: StoredField] = [:]
    var body = ByteReader(creation.body)
    for (name, number) in zip(shape.shape.fields, shape.fieldNumbers) {
      if writers[number] == nil, wanted?.contains(name.field) ?? true {
        fields[name] = StoredField(
          dot: id, recordedAt: creation.recordedAt,
          value: looked(try Body.read(&body) { try resolve($0, in: creation.key) }))
      } else {
        try Body.skip(&body)
      }
    }
    for (number, dots) in writers where number != 0 {
      let name = try names.field(number)
      if wanted?.contains(name.field) ?? true, let field = try field(number, dots) {
        fields[name] = StoredField(
          entries: field.entries, visible: looked(field.visible), isInConflict: field.isInConflict)
      }
    }
    let presence = try register(0, writers[0] ?? [creation.key])
    return StoredRecord(
      id: id, kind: shape.shape.table,
      parent: try creation.subject.map { try lines.name(of: $0) },
      createdAt: creation.recordedAt, presence: presence, fields: fields, asked: wanted,
      isVisible: try presence.visible != .removed && arePresent(creation.subject))
  }

  /// Whether a record and all that it belongs to are there; true of none.
  func arePresent(_ parent: ChangeKey?) throws -> Bool {
    var arePresent = true
    try forEachParent(from: parent) { record in
      arePresent = try isPresent(record)
      return arePresent
    }
    return arePresent
  }

  /// The records of a table, newest first; those of one time by their ids, the last one first.
  ///
  /// - Parameter fields: nil: all of them.
  public func records(
    in table: String, _ filter: RecordFilter, fields: Set<String>? = nil
  ) throws -> [StoredRecord] {
    var records: [StoredRecord] = []
    try forEachRecord(in: table, filter, fields: fields) {
      records.append($0)
      return true
    }
    return records
  }

  /// The same one by one, in the memory of one record and of the ids of one time.
  ///
  /// - Parameters:
  ///   - fields: nil: all of them.
  ///   - body: says whether to go on.
  public func forEachRecord(
    in table: String, _ filter: RecordFilter, fields: Set<String>? = nil,
    _ body: (StoredRecord) throws -> Bool
  ) throws {
    guard filter.limit.map({ $0 > 0 }) ?? true, let source = try rows(of: table) else { return }
    var count = 0
    // Rows of one time stand in an order of this journal's own: it is not to be seen.
    var time: Int64?
    var ties: [ChangeKey] = []
    func takeTies() throws {
      var ids = ties.count > 1 ? try ties.sorted { try lines.name(of: $1) < lines.name(of: $0) } : ties
      if let after = filter.after, time == after.time {
        ids = try ids.filter { try lines.name(of: $0) < after.id }
      }
      ties = []
      for id in ids where filter.limit.map({ count < $0 }) ?? true {
        let record = try record(try heldChange(at: id), fields: fields)
        guard filter.includeRemoved || filter.onlyRemoved || record.isVisible else { continue }
        count += 1
        if try !body(record) { throw Enough() }
      }
      if count == filter.limit { throw Enough() }
    }
    let rows = try statements[
      """
      SELECT id, present, \(source.time) FROM \(source.table)
      WHERE \(source.condition) AND \(source.time) >= ?1 AND (\(source.time) < ?2 OR ?2 IS NULL) AND \(source.time) <= ?3
      ORDER BY \(source.time) DESC, id DESC
      """
    ].bind(filter.since ?? .min, at: 1).bind(filter.until, at: 2).bind(filter.after?.time ?? .max, at: 3)
      .bind(source.kind, at: 4)
    do {
      try rows.eachRow { row in
        if filter.onlyRemoved ? row.integer(1) != 0 : !filter.includeRemoved && row.integer(1) == 0 { return }
        if row.integer(2) != time { try takeTies() }
        time = row.integer(2)
        ties.append(row.key(0))
      }
      try takeTies()
    } catch is Enough {}
  }

  private struct Enough: Error {}

  /// Where the records of a kind are, and by what they are listed; nil where there never was one.
  ///
  /// - Returns: with a condition on parameter 4, which is the kind's number where several share the table.
  func rows(of kind: String) throws -> (table: String, time: String, condition: String, kind: Int64?)? {
    if let table = store.recordTables[kind] { return (table.sqlName, table.listedBy, "?4 IS NULL", nil) }
    return try names.existingKind(kind).map { ("record_undeclared", "created_at", "kind = ?4", $0) }
  }

  /// Where a record stands in the list of its table just now; an error where there is none of that id.
  public func place(of record: Dot) throws -> RecordPlace {
    RecordPlace(time: try listedTime(of: creation(of: heldKey(of: record))), id: record)
  }

  /// The records of a table that belong to a parent, in order: by their order keys as bytes where the table has
  /// them, ties and others by record id.
  ///
  /// - Parameter fields: those wanted, and the order; nil: all.
  public func children(
    of parent: Dot, in table: String, includeRemoved: Bool, fields: Set<String>? = nil
  ) throws -> [StoredRecord] {
    guard let key = lines.key(of: parent) else { return [] }
    let orderField = store.recordTables[table]?.schema.orderField
    let wanted = fields?.union(orderField.map { [$0] } ?? [])
    let children = try creations(under: key).filter { head in
      bytewiseEqual(try names.shape(head.shape).shape.table, table)
    }.map { try record(try heldChange(at: $0.key), fields: wanted) }.filter { includeRemoved || $0.isPresent }
    func order(_ record: StoredRecord) -> [UInt8] {
      guard let orderField, case .text(let key) = record[orderField] else { return [] }
      return Array(key.utf8)
    }
    return children.map { ($0, order($0)) }.sorted {
      $0.1 == $1.1 ? $0.0.id < $1.0.id : $0.1.lexicographicallyPrecedes($1.1)
    }.map(\.0)
  }

  /// The changes of a record in an order in which none comes before one that it had seen, one by one.
  public func forEachChange(of record: Dot, _ body: (HistoryEntry) throws -> Void) throws {
    guard let key = lines.key(of: record), try change(at: key) != nil else { return }
    for head in try writes(to: key) {
      let row = try shownChange(at: head.key)
      try body(
        HistoryEntry(
          change: try change(row), operation: try lines.name(of: try operationStart(row.head)),
          values: Dictionary(
            uniqueKeysWithValues: zip(try names.shape(row.shape).shape.fields, try values(of: row)))))
    }
  }

  /// The creating change and every edit and delete, children's touches left out.
  func writes(to record: ChangeKey) throws -> [LogHead] {
    let own =
      try [creation(of: record).head]
      + changes(about: record).filter { try names.shape($0.shape).shape.action != .create }
    // What a change has seen, of these, is fewer than what a change that has seen it has seen.
    let contexts = try own.map { try context(of: $0.key) }
    let seen = contexts.map { context in own.count { context.covers($0.key, lines.tree) } }
    let order = own.indices.sorted { left, right in
      (seen[left], own[left].recordedAt, own[left].key) < (seen[right], own[right].recordedAt, own[right].key)
    }
    return order.map { own[$0] }
  }

  /// The changes that created the record's children.
  func creations(under parent: ChangeKey) throws -> [LogHead] {
    try changes(about: parent).filter { try names.shape($0.shape).shape.action == .create }
  }

  /// The changes that have the record as their subject, forgotten ones left out.
  private func changes(about record: ChangeKey) throws -> [LogHead] {
    var heads: [LogHead] = []
    try statements[
      """
      SELECT change.key, shape, subject, recorded_at, begins FROM entry
      CROSS JOIN change ON change.key = entry.key WHERE record = ? AND own = 1
      """
    ].bind(record, at: 1).eachRow { heads.append(LogHead($0)) }
    return heads
  }

  func change(_ row: LogRow, as name: Dot? = nil) throws -> Change {
    Change(
      dot: try name ?? lines.name(of: row.key), shape: try names.shape(row.shape).shape,
      subject: try row.subject.map { try lines.name(of: $0) }, recordedAt: row.recordedAt,
      beginsOperation: row.begins, body: row.body)
  }

  private func operationStart(_ row: LogHead) throws -> ChangeKey {
    if row.begins { return row.key }
    return try statements[
      "SELECT key FROM change WHERE key BETWEEN ? AND ? AND begins = 1 ORDER BY key DESC LIMIT 1"
    ].bind(ChangeKey(line: row.key.line, depth: 1), at: 1).bind(row.key, at: 2).first { $0.key(0) }
      ?? row.key
  }

  /// All that a change wrote to fields.
  public func values(writtenBy dot: Dot) throws -> [FieldName: Value] {
    let row = try shownChange(at: heldKey(of: dot))
    return Dictionary(
      uniqueKeysWithValues: zip(try names.shape(row.shape).shape.fields, try values(of: row)))
  }

  /// What a change wrote to a register: `presence` holds `Value.present` or `.removed`.
  public func value(of field: FieldName, writtenBy dot: Dot) throws -> Value {
    guard let number = try names.existingNumber(of: field) else {
      throw StorageError.damaged("a field is not listed")
    }
    return try written(shownChange(at: heldKey(of: dot)), number)
  }

  /// A register with all its values, as tests compare them with a model; nil where there is no such record.
  package func register(of record: Dot, _ field: FieldName) throws -> Register? {
    guard let key = lines.key(of: record), let row = try change(at: key),
      let number = try names.existingNumber(of: field)
    else { return nil }
    return try register(number, writers(of: row, number))
  }

  /// Every key that a map or a set of that name ever had, in any record, in the order of their bytes.
  public func keys(of field: String) throws -> [String] {
    var keys: [String] = []
    try statements["SELECT key FROM field WHERE name = ? AND key IS NOT NULL ORDER BY key"].bind(field, at: 1)
      .eachRow { keys.append(try $0.text(0)) }
    return keys
  }

  /// Which registers are in conflict, by record id and then by field.
  public func conflictKeys() throws -> [ConflictKey] {
    var keys: [ConflictKey] = []
    try forEachConflict { keys.append($0) }
    return keys.sorted()
  }

  /// The same one by one, in no order.
  public func forEachConflict(_ body: (ConflictKey) throws -> Void) throws {
    try statements["SELECT record, field FROM register_conflict"].eachRow { row in
      try body(ConflictKey(record: lines.name(of: row.key(0)), field: names.field(row.integer(1))))
    }
  }

  /// Whether the register is in conflict; false also where there is no such record or field.
  public func isInConflict(_ key: ConflictKey) throws -> Bool {
    guard let record = lines.key(of: key.record), let field = try names.existingNumber(of: key.field) else {
      return false
    }
    return try statements["SELECT 1 FROM register_conflict WHERE record = ? AND field = ?"].bind(
      record, at: 1
    )
    .bind(field, at: 2).first { _ in true } ?? false
  }

  /// The kind of a record; an error where there is none of that id.
  public func kind(of record: Dot) throws -> String {
    try origin(of: heldKey(of: record)).shape.shape.table
  }

  /// How many registers of all records are in conflict, also of removed records.
  public func conflictCount() throws -> Int {
    try statements["SELECT count(*) FROM register_conflict"].first { Int($0.integer(0)) } ?? 0
  }
}
