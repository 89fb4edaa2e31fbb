import Foundation
import TestSupport
import Testing
import UnknotCausality
import UnknotEngine
import UnknotStorage

/// Journals that older programs wrote (`Tests/Fixtures/journals/README.md`).
@Suite struct FirstFormTests {
  static let folder = Repository.root.appending(path: "Tests/Fixtures/journals")

  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".sqlite") }.map { String($0.dropLast(7)) }.sorted()
  }()

  @Test func thereAreJournals() { #expect(Self.names.count >= 8) }

  /// Nothing that can be asked of the journal has another answer than the older program gave.
  @Test(arguments: names)
  func saysTheSame(name: String) throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/journal.sqlite"
    try FileManager.default.copyItem(
      atPath: Self.folder.appendingPathComponent("\(name).sqlite").path, toPath: path)
    let expected = try String(
      contentsOf: Self.folder.appendingPathComponent("\(name).txt"), encoding: .utf8)

    for _ in 0..<2 {
      let store = try Store(
        path: path, tables: testTables, deviceName: "other", environment: TestEnvironment(seed: 1), notes: nil
      )
      #expect(try store.read { try described($0) } == expected)
      #expect(try store.read { try $0.tableFaults() } == [])
    }
  }
}
