import Foundation
import GRDB
import TestSupport
import Testing
import UnknotCausality

@testable import UnknotStorage

@Suite struct StoreTests {
  private func path() -> String {
    NSTemporaryDirectory() + "unknot-store-\(UUID().uuidString)/deep/journal.sqlite"
  }

  private func open(_ path: String) throws -> Store {
    try Store(
      path: path, tables: [RecordKind(name: "visit", timeField: "at")], deviceName: "here",
      environment: TestEnvironment(), notes: nil)
  }

  @Test func migrationsAreThoseOfTheFolder() throws {
    let folder = Repository.root.appending(path: "Schema/migrations")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
      $0.hasSuffix(".sql")
    }
    #expect(files.sorted() == Migrations.all.map { $0.name + ".sql" })
    for (_, name, sql) in Migrations.all {
      #expect(try String(contentsOf: folder.appending(path: name + ".sql"), encoding: .utf8) == sql)
    }
    let store = try open(path())
    let version = try store.writable().read { try Int.fetchOne($0, sql: "PRAGMA user_version") }
    #expect(version == Store.schemaVersion)
    #expect(Migrations.all.last?.version == Store.schemaVersion)
  }

  @Test func storageRulesAreInForce() throws {
    let path = path()
    let store = try open(path)
    let pragmas = try store.writable().read { database in
      try ["journal_mode", "synchronous", "trusted_schema", "foreign_keys", "busy_timeout"].map {
        try String.fetchOne(database, sql: "PRAGMA \($0)") ?? ""
      }
    }
    #expect(pragmas == ["delete", "3", "0", "1", "5000"])
    let loose = try store.writable().read { database in
      try String.fetchAll(
        database,
        sql: """
          SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0
          AND name NOT LIKE 'sqlite_%' AND name <> 'grdb_migrations'
          """)
    }
    #expect(loose.isEmpty, "every table is STRICT")
    let permissions = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(permissions == 0o600)
  }

  @Test func aJournalOfANewerProgramIsRefusedWithItsNumber() throws {
    let path = path()
    _ = try open(path).writable()
    try DatabaseQueue(path: path).writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = 999") }
    let before = try Data(contentsOf: URL(filePath: path))
    let error = StorageError.newerJournal(version: 999, supported: Store.schemaVersion)
    #expect(throws: error) { try open(path) }
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
  }

  @Test func anotherProgramsDatabaseIsRefusedAndLeftAlone() throws {
    let path = path()
    try FileManager.default.createDirectory(
      atPath: URL(filePath: path).deletingLastPathComponent().path, withIntermediateDirectories: true)
    try DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE mine (x)") }
    let before = try Data(contentsOf: URL(filePath: path))
    #expect(throws: StorageError.self) { try open(path) }
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
    try Data("no database at all, but long enough to be looked at as one ………………………".utf8)
      .write(to: URL(filePath: path))
    #expect(throws: StorageError.self) { try open(path) }
  }

  @Test func anOperationThatThrowsLeavesNothing() throws {
    let store = try open(path())
    struct Stop: Error {}
    _ = try store.write("first") { try $0.create("visit", parent: nil, [:]) }
    let before = try store.read { (try $0.digest(), $0.clock) }
    #expect(throws: Stop.self) {
      try store.write("second") { writer in
        _ = try writer.create("visit", parent: nil, [FieldName("new_field"): .integer(1)])
        throw Stop()
      }
    }
    let after = try store.read { (try $0.digest(), $0.clock) }
    #expect(before == after)
    _ = try store.write("third") {
      try $0.create("visit", parent: nil, [FieldName("new_field"): .integer(1)])
    }
    let count = try store.read { try $0.records(in: "visit", RecordFilter()).count }
    #expect(count == 2)
  }

  @Test func namesAndSizesThatNoChangeMayCarryAreRefused() throws {
    let store = try open(path())
    for (table, field, value) in [
      ("Visit", "a", Value.null), ("visit", "presence", .null), ("visit", "x y", .null), ("", "a", .null),
      ("visit", "a", .bytes([UInt8](repeating: 0, count: Body.maximumBytes))),
      ("visit", "a", .reference(Dot(try #require(ActorID([UInt8](repeating: 7, count: 16))), 1))),
    ] {
      #expect(throws: StorageError.self, "\(table) \(field)") {
        try store.write("bad") { try $0.create(table, parent: nil, [FieldName(field): value]) }
      }
    }
    let isEmpty = try store.read { $0.clock.isEmpty }
    #expect(isEmpty)
  }

  /// However long the texts are, little of them is in memory at once.
  @Test func longTextsEndAPiece() throws {
    let store = try open(path())
    let text = String(repeating: "a", count: 300_000)
    _ = try store.write("notes") { writer in
      for number in 0..<20 {
        _ = try writer.create("visit", parent: nil, [FieldName("note"): .text("\(number) \(text)")])
      }
    }
    try store.read { session in
      var seqs: [UInt64] = []
      try session.forEachRun(after: VectorClock()) { run, _ in
        let changes = Array(run.changes)
        #expect(changes.reduce(0) { $0 + $1.body.count } <= StoreReader.pieceBytes + 300_100)
        #expect(changes.count < 20)
        seqs += changes.map(\.dot.seq)
      }
      #expect(seqs == Array(1...20))
    }
  }

  @Test func hashesBetweenCheckpointsAreFoundAgain() throws {
    let store = try open(path())
    let record = try store.write("first") { try $0.create("visit", parent: nil, [:]) }
    var heads: [ChangeHash] = []
    for number in 0..<200 {
      _ = try store.write("edit") { try $0.edit(record, [FieldName("n"): .integer(Int64(number))]) }
      heads.append(try #require(try store.read { try $0.entries().first?.hash }))
    }
    try store.read { session in
      for (index, head) in heads.enumerated() {
        let found = try session.hash(of: Dot(record.actor, UInt64(index) + 2))
        #expect(found == head)
      }
    }
    #expect(Set(heads).count == 200)
  }
}
