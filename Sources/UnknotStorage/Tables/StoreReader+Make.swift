import UnknotCausality

// Tables are made from the log: all of them in a new journal, some where the program declares its kinds otherwise than
// the one that wrote here last.

extension StoreReader {
  /// Whether the journal's tables are those that the program declares.
  var hasDeclaredTables: Bool {
    get throws {
      try statements["SELECT hash FROM declaration"].first { $0.bytes(0) } == store.declaration
    }
  }

  /// At the start of a transaction: another program may have come between.
  func expectDeclaredTables() throws {
    guard try hasDeclaredTables else { throw StorageError.tablesChanged }
  }

  /// Forgets all that the tables say, and makes them from the log.
  func makeTablesAnew() throws {
    try statements["DELETE FROM declaration"].run()
    try makeTables()
  }

  /// Makes those tables anew of which the declaration differs; all of them where there is no telling by which they were made.
  func makeTables() throws {
    let isAnew = try statements["SELECT 1 FROM declaration"].first { _ in true } == nil
    var declared: [String: [UInt8]] = [:]
    try statements["SELECT name, declaration FROM record_kind WHERE declaration IS NOT NULL"]
      .eachRow { declared[try $0.text(0)] = $0.bytes(1) }
    guard declared.keys.allSatisfy(FieldName.isValidName) else {
      throw StorageError.damaged("a kind of record has an impossible name")
    }
    let tables = store.recordTables.values.filter { isAnew || declared[$0.schema.name] != $0.declaration }
    let undeclared = declared.keys.filter { store.recordTables[$0] == nil }
    if isAnew {
      for table in ["member", "record_undeclared", "register_conflict"] {
        try statements["DELETE FROM \(table)"].run()
      }
    }
    for name in declared.keys
    where undeclared.contains(name) || tables.contains(where: { $0.schema.name == name }) {
      if !isAnew {
        try statements["DELETE FROM member WHERE record IN (SELECT id FROM \"record_\(name)\")"].run()
      }
      try statements["DROP VIEW IF EXISTS \"\(name)\""].run()
      try statements["DROP TABLE IF EXISTS \"record_\(name)\""].run()
      try statements["UPDATE record_kind SET declaration = NULL WHERE name = ?"].bind(name, at: 1).run()
    }
    for table in tables {
      for statement in table.definition { try statements[statement].run() }
      let kind = try names.kind(table.schema.name)
      try statements["DELETE FROM record_undeclared WHERE kind = ?"].bind(kind, at: 1).run()
      try statements["UPDATE record_kind SET declaration = ? WHERE id = ?"].bind(table.declaration, at: 1)
        .bind(kind, at: 2).run()
    }
    try fill(kinds: Set(tables.map(\.schema.name) + undeclared), all: isAnew)
    if isAnew {
      try noteKinds()
      try statements["DROP VIEW IF EXISTS conflict"].run()
      try statements[RecordTable.conflictView].run()
      try makeConflicts()
      try lines.storeNames()
    }
    try statements["INSERT OR REPLACE INTO declaration (number, hash) VALUES (1, ?)"]
      .bind(store.declaration, at: 1).run()
  }

  /// Shapes that were written before they had a kind.
  private func noteKinds() throws {
    var numbers: [Int64] = []
    try statements["SELECT id FROM shape WHERE kind IS NULL"].eachRow { numbers.append($0.integer(0)) }
    for number in numbers {
      try statements["UPDATE shape SET kind = ? WHERE id = ?"].bind(names.shape(number).kind, at: 1)
        .bind(number, at: 2).run()
    }
  }

  /// Gives every record of these kinds its row.
  private func fill(kinds: Set<String>, all: Bool) throws {
    guard all || !kinds.isEmpty else { return }
    try statements.flush()
    try statements[LogRow.select].eachRow { statement in
      let shape = try names.shape(statement.integer(1))
      guard shape.shape.action == .create, all || kinds.contains(shape.shape.table) else { return }
      let creation = LogRow(statement)
      try insertRow(creation, shape, entries(of: creation.key))
    }
  }

  /// Registers whose entries hold different values.
  func forEachConflictOfLog(
    _ body: (_ record: ChangeKey, _ field: Int64, _ shown: ChangeKey) throws -> Void
  ) throws {
    var records: [ChangeKey] = []
    try statements["SELECT record FROM entry WHERE spent = 0 GROUP BY record HAVING count(*) > 1"]
      .eachRow { records.append($0.key(0)) }
    for record in records {
      for (field, keys) in try writers(of: record).sorted(by: { $0.key < $1.key }) where keys.count > 1 {
        guard try differ(keys.dropFirst(), field, from: heldChange(at: keys[0])) else { continue }
        try body(record, field, try ordered(keys, field)[0].key)
      }
    }
  }

  private func makeConflicts() throws {
    try forEachConflictOfLog { record, field, shown in
      try statements.insertConflict.get().bind(record, at: 1).bind(field, at: 2).bind(shown, at: 3).run()
    }
  }
}
