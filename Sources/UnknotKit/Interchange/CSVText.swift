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
    for scalar in safe.unicodeScalars { result += scalar == "\"" ? [scalar, scalar] : [scalar] }
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

/// Reads rows one after the other, in the memory of one.
struct CSVReader {
  /// The longest row: a quotation mark that is never closed takes no more.
  static let maximumRow = 1 << 20

  private let file: InterchangeFile
  private var line = 1

  init(_ file: InterchangeFile) throws(KitError) {
    self.file = file
    // A byte order mark, as some programs put it before UTF-8.
    if try file.peek(3) == [0xef, 0xbb, 0xbf] { for _ in 0..<3 { _ = try file.next() } }
  }

  /// The next row that is not empty, and the line that it begins in; nil at the end.
  mutating func next() throws(KitError) -> (line: Int, cells: [String])? {
    while true {
      let start = line
      guard let cells = try row() else { return nil }
      if cells != [""] { return (start, cells) }
    }
  }

  private mutating func row() throws(KitError) -> [String]? {
    var cells: [String] = []
    var bytes: [UInt8] = []
    var (isQuoted, wasQuoted, length) = (false, false, 0)
    let start = line
    func failure(_ reason: String) -> KitError {
      KitError(.invalidValue, "\(file.name) line \(start): \(reason)")
    }
    func cell() throws(KitError) -> String {
      guard let text = String(validating: bytes, as: UTF8.self) else { throw failure("not UTF-8") }
      return text
    }
    guard try file.peek(1) != [] else { return nil }
    while true {
      guard let byte = try file.next() else {
        if isQuoted { throw failure("a quotation mark is not closed") }
        cells.append(try cell())
        return cells
      }
      length += 1
      guard length <= Self.maximumRow else {
        throw failure("a row of more than \(Self.maximumRow) bytes; is a quotation mark not closed?")
      }
      if byte == UInt8(ascii: "\n") { line += 1 }
      if isQuoted {
        if byte != UInt8(ascii: "\"") {
          bytes.append(byte)
        } else if try file.peek(1) == [byte] {
          _ = try file.next()
          bytes.append(byte)
        } else {
          isQuoted = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""):
        guard bytes.isEmpty, !wasQuoted else { throw failure("a quotation mark inside of a cell") }
        (isQuoted, wasQuoted) = (true, true)
      case UInt8(ascii: ","):
        cells.append(try cell())
        bytes = []
        wasQuoted = false
      case UInt8(ascii: "\r") where try file.peek(1) == [UInt8(ascii: "\n")]: continue
      case UInt8(ascii: "\n"):
        cells.append(try cell())
        return cells
      default:
        guard !wasQuoted else { throw failure("text after a closing quotation mark") }
        bytes.append(byte)
      }
    }
  }
}
