/// Comma-separated values (RFC 4180) as spreadsheets open them.
public enum CSVText {
  /// What every row ends with.
  public static let lineEnd = "\r\n"

  /// A row with its line end.
  public static func row(_ cells: [String]) -> String {
    var row = ""
    for (index, cell) in cells.enumerated() {
      if index > 0 { row += "," }
      append(cell, to: &row)
    }
    row += lineEnd
    return row
  }

  /// A cell that a spreadsheet shows and does not run: what begins like a formula gets an apostrophe before it, and so
  /// does what begins with one, so that reading gives back the same text.
  public static func cell(_ text: String) -> String {
    var row = ""
    append(text, to: &row)
    return row
  }

  private static func append(_ text: String, to row: inout String) {
    let mark = text.unicodeScalars.first.map(isSpecial) == true ? "'" : ""
    // By scalars: a quotation mark with a combining mark after it is still a quotation mark to whoever reads this.
    guard text.unicodeScalars.contains(where: { $0 == "," || $0 == "\"" || $0 == "\r" || $0 == "\n" }) else {
      row += mark
      row += text
      return
    }
    row += "\"" + mark
    // One after the other: to append a sequence moves all that is there already.
    for scalar in text.unicodeScalars {
      if scalar == "\"" { row.unicodeScalars.append(scalar) }
      row.unicodeScalars.append(scalar)
    }
    row += "\""
  }

  /// What `cell` was given.
  static func text(_ cell: String) -> String {
    let scalars = cell.unicodeScalars
    guard scalars.first == "'", scalars.dropFirst().first.map(isSpecial) == true else { return cell }
    return String(scalars.dropFirst())
  }

  /// Also the wide forms, which some spreadsheets take for the narrow ones.
  private static func isSpecial(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "=", "+", "-", "@", "\t", "\r", "\n", "'", "\u{ff1d}", "\u{ff0b}", "\u{ff0d}", "\u{ff20}": true
    default: false
    }
  }
}
