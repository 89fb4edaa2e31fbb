import GRDB
import TestSupport
import Testing
import UnknotCausality
import UnknotEngine

@testable import UnknotStorage

/// The tables of declared kinds (`Door+Keep`). That they say what the log says is also compared after every step
/// of every random history and in every state of the small scope.
@Suite struct RecordTableTests {
  private let folder: TemporaryFolder
  private let path: String
  private let device: TestDevice
  private let visit: Dot

  init() throws {
    folder = try TemporaryFolder()
    path = "\(folder.path)/journal.sqlite"
    device = try TestDevice("a", seed: 1, path: path)
    visit = try device.create(
      "visit",
      ["at": .time(milliseconds: 5000, offsetMinutes: 60), "note": .text("n"), "tags/x": .present])
    _ = try device.create("part", parent: visit, ["size": .text("s"), "tags/k": .text("v")])
  }

  private func rows(_ sql: String) throws -> [String] {
    try device.store.writable().read {
      try Row.fetchAll($0, sql: sql).map { row in
        row.databaseValues.map { value in value.isNull ? "-" : "\(value.storage.value ?? "")" }.joined(
          separator: "|")
      }
    }
  }

  @Test func aRowHasWhatTheFieldsHold() throws {
    #expect(
      try rows(
        "SELECT parent, present, created_at, at, at_offset, note, size, other, complete FROM record_visit")
        == ["-|1|1700000000000|5000|60|n|-|-|1"])
    #expect(try rows("SELECT parent = (SELECT id FROM record_visit), size FROM record_part") == ["1|s"])
    #expect(
      try rows("SELECT field.name, key, value FROM member JOIN field ON id = field ORDER BY 1, 2")
        == ["tags|k|v", "tags|x|1"])
    try device.edit(
      visit, ["note": .text("m"), "tags/x": .removed, "other": .reference(visit), "size": .integer(3)])
    #expect(try rows("SELECT note, size, other = id, complete FROM record_visit") == ["m|3|1|1"])
    #expect(try rows("SELECT key FROM member JOIN field ON id = field") == ["k"])
    try device.delete(visit)
    #expect(try rows("SELECT present FROM record_visit") == ["0"])
  }

  @Test func whatDoesNotFitIsNullAndReadFromTheLog() throws {
    try device.edit(visit, ["size": .text("large"), "tags/y": .time(milliseconds: 1, offsetMinutes: 0)])
    #expect(try rows("SELECT size, complete FROM record_visit") == ["-|0"])
    var values: [Value] = []
    try device.store.read {
      try $0.scan("visit", fields: [FieldName("size"), FieldName("note")]) { values = $0.values }
    }
    #expect(values == [.text("large"), .text("n")])
    // A condition is asked of the record there, and not of the row alone.
    for (condition, isMet) in [(ScanCondition.equals("n"), true), (.equals("m"), false), (.isSet, true)] {
      var count = 0
      try device.store.read {
        try $0.scan("visit", fields: [], where: [FieldName("note"): condition]) { _ in count += 1 }
      }
      #expect(count == (isMet ? 1 : 0))
    }
    try device.edit(visit, ["size": .integer(1)])
    #expect(try rows("SELECT size, complete FROM record_visit") == ["1|0"])
    try device.edit(visit, ["tags/y": .present])
    #expect(try rows("SELECT size, complete FROM record_visit") == ["1|1"])
    try device.edit(visit, ["size": .text("large")])
    #expect(try rows("SELECT size, complete FROM record_visit") == ["-|0"])
    try device.edit(visit, ["size": .integer(2)])
    #expect(try rows("SELECT size, complete FROM record_visit") == ["2|1"])
    try device.edit(visit, ["undeclared": .integer(1)])
    #expect(try rows("SELECT size, complete FROM record_visit") == ["2|0"])
    #expect(try device.store.read { try $0.tableFaults() } == [])
  }

  @Test func ofAConflictTheRowShowsWhatTheRecordShows() throws {
    let other = try TestDevice("b", seed: 2)
    try device.send(to: other, in: folder, full: true)
    for (writer, note, time) in [(device, "here", 1), (other, "there", 2)] as [(TestDevice, String, Int64)] {
      writer.environment.set(1_700_000_000_000 + time)
      try writer.edit(visit, ["note": .text(note)])
    }
    try other.send(to: device, in: folder, full: true)
    #expect(try rows("SELECT note FROM record_visit") == ["there"])
    #expect(
      try rows(
        "SELECT kind, field, key, shown = (SELECT actor || '-1' FROM line_name WHERE first >> 40 = 2) FROM conflict"
      ) == ["visit|note|-|1"])
  }

  /// What a hand breaks is found, and made anew.
  @Test(arguments: [
    "UPDATE record_visit SET note = 'x'", "UPDATE record_visit SET at_offset = 61",
    "UPDATE record_visit SET present = 0", "UPDATE record_visit SET complete = 0",
    "UPDATE record_visit SET created_at = 1", "DELETE FROM record_visit", "DELETE FROM record_part",
    "INSERT INTO record_visit (id, present, created_at, complete) VALUES (7, 1, 1, 1)",
    "UPDATE member SET value = 2 WHERE value = 1", "DELETE FROM member",
    "INSERT INTO member (record, field, value) VALUES (1, 1, 1)",
    "UPDATE record_undeclared SET created_at = 1", "DELETE FROM record_undeclared",
    "UPDATE record_undeclared SET parent = NULL", "UPDATE record_undeclared SET present = 0",
    "INSERT INTO record_undeclared (id, kind, present, created_at) VALUES (7, 1, 1, 1)",
    "DELETE FROM register_conflict", "UPDATE register_conflict SET shown = 1",
    "INSERT INTO register_conflict (record, field, shown) VALUES (1, 1, 1)",
    "UPDATE line_name SET actor = 'x'", "DELETE FROM line_name", "UPDATE line_name SET before = 1",
    "UPDATE record_part SET parent = NULL", "DELETE FROM declaration", "DROP VIEW visit",
    "DROP VIEW conflict",
    "DROP TABLE record_visit", "DROP INDEX record_visit_listed",
    "DROP VIEW part; CREATE VIEW part AS SELECT 'x' AS id",
  ])
  func aBrokenTableIsFoundAndMended(sql: String) throws {
    _ = try device.create("unheard_of", parent: visit, ["x": .integer(1)])
    let other = try TestDevice("b", seed: 2)
    try device.send(to: other, in: folder, full: true)
    try device.edit(visit, ["note": .text("here")])
    try other.edit(visit, ["note": .text("there")])
    try other.send(to: device, in: folder, full: true)
    let before = try dump()
    try device.store.writable().writeWithoutTransaction { try $0.execute(sql: sql) }
    if sql.hasSuffix("declaration") {
      #expect(throws: StorageError.tablesChanged) { try device.store.read { _ in } }
      let store = try Store(
        path: path, tables: testTables, deviceName: "x", environment: device.environment, notes: nil)
      #expect(try store.read { try $0.tableFaults() } == [])
      #expect(try dump() == before)
    } else {
      #expect(try !device.store.read { try $0.tableFaults() }.isEmpty)
      try device.store.mendTables()
      #expect(try device.store.read { try $0.tableFaults() } == [])
      #expect(try dump() == before)
    }
  }

  /// All rows of derived tables.
  private func dump() throws -> [String] {
    try [
      "record_visit", "record_part", "record_detail", "record_undeclared", "member", "register_conflict",
      "line_name",
    ].flatMap { try ["-- \($0)"] + rows("SELECT * FROM \($0)") }
  }

  @Test func aProgramThatDeclaresOtherFieldsMakesTheTablesAnew() throws {
    try device.edit(visit, ["title": .text("t"), "undeclared": .integer(5)])
    let before = try dump()
    let other = [
      RecordKind(
        name: "visit", fields: [RecordField("undeclared", .integer), RecordField("note", .integer)]),
      RecordKind(name: "leaf"),
    ]
    let store = try Store(
      path: path, tables: other, deviceName: "x", environment: device.environment, notes: nil)
    #expect(try store.read { try $0.tableFaults() } == [])
    #expect(
      try rows("SELECT undeclared, note, complete FROM record_visit") == ["5|-|0"])
    #expect(try rows("SELECT count(*) FROM record_undeclared") == ["1"], "the part")
    #expect(try rows("SELECT count(*) FROM member") == ["0"])
    // A program that has the journal open finds out, and writes nothing.
    #expect(throws: StorageError.tablesChanged) { try device.store.read { $0.clock } }
    #expect(throws: StorageError.tablesChanged) { try device.edit(visit, ["note": .text("lost")]) }

    let again = try Store(
      path: path, tables: testTables, deviceName: "x", environment: device.environment, notes: nil)
    #expect(try again.read { try $0.tableFaults() } == [])
    #expect(try dump() == before)
  }
}
