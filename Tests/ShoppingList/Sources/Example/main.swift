import UnknotEngine

enum List {
  static let name = Field<String>("name")
  static let kind = RecordKind(name: "list", fields: [name])
}
enum Item {
  static let name = Field<String>("name"), isDone = Field<Bool>("done")
  static let kind = RecordKind(name: "item", fields: [name, isDone], orderField: "place", parentName: "list")
}
let folder = CommandLine.arguments.dropFirst().first ?? "."
func replica(_ device: String) async throws -> Replica {
  let path = "\(folder)/\(device).sqlite"
  let kinds = [List.kind, Item.kind]
  return try await Replica(at: path, kinds: kinds, deviceName: device, environment: SystemEnvironment())
}
let (phone, laptop) = (try await replica("phone"), try await replica("laptop"))
let (list, milk) = try await phone.write("begin a list") {
  let list = try $0.create(List.kind, [List.name.set("Saturday")])
  return (list, try $0.create(Item.kind, in: list, [Item.name.set("milk")]))
}
_ = try await phone.export(to: .file("\(folder)/1.unknot"))
_ = try await laptop.importFiles([.path("\(folder)/1.unknot")])
try await laptop.write("bread") { try $0.create(Item.kind, in: list, at: .first, [Item.name.set("bread")]) }
try await phone.write("buy milk") { try $0.edit(milk, [Item.isDone.set(true)]) }
_ = try await laptop.export(to: .file("\(folder)/2.unknot"))
_ = try await phone.importFiles([.path("\(folder)/2.unknot")])
for item in try await phone.read({ try $0.children(of: list, Item.kind) }) {
  print(item[Item.isDone] == true ? "[x]" : "[ ]", item[Item.name] ?? "")
}
