import Foundation
import SeededRandom
import TestSupport
import Testing
import UnknotCausality
import UnknotEngine
import UnknotStorage

/// "Exchange" of `merge.md`, and two histories under one name.
extension MergeRuleTests {
  @Test func aFileIsTakenIffItsBaseIsCovered() throws {
    try b.edit(record, ["note": .text("b1")])
    try b.send(to: a, in: folder)
    try a.edit(record, ["note": .text("a1")])
    let first = try a.synchronizer.export(to: .folder(folder.path), for: .device("b"), full: false)
    let c = try TestDevice("c", seed: 3)
    let before = try c.digest
    let error = #expect(throws: SyncError.self) {
      try c.synchronizer.importFiles([.path(try #require(first.file))])
    }
    guard case .changesMissing(_, let missing, isLoss: false) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(missing.contains { $0.device == "a" && $0.from == 1 && $0.to == 1 })
    #expect(try c.digest == before && c.clock.isEmpty)
  }

  @Test func anyOrderRepetitionOrSubsetLeadsToTheSameState() throws {
    var files: [String] = []
    for number in 0..<4 {
      try a.edit(record, ["note": .text("\(number)")])
      try b.edit(record, ["note": .text("\(-number)")])
      for device in [a, b] {
        files.append(
          try #require(
            try device.synchronizer.export(to: .folder(folder.path), for: .everyone, full: true).file))
      }
    }
    var generator = SeededGenerator(seed: 7)
    var digests: Set<[UInt8]> = []
    for seed in 10..<30 {
      let device = try TestDevice("late", seed: UInt64(seed))
      for file in (files + files).shuffled(using: &generator) {
        _ = try device.synchronizer.importFiles([.path(file)])
      }
      digests.insert(try device.digest)
    }
    #expect(digests.count == 1)
  }

  @Test func anExportCarriesChangesOfAllActorsAndStartsAfterWhatIsAcknowledged() throws {
    let c = try TestDevice("c", seed: 3)
    try b.edit(record, ["size": .integer(1)])
    try b.send(to: c, in: folder, full: true)
    #expect(try c.record(record)["size"] == .integer(1))
    // c has written nothing, so nobody knows of it; a learns from b's file that b holds a's change.
    try b.send(to: a, in: folder)
    try a.edit(record, ["size": .integer(2)])
    let sent = try a.synchronizer.export(to: .folder(folder.path), for: .device("b"), full: false)
    #expect(sent.changes == 1)
    #expect(try a.synchronizer.export(to: .folder(folder.path), for: .everyone, full: true).changes == 3)
  }

  @Test func nothingToSendWritesNoFile() throws {
    try b.edit(record, ["size": .integer(1)])
    try b.send(to: a, in: folder)
    // That a holds it now is news to b, and afterwards nothing is.
    let heard = try #require(try a.send(to: b, in: folder))
    #expect(heard.changesApplied == 0)
    // b knows now that a has it, and says so once.
    try b.send(to: a, in: folder)
    for (sender, name) in [(a, "b"), (b, "a")] {
      #expect(
        try sender.synchronizer.export(to: .folder(folder.path), for: Receiver(device: name), full: false)
          .file == nil)
    }
    let result = try a.synchronizer.export(to: .folder(folder.path), for: .device("b"), full: false)
    #expect(result.file == nil && result.changes == 0)
  }

  @Test func aJournalOfItsOwnIsRefusedUnlessJoined() throws {
    let other = try TestDevice("other", seed: 9)
    let own = try other.create("visit", ["note": .text("mine")])
    let file = try #require(
      try a.synchronizer.export(to: .folder(folder.path), for: .everyone, full: true).file)
    #expect(throws: SyncError.self) { try other.synchronizer.importFiles([.path(file)]) }
    #expect(try other.store.read { $0.clock.entries.count } == 1)
    _ = try other.synchronizer.importFiles([.path(file)], MergeOptions(joins: true))
    // From then on it bears both ids, and passes both on.
    try other.send(to: a, in: folder, full: true)
    #expect(try a.record(own)["note"] == .text("mine"))
    #expect(try a.store.read { try $0.journalIDs.count } == 2)
    #expect(try a.digest == other.digest)
  }

  @Test func unknownTablesAndFieldsAreKeptPassedOnAndAppliedLater() throws {
    let path = folder.path + "/old.sqlite"
    let old = try TestDevice("old", seed: 4, path: path, tables: [RecordKind(name: "visit")])
    let unknown = try a.create("part", parent: record, ["place": .text("a0"), "size": .integer(1)])
    try a.edit(record, ["future": .bytes([1, 2])])
    try a.send(to: old, in: folder, full: true)
    #expect(try old.digest == a.digest)
    let c = try TestDevice("c", seed: 5)
    try old.send(to: c, in: folder, full: true)
    #expect(try c.digest == a.digest)
    let updated = try Store(
      path: path, tables: testTables, deviceName: "x", environment: old.environment, notes: nil)
    let listed = try updated.read {
      try $0.records(in: "visit", RecordFilter(since: 5000, until: 5001)).map(\.id)
    }
    #expect(listed == [record])
    #expect(
      try updated.read { try $0.children(of: record, in: "part", includeRemoved: false).map(\.id) } == [
        unknown
      ])
  }

  @Test func twoHistoriesUnderOneNameAreBothKept() throws {
    // The same seed gives the twin the same journal, actor and first change; then they part.
    let twin = try TestDevice("a", seed: 1)
    _ = try twin.create("visit", ["at": .time(milliseconds: 5000, offsetMinutes: 60), "note": .text("n")])
    #expect(try twin.digest == a.digest)
    try a.edit(record, ["note": .text("one")])
    try twin.edit(record, ["note": .text("two")])
    try a.send(to: b, in: folder)
    // Its randomness is the same too, and so are the names of its files.
    let elsewhere = try TemporaryFolder()
    let result = try #require(try twin.send(to: b, in: elsewhere, full: true))
    #expect(result.forks.map(\.device) == ["a"] && result.forks.map(\.after) == [record])
    #expect(Set(try b.values(of: record, "note")) == [.text("one"), .text("two")])
    // Whoever meets them in the other order calls them the same.
    let other = try TestDevice("c", seed: 9)
    try twin.send(to: other, in: elsewhere, full: true)
    try a.send(to: other, in: folder, full: true)
    #expect(try other.digest == b.digest && other.clock == b.clock)
  }

  /// Values that come in pieces, also where they continue what is held, and where a history turns out to be another one.
  @Test func longValuesArriveInPieces() throws {
    func long(_ device: TestDevice, _ numbers: ClosedRange<Int>) throws {
      for number in numbers {
        let note = String(repeating: "\(device.name)\(number) ", count: number % 3 == 0 ? 3 : 60_000)
        _ = try device.create("visit", ["note": .text(note)])
        try device.edit(record, ["note": .text(note)])
      }
    }
    let twin = try TestDevice("a", seed: 1)
    _ = try twin.create("visit", ["at": .time(milliseconds: 5000, offsetMinutes: 60), "note": .text("n")])
    try long(a, 1...9)
    try a.send(to: b, in: folder)
    try long(a, 10...20)
    try long(b, 21...24)
    try a.send(to: b, in: folder, full: true)
    try b.send(to: a, in: folder, full: true)
    #expect(try a.digest == b.digest && a.clock == b.clock)
    try long(twin, 30...36)
    let elsewhere = try TemporaryFolder()
    let result = try #require(try twin.send(to: b, in: elsewhere, full: true))
    #expect(result.forks.map(\.after) == [record])
    let other = try TestDevice("c", seed: 9)
    try b.send(to: other, in: folder, full: true)
    #expect(try other.digest == b.digest && other.clock == b.clock)
  }
}
