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

  public static func == (left: JSONValue, right: JSONValue) -> Bool {
    left.compact.utf8.elementsEqual(right.compact.utf8)
  }

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
    var text = ""
    try append(to: &text, write)
    try write(text)
  }

  /// A piece is no longer than this and one text.
  private static let pieceBytes = 1 << 16

  /// - Parameter text: what was not written yet.
  private func append(to text: inout String, _ write: (String) throws -> Void) rethrows {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let number): text += String(number)
    case .decimal(let number): text += number
    case .string(let string): Self.appendQuoted(string, to: &text)
    case .array(let items):
      text += "["
      for (index, item) in items.enumerated() {
        if index > 0 { text += "," }
        try item.append(to: &text, write)
      }
      text += "]"
    case .object(let members):
      text += "{"
      for (index, member) in members.enumerated() {
        if index > 0 { text += "," }
        Self.appendQuoted(member.key, to: &text)
        text += ":"
        try member.value.append(to: &text, write)
      }
      text += "}"
    }
    guard text.utf8.count > Self.pieceBytes else { return }
    try write(text)
    text = ""
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
    var result = ""
    appendQuoted(text, to: &result)
    return result
  }

  /// Control and bidirectional characters are escaped too: a terminal shows JSON as well.
  private static func appendQuoted(_ text: String, to result: inout String) {
    result += "\""
    defer { result += "\"" }
    // Most texts are plain.
    if text.utf8.allSatisfy({ (0x20...0x7e).contains($0) && $0 != 0x22 && $0 != 0x5c }) {
      result += text
      return
    }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case let scalar where SafeText.isUnsafe(scalar):
        let hex = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: result.unicodeScalars.append(scalar)
      }
    }
  }
}

/// An array that is written as `JSONValue.writePretty` does, element by element, where they are not all in memory.
public struct PrettyArray {
  private let indent: Int
  private var isEmpty = true

  public init(indent: Int = 0) { self.indent = indent }

  public mutating func add(_ item: JSONValue, _ write: (String) throws -> Void) rethrows {
    try write((isEmpty ? "[\n" : ",\n") + String(repeating: " ", count: indent + 2))
    isEmpty = false
    try item.writePretty(indent: indent + 2, write)
  }

  public func close(_ write: (String) throws -> Void) rethrows {
    try write(isEmpty ? "[]" : "\n" + String(repeating: " ", count: indent) + "]")
  }
}

/// Text from records may come from anywhere; on a terminal it must not act.
public enum SafeText {
  /// Control (C0, DEL, C1), bidirectional, annotating and line-separating characters, and those that no XML may have.
  /// All lie below U+10000.
  public static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7f...0x9f, 0x61c, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff,
      0xfff9...0xfffb, 0xfffe, 0xffff:
      true
    default: false
    }
  }

  /// The same text with those characters written out, as `\u{1b}`.
  public static func visible(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if isUnsafe(scalar) {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
