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
}
