import UnknotKit

/// RFC 4180, with the objects' keys as the header; what is nested is JSON. Every object is noted, then the header is
/// known, then each is a row: nothing has to be held of what can be read twice.
struct CSV {
  private var keys: [String]
  private var known: Set<String>

  /// - Parameter columns: the header where there are no objects.
  init(columns: [String] = []) {
    keys = columns
    known = Set(columns)
  }

  mutating func note(_ item: JSONValue) {
    guard case .object(let members) = item else { return }
    for member in members where known.insert(member.key).inserted { keys.append(member.key) }
  }

  /// Nothing where there are no columns.
  var header: String { keys.isEmpty ? "" : CSVText.row(keys.map(SafeText.visible)) }

  /// Cell by cell: one can be long.
  func write(_ item: JSONValue, _ write: (String) -> Void) {
    guard !keys.isEmpty, case .object(let members) = item else { return }
    let values = Dictionary(members.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    for (index, key) in keys.enumerated() {
      if index > 0 { write(",") }
      write(Self.cell(values[key] ?? .null))
    }
    write(CSVText.lineEnd)
  }

  private static func cell(_ value: JSONValue) -> String {
    switch value {
    case .null: ""
    case .string(let text): CSVText.cell(SafeText.visible(text))
    // A number below zero is no formula.
    case .integer, .decimal, .bool: value.compact
    case .array, .object: CSVText.cell(value.compact)
    }
  }
}
