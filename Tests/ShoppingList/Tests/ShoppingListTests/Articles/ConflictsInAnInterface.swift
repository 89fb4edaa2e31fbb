import Foundation
import ShoppingList
import Testing
import UnknotEngine

/// What `ConflictsInAnInterface.md` shows.
@Suite struct ConflictsInAnInterface {
  /// Two devices that have the same item.
  private func devices(_ folder: Folder) async throws -> (phone: Replica, laptop: Replica, item: Dot) {
    let phone = try await folder.replica("phone", seed: 1)
    let laptop = try await folder.replica("laptop", seed: 2)
    let item = try await phone.write("add") {
      try $0.create(Item.kind, in: try $0.create(List.kind, []), [Item.name.set("milk")])
    }
    try await send(phone, laptop, folder)
    return (phone, laptop, item)
  }

  private func send(_ from: Replica, _ to: Replica, _ folder: Folder) async throws {
    if let file = try await from.export(to: .folder(folder.path)).file {
      _ = try await to.importFiles([.path(file)])
    }
  }

  @Test func aFormAndADecision() async throws {
    let folder = try Folder()
    let (replica, laptop, item) = try await devices(folder)

    let (record, form) = try await replica.read { reader in
      (try reader.record(item), try reader.form)
    }
    let draft = try JSONEncoder().encode(form)
    #expect(record?[Item.name] == "milk")

    // Meanwhile another device's edit arrives.
    try await laptop.write("rename") { try $0.edit(item, [Item.name.set("oat milk")]) }
    try await send(laptop, replica, folder)

    let shown = try JSONDecoder().decode(Form.self, from: draft)
    try await replica.write("rename", asOf: shown) { try $0.edit(item, [Item.name.set("whole milk")]) }

    let conflicts = try await replica.conflicts()
    for conflict in conflicts where conflict.isOf(Item.name) {
      for candidate in conflict.candidates {
        let name = candidate.value(of: Item.name) ?? "nothing"
        let wroteAt = Date(timeIntervalSince1970: Double(candidate.recordedAt) / 1000)
        show("\(name) — \(candidate.device), \(wroteAt.formatted(.iso8601))")
      }
    }

    #expect(conflicts.map(\.candidates.count) == [2])
    let conflict = try #require(conflicts.first)
    // What came after the conflict was shown is not decided unseen.
    try await laptop.write("rename") { try $0.edit(item, [Item.name.set("soy milk")]) }
    try await send(laptop, replica, folder)
    do {
      try await replica.resolve(conflict, choosing: conflict.candidates[0].id)
    } catch StorageError.conflictChanged {
      // Somebody else has decided, or this device has written: show it anew.
    }
    let left = try await replica.conflicts()
    #expect(left.count == 1)
    #expect(left[0].candidates.contains { $0.value(of: Item.name) == "soy milk" })

    try await replica.resolve(left[0], with: Item.name.set("any milk").value)
    #expect(try await replica.conflicts().isEmpty)
    #expect(try await replica.read { try $0.record(item)?[Item.name] } == "any milk")
  }

  @Test func anUndoSaysWhatItLeft() async throws {
    let folder = try Folder()
    let (replica, laptop, item) = try await devices(folder)
    try await laptop.write("rename") { try $0.edit(item, [Item.name.set("oat milk")]) }
    try await replica.write("rename") { try $0.edit(item, [Item.name.set("whole milk")]) }
    try await send(laptop, replica, folder)
    let conflict = try #require(try await replica.conflicts().first)
    try await replica.resolve(conflict, with: Item.name.set("any milk").value)

    let reverted = try await replica.undo()
    for (record, field, others) in reverted.decided {
      show("\(record) \(field): decided against \(others.count) values, which are not asked about again")
    }
    #expect(reverted.decided.count == 1)
    #expect(try await replica.conflicts().isEmpty)
  }

  /// A screen would.
  private func show(_ line: String) { #expect(!line.isEmpty) }
}
