import Foundation
import ShoppingList
import Testing
import UnknotEngine

@Suite struct DecisionTests {
  @Test func aPersonDecides() async throws {
    let folder = try Folder()
    let kinds = [ShoppingList.List.kind, Item.kind]
    func replica(_ device: String) async throws -> Replica {
      try await Replica(
        at: "\(folder.path)/\(device).sqlite", kinds: kinds, deviceName: device,
        environment: SystemEnvironment())
    }
    let (phone, laptop) = (try await replica("phone"), try await replica("laptop"))
    let item = try await phone.write("add") {
      let list = try $0.create(ShoppingList.List.kind, [])
      return try $0.create(Item.kind, in: list, [Item.name.set("milk")])
    }
    func send(_ from: Replica, _ to: Replica) async throws {
      if let file = try await from.export(to: .folder(folder.path)).file {
        _ = try await to.importFiles([.path(file)])
      }
    }
    try await send(phone, laptop)
    try await phone.write("rename") { try $0.edit(item, [Item.name.set("whole milk")]) }
    try await laptop.write("rename") { try $0.edit(item, [Item.name.set("oat milk")]) }
    try await send(laptop, phone)
    let open = try await openNames(phone)
    #expect(open.count == 1 && Set(open[0]) == ["phone: whole milk", "laptop: oat milk"])

    try await decide(phone, for: "laptop")
    #expect(try await openNames(phone) == [])
    #expect(try await phone.read { try $0.record(item)?[Item.name] } == "oat milk")
  }

  @Test func theDocumentationShowsIt() throws {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = try String(
      contentsOf: package.appending(path: "../../Schema/engine.md").standardizedFileURL, encoding: .utf8)
    let source = try String(
      contentsOf: package.appending(path: "Sources/ShoppingList/Decisions.swift"), encoding: .utf8)
    let begin = try #require(source.range(of: "/// What a person's tap"))
    #expect(page.contains("```swift\n\(source[begin.lowerBound...])```"))
  }
}
