import UnknotCausality

// Tables are made from the log: all of them in a new journal, some where the program declares its kinds otherwise than
// the one that wrote here last.

extension Door {
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
      try noteKinds()
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
      let kind = try numbers.kind(table.schema.name)
      try statements["DELETE FROM record_undeclared WHERE kind = ?"].bind(kind, at: 1).run()
      try statements["UPDATE record_kind SET declaration = ? WHERE id = ?"].bind(table.declaration, at: 1)
        .bind(kind, at: 2).run()
    }
    try fill(kinds: Set(tables.map(\.schema.name) + undeclared), all: isAnew)
    if isAnew {
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
    var shapes: [(number: Int64, definition: [UInt8])] = []
    try statements["SELECT id, definition FROM shape WHERE kind IS NULL"].eachRow {
      shapes.append(($0.integer(0), $0.bytes(1)))
    }
    for (number, definition) in shapes {
      let kind = try numbers.kind(Shape(canonicalBytes: definition).table)
      try statements["UPDATE shape SET kind = ? WHERE id = ?"].bind(kind, at: 1).bind(number, at: 2).run()
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
      try insertRow(creation, shape, reader.entries(of: creation.key))
    }
  }

  private func makeConflicts() throws {
    try reader.forEachConflictOfLog { record, field, shown in
      try statements.insertConflict.get().bind(record, at: 1).bind(field, at: 2).bind(shown, at: 3).run()
    }
  }
}
