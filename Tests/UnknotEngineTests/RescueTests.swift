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

  private func open(_ path: String, seed: UInt64 = 1) throws -> BlockingReplica {
    try Replica(
      blockingAt: path, kinds: testTables, deviceName: "other", environment: TestEnvironment(seed: seed)
    ).blocking
  }

  private func rescue(_ sources: [String], to name: String) throws -> (RescueResult, BlockingReplica) {
    let path = "\(folder.path)/\(name).sqlite"
    let result = try Replica.rescue(
      sources, to: path, kinds: testTables, deviceName: "other", environment: TestEnvironment(seed: 3),
      temporaryFolder: folder.path)
    return (result, try open(path))
  }

  private func fixture(_ name: String) throws -> String {
    let path = "\(folder.path)/\(name).sqlite"
    try FileManager.default.copyItem(
      atPath: Self.fixtures.appendingPathComponent("\(name).sqlite").path, toPath: path)
    _ = try open(path).verify()
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
    #expect(try digest(rescued) == digest(open(path)))
    #expect(try rescued.verify(.deep(temporaryFolder: folder.path)) == [])
    let after = try Set(FileManager.default.contentsOfDirectory(atPath: folder.path))
    #expect(after == before.union(["rescued.sqlite"]))
  }

  /// Every page in its turn is overwritten.
  @Test(arguments: names) func whatAPageTookAway(name: String) throws {
    let path = try fixture(name)
    let whole = try open(path)
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

  private func expectPart(_ part: BlockingReplica, of path: String, _ what: Comment) throws {
    let copy = "\(folder.path)/\(UUID().uuidString).sqlite"
    try FileManager.default.copyItem(atPath: path, toPath: copy)
    let file = "\(copy).unknot"
    _ = try part.export(to: .file(file), for: .everyone, full: true)
    let result = try open(copy).importFiles([.path(file)])
    #expect(result.files.map(\.changesApplied) == [0], what)
    #expect(result.forks.isEmpty, what)
  }
}
