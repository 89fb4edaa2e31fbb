/// Reads rows one after the other, in the memory of one.
struct CSVReader {
  /// The longest row: a quotation mark that is never closed takes no more.
  static let maximumRow = 1 << 20

  private let file: InterchangeFile
  private let separator: UInt8
  private var line = 1

  init(_ file: InterchangeFile, separator: UInt8 = UInt8(ascii: ",")) throws(KitError) {
    self.file = file
    self.separator = separator
    // A byte order mark, as some programs put it before UTF-8.
    if try file.peek(3) == [0xef, 0xbb, 0xbf] { for _ in 0..<3 { _ = try file.next() } }
  }

  /// The next row that is not empty, or what is wrong with it, and the line that it begins in; nil at the end.
  ///
  /// After a row that is wrong it goes on with the next line.
  mutating func next() throws(KitError) -> (line: Int, row: Result<[String], KitError>)? {
    while try file.peek(1) != [] {
      let start = line
      do throws(RowError) {
        let cells = try row()
        if cells.count == 1, cells[0].isEmpty { continue }
        var texts: [String] = []
        for cell in cells {
          guard let text = String(validating: cell, as: UTF8.self) else { throw .damaged("not UTF-8") }
          texts.append(text)
        }
        return (start, .success(texts))
      } catch {
        switch error {
        case .unreadable(let error): throw error
        case .damaged(let reason): return (start, .failure(KitError(.invalidValue, reason)))
        case .damagedWithin(let reason):
          while let byte = try file.next(), byte != UInt8(ascii: "\n") {}
          line += 1
          return (start, .failure(KitError(.invalidValue, reason)))
        }
      }
    }
    return nil
  }

  /// The first row, whose cells name the columns.
  mutating func header() throws(KitError) -> [String] {
    guard let (_, row) = try next() else { return [] }
    return try row.get()
  }

  private enum RowError: Error {
    case unreadable(KitError)
    /// The row was read to its end, or only up to somewhere in it.
    case damaged(String)
    case damagedWithin(String)
  }

  private func byte() throws(RowError) -> UInt8? {
    do { return try file.next() } catch { throw .unreadable(error) }
  }

  private func isNext(_ byte: UInt8) throws(RowError) -> Bool {
    do { return try file.peek(1) == [byte] } catch { throw .unreadable(error) }
  }

  private mutating func row() throws(RowError) -> [[UInt8]] {
    var cells: [[UInt8]] = []
    var bytes: [UInt8] = []
    var (isQuoted, wasQuoted, length) = (false, false, 0)
    while true {
      guard let byte = try byte() else {
        if isQuoted { throw .damaged("a quotation mark is not closed") }
        return cells + [bytes]
      }
      length += 1
      guard length <= Self.maximumRow else {
        throw .damagedWithin(
          "a row of more than \(Self.maximumRow) bytes; is a quotation mark not closed?")
      }
      if byte == UInt8(ascii: "\n") { line += 1 }
      if isQuoted {
        if byte != UInt8(ascii: "\"") {
          bytes.append(byte)
        } else if try isNext(byte) {
          _ = try self.byte()
          bytes.append(byte)
        } else {
          isQuoted = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""):
        guard bytes.isEmpty, !wasQuoted else { throw .damagedWithin("a quotation mark inside of a cell") }
        (isQuoted, wasQuoted) = (true, true)
      case separator:
        cells.append(bytes)
        bytes = []
        wasQuoted = false
      case UInt8(ascii: "\r") where try isNext(UInt8(ascii: "\n")): continue
      case UInt8(ascii: "\n"): return cells + [bytes]
      default:
        guard !wasQuoted else { throw .damagedWithin("text after a closing quotation mark") }
        bytes.append(byte)
      }
    }
  }
}
