import Foundation
import GRDB
import TestSupport
import Testing

@testable import UnknotEngine
@testable import UnknotStorage

/// What a file knows for itself alone has no chain of hashes: it is found where it does not fit the log, or its checksum.
@Suite struct LocalFaultTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// With forks, conflicts, forgotten changes, undone imports, retired devices and restored backups.
  private func journal() throws -> String {
    let path = "\(folder.path)/journal.sqlite"
    try FileManager.default.copyItem(
      atPath: Repository.root.appending(path: "Tests/Fixtures/journals/version-5-simulated-1105-4.sqlite")
        .path,
      toPath: path)
    #expect(try openReplica(path).verify(.deep) == [])
    return path
  }

  /// As a program would that wrote what is wrong, and the checksum of that.
  private func change(_ path: String, _ sql: String) throws {
    let count = try DatabaseQueue(path: path).writeWithoutTransaction { database in
      try RowChecksum.register(in: database)
      try database.execute(sql: "PRAGMA foreign_keys = OFF")
      try database.execute(sql: sql)
      return database.changesCount
    }
    try #require(count > 0, "it was to damage something")
  }

  @Test(arguments: [
    "UPDATE acknowledgement SET line = line + 1000",
    "UPDATE line SET device = 1000 WHERE number = 1",
    "UPDATE device SET number = 1000 WHERE number = 1",
    "UPDATE device SET writer = (SELECT number FROM line WHERE device <> 1 LIMIT 1) WHERE number = 1",
    "DELETE FROM journal",
    "UPDATE operation SET recorded_at = recorded_at + 1 WHERE kind <> 3",
    "UPDATE operation SET last = last + 100000",
    "UPDATE operation SET reverts = 100000 WHERE number = (SELECT max(number) FROM operation)",
    "UPDATE operation SET held_after = held_before WHERE kind = 3",
    "DELETE FROM record_kind WHERE id = (SELECT kind FROM shape LIMIT 1)",
  ])
  func whatDoesNotFitTheLogIsFound(sql: String) throws {
    let path = try journal()
    try change(path, sql)
    do {
      #expect(try !openReplica(path).verify().isEmpty)
    } catch is StorageError {
      // It cannot even be opened.
    }
  }

  @Test(
    arguments: RowChecksum.tables.flatMap { table in
      table.columns.split(separator: ",").map { (table.name, $0.trimmingPrefix(" ").description) }
    })
  func whateverWasAlteredInARowIsFound(table: String, column: String) throws {
    let path = try journal()
    try DatabaseQueue(path: path).writeWithoutTransaction { database in
      try RowChecksum.register(in: database)
      try database.execute(
        sql: """
          PRAGMA foreign_keys = OFF;
          PRAGMA ignore_check_constraints = ON;
          CREATE TEMP TABLE altered AS SELECT * FROM \(table) ORDER BY 1 DESC, 2 DESC LIMIT 1;
          DELETE FROM \(table) WHERE checksum = (SELECT checksum FROM altered);
          UPDATE altered SET \(column) = CASE typeof(\(column)) WHEN 'integer' THEN 1 - \(column)
            WHEN 'text' THEN \(column) || ' ' WHEN 'blob' THEN CAST(\(column) || x'00' AS BLOB)
            ELSE (SELECT iif(type = 'BLOB', x'00', 0) FROM pragma_table_info('\(table)') WHERE name = '\(column)') END;
          INSERT INTO \(table) SELECT * FROM altered;
          UPDATE \(table) SET checksum = (SELECT checksum FROM altered)
          WHERE checksum NOT IN (SELECT checksum FROM altered)
            AND (\(column)) IS (SELECT \(column) FROM altered);
          """)
    }
    // Two rows can have the altered value: one of them at least says so.
    let found = try openReplica(path).store.read { try $0.localFaults() }
    #expect(found.contains { $0.hasPrefix(table) && $0.hasSuffix("it is not as it was written") })
  }

  @Test(arguments: [
    "DELETE FROM entry WHERE spent = 1",
    "DELETE FROM entry WHERE spent = 0",
    "UPDATE entry SET own = 1 - own WHERE spent = 1",
    "UPDATE entry SET presence = 0 WHERE presence = 1",
    "UPDATE entry SET fields = x''",
  ])
  func whichChangeWroteToWhichRecordIsComparedAndMended(sql: String) throws {
    let path = try journal()
    let said = try openReplica(path).read { try $0.digest() }
    try change(path, sql)
    let replica = try openReplica(path)
    #expect(try !replica.verify(.deep).isEmpty)
    try replica.mendTables()
    #expect(try replica.verify(.deep) == [])
    #expect(try replica.read { try $0.digest() } == said)
  }

  @Test(arguments: [
    ("BETWEEN 0 AND 2", "BETWEEN 0 AND 9"), ("-- the change", "-- the chance"),
    ("WITHOUT ROWID", "without ROWID"),
  ])
  func anotherDefinitionIsFound(definition: (String, String)) throws {
    let path = try journal()
    let count = try DatabaseQueue(path: path).writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA writable_schema = ON")
      try database.execute(
        sql:
          "UPDATE sqlite_schema SET sql = replace(replace(sql, 'IN (0, 1, 2)', 'BETWEEN 0 AND 2'), ?, ?) WHERE name = 'entry'",
        arguments: [definition.0, definition.1])
      return database.changesCount
    }
    try #require(count == 1)
    #expect(try openReplica(path).verify() == [.file("entry: its definition is not what it was")])
  }
}
