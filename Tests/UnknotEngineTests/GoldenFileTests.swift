import Foundation
import TestSupport
import Testing
import UnknotCausality

@testable import UnknotEngine
@testable import UnknotStorage

/// Files of every form that ever was: opened, found whole, and merged to what they were merged to when they were added
/// (`Tests/Fixtures/digests.txt`).
@Suite struct GoldenFileTests {
  private static let fixtures = Repository.root.appending(path: "Tests/Fixtures")
  private static let journals = names("journals", ".sqlite")
  private static let changesets = names("changesets", ".unknot")

  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static func names(_ folder: String, _ ending: String) -> [String] {
    let path = fixtures.appending(path: folder).path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { $0.hasSuffix(ending) }.sorted().map { "\(folder)/\($0)" }
  }

  /// By a file's name; `-` for one that only adds to another.
  private static let digests: [String: String] = {
    let text = (try? String(contentsOf: fixtures.appending(path: "digests.txt"), encoding: .utf8)) ?? ""
    return Dictionary(
      uniqueKeysWithValues: text.split(separator: "\n").map { line in
        let words = line.split(separator: " ")
        return (String(words[1]), String(words[0]))
      })
  }()

  private func digest(_ replica: BlockingReplica) throws -> String {
    hexadecimal(try replica.store.read { try $0.digest() })
  }

  @Test func everyFileIsListed() {
    #expect(Set(Self.digests.keys) == Set(Self.journals + Self.changesets))
    #expect(
      Self.journals.contains("journals/version-\(Store.schemaVersion)-product.sqlite"), "add one of this form"
    )
  }

  @Test(arguments: journals) func aJournal(name: String) throws {
    let file = "\(folder.path)/journal.sqlite"
    try FileManager.default.copyItem(atPath: Self.fixtures.appending(path: name).path, toPath: file)
    let journal = try openReplica("\(folder.path)/journal.sqlite")
    #expect(try journal.verify(.deep) == [])
    #expect(try digest(journal) == Self.digests[name])
    // Everything of it makes the same of a new one.
    let sent = "\(folder.path)/sent.unknot"
    _ = try journal.export(to: .file(sent), for: .everyone, full: true)
    let other = try openReplica("\(folder.path)/other.sqlite")
    _ = try other.importFiles([.path(sent)])
    #expect(try digest(other) == Self.digests[name])
  }

  @Test(arguments: changesets) func aChangeset(name: String) throws {
    let path = Self.fixtures.appending(path: name).path
    let file = try Replica.verify(
      file: path, kinds: testTables, environment: TestEnvironment(seed: 2), temporaryFolder: folder.path)
    guard case .changeset(let inspection) = file else {
      Issue.record("\(file)")
      return
    }
    let replica = try openReplica("\(folder.path)/journal.sqlite")
    guard inspection.base.isEmpty else {
      // It adds to what it starts after.
      #expect(Self.digests[name] == "-")
      #expect(throws: SyncError.self) { try replica.importFiles([.path(path)]) }
      return
    }
    _ = try replica.importFiles([.path(path)])
    #expect(try digest(replica) == Self.digests[name])
    #expect(try replica.verify(.deep) == [])
  }

  /// A sealed file of format 2 with its recovery key, and the same as `age` opens it: both are the same journal.
  @Test func aSealedChangeset() throws {
    let files = Self.fixtures.appending(path: "changesets")
    let shared = "\(folder.path)/shared"
    try FileManager.default.createDirectory(atPath: shared, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: files.appending(path: "sealed.age").path, toPath: "\(shared)/sealed.age")
    let replica = try Replica(
      blockingAt: "\(folder.path)/journal.sqlite", kinds: testTables, deviceName: "new",
      environment: TestEnvironment(seed: 3), noteFolder: "\(folder.path)/state"
    ).blocking
    let key = try String(contentsOf: files.appending(path: "sealed.key"), encoding: .utf8)
    try replica.join(key, folder: shared)
    #expect(try replica.synchronizeFolder().taken.count == 1)
    #expect(try digest(replica) == Self.digests["changesets/second.unknot"])
    #expect(try replica.verify(.deep) == [])
    let file = try Replica.verify(
      file: "\(shared)/sealed.age", kinds: testTables, environment: TestEnvironment(seed: 2),
      temporaryFolder: folder.path, noteFolder: "\(folder.path)/state")
    if case .changeset(let inspection) = file {
      #expect(inspection.changes == 3)
    } else {
      Issue.record("\(file)")
    }
    #expect(throws: SyncError.self) {
      try Replica.verify(
        file: "\(shared)/sealed.age", kinds: testTables, environment: TestEnvironment(seed: 2),
        temporaryFolder: folder.path)
    }
  }
}
