import Foundation
import UnknotKit
import UnknotReport

/// Data on stdout, in the form that was asked for.
struct Output {
  let format: OutputFormat
  let isColored: Bool
  /// nil: lines are not cut.
  let width: Int?

  init(_ globals: Globals) { self.init(format: globals.format, color: globals.color) }

  init(format: OutputFormat = .table, color: ColorUse = .auto) {
    self.format = format
    let isTerminal = isatty(STDOUT_FILENO) == 1
    switch color {
    case .always: isColored = true
    case .never: isColored = false
    case .auto:
      isColored = isTerminal && Self.variable("NO_COLOR") == nil && Self.variable("TERM") != "dumb"
    }
    if let columns = Self.variable("COLUMNS").flatMap({ Int($0) }), columns >= 20 {
      width = columns
    } else {
      width = isTerminal ? Terminal.size.map(\.columns).flatMap { $0 >= 20 ? $0 : nil } : nil
    }
  }

  private static func variable(_ name: String) -> String? { (try? Variable.value(name)) ?? nil }

  /// A list in the form that was asked for; `table` prints the form for people.
  ///
  /// - Parameter columns: what CSV has as its header where the list is empty.
  func list(_ items: [JSONValue], columns: [String] = [], table: () -> Void) {
    switch format {
    case .table: table()
    case .json: print(.array(items))
    case .ndjson: for item in items { print(item.compact) }
    case .csv: StandardOutput.write(CSV.text(items, columns: columns))
    }
  }

  /// One thing in the form that was asked for.
  func one(_ item: JSONValue, table: () -> Void) {
    if format == .json { return print(item) }
    list([item], table: table)
  }

  func heading(_ text: String) { print(strong(wrapped(text, indent: "").joined(separator: "\n"))) }

  /// Broken between words, so that it fits; what follows a list's mark is indented under its text.
  func paragraph(_ text: String) {
    let mark = text.prefix { $0.isNumber || $0 == "-" || $0 == "." }
    let isMarked = !mark.isEmpty && text.dropFirst(mark.count).first == " "
    for line in wrapped(text, indent: isMarked ? String(repeating: " ", count: mark.count + 1) : "") {
      print(line)
    }
  }

  private func wrapped(_ text: String, indent: String) -> [String] {
    let limit = min(width ?? 78, 78)
    var lines: [String] = []
    var line = ""
    for word in SafeText.visible(text).split(separator: " ") {
      if !line.isEmpty, line != indent, Table.width(of: line) + 1 + Table.width(of: String(word)) > limit {
        lines.append(line)
        line = indent + word
      } else {
        line += (line.isEmpty || line == indent ? "" : " ") + word
      }
    }
    return lines + [line]
  }

  func line(_ text: String) { print(SafeText.visible(text)) }

  /// Columns that are aligned and fit the terminal.
  func table(_ columns: [Table.Column], _ rows: [[String]]) {
    for (index, text) in Table.lines(columns, rows, width: width).enumerated() {
      print(index == 0 ? strong(text) : text)
    }
  }

  private func strong(_ text: String) -> String { isColored ? "\u{1b}[1m\(text)\u{1b}[0m" : text }

  private func print(_ item: JSONValue) {
    item.writePretty { StandardOutput.write($0) }
    StandardOutput.write("\n")
  }

  private func print(_ text: String) { StandardOutput.write(text + "\n") }
}
