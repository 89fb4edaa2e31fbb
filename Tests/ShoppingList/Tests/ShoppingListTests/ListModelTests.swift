import Foundation
import ShoppingList
import Testing
import UnknotEngine

@MainActor
@Suite struct ListModelTests {
  /// Waits until the screen shows what it should, however long that takes.
  private func wait(_ model: ListModel, until isShown: (ListModel) -> Bool) async throws {
    while !isShown(model) {
      try Task.checkCancellation()
      await Task.yield()
    }
  }

  @Test(.timeLimit(.minutes(5))) func aScreenFollowsTapsImportsAndOtherPrograms() async throws {
    let folder = try Folder()
    let phone = try await folder.replica("phone", seed: 1)
    let list = try await phone.write("begin") { try $0.create(List.kind, [List.name.set("Saturday")]) }
    let model = ListModel(phone, list: list)
    let following = Task { await model.follow() }
    defer { following.cancel() }

    // The person's own taps.
    await model.add("milk")
    try await wait(model) { $0.rows.map(\.name) == ["milk"] }
    await model.toggle(model.rows[0])
    try await wait(model) { $0.rows.map(\.isDone) == [true] }
    await model.undo()
    try await wait(model) { $0.rows.map(\.isDone) == [false] }

    // Another device.
    let laptop = try await folder.replica("laptop", seed: 2)
    _ = try await phone.export(to: .file("\(folder.path)/1.unknot"))
    _ = try await laptop.importFiles([.path("\(folder.path)/1.unknot")])
    let milk = model.rows[0].id
    try await laptop.write("edit") {
      try $0.edit(milk, [Item.name.set("oat milk"), Item.labels.insert("dairy")])
    }
    try await phone.write("edit") {
      try $0.edit(milk, [Item.name.set("soy milk"), Item.labels.insert("cold")])
    }
    _ = try await laptop.export(to: .file("\(folder.path)/2.unknot"))
    _ = try await phone.importFiles([.path("\(folder.path)/2.unknot")])
    // Both labels are there; of the name a person decides.
    try await wait(model) { $0.rows.first?.labels == ["cold", "dairy"] && $0.conflicts.count == 1 }
    let conflict = model.conflicts[0]
    #expect(Set(conflict.candidates.map(\.value)) == [.text("oat milk"), .text("soy milk")])
    let oat = try #require(conflict.candidates.first { $0.value == .text("oat milk") })
    #expect(oat.device == "laptop")
    await model.decide(conflict, for: oat)
    try await wait(model) { $0.conflicts.isEmpty && $0.rows.map(\.name) == ["oat milk"] }
    // Decided already: nothing is written twice, and the person is told.
    await model.decide(conflict, for: oat)
    #expect(model.failure != nil)

    // Another program with the same file.
    let widget = try await folder.replica("phone", seed: 3)
    try await widget.write("bread first") {
      try $0.create(
        Item.kind, in: list, at: .first, [Item.name.set("bread"), Item.amounts.set(2, at: "Ann")])
    }
    try await wait(model) { $0.rows.map(\.name) == ["bread", "oat milk"] && $0.rows[0].total == 2 }
    #expect(try await widget.read { try $0.digest() } == phone.read { try $0.digest() })
  }

  @Test func typedValuesAndIdsComeBackAsTheyWere() async throws {
    let folder = try Folder()
    let replica = try await folder.replica("phone", seed: 4)
    let (list, item) = try await replica.write("begin") { writer in
      let list = try writer.create(List.kind)
      let item = try writer.create(
        Item.kind, in: list,
        [
          Item.name.set("é"), Item.isDone.set(true), Item.dueOn.set(CalendarDay(number: -3)),
          Item.labels.insert("b"),
          Item.labels.insert("a"), Item.amounts.set(3, at: "Ann"),
        ])
      return (list, item)
    }
    let record = try #require(try await replica.read { try $0.record(item) })
    #expect(record[Item.name].map { Array($0.utf8) } == Array("é".utf8))
    #expect(record[Item.isDone] == true && record[Item.dueOn] == CalendarDay(number: -3))
    #expect(record[Item.labels] == ["a", "b"])
    #expect(record[Item.amounts].map(\.key) == ["Ann"] && record[Item.amounts].map(\.content) == [3])
    // Of another type than declared, as a file can bring it: nothing.
    try await replica.write("other") { _ = try $0.edit(item, [FieldName("done"): .text("yes")]) }
    #expect(try await replica.read { try $0.record(item)?[Item.isDone] } == nil)
    let kept = try JSONEncoder().encode([list, item])
    #expect(try JSONDecoder().decode([Dot].self, from: kept) == [list, item])
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Dot.self, from: Data("\"x-1\"".utf8)) }
  }

  @Test func whatCannotBeWrittenChangesNothing() async throws {
    let folder = try Folder()
    let replica = try await folder.replica("phone", seed: 5)
    let (list, item) = try await replica.write("begin") { writer in
      let list = try writer.create(List.kind)
      return (list, try writer.create(Item.kind, in: list))
    }
    let before = try await replica.read { try $0.digest() }
    let nobody = try #require(Dot("\(list.actor)-999"))
    await #expect(throws: StorageError.noSuchRecord(nobody)) {
      try await replica.write("x") { try $0.create(Item.kind, in: nobody) }
    }
    await #expect(throws: StorageError.noSuchRecord(nobody)) {
      try await replica.write("x") { try $0.move(nobody, to: .first) }
    }
    await #expect(throws: StorageError.notInList(list)) {
      try await replica.write("x") { writer in
        _ = try writer.edit(item, [Item.name.set("written before it failed")])
        _ = try writer.move(item, to: .after(list))
      }
    }
    await #expect(throws: StorageError.self) {
      try await replica.write("x") { try $0.move(list, to: .first) }
    }
    await #expect(throws: StorageError.self) {
      try await replica.write("x") {
        try $0.edit(item, [Item.labels.insert(String(repeating: "x", count: 257))])
      }
    }
    #expect(try await replica.read { try $0.digest() } == before)
  }
}
