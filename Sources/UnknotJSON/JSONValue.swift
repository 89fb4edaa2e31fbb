/// JSON whose objects keep the order of their keys.
public enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  /// A number as it is written: digits with one point.
  case decimal(String)
  case string(String)
  case array([JSONValue])
  case object([(key: String, value: JSONValue)])

  /// Equal is what is written with the same bytes: the order of keys counts, and so do the code points of a text.
  public static func == (left: JSONValue, right: JSONValue) -> Bool {
    left.compact.utf8.elementsEqual(right.compact.utf8)
  }

  /// Of the written form, as `==` compares it: it takes as long as writing the value.
  public func hash(into hasher: inout Hasher) { hasher.combine(compact) }

  /// A text without its quotes, for people; else as on one line.
  public var plain: String { if case .string(let text) = self { text } else { compact } }

  /// On one line.
  public var compact: String {
    var text = ""
    writeCompact { text += $0 }
    return text
  }

  /// The same piece by piece: for what may be long.
  public func writeCompact(_ write: (String) throws -> Void) rethrows {
    var bytes: [UInt8] = []
    try append(to: &bytes, write)
    try write(String(decoding: bytes, as: UTF8.self))
  }

  /// A piece is no longer than this and one text.
  private static let pieceBytes = 1 << 16

  /// - Parameter bytes: UTF-8 that was not written yet.
  private func append(to bytes: inout [UInt8], _ write: (String) throws -> Void) rethrows {
    switch self {
    case .null: bytes += "null".utf8
    case .bool(let value): bytes += (value ? "true" : "false").utf8
    case .integer(let number): bytes += String(number).utf8
    case .decimal(let number): bytes += number.utf8
    case .string(let string): Self.appendQuoted(string, to: &bytes)
    case .array(let items):
      bytes.append(UInt8(ascii: "["))
      for (index, item) in items.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        try item.append(to: &bytes, write)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        Self.appendQuoted(member.key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        try member.value.append(to: &bytes, write)
      }
      bytes.append(UInt8(ascii: "}"))
    }
    guard bytes.count > Self.pieceBytes else { return }
    try write(String(decoding: bytes, as: UTF8.self))
    bytes.removeAll(keepingCapacity: true)
  }

  /// One member or element a line, indented by two spaces.
  public func pretty() -> String {
    var text = ""
    writePretty { text += $0 }
    return text
  }

  /// The same piece by piece: for what may be long.
  public func writePretty(indent: Int = 0, _ write: (String) throws -> Void) rethrows {
    let inner = String(repeating: " ", count: indent + 2)
    let outer = String(repeating: " ", count: indent)
    switch self {
    case .array(let items):
      var array = PrettyArray(indent: indent)
      for item in items { try array.add(item, write) }
      try array.close(write)
    case .object(let members) where !members.isEmpty:
      for (index, member) in members.enumerated() {
        try write((index == 0 ? "{\n" : ",\n") + inner + Self.quoted(member.key) + ": ")
        try member.value.writePretty(indent: indent + 2, write)
      }
      try write("\n\(outer)}")
    default: try writeCompact(write)
    }
  }

  private static func quoted(_ text: String) -> String {
    var bytes: [UInt8] = []
    appendQuoted(text, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Control and bidirectional characters are escaped too: a terminal shows JSON as well.
  private static func appendQuoted(_ text: String, to bytes: inout [UInt8]) {
    let quote = UInt8(ascii: "\"")
    bytes.append(quote)
    defer { bytes.append(quote) }
    // Most texts are plain.
    let start = bytes.count
    var isPlain = true
    for byte in text.utf8 {
      guard (0x20...0x7e).contains(byte), byte != quote, byte != UInt8(ascii: "\\") else {
        isPlain = false
        break
      }
      bytes.append(byte)
    }
    if isPlain { return }
    bytes.removeSubrange(start...)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": bytes += "\\\"".utf8
      case "\\": bytes += "\\\\".utf8
      case "\n": bytes += "\\n".utf8
      case "\r": bytes += "\\r".utf8
      case "\t": bytes += "\\t".utf8
      case let scalar where SafeText.isUnsafe(scalar):
        bytes += "\\u".utf8
        SafeText.appendHexadecimal(scalar, digits: 4, to: &bytes)
      default: bytes += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
      }
    }
  }
}

/// An array that is written as `JSONValue.writePretty` does, element by element, where they are not all in memory.
public struct PrettyArray {
  private let indent: Int
  private var isEmpty = true

  /// - Parameter indent: how many spaces stand before the closing bracket; the elements have two more.
  public init(indent: Int = 0) { self.indent = indent }

  /// Writes one element on lines of its own, with what separates it from the one before.
  public mutating func add(_ item: JSONValue, _ write: (String) throws -> Void) rethrows {
    try write((isEmpty ? "[\n" : ",\n") + String(repeating: " ", count: indent + 2))
    isEmpty = false
    try item.writePretty(indent: indent + 2, write)
  }

  /// Writes the closing bracket: once, after the last element. Without any element it writes `[]`.
  public func close(_ write: (String) throws -> Void) rethrows {
    try write(isEmpty ? "[]" : "\n" + String(repeating: " ", count: indent) + "]")
  }
}
