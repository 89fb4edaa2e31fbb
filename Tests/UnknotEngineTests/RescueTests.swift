import Foundation
import SeededRandom
import TestSupport
import Testing
import UnknotCausality

@testable import UnknotEngine
@testable import UnknotStorage

/// What is left of a damaged file is put together again: all that its chain proves, and nothing else.
@Suite struct RescueTests {
  private static let fixtures = Repository.root.appending(path: "Tests/Fixtures/journals")
  private static let names = [
    "version-3-simulated-1105-4", "version-3-product", "simulated-1139-3", "simulated-1195-4",
  ]

  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func rescue(
    _ sources: [String], to name: String, pastGaps: Bool = false
  ) throws -> (RescueResult, BlockingReplica) {
    let path = "\(folder.path)/\(name).sqlite"
    let result = try Replica.rescue(
      sources, to: path, kinds: testTables, deviceName: "other", environment: TestEnvironment(seed: 3),
      pastGaps: pastGaps, temporaryFolder: folder.path)
    return (result, try openReplica(path))
  }

  private func fixture(_ name: String) throws -> String {
    let path = "\(folder.path)/\(name).sqlite"
    try FileManager.default.copyItem(
      atPath: Self.fixtures.appendingPathComponent("\(name).sqlite").path, toPath: path)
    _ = try openReplica(path).verify()
    return path
  }

  private func digest(_ replica: BlockingReplica) throws -> [UInt8] {
    try replica.store.read { try $0.digest() }
  }
  private func clock(_ replica: BlockingReplica) throws -> VectorClock { try replica.store.read { $0.clock } }

  @Test(arguments: names) func allOfAWholeFile(name: String) throws {
    let path = try fixture(name)
    let before = try Set(FileManager.default.contentsOfDirectory(atPath: folder.path))
    let (result, rescued) = try rescue([path], to: "rescued")
    #expect(result.missing.isEmpty && result.leftOut.isEmpty)
    #expect(result.nameless == 0)
    #expect(try digest(rescued) == digest(openReplica(path)))
    #expect(try rescued.verify(.deep) == [])
    let after = try Set(FileManager.default.contentsOfDirectory(atPath: folder.path))
    #expect(after == before.union(["rescued.sqlite"]))
  }

  /// What does not fit into a page goes on on others, in a list of any length.
  @Test(arguments: [1, 3000, 4062, 4096, 9000, 300_000]) func longValuesGoOnOnOtherPages(bytes: Int) throws {
    let path = "\(folder.path)/long.sqlite"
    let replica = try openReplica(path)
    for number in 0..<20 {
      _ = try replica.write("log") {
        try $0.create(
          "visit", parent: nil,
          [FieldName("note"): .text(String(repeating: "x", count: bytes + number * 61))])
      }
    }
    let (result, rescued) = try rescue([path], to: "rescued")
    #expect(result.missing.isEmpty && result.leftOut.isEmpty)
    #expect(try digest(rescued) == digest(openReplica(path)))
  }

  /// Every page in its turn is overwritten.
  @Test(arguments: names) func whatAPageTookAway(name: String) throws {
    let path = try fixture(name)
    let whole = try openReplica(path)
    let (held, said) = (try clock(whole), try digest(whole))
    let bytes = try Data(contentsOf: URL(filePath: path))
    let file = try DatabaseFile(path: path)
    let owners = FoundRows(file).owners
    let everything = held.changeCount(beyond: VectorClock())
    for number in 1...file.pageCount {
      var random = SeededGenerator(seed: UInt64(number))
      var damaged = bytes
      for offset in (number - 1) * file.pageSize..<number * file.pageSize {
        damaged[offset] = number % 2 == 0 ? 0 : UInt8.random(in: 0...255, using: &random)
      }
      let broken = "\(folder.path)/broken.sqlite"
      try damaged.write(to: URL(filePath: broken))
      let owner = owners[number].flatMap { $0 } ?? ""
      do {
        let (result, rescued) = try rescue([broken], to: "rescued-\(number)")
        let clock = try clock(rescued)
        #expect(held.covers(clock), "page \(number) of \(owner)")
        // The whole one has each of its changes, and as the same: nothing is new, and nothing forks.
        try expectPart(rescued, of: path, "page \(number) of \(owner)")
        if result.missing.contains(where: { $0.proven > 0 }) {
          // Also of journals with branches, and with forgotten changes.
          let (more, continued) = try rescue([broken], to: "past-\(number)", pastGaps: true)
          #expect(more.changes == result.changes + more.changesPastGaps, "page \(number) of \(owner)")
          #expect(try continued.verify(.deep) == [], "page \(number) of \(owner)")
        }
        if FoundTable(rawValue: owner) == nil {
          #expect(result.changes == everything, "page \(number) of \(owner)")
          #expect(try digest(rescued) == said, "page \(number) of \(owner)")
        } else {
          let missing = result.missing.reduce(UInt64(0)) { $0 + $1.last.seq - $1.first.seq + 1 }
          #expect(result.changes + missing <= everything)
        }
      } catch let StorageError.damaged(reason) {
        // What one page has all of: which devices there are, or what the changes' shapes mean.
        #expect(reason.hasPrefix("no change"), "page \(number) of \(owner): \(reason)")
        #expect(["line", "context", "change"].contains(owner), "page \(number) of \(owner)")
      }
      #expect(try Data(contentsOf: URL(filePath: broken)) == damaged)
      // With a backup of it, nothing is missing.
      let (result, rescued) = try rescue([broken, path], to: "with-\(number)")
      #expect(result.missing.isEmpty)
      #expect(try digest(rescued) == said)
    }
  }

  /// What is made up for a device whose name is gone gives way to the name.
  @Test func aNameThatIsGoneComesBackWithAnotherSource() throws {
    let path = "\(folder.path)/whole.sqlite"
    // A name that comes before the one that is made up.
    let original = try Replica(
      blockingAt: path, kinds: testTables, deviceName: "a phone", environment: TestEnvironment(seed: 5)
    ).blocking
    for note in ["1", "2", "3"] {
      _ = try original.write("log") { try $0.create("visit", parent: nil, [FieldName("note"): .text(note)]) }
    }
    var damaged = try Data(contentsOf: URL(filePath: path))
    let file = try DatabaseFile(path: path)
    let pages = FoundRows(file).owners.filter { $0.value == "device" }.map(\.key)
    try #require(!pages.isEmpty)
    for page in pages {
      damaged.replaceSubrange(
        (page - 1) * file.pageSize..<page * file.pageSize, with: Data(count: file.pageSize))
    }
    let broken = "\(folder.path)/broken.sqlite"
    try damaged.write(to: URL(filePath: broken))
    let (_, rescued) = try rescue([broken], to: "rescued")
    let part = "\(folder.path)/part.unknot"
    _ = try rescued.export(to: .file(part), for: .everyone, full: true)
    let whole = try openReplica(path)
    let names = try whole.read { try $0.devices().map(\.name) }
    _ = try whole.importFiles([.path(part)])
    let after = try whole.read { try $0.devices().map(\.name) }
    #expect(Array(after.prefix(names.count)) == names)
  }

  /// What the new file is a replica of, the first source says that can tell; a folder of two that were begun apart cannot.
  @Test func whichOfTwoItIs() throws {
    func journal(_ name: String, _ notes: [String]) throws -> BlockingReplica {
      let seed = name.utf8.reduce(UInt64(0)) { $0 + UInt64($1) }
      let replica = try Replica(
        blockingAt: "\(folder.path)/\(name).sqlite", kinds: testTables, deviceName: name,
        environment: TestEnvironment(seed: seed)
      ).blocking
      for note in notes {
        _ = try replica.write("log") {
          try $0.create("visit", parent: nil, [FieldName("note"): .text(note)])
        }
      }
      return replica
    }
    let (mine, others) = (try journal("mine", ["1", "2"]), try journal("others", ["3"]))
    let files = ["\(folder.path)/mine.sqlite", "\(folder.path)/others.sqlite"]
    for (order, replica) in [(files, mine), (files.reversed(), others)] {
      let (result, rescued) = try rescue(order, to: "by order \(order[0].hasSuffix("mine.sqlite"))")
      #expect(try digest(rescued) == digest(replica))
      #expect(result.leftOut.map(\.file) == [order[1]])
    }
    let shared = "\(folder.path)/shared"
    try FileManager.default.createDirectory(atPath: shared, withIntermediateDirectories: false)
    for (number, replica) in [others, mine].enumerated() {
      _ = try replica.export(to: .file("\(shared)/\(number).unknot"), for: .everyone, full: true)
    }
    #expect {
      _ = try rescue([shared], to: "of a folder")
    } throws: {
      guard case SyncError.severalJournals(shared, let named) = $0 else { return false }
      return named == ["\(shared)/0.unknot", "\(shared)/1.unknot"]
    }
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/of a folder.sqlite"))
    let (result, rescued) = try rescue([files[0], shared], to: "with a folder")
    #expect(try digest(rescued) == digest(mine))
    #expect(result.leftOut.map(\.file) == ["\(shared)/0.unknot"])
    // One that was joined shows that the two are one.
    _ = try mine.importFiles([.path("\(shared)/0.unknot")], MergeOptions(joins: true))
    _ = try mine.export(to: .file("\(shared)/2.unknot"), for: .everyone, full: true)
    let (all, joined) = try rescue([shared], to: "of joined")
    #expect(all.leftOut.isEmpty)
    #expect(try digest(joined) == digest(mine))
  }

  private func expectPart(_ part: BlockingReplica, of path: String, _ what: Comment) throws {
    let copy = "\(folder.path)/\(UUID().uuidString).sqlite"
    try FileManager.default.copyItem(atPath: path, toPath: copy)
    let file = "\(copy).unknot"
    _ = try part.export(to: .file(file), for: .everyone, full: true)
    // What it is a journal of may be what was lost.
    let result = try openReplica(copy).importFiles([.path(file)], MergeOptions(joins: true))
    #expect(result.files.map(\.changesApplied) == [0], what)
    #expect(result.forks.isEmpty, what)
  }

  // MARK: All that a chain proves

  /// What one device wrote, and lost pages of: worked out from which page has what.
  @Test(arguments: 0..<40) func allThatTheChainProves(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let path = "\(folder.path)/whole.sqlite"
    let whole = try openReplica(path)
    for number in 0..<400 {
      _ = try whole.write("log") {
        let id = try $0.create(
          "visit", parent: nil,
          [
            FieldName("at"): .integer(Int64(number)),
            // Some go on on other pages.
            FieldName("note"): .text(String(repeating: "word ", count: number % 37 == 0 ? 2000 : number % 9)),
          ])
        if number % 5 == 0 { _ = try $0.edit(id, [FieldName("size"): .integer(Int64(number))]) }
        if number % 50 == 0 { _ = try $0.create("part", parent: id, [FieldName("size"): .text("large")]) }
      }
    }
    let file = try DatabaseFile(path: path)
    var lost: Set<Int> = []
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      lost.insert(Int.random(in: 1...file.pageCount, using: &random))
    }
    var bytes = try Data(contentsOf: URL(filePath: path))
    for page in lost {
      for offset in (page - 1) * file.pageSize..<page * file.pageSize {
        bytes[offset] = UInt8.random(in: 0...255, using: &random)
      }
    }
    let broken = "\(folder.path)/broken.sqlite"
    try bytes.write(to: URL(filePath: broken))

    let expected = try provable(file, lost, DatabaseFile(path: broken))
    do {
      let (result, rescued) = try rescue([broken], to: "rescued")
      #expect(result.changes == expected, "pages \(lost.sorted())")
      try expectPart(rescued, of: path, "pages \(lost.sorted())")
      let everything = try clock(whole).changeCount(beyond: VectorClock())
      let missing = result.missing.reduce(result.changes) { $0 + $1.last.seq - $1.first.seq + 1 }
      // Of a tail of which nothing is left, nobody knows.
      #expect(missing <= everything && (missing == everything || lost.contains { isOf("line", $0, file) }))
    } catch SyncError.onlyPastGaps(let proven) {
      // The first block is lost: `PastGapsTests` has what comes of that.
      #expect(expected == 0 && proven > 0, "pages \(lost.sorted())")
    } catch StorageError.damaged {
      #expect(expected == 0, "pages \(lost.sorted())")
    }
  }

  private func isOf(_ table: String, _ page: Int, _ file: DatabaseFile) -> Bool {
    FoundRows(file).owners[page].flatMap { $0 } == table
  }

  /// How far the one line of a file can be followed without these pages.
  private func provable(_ file: DatabaseFile, _ lost: Set<Int>, _ broken: DatabaseFile) throws -> UInt64 {
    let rows = FoundRows(file)
    var (present, kept, shapes): (Set<Int64>, Set<Int64>, Set<Int64>) = ([], [], [])
    var shapeOfChange: [Int64: Int64] = [:]
    var line: (isThere: Bool, isNamed: Bool) = (false, false)
    var end: Int64 = 0
    func key(_ value: CellValue) -> Int64 { value.integer ?? 0 }
    for number in 1...file.pageCount {
      guard let page = DatabasePage(number, of: file) else { continue }
      let table = rows.owners[number].flatMap { $0 }.flatMap { FoundTable(rawValue: $0) }
      let isLost = lost.contains(number)
      // A row may go on on a page that is lost.
      let left =
        isLost ? [] : Set(DatabasePage(number, of: broken)?.cells.compactMap { table?.row($0) } ?? [])
      for cell in page.cells {
        if let row = table?.row(cell) {
          switch table {
          case .change:
            if left.contains(row) { present.insert(key(row[0])) }
            shapeOfChange[key(row[0])] = key(row[1])
          case .checkpoint: if !isLost { kept.insert(key(row[0])) }
          case .line:
            line.isThere = !isLost
            end = key(row[0]) << 40 | key(row[6])
          case .shape: if !isLost { shapes.insert(key(row[0])) }
          default: break
          }
        } else if table == nil, !isLost, cell.row == nil {
          // What the indexes repeat; they are found by the list of tables alone.
          guard !lost.contains(1) else { continue }
          if FoundTable.shape.row(ofIndex: cell) != nil { shapes.insert(key(cell.values[1])) }
          if rows.indexPages.contains(where: { $0.table == .line && $0.page == number }) {
            line.isNamed = true
          }
        }
      }
    }
    guard line.isThere || line.isNamed else { return 0 }
    if line.isThere { kept.insert(end) }
    var (proven, position): (UInt64, Int64) = (0, 1 << 40)
    while present.contains(position + 1), shapes.contains(shapeOfChange[position + 1] ?? 0) {
      position += 1
      if kept.contains(position) { proven = UInt64(position - 1 << 40) }
    }
    return proven
  }
}
