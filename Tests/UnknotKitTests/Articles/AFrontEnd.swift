import Foundation
import TestSupport
import Testing
import UnknotKit

/// What `AFrontEnd.md` shows.
@Suite struct AFrontEnd {
  @Test func opensAndRates() async throws {
    let folder = try TemporaryFolder()
    let (path, noBackupFolder) = ("\(folder.path)/journal.sqlite", "\(folder.path)/notes")

    let journal = try await Journal(
      path: path, deviceName: "phone", environment: SystemEnvironment(), zone: .current,
      stateFolder: noBackupFolder)
    let written = try await journal.perform { try $0.ratePain(4, context: "before") }
    for notice in written.notices { show(notice.text.description) }

    let (today, conflicts) = try await journal.perform { journal in
      try journal.snapshot { (try $0.list("pain"), try $0.conflictCount()) }
    }
    #expect(today.count == 1 && conflicts == 0)

    do {
      _ = try await journal.perform { try $0.ratePain(11, context: "before") }
    } catch let error as KitError where error.kind == .invalidValue {
      show(error.message)
    }
    #expect(try await journal.perform { try $0.list("pain").count } == 1)
  }

  @Test func followsChanges() async throws {
    let journal = try await Journal(
      path: nil, deviceName: "phone", environment: TestEnvironment(seed: 1), zone: .current, stateFolder: nil)

    let changes = journal.changes
    try await journal.perform { _ = try $0.ratePain(4, context: "before") }
    for await change in changes where change.touches(.pain) {
      // Read anew what is shown.
      break
    }
    #expect(try await journal.perform { try $0.list("pain").count } == 1)
  }

  /// A screen would.
  private func show(_ line: String) { #expect(!line.isEmpty) }
}
