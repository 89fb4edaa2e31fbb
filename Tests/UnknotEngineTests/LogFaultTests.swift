import Foundation
import GRDB
import SeededRandom
import TestSupport
import Testing
import UnknotCausality
import UnknotEngine

@testable import UnknotStorage

/// Whatever is done to the log of a journal with forks, conflicts and forgotten changes is found, and not passed on.
@Suite struct LogFaultTests {
  private static let folder = Repository.root.appending(path: "Tests/Fixtures/journals")
  private static let names = [
    "version-3-simulated-1105-4", "version-3-product", "simulated-1139-3", "simulated-1195-4",
  ]

  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A fixture in the form of today.
  private func journal(_ name: String) throws -> String {
    let path = "\(folder.path)/\(name).sqlite"
    try FileManager.default.copyItem(
      atPath: Self.folder.appendingPathComponent("\(name).sqlite").path, toPath: path)
    #expect(try openReplica(path).verify(.deep) == [])
    return path
  }

  @Test(arguments: names) func whatIsWholeIsFoundWhole(name: String) throws { _ = try journal(name) }

  @Test(arguments: names) func everyDamageIsFound(name: String) throws {
    // Merged anew: a journal that an older program compacted does not keep what proves the changes before those that
    // it forgot.
    let whole = "\(folder.path)/whole.sqlite"
    let file = "\(folder.path)/whole.unknot"
    _ = try openReplica(journal(name)).export(to: .file(file), for: .everyone, full: true)
    _ = try openReplica(whole).importFiles([.path(file)])
    var random = SeededGenerator(seed: UInt64(name.utf8.reduce(0) { $0 &+ Int($1) }))
    for number in 0..<60 {
      let path = "\(folder.path)/\(number).sqlite"
      try FileManager.default.copyItem(atPath: whole, toPath: path)
      let what = try damage(path, &random)
      guard let what else { continue }
      do {
        let replica = try openReplica(path)
        #expect(try !replica.verify().isEmpty, "\(name), \(number): \(what)")
        // What the next change's writer had seen is not part of what is sent.
        guard !what.hasPrefix("line.context") else { continue }
        #expect(throws: (any Error).self, "\(name), \(number): \(what)") {
          try replica.export(to: .file("\(folder.path)/\(number).unknot"), for: .everyone, full: true)
        }
      } catch is StorageError {
        // It could not even be opened.
      }
      #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/\(number).unknot"))
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).allSatisfy { !$0.hasPrefix(".") })
  }

  /// - Returns: what was done; nil where there was nothing to do it to.
  private func damage(_ path: String, _ random: inout SeededGenerator) throws -> String? {
    let places = [
      ("change", "body"), ("change", "recorded_at"), ("change", "shape"), ("change", "begins"),
      ("change", "subject"),
      ("change", ""), ("line", "context"), ("checkpoint", "hash"), ("line", "hash"), ("forgotten", "hashes"),
    ]
    let (table, column) = places.randomElement(using: &random) ?? places[0]
    let place = Int.random(in: 0..<1 << 30, using: &random)
    return try DatabaseQueue(path: path).write { database -> String? in
      let rows = try Int64.fetchAll(database, sql: "SELECT rowid FROM \(table) ORDER BY rowid")
      guard !rows.isEmpty else { return nil }
      let row = rows[place % rows.count]
      guard !column.isEmpty else {
        try database.execute(sql: "DELETE FROM \(table) WHERE rowid = ?", arguments: [row])
        return "\(table) \(row) deleted"
      }
      let value = try DatabaseValue.fetchOne(
        database, sql: "SELECT \(column) FROM \(table) WHERE rowid = ?", arguments: [row])
      let damaged: DatabaseValue
      switch value?.storage {
      case .blob(var bytes)?:
        guard !bytes.isEmpty else { return nil }
        // Of changes that were forgotten there are the hashes alone, of which the chain goes on from the last.
        let changed =
          column == "hashes" ? bytes.count - 1 - place % ChangeHash.byteCount : place % bytes.count
        bytes[bytes.startIndex + changed] ^= 1 << UInt8(place % 8)
        damaged = bytes.databaseValue
      case .int64(let number)?: damaged = (column == "begins" ? 1 - number : number ^ 1).databaseValue
      default: return nil
      }
      try database.execute(
        sql: "UPDATE \(table) SET \(column) = ? WHERE rowid = ?", arguments: [damaged, row])
      return "\(table).\(column) of \(row)"
    }
  }

  @Test(arguments: [
    "UPDATE line SET context = x'' WHERE length(context) > 0",
    "INSERT INTO checkpoint (key, hash) SELECT (number << 40) + depth + 2, hash FROM line LIMIT 1",
    "INSERT INTO context (key, heads) SELECT (number << 40) + depth + 2, x'' FROM line LIMIT 1",
    "INSERT INTO checkpoint (key, hash) SELECT (1000 << 40) + 1, hash FROM line LIMIT 1",
  ])
  func whatWouldOnlyBeNoticedLaterIsFound(sql: String) throws {
    let path = try journal("simulated-1139-3")
    try DatabaseQueue(path: path).write { try $0.execute(sql: sql) }
    #expect(try !openReplica(path).verify().isEmpty)
  }

  @Test func aFaultSaysWhatIsInQuestion() throws {
    let path = "\(folder.path)/phone.sqlite"
    let device = try TestDevice("phone", seed: 1, path: path)
    let visit = try device.create("visit", ["note": .text("one")])
    for number in 0..<200 { try device.edit(visit, ["note": .text("\(number)")]) }
    try device.store.writable().writeWithoutTransaction {
      try $0.execute(sql: "UPDATE change SET recorded_at = recorded_at + 1 WHERE depth = 100")
    }
    let faults = try openReplica(path).verify()
    guard case .log(let fault)? = faults.first, faults.count == 1 else {
      Issue.record("\(faults)")
      return
    }
    #expect(fault.device == "phone")
    #expect(fault.first?.seq == 65 && fault.last?.seq == 128)
    #expect(fault.since != nil)
  }
}
