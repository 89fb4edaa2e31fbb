import UnknotCausality

/// Rows that are about to be inserted into one table, many with one statement: to start a statement costs about as
/// much as a row does. Whoever reads the table has them written first (`Statements`).
final class InsertBuffer {
  private static let rowCount = 32
  /// More than that does not wait.
  private static let mostBytes = 1 << 18

  private enum Kind: UInt8 { case null, number, text, bytes }

  private let table: String
  private let columns: [String]
  private let prepare: (String) throws -> RawStatement
  private lazy var single = Result { try prepare(sql(rows: 1)) }
  private lazy var multiple = Result { try prepare(sql(rows: Self.rowCount)) }

  // Cells, row after row: of each its kind, and its number or the length of its content.
  private var kinds: [Kind] = []
  private var numbers: [Int64] = []
  private var content: [UInt8] = []
  private var count = 0

  /// - Parameters:
  ///   - columns: the first one is a number by which rows are looked for (`holds`).
  init(_ table: String, _ columns: [String], prepare: @escaping (String) throws -> RawStatement) {
    self.table = table
    self.columns = columns
    self.prepare = prepare
  }

  private func sql(rows: Int) -> String {
    let row = "(" + columns.map { _ in "?" }.joined(separator: ", ") + ")"
    return "INSERT INTO \(table) (\(columns.map { "\"\($0)\"" }.joined(separator: ", "))) VALUES "
      + Array(repeating: row, count: rows).joined(separator: ", ")
  }

  // MARK: The row that is being put together

  @discardableResult
  func number(_ number: Int64) -> InsertBuffer {
    kinds.append(.number)
    numbers.append(number)
    return self
  }

  /// 0 where there is none.
  @discardableResult
  func number(_ key: ChangeKey?) -> InsertBuffer { number(key?.rawValue ?? 0) }

  @discardableResult
  func null() -> InsertBuffer {
    kinds.append(.null)
    numbers.append(0)
    return self
  }

  /// UTF-8.
  func text(_ text: ArraySlice<UInt8>) { append(text, .text) }

  @discardableResult
  func bytes(_ bytes: [UInt8]) -> InsertBuffer {
    append(bytes[...], .bytes)
    return self
  }

  func bytes(_ bytes: ArraySlice<UInt8>) { append(bytes, .bytes) }

  private func append(_ bytes: ArraySlice<UInt8>, _ kind: Kind) {
    kinds.append(kind)
    numbers.append(Int64(bytes.count))
    content.append(contentsOf: bytes)
  }

  /// Ends the row.
  func insert() throws {
    count += 1
    precondition(kinds.count == count * columns.count, "a row has a cell for each column")
    if count == Self.rowCount || content.count > Self.mostBytes { try flush() }
  }

  /// Whether a row with this first column waits.
  func holds(_ key: ChangeKey) -> Bool {
    stride(from: 0, to: numbers.count, by: columns.count).contains { numbers[$0] == key.rawValue }
  }

  func flush() throws {
    guard count > 0 else { return }
    defer {
      let isLarge = content.count > Self.mostBytes
      kinds.removeAll(keepingCapacity: true)
      numbers.removeAll(keepingCapacity: true)
      content.removeAll(keepingCapacity: !isLarge)
      count = 0
    }
    try content.withUnsafeBytes { content in
      var offset = 0
      if count == Self.rowCount { return try run(multiple.get(), 0..<kinds.count, content, &offset) }
      for row in 0..<count {
        try run(single.get(), row * columns.count..<(row + 1) * columns.count, content, &offset)
      }
    }
  }

  private func run(
    _ statement: RawStatement, _ cells: Range<Int>, _ content: UnsafeRawBufferPointer, _ offset: inout Int
  ) throws {
    var index: Int32 = 1
    for cell in cells {
      switch kinds[cell] {
      // Bindings were cleared: null is what a parameter has.
      case .null: break
      case .number: statement.bind(numbers[cell], at: index)
      case .text, .bytes:
        let end = offset + Int(numbers[cell])
        let piece = UnsafeRawBufferPointer(rebasing: content[offset..<end])
        if kinds[cell] == .text {
          statement.bind(borrowingText: piece, at: index)
        } else {
          statement.bind(borrowing: piece, at: index)
        }
        offset = end
      }
      index += 1
    }
    defer { statement.clearBindings() }
    try statement.run()
  }
}
