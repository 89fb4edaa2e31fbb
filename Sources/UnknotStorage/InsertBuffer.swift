import UnknotCausality

/// Rows that are about to be inserted into one table, many with one statement: to start a statement costs about as
/// much as a row does. Whoever reads the table has them written first (`Statements`).
final class InsertBuffer {
  private static let rowCount = 32
  /// More than that does not wait.
  private static let mostBytes = 1 << 18

  private let table: String
  private let columns: [String]
  /// Whether the last column is bytes; all others are numbers.
  private let hasContent: Bool
  private let prepare: (String) throws -> RawStatement
  private lazy var single = Result { try prepare(sql(rows: 1)) }
  private lazy var multiple = Result { try prepare(sql(rows: Self.rowCount)) }

  private var numbers: [Int64] = []
  private var content: [UInt8] = []
  /// Where each row's content ends.
  private var ends: [Int] = []
  private var count = 0

  init(
    _ table: String, _ columns: [String], hasContent: Bool, prepare: @escaping (String) throws -> RawStatement
  ) {
    self.table = table
    self.columns = columns
    self.hasContent = hasContent
    self.prepare = prepare
  }

  private var numbersPerRow: Int { hasContent ? columns.count - 1 : columns.count }

  private func sql(rows: Int) -> String {
    let row = "(" + columns.map { _ in "?" }.joined(separator: ", ") + ")"
    return "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES "
      + Array(repeating: row, count: rows).joined(separator: ", ")
  }

  /// The next number of the row that is being put together.
  func number(_ number: Int64) -> InsertBuffer {
    numbers.append(number)
    return self
  }

  func number(_ key: ChangeKey?) -> InsertBuffer { number(key?.rawValue ?? 0) }

  /// Ends the row.
  func insert(content bytes: [UInt8] = []) throws {
    if bytes.count > Self.mostBytes { return try insertAtOnce(bytes) }
    content.append(contentsOf: bytes)
    ends.append(content.count)
    count += 1
    precondition(numbers.count == count * numbersPerRow, "a row has a number for each column")
    if count == Self.rowCount || content.count > Self.mostBytes { try flush() }
  }

  /// Without a copy of it.
  private func insertAtOnce(_ bytes: [UInt8]) throws {
    let row = Array(numbers.suffix(numbersPerRow))
    numbers.removeLast(numbersPerRow)
    try flush()
    try bytes.withUnsafeBytes { try run(single.get(), numbers: row[...], contents: [$0]) }
  }

  /// Whether a row with this first column waits.
  func holds(_ key: ChangeKey) -> Bool {
    stride(from: 0, to: numbers.count, by: numbersPerRow).contains { numbers[$0] == key.rawValue }
  }

  func flush() throws {
    guard count > 0 else { return }
    defer {
      numbers.removeAll(keepingCapacity: true)
      content.removeAll(keepingCapacity: true)
      ends.removeAll(keepingCapacity: true)
      count = 0
    }
    if count == Self.rowCount { return try run(multiple.get(), 0..<count) }
    for row in 0..<count { try run(single.get(), row..<row + 1) }
  }

  private func run(_ statement: RawStatement, _ rows: Range<Int>) throws {
    try content.withUnsafeBytes { content in
      let contents = rows.map { row in
        UnsafeRawBufferPointer(rebasing: content[(row == 0 ? 0 : ends[row - 1])..<ends[row]])
      }
      let places = rows.lowerBound * numbersPerRow..<rows.upperBound * numbersPerRow
      try run(statement, numbers: numbers[places], contents: contents)
    }
  }

  private func run(
    _ statement: RawStatement, numbers: ArraySlice<Int64>, contents: [UnsafeRawBufferPointer]
  ) throws {
    var index: Int32 = 1
    var next = numbers.startIndex
    for content in contents {
      for number in numbers[next..<next + numbersPerRow] {
        statement.bind(number, at: index)
        index += 1
      }
      next += numbersPerRow
      if hasContent {
        statement.bind(borrowing: content, at: index)
        index += 1
      }
    }
    defer { statement.clearBindings() }
    try statement.run()
  }
}
