import Foundation
import GRDB
import TestSupport
import Testing
import UnknotCausality

@testable import UnknotStorage

/// What can be asked in SQL, and that nothing else can be done with it.
@Suite final class ReadOnlyQueryTests {
  private let temporary: TemporaryFolder
  private let store: Store

  private var folder: String { temporary.path }
  private var path: String { folder + "/journal.sqlite" }

  init() throws {
    temporary = try TemporaryFolder()
    store = try Store(
      path: temporary.path + "/journal.sqlite", tables: [RecordKind(name: "visit", timeField: "at")],
      deviceName: "here",
      environment: TestEnvironment(), notes: nil)
    _ = try store.write("create") { try $0.create("visit", parent: nil, [FieldName("note"): .text("n")]) }
  }

  private func rows(_ sql: String) throws -> [[QueryValue]] {
    try store.query(sql) { result in
      var rows: [[QueryValue]] = []
      try result.each { rows.append($0) }
      return rows
    }
  }

  /// Why a query is refused; nil where it is not.
  private func refusal(_ sql: String) throws -> String? {
    do {
      _ = try rows(sql)
      return nil
    } catch StorageError.invalidQuery(let reason) {
      return reason
    }
  }

  @Test func valuesAreWhatSQLiteHas() throws {
    let found = try rows("SELECT NULL, 1, -9223372036854775808, 0.5, 'é' || char(0), x'00ff', x'', ''")
    #expect(
      found == [
        [
          .null, .integer(1), .integer(.min), .real(0.5), .text("é\0"), .blob([0, 255]), .blob([]), .text(""),
        ]
      ])
    #expect(try rows("SELECT 9e999, -9e999") == [[.real(.infinity), .real(-.infinity)]])
    // A text that is not UTF-8 is repaired.
    #expect(try rows("SELECT CAST(x'41ff42' AS TEXT)") == [[.text("A\u{fffd}B")]])
    #expect(try rows("VALUES (1), (2)") == [[.integer(1)], [.integer(2)]])
    #expect(try rows("SELECT 1 WHERE 0").isEmpty)
    #expect(try store.query("SELECT 1 AS a, 2 AS a, 3 AS \"b c\"") { $0.columns } == ["a", "a", "b c"])
  }

  @Test func theJournalCanBeRead() throws {
    let names = try rows("SELECT name FROM sqlite_schema WHERE type = 'table'").map { $0[0] }
    #expect(names.contains(.text("change")))
    #expect(try rows("SELECT name FROM device") == [[.text("here")]])
    #expect(
      try rows(
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 9) SELECT max(x) FROM c")
        == [[.integer(9)]])
    #expect(try rows("SELECT sum(value) FROM json_each('[1, 2]')") == [[.integer(3)]])
    #expect(try rows("SELECT count(*) FROM json_tree('[1, [2]]')") == [[.integer(4)]])
    #expect(try refusal("EXPLAIN QUERY PLAN SELECT * FROM change") == nil)
  }

  @Test(arguments: [
    "INSERT INTO device (id, name) VALUES (x'00', 'x')", "UPDATE device SET name = 'x'", "DELETE FROM change",
    "REPLACE INTO field (name) VALUES ('x')", "UPDATE sqlite_schema SET sql = ''",
    "DELETE FROM sqlite_schema",
    "INSERT INTO device (id, name) VALUES (x'00', 'x') RETURNING id",
    "DROP TABLE change", "ALTER TABLE change RENAME TO gone", "CREATE TABLE t (a)", "CREATE TEMP TABLE t (a)",
    "CREATE TABLE t AS SELECT 1", "CREATE VIEW v AS SELECT 1", "CREATE TEMP VIEW v AS SELECT 1",
    "CREATE INDEX i ON change (body)", "CREATE VIRTUAL TABLE t USING fts5(a)",
    "CREATE TEMP TRIGGER t AFTER INSERT ON change BEGIN SELECT 1; END",
    "ATTACH 'other.sqlite' AS other", "ATTACH ':memory:' AS other", "DETACH main",
    "PRAGMA journal_mode = WAL", "PRAGMA user_version", "PRAGMA user_version = 9",
    "PRAGMA writable_schema = ON",
    "PRAGMA table_info(change)", "SELECT * FROM pragma_table_info('change')",
    "SELECT * FROM pragma_user_version",
    "VACUUM", "VACUUM INTO 'copy.sqlite'", "REINDEX", "ANALYZE", "BEGIN", "BEGIN IMMEDIATE", "COMMIT",
    "ROLLBACK",
    "SAVEPOINT s", "RELEASE s", "WITH n AS (SELECT 1) INSERT INTO field (id) SELECT * FROM n",
    "EXPLAIN DELETE FROM change", "SELECT load_extension('x')", "SELECT Load_Extension('x', 'y')",
    "SELECT fts3_tokenizer('simple')",
  ])
  func whatIsNotReadingIsRefused(sql: String) throws {
    let before = try Data(contentsOf: URL(filePath: path))
    let reason = try #require(try refusal(sql))
    // For its own table, SQLite has words of its own.
    let isRefused =
      reason.hasPrefix("only reading is possible: SELECT") || reason.hasSuffix("may not be modified")
    #expect(isRefused, "\(reason)")
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["journal.sqlite"])
    #expect(!FileManager.default.fileExists(atPath: "other.sqlite"))
    #expect(!FileManager.default.fileExists(atPath: "copy.sqlite"))
  }

  @Test(arguments: [
    ("", "the query is empty"), (" \n", "the query is empty"), (" ;; ; ", "the query is empty"),
    ("-- only said", "the query is empty"), ("/* never closed", "the query is empty"),
    ("SELECT 1; SELECT 2", "one statement at a time"),
    ("SELECT 1; DELETE FROM change", "one statement at a time"),
    ("SELECT 1; nonsense", "one statement at a time"), ("SELECT 1;; -- a\n x", "one statement at a time"),
    ("SELECT 1\0; SELECT 2", "a query cannot contain a NUL"),
    ("SELECT ?", "there is no value for a parameter: write it into the query"),
    ("SELECT :a", "there is no value for a parameter: write it into the query"),
    ("SELEC", "near \"SELEC\": syntax error"), ("SELECT (", "incomplete input"),
    ("SELECT a", "no such column: a"), ("SELECT * FROM nowhere", "no such table: nowhere"),
    ("SELECT writefile('a', 'b')", "no such function: writefile"),
    ("SELECT 'a", "unrecognized token: \"'a\""),
  ])
  func aTextThatIsNoQuery(sql: String, reason: String) throws { #expect(try refusal(sql) == reason) }

  /// In double quotes is a name, never a text: a mistyped one is found.
  @Test func aNameInQuotesIsAName() throws {
    #expect(try #require(try refusal("SELECT \"nowhere\" FROM device")).hasPrefix("no such column: "))
  }

  @Test(arguments: [
    "SELECT 1;", "SELECT 1 ; ;", "; SELECT 1", "SELECT 1 -- a", "SELECT 1; /* a */ -- b", "/* a */ SELECT 1",
  ])
  func whatIsAroundAStatement(sql: String) throws { #expect(try rows(sql) == [[.integer(1)]]) }

  /// The rest is looked at once, however many semicolons it has.
  @Test func longTexts() throws {
    #expect(try rows("SELECT 1" + String(repeating: ";", count: 1_000_000)) == [[.integer(1)]])
    #expect(try refusal("SELECT 1" + String(repeating: " ", count: 2 << 20)) != nil)
    #expect(try refusal("SELECT " + String(repeating: "(", count: 100_000)) != nil)
    #expect(try refusal("SELECT " + String(repeating: "(SELECT ", count: 5_000)) != nil)
    #expect(try refusal("SELECT " + String(repeating: "1 + ", count: 100_000) + "1") != nil)
    #expect(try refusal("SELECT 1" + String(repeating: " UNION ALL SELECT 1", count: 50_000)) != nil)
  }

  private static let endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) "

  @Test(arguments: [
    endless + "SELECT max(x) FROM c", endless + "SELECT x FROM c",
    endless + "SELECT 1 FROM c WHERE x < 0", "SELECT count(*) FROM (\(endless) SELECT x FROM c)",
  ])
  func whatNeverEndsCanBeEnded(sql: String) throws {
    var asked = 0
    #expect(throws: StorageError.interrupted) {
      try store.query(sql) {
        asked += 1
        return asked > 500
      } _: { result in
        try result.each { _ in }
      }
    }
    #expect(asked == 501)
  }

  @Test func memoryIsBounded() throws {
    for sql in [
      "SELECT zeroblob(1000000000)", "SELECT length(randomblob(100000000))",
      "SELECT replace(hex(zeroblob(30000000)), '0', 'aaaa')",
      "SELECT group_concat(a) FROM (SELECT hex(zeroblob(20000000)) AS a UNION ALL SELECT hex(zeroblob(20000000)))",
    ] {
      #expect(try refusal(sql) == "string or blob too big", "\(sql)")
    }
    #expect(try rows("SELECT length(zeroblob(60000000))") == [[.integer(60_000_000)]])
  }

  /// After rows that were given already, too; and the next query is a new one.
  @Test func anErrorBetweenRows() throws {
    var given = 0
    #expect(throws: StorageError.invalidQuery("integer overflow")) {
      try store.query("SELECT abs(column1) FROM (VALUES (1), (2), (-9223372036854775808), (3))") { result in
        try result.each { _ in given += 1 }
      }
    }
    #expect(given == 2)
    struct Stop: Error {}
    #expect(throws: Stop.self) { try store.query("VALUES (1)") { try $0.each { _ in throw Stop() } } }
    #expect(try rows("SELECT 1") == [[.integer(1)]])
  }

  /// The same state, as often as the rows are read; and meanwhile nobody's write is lost.
  @Test func rowsCanBeReadAgain() throws {
    try store.query("SELECT count(*) FROM change") { result in
      for _ in 0..<3 {
        var found: [[QueryValue]] = []
        try result.each { found.append($0) }
        #expect(found == [[.integer(1)]])
      }
    }
    _ = try store.write("create") { try $0.create("visit", parent: nil, [:]) }
    #expect(try rows("SELECT count(*) FROM change") == [[.integer(2)]])
  }

  @Test func handlesAreClosed() throws {
    let descriptors = "/proc/self/fd"
    for number in 0..<2000 {
      #expect(try rows("SELECT \(number)") == [[.integer(Int64(number))]])
      #expect(try refusal("SELECT nothing") != nil)
    }
    guard let open = try? FileManager.default.contentsOfDirectory(atPath: descriptors) else { return }
    let ours = open.filter {
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(descriptors)/\($0)"))?.hasPrefix(folder)
        == true
    }
    // The store's own, and those that SQLite keeps while that one is open.
    #expect(ours.count <= 3, "\(ours.count)")
    // One that could not begin is closed as well.
    try Data("no database at all, but long enough to be taken for a damaged one".utf8).write(
      to: URL(filePath: folder + "/text"))
    for _ in 0..<2000 {
      #expect(throws: StorageError.self) {
        try ReadOnlyHandle(path: folder + "/text", isCancelled: { false })
      }
      #expect(throws: StorageError.self) {
        try ReadOnlyHandle(path: folder + "/none", isCancelled: { false })
      }
    }
    #expect(!FileManager.default.fileExists(atPath: folder + "/none"))
    let last = try FileManager.default.contentsOfDirectory(atPath: descriptors).filter {
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(descriptors)/\($0)")) == folder + "/text"
    }
    #expect(last.isEmpty)
  }

  @Test func aJournalInMemoryIsAskedToo() throws {
    let store = try Store(path: nil, tables: [], deviceName: "a", environment: TestEnvironment(), notes: nil)
    var rows: [[QueryValue]] = []
    try store.query("SELECT name FROM device") { try $0.each { rows.append($0) } }
    #expect(rows == [[.text("a")]])
    #expect(throws: StorageError.self) { try store.query("DELETE FROM device") { _ in } }
  }

  @Test func viewsAreListedByName() throws {
    let own = try store.views()
    try store.writable().write {
      try $0.execute(
        sql: "CREATE VIEW \"z \"\"q\"\"\" AS SELECT 1 AS a, 2 AS b; CREATE VIEW aa AS SELECT * FROM field")
    }
    let views = try store.views().filter { !own.contains($0) }
    #expect(
      views == [
        QueryView(name: "aa", columns: ["id", "name", "key"]),
        QueryView(name: "z \"q\"", columns: ["a", "b"]),
      ])
    #expect(try rows("SELECT a + b FROM \"z \"\"q\"\"\"") == [[.integer(3)]])
  }
}
