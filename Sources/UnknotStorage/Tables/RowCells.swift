import UnknotCausality

/// What columns hold, one cell after the other: of rows that are about to be written, or as they were read.
struct RowCells: Equatable {
  enum Kind: UInt8 { case null, number, text, bytes }

  private(set) var kinds: [Kind] = []
  /// Of each cell its number, or the length of its content.
  private(set) var numbers: [Int64] = []
  private var content: [UInt8] = []

  var count: Int { kinds.count }
  var contentCount: Int { content.count }

  mutating func null() {
    kinds.append(.null)
    numbers.append(0)
  }

  mutating func number(_ number: Int64) {
    kinds.append(.number)
    numbers.append(number)
  }

  mutating func key(_ key: ChangeKey) { number(key.rawValue) }

  /// Null where there is none.
  mutating func key(_ key: ChangeKey?) { if let key { number(key.rawValue) } else { null() } }

  /// UTF-8.
  mutating func text(_ bytes: [UInt8], _ range: Range<Int>) { append(bytes, range, .text) }

  mutating func bytes(_ bytes: [UInt8]) { append(bytes, bytes.indices, .bytes) }

  mutating func bytes(_ bytes: [UInt8], _ range: Range<Int>) { append(bytes, range, .bytes) }

  private mutating func append(_ bytes: [UInt8], _ range: Range<Int>, _ kind: Kind) {
    kinds.append(kind)
    numbers.append(Int64(range.count))
    bytes.withUnsafeBufferPointer { content.append(contentsOf: UnsafeBufferPointer(rebasing: $0[range])) }
  }

  mutating func append(_ other: RowCells) {
    kinds.append(contentsOf: other.kinds)
    numbers.append(contentsOf: other.numbers)
    content.append(contentsOf: other.content)
  }

  /// A cell as it was read.
  mutating func cell(_ row: RawStatement, _ column: Int32) {
    switch row.type(of: column) {
    case .null: null()
    case .integer: number(row.integer(column))
    case .text:
      let bytes = row.bytes(column)
      text(bytes, bytes.indices)
    case .other: bytes(row.bytes(column))
    }
  }

  /// Forgets them, and keeps the memory for the next ones unless that is more than those need.
  mutating func clear(keeping mostBytes: Int) {
    guard count > 0 else { return }
    let isLarge = content.count > mostBytes
    kinds.removeAll(keepingCapacity: true)
    numbers.removeAll(keepingCapacity: true)
    content.removeAll(keepingCapacity: !isLarge)
  }

  /// Runs a statement with these cells for its parameters, one time after the other, without copies of their content.
  ///
  /// - Parameters:
  ///   - key: one more parameter, behind them.
  ///   - next: what to run next and with how many cells, where so many are left.
  func run(key: ChangeKey? = nil, _ next: (_ cellsLeft: Int) throws -> (RawStatement, Int)) throws {
    try content.withUnsafeBytes { content in
      var (cell, offset) = (0, 0)
      while cell < kinds.count {
        let (statement, count) = try next(kinds.count - cell)
        var index: Int32 = 1
        for _ in 0..<count {
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
          cell += 1
        }
        if let key { statement.bind(key, at: index) }
        defer { statement.clearBindings() }
        try statement.run()
      }
    }
  }
}
