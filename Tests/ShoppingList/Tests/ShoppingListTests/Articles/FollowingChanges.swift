import ShoppingList
import Testing
import UnknotEngine

/// What `FollowingChanges.md` shows.
@Suite struct FollowingChanges {
  @Test func originsAndRecords() async throws {
    let folder = try Folder()
    let replica = try await folder.replica("phone", seed: 1)
    let item = try await replica.write("add") {
      try $0.create(Item.kind, in: try $0.create(List.kind, []), [Item.name.set("milk")])
    }
    let changes = replica.changes
    try await replica.write("tick") { try $0.edit(item, [Item.isDone.set(true)]) }

    var seen: [String] = []
    for await change in changes {
      if change.touches(item) { seen.append("the item") }
      if change.touches(Item.kind) { seen.append("some item") }
      if change.origins.contains(.imported) { seen.append("from another device") }
      if change.isOfDevices { seen.append("a device") }
      break
    }
    #expect(seen == ["the item", "some item"])
  }

  @Test func aTaskThatIsCancelledChangesNothing() async throws {
    let folder = try Folder()
    let replica = try await folder.replica("phone", seed: 2)
    let file = "\(folder.path)/1.unknot"
    do {
      let laptop = try await folder.replica("laptop", seed: 3)
      try await laptop.write("many") { writer in
        let list = try writer.create(List.kind, [])
        for number in 1...20_000 { try writer.create(Item.kind, in: list, [Item.name.set("\(number)")]) }
      }
      _ = try await laptop.export(to: .file(file))
    }

    let (progress, told) = AsyncStream.makeStream(of: Progress.self, bufferingPolicy: .bufferingNewest(1))
    let importing = Task {
      defer { told.finish() }
      return try await replica.importFiles([.path(file)]) { told.yield($0) }
    }
    for await step in progress {
      show(step.done, of: step.total)
      importing.cancel()
    }
    do {
      // It was done before it heard of it: then it is whole.
      #expect(try await importing.value.changesApplied == 20_001)
    } catch is CancellationError {
      #expect(try await replica.read { try $0.page(Item.kind).records.isEmpty })
    }
  }

  /// A progress bar would.
  private func show(_ done: UInt64, of total: UInt64) { #expect(done <= total) }
}
