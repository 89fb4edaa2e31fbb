import Foundation
import UnknotKit

/// Data on stdout, in the form that was asked for.
struct Output {
  let format: OutputFormat
  let isColored: Bool
  /// nil: lines are not cut.
  private let width: Int?

  init(_ globals: Globals, _ environment: [String: String]) {
    format = globals.format
    let isTerminal = isatty(STDOUT_FILENO) == 1
    switch globals.color {
    case .always: isColored = true
    case .never: isColored = false
    case .auto:
      isColored = isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }
    if let columns = environment["COLUMNS"].flatMap({ Int($0) }), columns >= 20 {
      width = columns
    } else {
      width = isTerminal ? Self.terminalWidth : nil
    }
  }

  private static var terminalWidth: Int? {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 20 else { return nil }
    return Int(size.ws_col)
  }

  /// A list in the form that was asked for; `table` prints the form for people.
  func list(_ items: [JSONValue], table: () -> Void) {
    switch format {
    case .table: table()
    case .json: print(JSONValue.array(items).pretty())
    case .ndjson: for item in items { print(item.compact) }
    case .csv: print(CSV.text(items), terminator: "")
    }
  }

  /// One thing in the form that was asked for.
  func one(_ item: JSONValue, table: () -> Void) {
    switch format {
    case .table: table()
    case .json: print(item.pretty())
    case .ndjson: print(item.compact)
    case .csv: print(CSV.text([item]), terminator: "")
    }
  }

  func line(_ text: String) { print(SafeText.visible(text)) }

  func strong(_ text: String) -> String { isColored ? "\u{1b}[1m\(text)\u{1b}[0m" : text }

  /// Columns that are aligned and fit the terminal; those without content are left out.
  func table(_ headers: [String], _ rows: [[String]]) {
    let used = headers.indices.filter { column in rows.contains { !$0[column].isEmpty } }
    let cells = ([headers] + rows).map { row in
      used.map { SafeText.visible(row[$0].split(separator: "\n").joined(separator: " ")) }
    }
    var widths = used.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    if let width {
      // The widest column gives way until the line fits.
      while widths.reduce(0, +) + 2 * (widths.count - 1) > width, let widest = widths.max(), widest > 8,
        let column = widths.firstIndex(of: widest)
      {
        widths[column] -= 1
      }
    }
    for (index, row) in cells.enumerated() {
      let parts = zip(row, widths).map { cell, width in
        let cut = cell.count > width ? cell.prefix(width - 1) + "…" : cell[...]
        return cut + String(repeating: " ", count: width - cut.count)
      }
      var text = parts.joined(separator: "  ")
      while text.last == " " { text.removeLast() }
      print(index == 0 ? strong(text) : text)
    }
  }
}

/// RFC 4180, with the keys of the first object as the header; what is nested is JSON.
enum CSV {
  static func text(_ items: [JSONValue]) -> String {
    var keys: [String] = []
    for case .object(let members) in items {
      for member in members where !keys.contains(member.key) { keys.append(member.key) }
    }
    guard !keys.isEmpty else { return "" }
    var lines = [keys.map(quoted).joined(separator: ",")]
    for case .object(let members) in items {
      let values = Dictionary(members.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
      lines.append(keys.map { quoted(cell(values[$0] ?? .null)) }.joined(separator: ","))
    }
    return lines.map { $0 + "\r\n" }.joined()
  }

  private static func cell(_ value: JSONValue) -> String {
    switch value {
    case .null: ""
    case .string(let text): SafeText.visible(text)
    case .integer(let number): String(number)
    case .bool(let flag): flag ? "true" : "false"
    case .array, .object: value.compact
    }
  }

  private static func quoted(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}
