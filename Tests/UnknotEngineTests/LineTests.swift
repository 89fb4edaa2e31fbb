import Foundation
import TestSupport
import Testing
import UnknotCausality
import UnknotEngine

@testable import UnknotStorage

/// What a fork that becomes known costs, and what it leaves as it is.
@Suite struct LineTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A journal, and copies of it that go on as the same actor.
  private func copies(_ count: Int, edits: Int) throws -> (records: [Dot], devices: [TestDevice]) {
    let path = folder.path + "/original.sqlite"
    let first = try TestDevice("phone", seed: 1, path: path)
    let records = try (0..<6).map { try first.create("visit", ["n": .integer(Int64($0))]) }
    var devices: [TestDevice] = []
    for number in 0..<count {
      let copy = "\(folder.path)/\(number).sqlite"
      try FileManager.default.copyItem(atPath: path, toPath: copy)
      devices.append(try TestDevice("phone", seed: UInt64(number) + 2, path: copy))
      for edit in 0..<edits {
        try devices[number].edit(records[edit % 6], ["n": .integer(Int64(1000 + number * 100 + edit))])
      }
    }
    return (records, devices)
  }

  /// Copies write to one field at one time, so that names alone decide what is shown, and names change while a file with
  /// all of them is taken in. Rows that are made anew in the middle of that show what the conflicts show.
  @Test(arguments: 0..<12) func rowsMadeInTheMiddleShowWhatIsDecided(seed: Int) throws {
    let (records, devices) = try copies(5, edits: 0)
    let collector = try TestDevice("collector", seed: 50)
    for (number, device) in devices.enumerated() {
      for record in records {
        // A text where a number is declared: the row is made anew when it fits again.
        try device.edit(record, ["note": .text("\(seed) \(number)"), "size": .text("\(seed * number)")])
        try device.edit(record, ["size": .integer(Int64(number))])
      }
      try device.send(to: collector, in: folder, full: true)
      #expect(try collector.store.read { try $0.tableFaults() } == [])
    }
    let other = try TestDevice("other", seed: 51)
    try collector.send(to: other, in: folder, full: true)
    #expect(try other.store.read { try $0.tableFaults() } == [])
    #expect(try other.digest == collector.digest)
  }

  /// Two records with one name, made by copies that did not know of each other: a reference names the one that its writer
  /// had seen, in the tables too, on whichever line that one lies here.
  @Test func aReferenceNamesWhatItsWriterHadSeen() throws {
    let devices = try copies(2, edits: 0).devices
    let writers = try (0..<2).map { try TestDevice("writer \($0)", seed: UInt64($0) + 10) }
    for (device, writer) in zip(devices, writers) {
      let made = try device.create("visit", ["note": .text("of \(writer.name)")])
      try device.send(to: writer, in: folder, full: true)
      _ = try writer.create("visit", ["note": .text(writer.name), "other": .reference(made)])
    }
    let other = try TestDevice("other", seed: 20)
    for device in writers { try device.send(to: other, in: folder, full: true) }
    for device in devices + writers { try other.send(to: device, in: folder, full: true) }
    for device in devices + writers + [other] {
      var found: [String] = []
      let sql = "SELECT a.note, b.note FROM visit a JOIN visit b ON b.id = a.other ORDER BY a.note"
      try device.store.query(sql) { try $0.each { found.append("\($0[0]) \($0[1])") } }
      let wanted = writers.map { "\(QueryValue.text($0.name)) \(QueryValue.text("of \($0.name)"))" }
      #expect(found == wanted)
      #expect(try device.store.read { try $0.tableFaults() }.isEmpty)
    }
  }

  /// Each row of what history is kept in, by its key.
  private func rows(_ store: Store) throws -> [String: String] {
    try store.read { session in
      var rows: [String: String] = [:]
      for (table, key, columns) in [
        ("change", "key", "shape, subject, recorded_at, begins, hex(body)"), ("context", "key", "hex(heads)"),
        ("checkpoint", "key", "hex(hash)"), ("forgotten", "first", "last, hex(hashes)"),
        ("operation", "number", "first, last, hex(held_before), hex(held_after)"),
        ("line", "number", "hex(actor), parent, hex(first_hash), hex(beside_hash)"),
        ("entry", "record || '/' || key", "spent, own, presence, hex(fields)"),
      ] {
        let values = columns.replacingOccurrences(of: ", ", with: " || ' ' || ")
        try session.statements["SELECT \(key), \(columns.contains("||") ? columns : values) FROM \(table)"]
          .eachRow { rows["\(table) \(try $0.text(0))"] = try $0.optionalText(1) ?? "-" }
      }
      return rows
    }
  }

  private func names(_ store: Store) throws -> [ChangeKey: Dot] {
    try store.read { session in
      var names: [ChangeKey: Dot] = [:]
      for line in session.lines.all {
        for depth in (line.parent?.depth ?? 0)..<line.depth {
          let key = ChangeKey(line: line.number, depth: depth + 1)
          names[key] = try session.lines.name(of: key)
        }
      }
      return names
    }
  }

  /// Whichever history keeps the name: of two that meet, one is called otherwise from then on.
  @Test(arguments: 1..<12)
  func aForkThatBecomesKnownChangesNoRow(edits: Int) throws {
    let (records, devices) = try copies(3, edits: edits)
    var renamed = 0
    for (receiver, sender) in [(0, 1), (1, 2), (2, 0), (0, 2), (1, 0), (2, 1)] {
      let receiver = devices[receiver]
      let before = try rows(receiver.store)
      let names = try names(receiver.store)
      try devices[sender].send(to: receiver, in: folder, full: true)
      let after = try rows(receiver.store)
      // What views call changes is kept apart, and goes along.
      #expect(try receiver.store.read { try $0.tableFaults() } == [])
      for (row, content) in before {
        // Entries are registers: what another history wrote stands beside them, and what it had seen is spent.
        guard !row.hasPrefix("entry") else { continue }
        #expect(after[row] == content, "\(row) is another one")
      }
      let now = try self.names(receiver.store)
      renamed += names.count { now[$0.key] != $0.value }
    }
    #expect(renamed > 0, "no change was called otherwise")
    let digests = Set(try devices.map { try $0.digest })
    #expect(digests.count == 1)
    #expect(try devices[0].conflicts().count == min(edits, records.count))
  }

  /// Twice as many histories after one change take twice the room, in the journal and in what it writes.
  @Test func forksInNumbersAreLinear() throws {
    var sizes: [(journal: Int, file: Int)] = []
    for count in [60, 120] {
      let inner = try LineTests()
      let (_, devices) = try inner.copies(count, edits: 2)
      let hub = devices[0]
      let files = try devices.dropFirst().compactMap {
        try $0.synchronizer.export(to: .folder(inner.folder.path), for: .everyone, full: true).file
      }
      let result = try hub.synchronizer.importFiles(files.map { .path($0) })
      #expect(result.forks.map(\.branches) == [count - 1])
      let file = try #require(
        try hub.synchronizer.export(to: .folder(inner.folder.path), for: .everyone, full: true).file)
      let contexts = try hub.store.read { session in
        try session.statements["SELECT total(length(heads)) FROM context"].first { Int($0.integer(0)) } ?? 0
      }
      sizes.append((contexts, try Data(contentsOf: URL(filePath: file)).count))
    }
    #expect(sizes[1].journal <= 2 * sizes[0].journal + 16)
    #expect(Double(sizes[1].file) <= 2.3 * Double(sizes[0].file), "\(sizes)")
  }

  /// A history that goes on from a change and has seen less than that one, as from a form that was opened long before.
  @Test(arguments: 1...12) func aBranchThatHasSeenLess(seed: UInt64) throws {
    let path = folder.path + "/a.sqlite"
    let a = try TestDevice("a", seed: seed, path: path)
    let b = try TestDevice("b", seed: 100 + seed)
    let record = try a.create("visit")
    let form = try a.form
    try a.send(to: b, in: folder)
    try b.edit(record, ["note": .text("b")])
    try b.send(to: a, in: folder)
    try a.edit(record, ["size": .integer(1)])
    try FileManager.default.copyItem(atPath: path, toPath: folder.path + "/twin.sqlite")
    let twin = try TestDevice("a", seed: 200 + seed, path: folder.path + "/twin.sqlite")
    try twin.edit(record, ["note": .text("twin")], asOf: form)
    try a.edit(record, ["note": .text("a")])
    try twin.send(to: a, in: folder, full: true)
    try a.send(to: twin, in: folder, full: true)
    for (number, sender) in [a, twin].enumerated() {
      let receiver = try TestDevice("c", seed: 300 + UInt64(number))
      try sender.send(to: receiver, in: folder, full: true)
      #expect(try receiver.digest == a.digest)
      // The twin had not seen what was written on b; a had.
      #expect(try Set(receiver.values(of: record, "note")) == [.text("a"), .text("twin")])
    }
  }
}
