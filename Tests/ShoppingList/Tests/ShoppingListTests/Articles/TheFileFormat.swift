import ShoppingList
import Testing
import UnknotEngine

/// What `TheFileFormat.md` shows.
@Suite struct TheFileFormat {
  @Test func filesAndStreams() async throws {
    let folder = try Folder()
    let (phone, laptop) = (
      try await folder.replica("phone", seed: 1), try await folder.replica("laptop", seed: 2)
    )
    try await phone.write("list") { try $0.create(List.kind, [List.name.set("Saturday")]) }
    let file = "\(folder.path)/1.unknot"

    let result = try await phone.export(to: .file(file))
    show("\(result.changes) changes, \(result.bytes) bytes")

    let inspection = try await laptop.inspect(file)
    show("written by \(inspection.writer), \(inspection.changes) changes")

    do {
      _ = try await laptop.importFiles([.path(file)])
    } catch SyncError.changesMissing(_, let missing, _) {
      for range in missing { show("\(range.device): changes \(range.from) to \(range.to) are missing") }
    } catch SyncError.otherJournal {
      // Ask the person, and then:
      _ = try await laptop.importFiles([.path(file)], MergeOptions(joins: true))
    }
    #expect(result.changes == 1 && inspection.changes == 1)
    #expect(try await laptop.read { try $0.digest() } == phone.read { try $0.digest() })
  }

  /// A screen would.
  private func show(_ line: String) { #expect(!line.isEmpty) }
}
