/// Reads rows one after the other, in the memory of one.
struct CSVReader {
  /// The longest row: a quotation mark that is never closed takes no more.
  static let maximumRow = 1 << 20

  private let file: InterchangeFile
  private let separator: UInt8
  private var line = 1
  /// The cells of the row at hand, one after the other, and where each of them ends.
  private var content: [UInt8] = []
  private var ends: [Int] = []

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
    while try file.peek() != nil {
      let start = line
      do throws(RowError) {
        try row()
        if ends.count == 1, content.isEmpty { continue }
        var texts: [String] = []
        texts.reserveCapacity(ends.count)
        var begin = 0
        for end in ends {
          guard let text = String(validating: content[begin..<end], as: UTF8.self) else {
            throw .damaged("not UTF-8")
          }
          texts.append(text)
          begin = end
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
    do { return try file.peek() == byte } catch { throw .unreadable(error) }
  }

  private mutating func row() throws(RowError) {
    content.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    var (isQuoted, wasQuoted, length) = (false, false, 0)
    while true {
      guard let byte = try byte() else {
        if isQuoted { throw .damaged("a quotation mark is not closed") }
        return ends.append(content.count)
      }
      length += 1
      guard length <= Self.maximumRow else {
        throw .damagedWithin(
          "a row of more than \(Self.maximumRow) bytes; is a quotation mark not closed?")
      }
      if byte == UInt8(ascii: "\n") { line += 1 }
      if isQuoted {
        if byte != UInt8(ascii: "\"") {
          content.append(byte)
        } else if try isNext(byte) {
          _ = try self.byte()
          content.append(byte)
        } else {
          isQuoted = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""):
        guard content.count == ends.last ?? 0, !wasQuoted else {
          throw .damagedWithin("a quotation mark inside of a cell")
        }
        (isQuoted, wasQuoted) = (true, true)
      case separator:
        ends.append(content.count)
        wasQuoted = false
      case UInt8(ascii: "\r") where try isNext(UInt8(ascii: "\n")): continue
      case UInt8(ascii: "\n"): return ends.append(content.count)
      default:
        guard !wasQuoted else { throw .damagedWithin("text after a closing quotation mark") }
        content.append(byte)
      }
    }
  }
}
