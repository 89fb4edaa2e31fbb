import TestSupport
import Testing
import UnknotCausality
import UnknotEngine
import UnknotStorage

/// Where a record stands in its list, whatever happens to histories.
extension OneHistoryTests {
  @Test func aConflictMovesARecordInItsListOnceItChangesTheVisibleTime() throws {
    let (a, b, record) = try pair()
    func at(_ milliseconds: Int64) -> Value { .time(milliseconds: milliseconds, offsetMinutes: 0) }
    func listed(_ since: Int64) throws -> [Dot] {
      try a.store.read { try $0.records(in: "visit", RecordFilter(since: since, until: since + 1)).map(\.id) }
    }
    try a.edit(record, ["at": at(10)])
    b.environment.set(1_800_000_000_000)
    try b.edit(record, ["at": at(20)])
    #expect(try listed(10) == [record])
    try b.send(to: a, in: folder)
    #expect(try listed(20) == [record] && listed(10).isEmpty)
    #expect(try a.conflicts() == ["\(record) at"])
  }

  /// Names break ties: where a history is renamed, another value of a conflict can become the visible one.
  @Test func aRenamedHistoryMovesRecordsWhoseTimesTie() throws {
    func at(_ milliseconds: Int64) -> Value { .time(milliseconds: milliseconds, offsetMinutes: 0) }
    var visible: Set<Int64> = []
    for seed in 0..<16 as Range<UInt64> {
      let path = folder.path + "/tie-\(seed).sqlite"
      let a = try TestDevice("a", seed: 10 * seed, path: path)
      let record = try a.create("visit", ["at": at(1), "size": .integer(Int64(seed))])
      try copy(path, to: path + "-twin")
      let c = try TestDevice("c", seed: 10 * seed + 1)
      try a.send(to: c, in: folder, full: true)
      try a.edit(record, ["at": at(10)])
      try c.edit(record, ["at": at(20)])
      try c.send(to: a, in: folder, full: true)
      let twin = try TestDevice("a", seed: 10 * seed + 2, path: path + "-twin")
      try twin.edit(record, ["note": .text("twin")])
      try twin.send(to: a, in: folder, full: true)

      guard case .time(let time, _) = try a.record(record)["at"] else {
        Issue.record("no time")
        continue
      }
      visible.insert(time)
      let listed = try a.store.read { reader in
        try reader.records(in: "visit", RecordFilter(since: time, until: time + 1)).map(\.id)
      }
      #expect(listed == [record], "seed \(seed)")
    }
    #expect(visible == [10, 20])
  }

  /// A program that knows fewer tables lists their records by when they were made; the one that knows them finds
  /// them where they belong.
  @Test func listsAreRightAfterAProgramThatKnowsFewerTables() throws {
    let path = folder.path + "/turn.sqlite"
    func opened(_ tables: [RecordKind]) throws -> TestDevice {
      try TestDevice("turn", seed: 4, path: path, tables: tables)
    }
    let other = try TestDevice("other", seed: 5)
    let at = Value.time(milliseconds: 100, offsetMinutes: 0)
    let record = try opened(testTables).create("visit", ["at": at])
    try opened(testTables).delete(record)
    try opened(testTables).send(to: other, in: folder, full: true)
    try other.restore(record)
    try other.edit(record, ["at": .time(milliseconds: 200, offsetMinutes: 0)])
    try other.send(to: opened([]), in: folder, full: true)
    let listed = try opened(testTables).store.read { reader in
      try reader.records(in: "visit", RecordFilter(since: 200, until: 201)).map(\.id)
    }
    #expect(listed == [record])
  }

  /// Records of one time are listed in one order everywhere, whoever a journal heard of first.
  @Test func recordsOfOneTimeHaveOneOrder() throws {
    let devices = try (0..<5).map { try TestDevice("d\($0)", seed: UInt64(61 + $0)) }
    let first = try devices[0].create("visit", ["at": .time(milliseconds: 5, offsetMinutes: 0)])
    for device in devices.dropFirst() { try devices[0].send(to: device, in: folder) }
    var made = [first]
    for device in devices {
      for _ in 0..<2 {
        made.append(try device.create("visit", ["at": .time(milliseconds: 5, offsetMinutes: 0)]))
      }
    }
    for _ in 0..<2 {
      for device in devices {
        for other in devices where other.name != device.name {
          try device.send(to: other, in: folder, full: true)
        }
      }
    }
    for device in devices {
      for limit in 1...made.count {
        let listed = try device.store.read {
          try $0.records(in: "visit", RecordFilter(limit: limit)).map(\.id)
        }
        #expect(listed == Array(made.sorted().reversed().prefix(limit)), "\(limit)")
      }
    }
  }
}
