import ShoppingList
import Testing
import UnknotEngine

/// What `YourOwnRecords.md` shows.
@Suite struct YourOwnRecords {
  @Test func writesAndReads() async throws {
    let folder = try Folder()
    let replica = try await folder.replica("phone", seed: 1)

    let (list, milk) = try await replica.write("plan Saturday") {
      let list = try $0.create(List.kind, [List.name.set("Saturday")])
      let milk = try $0.create(Item.kind, in: list, [Item.name.set("milk"), Item.labels.insert("cold")])
      try $0.create(Item.kind, in: list, at: .first, [Item.name.set("bread")])
      try $0.edit(milk, [Item.dueOn.set(CalendarDay(number: 20_787)), Item.amounts.set(2, at: "home")])
      return (list, milk)
    }
    let names = try await replica.read { reader in
      try reader.children(of: list, Item.kind).map { $0[Item.name] ?? "" }
    }
    #expect(names == ["bread", "milk"])

    try await replica.write("move") { try $0.move(milk, to: .first) }
    try await replica.write("remove") { try $0.delete(milk) }
    #expect(try await replica.read { try $0.page(Item.kind).records.count } == 1)
    try await replica.undo()
    #expect(
      try await replica.read { try $0.children(of: list, Item.kind).map(\.id) }.first == milk)

    let open = try await replica.query("SELECT name FROM item WHERE done IS NOT 1 ORDER BY name") { rows in
      var names: [QueryValue] = []
      try rows.each { names.append($0[0]) }
      return names
    }
    #expect(open == [.text("bread"), .text("milk")])
  }

  @Test func pages() async throws {
    let folder = try Folder()
    let replica = try await folder.replica("phone", seed: 2)
    try await replica.write("many") { writer in
      let list = try writer.create(List.kind, [])
      for number in 1...120 { try writer.create(Item.kind, in: list, [Item.name.set("item \(number)")]) }
    }

    var names: [String] = []
    var cursor: RecordPlace?
    repeat {
      let after = cursor
      let page = try await replica.read { try $0.page(Item.kind, RecordFilter(limit: 50, after: after)) }
      names += page.records.map { $0[Item.name] ?? "" }
      cursor = page.next
    } while cursor != nil
    #expect(Set(names) == Set((1...120).map { "item \($0)" }) && names.count == 120)
  }

  @Test func aNewerVersionAddsAField() async throws {
    let folder = try Folder()
    let path = "\(folder.path)/phone.sqlite"
    let price = Field<Int>("price_cents")
    let newer = RecordKind(
      name: "item", fields: Item.kind.fields + [price.declaration], orderField: "place", parentName: "list"
    )
    let item: Dot
    do {
      let replica = try await Replica(
        at: path, kinds: [List.kind, newer], deviceName: "phone", environment: SystemEnvironment())
      item = try await replica.write("add") {
        try $0.create(newer, in: try $0.create(List.kind, []), [price.set(129)])
      }
    }
    // The older version of the app, which knows nothing of prices, and writes.
    do {
      let replica = try await Replica(
        at: path, kinds: kinds, deviceName: "phone", environment: SystemEnvironment())
      try await replica.write("name") { try $0.edit(item, [Item.name.set("milk")]) }
    }
    let replica = try await Replica(
      at: path, kinds: [List.kind, newer], deviceName: "phone", environment: SystemEnvironment())
    let record = try await replica.read { try #require(try $0.record(item)) }
    #expect(record[price] == 129 && record[Item.name] == "milk")
  }
}
