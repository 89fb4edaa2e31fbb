import UnknotEngine
import UnknotJSON

// Numbers stay numbers: days since 1970, minutes after midnight, and an instant as [milliseconds, minutes east of UTC].

extension Value {
  var json: JSONValue {
    switch self {
    case .null: .null
    case .integer(let number): .integer(number)
    case .text(let text): .string(text)
    case .time(let milliseconds, let offset): .array([.integer(milliseconds), .integer(Int64(offset))])
    case .reference(let dot): .string(dot.description)
    case .bytes(let bytes): .object([("bytes", .string(hexadecimal(bytes)))])
    }
  }

  /// As a field of that kind, or a key of one, shows it.
  func json(as kind: RecordField.Kind?) -> JSONValue {
    if kind == .flag, case .integer(let number) = self { return .bool(number != 0) }
    return json
  }

  init(_ json: JSONValue, as kind: RecordField.Kind, _ name: String) throws {
    switch (kind, json) {
    case (_, .null): self = .null
    case (.text, .string(let text)): self = .text(text)
    case (.integer, .integer(let number)), (.day, .integer(let number)): self = .integer(number)
    case (.timeOfDay, .integer(let number)) where (0...1439).contains(number): self = .integer(number)
    case (.flag, .bool(let flag)): self = .integer(flag ? 1 : 0)
    case (.time, .array(let parts)):
      guard parts.count == 2, case .integer(let milliseconds) = parts[0],
        case .integer(let minutes) = parts[1],
        let offset = Int32(exactly: minutes)
      else { throw BadRequest("\(name) is [milliseconds, minutes east of UTC]") }
      self = .time(milliseconds: milliseconds, offsetMinutes: offset)
    case (.reference, .string(let text)): self = .reference(try Request.id(text))
    // Under a key there can be a text or a number.
    case (.map, .string(let text)): self = .text(text)
    case (.map, .integer(let number)): self = .integer(number)
    case (.map, .bool(let flag)): self = .integer(flag ? 1 : 0)
    default: throw BadRequest("\(name) is a \(kind.rawValue)")
    }
  }
}

extension RecordKind {
  /// What an object of values writes: of a set `{"insert": […], "remove": […]}`, of a map `[[key, value], …]`.
  func values(_ members: [(key: String, value: JSONValue)]) throws -> [FieldName: Value] {
    var values: [FieldName: Value] = [:]
    for (name, json) in members {
      guard let field = fields.first(where: { bytewiseEqual($0.name, name) }) else {
        throw BadRequest("\(self.name) has no field \(name)")
      }
      switch field.kind {
      case .set:
        let change = try Request(json)
        for (member, value) in [("remove", Value.removed), ("insert", .present)] {
          for item in try change.list(member) {
            guard case .string(let text) = item else { throw BadRequest("\(name) holds texts") }
            values[FieldName(name, key: text)] = value
          }
        }
      case .map:
        guard case .array(let entries) = json else { throw BadRequest("\(name) is an array of [key, value]") }
        for entry in entries {
          guard case .array(let pair) = entry, pair.count == 2, case .string(let key) = pair[0] else {
            throw BadRequest("\(name) is an array of [key, value]")
          }
          values[FieldName(name, key: key)] = try Value(pair[1], as: .map, name)
        }
      default: values[FieldName(name)] = try Value(json, as: field.kind, name)
      }
    }
    return values
  }
}

extension StoredRecord {
  /// - Parameter kind: as it is declared; nil: all its fields stand under `unknown`.
  func json(_ declared: RecordKind?) -> JSONValue {
    var shown: [(key: String, value: JSONValue)] = [
      ("id", .string(id.description)), ("kind", .string(kind)), ("visible", .bool(isVisible)),
      ("parent", parent.map { .string($0.description) } ?? .null), ("created_at", .integer(createdAt)),
    ]
    let names = fields.keys.sorted()
    var values: [(key: String, value: JSONValue)] = []
    for field in declared?.fields ?? [] {
      switch field.kind {
      case .set: values.append((field.name, .array(members(of: field.name).map { .string($0.key) })))
      case .map:
        values.append(
          (field.name, .array(members(of: field.name).map { .array([.string($0.key), $0.value.json]) })))
      default: values.append((field.name, self[field.name].json(as: field.kind)))
      }
    }
    shown.append(("values", .object(values)))
    let known = Set((declared?.fields ?? []).map(\.name))
    let unknown = names.filter { !known.contains($0.field) }
    if !unknown.isEmpty {
      shown.append(
        ("unknown", .array(unknown.map { .array([.string("\($0)"), fields[$0]?.visible.json ?? .null]) })))
    }
    return .object(shown)
  }
}
