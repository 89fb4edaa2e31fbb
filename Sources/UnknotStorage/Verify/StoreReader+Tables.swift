import GRDBSQLite
public import UnknotCausality

/// Where a table says something else than the log.
public struct TableFault: Hashable, Sendable, CustomStringConvertible {
  /// The table, and the record where it is about one.
  public let table: String
  /// The record that the table is wrong about; nil where it is about the table as a whole.
  public let record: Dot?
  /// What is wrong, in words.
  public let reason: String

  /// Table, record and reason in one line.
  public var description: String { "\(table)\(record.map { " \($0)" } ?? ""): \(reason)" }
}

extension StoreReader {
  /// Compares every derived table with the log.
  ///
  /// - Parameter most: no more faults than these are told.
  /// - Returns: none where all is as the log says.
  public func tableFaults(most: Int = 100) throws -> [TableFault] {
    var faults: [TableFault] = []
    func note(_ table: String, _ record: ChangeKey?, _ reason: String) {
      guard faults.count < most else { return }
      faults.append(
        TableFault(table: table, record: record.flatMap { lines.tree.name(of: $0) }, reason: reason))
    }
    try statements.flush()
    try checkDefinitions(note)
    // Of a table that is not there, nothing can be asked.
    guard faults.isEmpty else { return faults }
    try checkRows(note)
    try checkConflicts(note)
    try checkNames(note)
    return faults
  }

  private typealias Note = (_ table: String, _ record: ChangeKey?, _ reason: String) -> Void

  /// Tables, indexes and views as the door made them: SQLite keeps the text.
  private func checkDefinitions(_ note: Note) throws {
    var kept: Set<[UInt8]> = []
    try statements["SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL"].eachRow { kept.insert($0.bytes(0)) }
    let tables = store.recordTables.values.sorted { $0.schema.name < $1.schema.name }
    for table in tables where !table.definition.allSatisfy({ kept.contains(Array($0.utf8)) }) {
      note(table.schema.name, nil, "its table or view is missing, or is another one")
    }
    var declared: [String: [UInt8]] = [:]
    try statements["SELECT name, declaration FROM record_kind WHERE declaration IS NOT NULL"]
      .eachRow { declared[String(decoding: $0.bytes(0), as: UTF8.self)] = $0.bytes(1) }
    for table in tables where declared[table.schema.name] != table.declaration {
      note("record_kind", nil, "what \(table.schema.name) was declared as is not what its table is")
    }
    if !kept.contains(Array(RecordTable.conflictView.utf8)) {
      note("conflict", nil, "its view is missing, or is another one")
    }
  }

  private func checkRows(_ note: Note) throws {
    var counts: [String: Int64] = [:]
    var memberCount: Int64 = 0
    try statements["\(LogRow.select) ORDER BY key"].eachRow { statement in
      let shape = try names.shape(statement.integer(1))
      guard shape.shape.action == .create else { return }
      let creation = LogRow(statement)
      let entries = try entries(of: creation.key)
      guard let table = shape.recordTable else {
        counts["record_undeclared", default: 0] += 1
        var (said, kept) = (RowCells(), RowCells())
        putUndeclared(creation, shape, entries, to: &said)
        try statements["SELECT id, kind, parent, present, created_at FROM record_undeclared WHERE id = ?"]
          .bind(creation.key, at: 1).eachRow { row in for column: Int32 in 0..<5 { kept.cell(row, column) } }
        if kept != said { note("record_undeclared", creation.key, "not what the log says") }
        return
      }
      counts[table.schema.name, default: 0] += 1
      var (said, saidMembers) = (RowCells(), RowCells())
      try put(creation, shape, entries, to: &said, members: &saidMembers)
      memberCount += Int64(saidMembers.count / 3)
      let (kept, keptMembers) = try keptRow(creation.key, table)
      if kept != said { note("record_\(table.schema.name)", creation.key, "not what the log says") }
      if keptMembers != saidMembers { note("member", creation.key, "not what the log says") }
    }
    func check(_ table: String, _ count: Int64) throws {
      let kept = try statements["SELECT count(*) FROM \"\(table)\""].first { $0.integer(0) } ?? 0
      if kept > count { note(table, nil, "has rows of nothing that the log has") }
    }
    for table in store.recordTables.values {
      try check("record_\(table.schema.name)", counts[table.schema.name] ?? 0)
    }
    try check("record_undeclared", counts["record_undeclared"] ?? 0)
    try check("member", memberCount)
  }

  private func keptRow(_ record: ChangeKey, _ table: RecordTable) throws -> (RowCells, members: RowCells) {
    var (kept, members) = (RowCells(), RowCells())
    let columns = table.columnNames.map { "\"\($0)\"" }.joined(separator: ", ")
    try statements["SELECT \(columns) FROM \(table.sqlName) WHERE id = ?"].bind(record, at: 1).eachRow {
      row in
      for column in table.columnNames.indices { kept.cell(row, Int32(column)) }
    }
    try statements["SELECT record, field, value FROM member WHERE record = ? ORDER BY field"]
      .bind(record, at: 1).eachRow { row in for column: Int32 in 0..<3 { members.cell(row, column) } }
    return (kept, members)
  }

  private func checkConflicts(_ note: Note) throws {
    var count: Int64 = 0
    try forEachConflictOfLog { record, field, shown in
      count += 1
      let kept = try statements.selectConflict.get().bind(record, at: 1).bind(field, at: 2).first {
        $0.key(0)
      }
      if kept != shown {
        note("register_conflict", record, "not what the log says of \(try names.field(field))")
      }
    }
    let kept = try statements["SELECT count(*) FROM register_conflict"].first { $0.integer(0) } ?? 0
    if kept > count { note("register_conflict", nil, "has rows of nothing that the log has") }
  }

  private func checkNames(_ note: Note) throws {
    var kept: [(ChangeKey, String, Int64)] = []
    try statements["SELECT first, actor, before FROM line_name ORDER BY first"].eachRow {
      kept.append(($0.key(0), try $0.text(1), $0.integer(2)))
    }
    let said = lines.tree.firstNames
    let isSame = kept.elementsEqual(said) {
      $0.0 == $1.first && bytewiseEqual($0.1, $1.name.actor.description)
        && $0.2 == $1.first.depth - Int64($1.name.seq)
    }
    if !isSame { note("line_name", nil, "not what the lines say") }
  }
}

extension StoreReader {
  /// What SQLite itself finds wrong with the file: none where it is whole.
  func fileFaults() throws -> [String] {
    try statements.flush()
    var faults: [String] = []
    try statements["PRAGMA integrity_check(100)"].eachRow { row in
      // It says that the disk failed in the same way in which it says that the file is damaged.
      let fault = try row.text(0)
      if let code = Self.pageErrorCode(fault), code & 0xff == SQLITE_IOERR {
        throw StorageError.io(String(cString: sqlite3_errstr(code)))
      }
      // Of the pages it says a line each, in one text, under a title.
      faults += fault.split(separator: "\n").filter { !$0.hasPrefix("***") }.map { String($0) }
    }
    return faults == ["ok"] ? try definitionFaults() : faults
  }

  private static func pageErrorCode(_ fault: String) -> Int32? {
    guard let place = fault.ranges(of: "unable to get the page. error code=").first else { return nil }
    return Int32(fault[place.upperBound...].prefix { $0.isNumber })
  }
}

extension Store {
  /// What SQLite itself finds wrong with the file: none where it is whole.
  package func fileFaults() throws -> [String] { try read { try $0.fileFaults() } }

  /// Makes every derived table anew from the log, whatever they say, and before that indexes and registers that are not what
  /// follows from it.
  ///
  /// - Throws: `StorageError.damaged` where the log is not what was written.
  package func mendTables(isCancelled: (() -> Bool)? = nil) throws {
    doubt()
    try transaction(isCancelled: isCancelled) { door in try door.makeTablesAnew() }
  }
}
