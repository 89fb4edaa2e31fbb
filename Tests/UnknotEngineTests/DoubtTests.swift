import Foundation
import GRDB
import TestSupport
import Testing
import UnknotCausality

@testable import UnknotEngine
@testable import UnknotStorage

/// A journal that may be damaged takes no write before all of it was looked at.
@Suite struct DoubtTests {
  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = "\(folder.path)/journal.sqlite"
    let replica = try open()
    for number in 0..<200 {
      _ = try replica.write("log") {
        try $0.create(
          "visit", parent: nil,
          [
            FieldName("note"): .text("a text that is somewhat longer, number \(number)"),
            FieldName("at"): .integer(Int64(number)),
          ])
      }
    }
  }

  private func open(seed: UInt64 = 1) throws -> BlockingReplica {
    try Replica(
      blockingAt: path, kinds: testTables, deviceName: "phone", environment: TestEnvironment(seed: seed),
      noteFolder: "\(folder.path)/state"
    ).blocking
  }

  private func write(_ replica: BlockingReplica) throws {
    _ = try replica.write("log") {
      try $0.create("visit", parent: nil, [FieldName("note"): .text("one more")])
    }
  }

  private var isNoted: Bool {
    get throws {
      try NoteFolder(folder: "\(folder.path)/state", journal: path).noteOfPlace()?.isDoubted == true
    }
  }

  private func bytes() throws -> Data { try Data(contentsOf: URL(filePath: path)) }

  /// What is wrong with a value in the log is not seen by SQLite, nor by who writes something else.
  private func damageLog() throws {
    try DatabaseQueue(path: path).write { database in
      let row = try #require(
        try Row.fetchOne(database, sql: "SELECT key, body FROM change LIMIT 1 OFFSET 70"))
      let (key, body): (Int64, Data) = (row[0], row[1])
      // Another value, that could have been one: only its hash tells.
      let place = try #require(body.firstRange(of: Data("somewhat".utf8)))
      let other = body[..<place.lowerBound] + Data("somewhen".utf8) + body[place.upperBound...]
      try database.execute(sql: "UPDATE change SET body = ? WHERE key = ?", arguments: [other, key])
    }
  }

  @Test func whatIsFoundDamagedTakesNoMoreWrites() throws {
    try damageLog()
    // Nobody knows of it yet.
    try write(open())
    let replica = try open()
    #expect(try !replica.verify().isEmpty)
    #expect(try isNoted)
    let before = try bytes()
    let error = #expect(throws: StorageError.self) { try write(replica) }
    // It says whose changes they are.
    guard case .damaged(let reason) = error, reason.hasPrefix("of phone, ") else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(throws: StorageError.self) { try write(open()) }
    #expect(try bytes() == before)
    // It can be read all the same.
    // What is whole of it can be read, and what is not is not shown.
    #expect(try open().store.read { try $0.records(in: "visit", RecordFilter(limit: 50)).count } == 50)
    #expect(throws: StorageError.self) {
      try open().store.read { try $0.records(in: "visit", RecordFilter()) }
    }
  }

  @Test func whatIsWholeAgainIsWrittenTo() throws {
    let whole = try bytes()
    let page = try #require(pages(of: "line").first)
    var damaged = whole
    for offset in page * 4096 - 3000..<page * 4096 { damaged[offset] = 0xff }
    try damaged.write(to: URL(filePath: path))
    #expect(throws: StorageError.self) { try write(open()) }
    #expect(try isNoted)
    try whole.write(to: URL(filePath: path))
    let replica = try open()
    try write(replica)
    #expect(try !isNoted)
    #expect(replica.store.repair == nil)
    #expect(try replica.verify() == [])
  }

  @Test func tablesAreMendedByTheNextWrite() throws {
    try DatabaseQueue(path: path).write {
      try $0.execute(sql: "UPDATE record_visit SET note = 'other' WHERE id % 3 = 0")
    }
    #expect(try !open().verify().isEmpty)
    let replica = try open()
    try write(replica)
    #expect(replica.store.repair == .tables)
    #expect(try replica.verify(.deep) == [])
    #expect(try !isNoted)
  }

  @Test func registersAreMendedByTheNextWrite() throws {
    let replica = try open()
    let record = try #require(try replica.read { try $0.records(in: "visit", RecordFilter()).first })
    _ = try replica.write("edit") { try $0.edit(record.id, [FieldName("note"): .text("edited")]) }
    let said = try replica.read { try $0.digest() }
    try DatabaseQueue(path: path).write { try $0.execute(sql: "UPDATE entry SET fields = x''") }
    #expect(try !open().verify(.deep).isEmpty)
    let other = try open()
    try other.write("rename") { try $0.renameDevice("phone 2") }
    #expect(other.store.repair == .tables)
    #expect(try other.read { try $0.digest() } == said)
    #expect(try other.verify(.deep) == [])
    #expect(try !isNoted)
  }

  @Test func anIndexIsMendedByTheNextWrite() throws {
    let root = try DatabaseQueue(path: path).read {
      try Int.fetchOne(
        $0,
        sql:
          "SELECT rootpage FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'record_visit' AND sql <> ''"
      )
    }
    let start = (try #require(root) - 1) * 4096
    let before = try bytes()
    try write(open())
    var damaged = try bytes()
    #expect(damaged[start..<start + 4096] != before[start..<start + 4096])
    damaged[start..<start + 4096] = before[start..<start + 4096]
    try damaged.write(to: URL(filePath: path))
    #expect(try !open().verify().isEmpty)
    let replica = try open()
    try write(replica)
    #expect(replica.store.repair == .tables)
    #expect(try replica.verify() == [])
  }

  /// SIGKILL in the middle of a commit: SQLite takes back what was not finished, and all of it is looked at before more is
  /// written.
  @Test func aKilledWriteIsDoubted() throws {
    let (before, copy) = (try bytes(), "\(folder.path)/other.sqlite")
    // A rollback journal of a transaction that was about to be finished.
    let queue = try DatabaseQueue(path: path)
    try queue.inDatabase { database in
      try database.execute(sql: "PRAGMA cache_spill = 1; PRAGMA cache_size = 2; BEGIN IMMEDIATE")
      try database.execute(sql: "UPDATE change SET recorded_at = recorded_at + 1")
      try FileManager.default.copyItem(atPath: path, toPath: copy)
      try FileManager.default.copyItem(atPath: "\(path)-journal", toPath: "\(copy)-journal")
      try database.execute(sql: "ROLLBACK")
    }
    try Data(contentsOf: URL(filePath: copy)).write(to: URL(filePath: path))
    try FileManager.default.copyItem(atPath: "\(copy)-journal", toPath: "\(path)-journal")
    #expect(try bytes() != before)
    let reading = try open()
    #expect(try reading.verify() == [])
    #expect(try bytes() == before)
    #expect(try isNoted)
    // Another program writes.
    let replica = try open()
    try write(replica)
    #expect(try !isNoted)
    #expect(replica.store.repair == nil)
  }

  /// Killed between the tables and the first row in them: nothing is wrong with it.
  @Test func aJournalThatWasBeingMadeIsMade() throws {
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      try FileManager.default.removeItem(atPath: "\(folder.path)/\(file)")
    }
    let copy = "\(folder.path)/copy.sqlite"
    let queue = try DatabaseQueue(path: copy)
    try queue.write { try Store.migrate($0) }
    try queue.inDatabase { database in
      try database.execute(sql: "PRAGMA cache_spill = 1; PRAGMA cache_size = 2; BEGIN IMMEDIATE")
      for number in 0..<200 {
        try database.execute(
          sql: "INSERT INTO field (name, key) VALUES (?, ?)",
          arguments: ["name", String(repeating: "k", count: 200) + "\(number)"])
      }
      try FileManager.default.copyItem(atPath: copy, toPath: path)
      try FileManager.default.copyItem(atPath: "\(copy)-journal", toPath: "\(path)-journal")
      try database.execute(sql: "ROLLBACK")
    }
    let replica = try open()
    try write(replica)
    #expect(try replica.verify() == [])
  }

  @Test func whoWritesMeanwhileIsNoUncleanEnd() throws {
    let queue = try DatabaseQueue(path: path)
    try queue.inDatabase { database in
      try database.execute(sql: "BEGIN IMMEDIATE; UPDATE stamp SET bytes = randomblob(16)")
      #expect(FileManager.default.fileExists(atPath: "\(path)-journal"))
      _ = try open()
      try database.execute(sql: "ROLLBACK")
    }
    #expect(try !isNoted)
  }

  private func pages(of table: String) throws -> [Int] {
    FoundRows(try DatabaseFile(path: path)).owners.filter { $0.value == table }.map(\.key).sorted()
  }
}
