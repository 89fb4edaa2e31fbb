import UnknotKit

/// RFC 4180, with the objects' keys as the header; what is nested is JSON.
enum CSV {
  /// - Parameter columns: the header where there are no objects.
  static func text(_ items: [JSONValue], columns: [String] = []) -> String {
    var keys = columns
    for case .object(let members) in items {
      for member in members where !keys.contains(member.key) { keys.append(member.key) }
    }
    guard !keys.isEmpty else { return "" }
    var lines = [CSVText.row(keys)]
    for case .object(let members) in items {
      let values = Dictionary(members.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
      lines.append(CSVText.row(keys.map { cell(values[$0] ?? .null) }))
    }
    return lines.joined()
  }

  private static func cell(_ value: JSONValue) -> String {
    switch value {
    case .null: ""
    case .string(let text): SafeText.visible(text)
    case .integer(let number): String(number)
    case .decimal(let text): text
    case .bool(let flag): flag ? "true" : "false"
    case .array, .object: value.compact
    }
  }
}
