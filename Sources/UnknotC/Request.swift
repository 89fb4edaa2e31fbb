import UnknotEngine
import UnknotJSON

/// A JSON object of which members are asked for by name, each of one type.
struct Request {
  private let json: JSONValue

  init(_ json: JSONValue) throws {
    guard case .object = json else { throw BadRequest("not a JSON object: \(json.compact.prefix(80))") }
    self.json = json
  }

  init(_ text: UnsafePointer<CChar>?) throws {
    guard let text else { throw BadRequest("there is no text") }
    // Not by a length that is declared: a C text ends where it ends.
    let bytes = UnsafeRawBufferPointer(start: text, count: Self.length(text)).map { $0 }
    do {
      try self.init(JSONValue(reading: bytes))
    } catch let error as NotJSON {
      throw BadRequest("not JSON: \(error.reason)")
    }
  }

  /// Nil where it is missing or null.
  func value(_ name: String) -> JSONValue? {
    if let value = json[name], value != .null { value } else { nil }
  }

  func optionalText(_ name: String) throws -> String? {
    guard let value = value(name) else { return nil }
    guard case .string(let text) = value else { throw BadRequest("\(name) is a text") }
    return text
  }

  func text(_ name: String) throws -> String {
    guard let text = try optionalText(name) else { throw BadRequest("\(name) is missing") }
    return text
  }

  /// A text that names a file: the system would end it at a NUL, and take an empty one for something.
  func optionalPath(_ name: String) throws -> String? {
    guard let path = try optionalText(name) else { return nil }
    return try Self.path(path)
  }

  static func path(_ path: String) throws -> String {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw BadRequest("a path is not empty, and has no NUL")
    }
    return path
  }

  func number(_ name: String) throws -> Int64? {
    guard let value = value(name) else { return nil }
    guard case .integer(let number) = value else { throw BadRequest("\(name) is a whole number") }
    return number
  }

  /// How many to give at most.
  func limit() throws -> Int? {
    guard let number = try number("limit") else { return nil }
    guard number > 0 else { throw BadRequest("limit is at least 1") }
    return Int(clamping: number)
  }

  func flag(_ name: String) throws -> Bool {
    guard let value = value(name) else { return false }
    guard case .bool(let flag) = value else { throw BadRequest("\(name) is true or false") }
    return flag
  }

  func list(_ name: String) throws -> [JSONValue] {
    guard let value = value(name) else { return [] }
    guard case .array(let items) = value else { throw BadRequest("\(name) is an array") }
    return items
  }

  func members(_ name: String) throws -> [(key: String, value: JSONValue)] {
    guard let value = value(name) else { return [] }
    guard case .object(let members) = value else { throw BadRequest("\(name) is an object") }
    return members
  }

  func optionalID(_ name: String) throws -> Dot? { try optionalText(name).map(Self.id) }

  func id(_ name: String) throws -> Dot { try Self.id(text(name)) }

  static func id(_ text: String) throws -> Dot {
    guard let dot = Dot(text) else { throw BadRequest("\(text) is not an id") }
    return dot
  }

  private static func length(_ text: UnsafePointer<CChar>) -> Int {
    var count = 0
    while text[count] != 0 { count += 1 }
    return count
  }
}
