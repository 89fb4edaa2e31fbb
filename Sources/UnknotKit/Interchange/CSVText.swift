/// Comma-separated values (RFC 4180) as spreadsheets open them.
public enum CSVText {
  /// A row with its line end.
  public static func row(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") + "\r\n" }

  /// A cell that a spreadsheet shows and does not run: what begins like a formula gets an apostrophe before it, and so
  /// does what begins with one, so that reading gives back the same text.
  public static func cell(_ text: String) -> String {
    let safe = text.unicodeScalars.first.map(isSpecial) == true ? "'" + text : text
    // By scalars: a quotation mark with a combining mark after it is still a quotation mark to whoever reads this.
    guard safe.unicodeScalars.contains(where: { $0 == "," || $0 == "\"" || $0 == "\r" || $0 == "\n" }) else {
      return safe
    }
    var result = String.UnicodeScalarView()
    // One after the other: to append a sequence moves all that is there already.
    for scalar in safe.unicodeScalars {
      if scalar == "\"" { result.append(scalar) }
      result.append(scalar)
    }
    return "\"" + String(result) + "\""
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
