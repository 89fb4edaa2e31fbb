import Foundation
import SeededRandom
import TestSupport
import Testing
import UnknotCausality

@testable import UnknotEngine
@testable import UnknotStorage

/// What comes after lost changes is written anew: all that is proven, with what it says, and nothing takes the place of
/// something that its writer had not seen.
@Suite struct PastGapsTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func rescue(_ sources: [String], to name: String, pastGaps: Bool = true) throws -> (
    RescueResult, BlockingReplica
  ) {
    let path = "\(folder.path)/\(name).sqlite"
    let result = try Replica.rescue(
      sources, to: path, kinds: testTables, deviceName: "other", environment: TestEnvironment(seed: 3),
      pastGaps: pastGaps, temporaryFolder: folder.path)
    return (result, try openReplica(path))
  }

  /// The file without these pages, as another one.
  private func broken(_ path: String, _ lost: Set<Int>, _ random: inout SeededGenerator) throws -> String {
    let size = try DatabaseFile(path: path).pageSize
    var bytes = try Data(contentsOf: URL(filePath: path))
    for page in lost {
      for offset in (page - 1) * size..<page * size {
        bytes[offset] = UInt8.random(in: 0...255, using: &random)
      }
    }
    let broken = "\(folder.path)/broken.sqlite"
    try bytes.write(to: URL(filePath: broken))
    return broken
  }

  private func pages(of table: FoundTable, _ path: String) throws -> [Int] {
    let file = try DatabaseFile(path: path)
    return FoundRows(file).owners.filter { $0.value == table.rawValue }.map(\.key).sorted()
  }

  // MARK: One device

  private struct Written {
    let record: Int
    let value: Int64
    let isCreation: Bool
  }

  /// What one device wrote, and lost pages of: what has to be there was worked out by the rows that are left.
  @Test(arguments: 0..<12) func allThatIsProvenOfOneDevice(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let path = "\(folder.path)/whole.sqlite"
    let whole = try openReplica(path)
    let log = try write(700, to: whole, &random)
    let candidates = try pages(of: .change, path).dropFirst()
    let lost = Set(candidates.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random)))
    let damaged = try broken(path, lost, &random)

    let expected = try expected(of: log, whole, damaged)
    let (result, rescued) = try rescue([damaged], to: "rescued")
    do {
      let (without, plain) = try rescue([damaged], to: "without", pastGaps: false)
      #expect(without.changesPastGaps == 0)
      #expect(result.changes == without.changes + result.changesPastGaps)
      #expect(without.missing.reduce(0) { $0 + $1.proven } >= Int64(result.changesPastGaps))
      #expect(try plain.verify(.deep) == [])
    } catch SyncError.onlyPastGaps(let proven) {
      #expect(UInt64(proven) >= result.changes && result.changes == result.changesPastGaps)
      #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/without.sqlite"))
    }
    #expect(try rescued.verify(.deep) == [])
    let found = try values(in: rescued, expected)
    #expect(found == expected, "pages \(lost.sorted())")
    let lostCount = result.missing.reduce(UInt64(0)) { $0 + $1.last.seq - $1.first.seq + 1 }
    #expect(result.changes + lostCount == UInt64(log.count))
  }

  private func write(
    _ count: Int, to whole: BlockingReplica, _ random: inout SeededGenerator
  ) throws -> [Written] {
    var log: [Written] = []
    var ids: [Dot] = []
    for number in 0..<count {
      let (value, picked) = (Int64(number), Int.random(in: 0..<max(1, ids.count), using: &random))
      _ = try whole.write("log") {
        if number > 10, number % 3 == 0 {
          _ = try $0.edit(ids[picked], [FieldName("size"): .integer(value)])
          log.append(Written(record: picked, value: value, isCreation: false))
        } else {
          ids.append(
            try $0.create(
              "visit", parent: nil,
              [
                FieldName("title"): .text("record \(ids.count)"), FieldName("size"): .integer(value),
                FieldName("note"): .text(String(repeating: "word ", count: number % 23)),
                FieldName("other"): ids.last.map { .reference($0) } ?? .null,
              ]))
          log.append(Written(record: ids.count - 1, value: value, isCreation: true))
        }
      }
    }
    return log
  }

  /// The values that are proven and have their record. From one kept hash to the next, nothing may be missing.
  private func expected(of log: [Written], _ whole: BlockingReplica, _ damaged: String) throws -> [Int: Int64]
  {
    let (present, kept) = try whole.read { reader in
      (try left(in: damaged), try checkpoints(reader) + [Int64(log.count)])
    }
    var (survivors, isTorn, before): ([Int], Bool, Int64) = ([], false, 0)
    for depth in kept {
      let block = (before + 1)...depth
      if block.allSatisfy(present.contains) { survivors += block.map { Int($0) - 1 } } else { isTorn = true }
      before = depth
    }
    try #require(isTorn)
    var expected: [Int: Int64] = [:]
    for place in survivors {
      let written = log[place]
      if written.isCreation || expected[written.record] != nil { expected[written.record] = written.value }
    }
    return expected
  }

  /// What the records hold, by their numbers. What refers to a record refers to the same one.
  private func values(in rescued: BlockingReplica, _ expected: [Int: Int64]) throws -> [Int: Int64] {
    var found: [Int: Int64] = [:]
    var titles: [Dot: Int] = [:]
    try rescued.read { reader in
      #expect(try reader.conflictCount() == 0)
      for record in try reader.records(in: "visit", RecordFilter()) {
        guard case .text(let title) = record["title"], case .integer(let value) = record["size"] else {
          Issue.record("a record without its values")
          continue
        }
        let number = try #require(Int(title.dropFirst("record ".count)))
        #expect(found[number] == nil, "\(title) is there twice")
        found[number] = value
        titles[record.id] = number
      }
      for record in try reader.records(in: "visit", RecordFilter()) {
        guard let number = titles[record.id], number > 0, expected[number - 1] != nil,
          case .reference(let other) = record["other"]
        else { continue }
        #expect(titles[other] == number - 1)
      }
    }
    return found
  }

  private func left(in damaged: String) throws -> Set<Int64> {
    let file = try DatabaseFile(path: damaged)
    var depths: Set<Int64> = []
    try FoundRows(file).tellAll { table, values in
      if table == .change, case .integer(let key) = values[0] {
        depths.insert(ChangeKey(rawValue: key).depth)
      }
    }
    return depths
  }

  private func checkpoints(_ reader: StoreReader) throws -> [Int64] {
    var depths: [Int64] = []
    try reader.statements["SELECT key FROM checkpoint ORDER BY key"].eachRow {
      depths.append($0.key(0).depth)
    }
    return depths
  }

  // MARK: Several devices

  /// Every write has a value of its own. What is in force in the whole file among the writes that are left is in force in
  /// the new one: it may be in conflict with more, and never gives way unseen.
  @Test(arguments: 0..<16) func nothingGivesWayUnseen(seed: UInt64) throws {
    var random = SeededGenerator(seed: 1000 + seed)
    let path = "\(folder.path)/device-0.sqlite"
    let other = "\(folder.path)/other.unknot"
    let (devices, titles) = try household(seed, other, &random)
    let whole = devices[0].store
    let lost = Set(try pages(of: .change, path).dropFirst().shuffled(using: &random).prefix(2))
    let sources = [try broken(path, lost, &random)] + (seed % 2 == 1 ? [other] : [])
    let (result, rescued) = try rescue(sources, to: "rescued")
    #expect(try rescued.verify(.deep) == [])

    let (left, inForce) = try writes(in: rescued)
    #expect(UInt64(left.count) == result.changes)
    let spurious = try spuriousConflicts(whole, titles, left, inForce)
    // Seen in a gap: few of them.
    #expect(spurious * 4 <= left.count)
  }

  /// Three devices and what their records are called; in the middle of it, the second writes a file.
  private func household(
    _ seed: UInt64, _ other: String, _ random: inout SeededGenerator
  ) throws -> ([TestDevice], [Dot: String]) {
    let devices = try (0..<3).map { number in
      try TestDevice(
        "device \(number)", seed: seed * 3 + UInt64(number), path: "\(folder.path)/device-\(number).sqlite")
    }
    let first = try devices[0].create("visit", ["title": .text("first"), "size": .integer(-1)])
    for device in devices.dropFirst() { try devices[0].send(to: device, in: folder, full: true) }
    var titles = [first: "first"]
    var forms: [String: Form] = [:]
    for value in 0..<600 {
      if value == 400, seed % 2 == 1 {
        _ = try devices[1].synchronizer.export(to: .file(other), for: .everyone, full: true)
      }
      let device = devices[Int.random(in: 0..<3, using: &random)]
      // Somebody opens a form, and writes it some changes later.
      if Int.random(in: 0..<10, using: &random) == 0 { forms[device.name] = try device.form }
      let known = try device.store.read { reader in titles.keys.filter { reader.clock.covers($0) }.sorted() }
      if let record = known.randomElement(using: &random), Int.random(in: 0..<5, using: &random) > 0 {
        let form = Int.random(in: 0..<6, using: &random) == 0 ? forms.removeValue(forKey: device.name) : nil
        do {
          try device.edit(record, ["size": .integer(Int64(value))], asOf: form)
        } catch StorageError.invalidWrite {
          // It was not there yet when the form was opened.
          continue
        }
      } else {
        let title = "record \(titles.count)"
        titles[try device.create("visit", ["title": .text(title), "size": .integer(Int64(value))])] = title
      }
      if Int.random(in: 0..<8, using: &random) == 0 {
        let other = devices[Int.random(in: 0..<3, using: &random)]
        if other.name != device.name { try device.send(to: other, in: folder, full: true) }
      }
    }
    for device in devices.dropFirst() { try device.send(to: devices[0], in: folder, full: true) }
    return (devices, titles)
  }

  /// Which writes are left, by their values, and which of them are in force, by record.
  private func writes(in rescued: BlockingReplica) throws -> ([Int64: String], [String: Set<Int64>]) {
    var left: [Int64: String] = [:]
    var inForce: [String: Set<Int64>] = [:]
    try rescued.read { reader in
      for record in try reader.records(in: "visit", RecordFilter()) {
        guard case .text(let title) = record["title"] else { continue }
        try reader.forEachChange(of: record.id) { entry in
          if case .integer(let value)? = entry.values[FieldName("size")] {
            #expect(left.updateValue(title, forKey: value) == nil, "\(value) is there twice")
          }
        }
        let entries = try reader.register(of: record.id, FieldName("size"))?.entries ?? []
        inForce[title] = Set(
          entries.compactMap { if case .integer(let value) = $0.value { value } else { nil } })
      }
    }
    return (left, inForce)
  }

  /// Whatever is in force in the whole file among the writes that are left is in force.
  ///
  /// - Returns: how much more is.
  private func spuriousConflicts(
    _ whole: Store, _ titles: [Dot: String], _ left: [Int64: String], _ inForce: [String: Set<Int64>]
  ) throws -> Int {
    var spurious = 0
    try whole.read { reader in
      for (record, title) in titles where inForce[title] != nil {
        var writes: [(value: Int64, key: ChangeKey)] = []
        try reader.forEachChange(of: record) { entry in
          if case .integer(let value)? = entry.values[FieldName("size")],
            left[value] == title
          {
            writes.append((value, try reader.heldKey(of: entry.change.dot)))
          }
        }
        let expected = try writes.filter { write in
          try !writes.contains { other in
            guard other.value != write.value else { return false }
            if other.key.line == write.key.line { return other.key > write.key }
            return try reader.context(of: other.key).covers(write.key, reader.lines.tree)
          }
        }
        let shown = try #require(inForce[title])
        #expect(shown.isSuperset(of: expected.map(\.value)), "\(title)")
        spurious += shown.count - expected.count
      }
    }
    return spurious
  }

  // MARK: With others

  /// What a device that was left behind still has is not there twice as a write: it is the same value.
  @Test func anEditThatComesBackIsNoConflict() throws {
    var random = SeededGenerator(seed: 7)
    let path = "\(folder.path)/whole.sqlite"
    let whole = try openReplica(path)
    let first = try whole.store.write("log") {
      try $0.create("visit", parent: nil, [FieldName("title"): .text("first")])
    }
    for number in 0..<600 {
      _ = try whole.write("log") {
        if number == 599 {
          _ = try $0.edit(first, [FieldName("size"): .integer(1)])
        } else {
          _ = try $0.create("visit", parent: nil, [FieldName("title"): .text("record \(number)")])
        }
      }
    }
    let file = "\(folder.path)/all.unknot"
    _ = try whole.export(to: .file(file), for: .everyone, full: true)
    let middle = try pages(of: .change, path)
    let damaged = try broken(path, [middle[middle.count / 2]], &random)
    let (result, rescued) = try rescue([damaged], to: "rescued")
    #expect(result.changesPastGaps > 0)
    _ = try rescued.importFiles([.path(file)])
    let (size, conflicts) = try rescued.read { (try $0.record(first)?["size"], try $0.conflictCount()) }
    #expect(size == .integer(1) && conflicts == 0)
    #expect(try rescued.verify(.deep) == [])
    // Named at once, it proves what was lost: nothing is written anew.
    let (both, again) = try rescue([damaged, file], to: "with the file")
    #expect(both.changesPastGaps == 0 && both.missing.isEmpty)
    let (mine, others) = (
      try again.store.read { try $0.digest() }, try whole.store.read { try $0.digest() }
    )
    #expect(mine == others)
  }

  // MARK: Forgotten changes

  /// Forgotten changes have their hashes, whatever comes before them: what was altered there is not what was written.
  @Test(arguments: [false, true]) func whatIsAlteredBeforeForgottenOnes(pastGaps: Bool) throws {
    let path = "\(folder.path)/whole.sqlite"
    let whole = try TestDevice("whole", seed: 5, path: path)
    for number in 0..<20 { _ = try whole.create("visit", ["note": .text("kept \(number)")]) }
    let record = try whole.create("visit", ["note": .text("a")])
    for number in 0..<60 { try whole.edit(record, ["size": .integer(Int64(number))]) }
    #expect(try whole.store.compact(before: .max, dryRun: false).changes > 0)
    for number in 0..<80 { _ = try whole.create("visit", ["note": .text("later \(number)")]) }
    var bytes = try Data(contentsOf: URL(filePath: path))
    let place = try #require(bytes.firstRange(of: Data("kept 7".utf8)))
    bytes[place.lowerBound] = UInt8(ascii: "K")
    let broken = "\(folder.path)/broken.sqlite"
    try bytes.write(to: URL(filePath: broken))
    do {
      let (_, rescued) = try rescue([broken], to: "rescued", pastGaps: pastGaps)
      let notes = try rescued.read { try $0.records(in: "visit", RecordFilter()).map { $0["note"] } }
      #expect(!notes.contains(.text("Kept 7")))
      #expect(notes.contains(.text("later 79")) == pastGaps)
    } catch is SyncError {
      #expect(!pastGaps)
    }
  }
}
