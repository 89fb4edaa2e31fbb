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
    case .ndjson: for item in items { printCompact(item) }
    case .csv:
      var csv = CSV(columns: columns)
      for item in items { csv.note(item) }
      StandardOutput.write(csv.header)
      for item in items { csv.write(item, StandardOutput.write) }
    }
  }

  /// The same of what is read one at a time.
  ///
  /// - Parameter areAllColumns: nothing has another column than those, and CSV is written without looking for others.
  func list<Item>(
    _ items: JournalSequence<Item>, columns: [String] = [], areAllColumns: Bool = false,
    _ json: (Item) -> JSONValue, table: () throws -> Void
  ) throws {
    switch format {
    case .table: try table()
    case .json:
      var array = PrettyArray()
      try items.each { array.add(json($0), StandardOutput.write) }
      array.close(StandardOutput.write)
      StandardOutput.write("\n")
    case .ndjson: try items.each { printCompact(json($0)) }
    case .csv:
      var csv = CSV(columns: columns)
      if !areAllColumns { try items.each { csv.note(json($0)) } }
      StandardOutput.write(csv.header)
      try items.each { csv.write(json($0), StandardOutput.write) }
    }
  }

  /// One thing in the form that was asked for.
  func one(_ item: JSONValue, table: () -> Void) {
    if format == .json { return print(item) }
    list([item], table: table)
  }

  func heading(_ text: String) { print(strong(wrapped(text).joined(separator: "\n"))) }

  /// Broken between words, so that it fits; what follows a list's mark is indented under its text.
  /// Lines that were printed first can have gone from what is seen.
  var isOnTerminal: Bool { width != nil }

  func paragraph(_ text: String) {
    let mark = text.prefix { $0.isNumber || $0 == "-" || $0 == "." }
    let isMarked = !mark.isEmpty && text.dropFirst(mark.count).first == " "
    for line in wrapped(text, indent: isMarked ? String(repeating: " ", count: mark.count + 1) : "") {
      print(line)
    }
  }

  private func wrapped(_ text: String, indent: String = "") -> [String] {
    Table.wrapped(text, width: min(width ?? 78, 78), indent: indent)
  }

  /// One line, or more of them where a terminal is too narrow. A word that is longer than a line is left to the terminal: who
  /// copies a name of a file gets it whole.
  func line(_ text: String, style: Style = .plain) {
    let visible = SafeText.visible(text)
    var lines = [visible]
    if let width, Table.width(of: visible) > width,
      visible.split(separator: " ").allSatisfy({ Table.width(of: String($0)) <= width - 8 })
    {
      let indent = String(visible.prefix { $0 == " " }) + "  "
      lines = Table.wrapped(visible, width: width, indent: indent)
    }
    for line in lines { print(styled(line, style)) }
  }

  /// Columns that are aligned and fit the terminal.
  ///
  /// - Parameter isWhole: what is too long for its column goes on below, and is not cut.
  func table(_ columns: [Table.Column], _ rows: [[String]], isWhole: Bool = false) {
    var layout = Table.Layout(columns, width: width, isWhole: isWhole)
    for row in rows { layout.measure(row) }
    layout.fit()
    for line in layout.headers { print(strong(line)) }
    for row in rows { layout.lines(row).forEach(print) }
  }

  /// The same of what is read one at a time: once to be measured and once to be printed, where it does not fit into a
  /// few megabytes.
  ///
  /// - Parameter keepsEmpty: columns without content are there, too: they were asked for.
  /// - Returns: false where there was nothing, and nothing was printed.
  func table<Item>(
    _ columns: [Table.Column], _ items: JournalSequence<Item>, keepsEmpty: Bool = false,
    _ row: (Item) -> [String]
  ) throws -> Bool {
    var layout = Table.Layout(columns, width: width, keepsEmpty: keepsEmpty)
    var held: [[String]]? = []
    var heldBytes = 0
    var isEmpty = true
    try items.each { item in
      let row = row(item)
      layout.measure(row)
      isEmpty = false
      // With what holds them: rows can be empty without an end.
      heldBytes += row.reduce(32) { $0 + 16 + $1.utf8.count }
      if heldBytes > Self.mostHeldBytes { held = nil } else { held?.append(row) }
    }
    guard !isEmpty else { return false }
    layout.fit()
    for line in layout.headers { print(strong(line)) }
    if let held {
      for row in held { layout.lines(row).forEach(print) }
    } else {
      try items.each { layout.lines(row($0)).forEach(print) }
    }
    return true
  }

  private static let mostHeldBytes = 2 << 20

  /// How a line stands out; without colour, not at all.
  enum Style: String {
    case plain = ""
    case strong = "1"
    case warning = "1;31"
    case picture = "36"
    case soft = "2"
  }

  private func styled(_ text: String, _ style: Style) -> String {
    isColored && style != .plain && !text.isEmpty ? "\u{1b}[\(style.rawValue)m\(text)\u{1b}[0m" : text
  }

  private func strong(_ text: String) -> String { styled(text, .strong) }

  private func print(_ item: JSONValue) {
    item.writePretty { StandardOutput.write($0) }
    StandardOutput.write("\n")
  }

  private func printCompact(_ item: JSONValue) {
    item.writeCompact { StandardOutput.write($0) }
    StandardOutput.write("\n")
  }

  private func print(_ text: String) {
    StandardOutput.write(text)
    StandardOutput.write("\n")
  }
}
