import Dispatch
import UnknotEngine
import UnknotJSON

/// What stands behind an `unknot_replica`.
final class Handle: Sendable {
  let replica: Replica
  let kinds: [RecordKind]
  let followings = Followings()

  init(_ options: Request) throws {
    kinds = try options.list("kinds").map { try RecordKind(declared: Request($0)) }
    guard Set(kinds.map(\.name)).count == kinds.count else { throw BadRequest("two kinds have one name") }
    replica = try Replica(
      blockingAt: try options.optionalPath("path"), kinds: kinds, deviceName: try options.text("device"),
      environment: SystemEnvironment(), noteFolder: try options.optionalPath("note_folder"),
      replacing: try options.flag("replacing"))
  }

  func kind(_ name: String) -> RecordKind? { kinds.first { bytewiseEqual($0.name, name) } }

  func declaredKind(_ name: String) throws -> RecordKind {
    guard let kind = kind(name) else { throw BadRequest("\(name) is not declared") }
    return kind
  }
}

extension RecordKind {
  init(declared request: Request) throws {
    let fields = try request.list("fields").map { item in
      let field = try Request(item)
      let (name, type) = (try field.text("name"), try field.text("type"))
      guard FieldName.isValidName(name) else {
        throw BadRequest("\(name) is not a name that a field can have")
      }
      guard let kind = RecordField.Kind(rawValue: type) else {
        throw BadRequest("\(type) is not a type of field")
      }
      return RecordField(name, kind)
    }
    self = try .checked(
      name: request.text("name"), fields: fields, timeField: request.optionalText("time"),
      orderField: request.optionalText("order"), parentName: request.optionalText("parent"))
  }
}
