import UnknotCausality

/// What one column of one row holds.
enum Cell {
  case null
  case number(Int64)
  /// UTF-8.
  case text(ArraySlice<UInt8>)
  case bytes(ArraySlice<UInt8>)
}

extension Cell: Equatable {
  static func == (left: Cell, right: Cell) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.number(let a), .number(let b)): a == b
    case (.text(let a), .text(let b)), (.bytes(let a), .bytes(let b)): a.elementsEqual(b)
    default: false
    }
  }
}

extension InsertBuffer {
  func cell(_ cell: Cell) {
    switch cell {
    case .null: null()
    case .number(let value): number(value)
    case .text(let bytes): text(bytes)
    case .bytes(let bytes): self.bytes(bytes)
    }
  }
}

extension RawStatement {
  @discardableResult
  func bind(_ cell: Cell, at index: Int32) -> RawStatement {
    switch cell {
    case .null: bind(Int64?.none, at: index)
    case .number(let number): bind(number, at: index)
    case .text(let bytes): bind(String(decoding: bytes, as: UTF8.self), at: index)
    case .bytes(let bytes): bind(Array(bytes), at: index)
    }
  }

  func cell(_ column: Int32) -> Cell {
    switch type(of: column) {
    case .null: .null
    case .integer: .number(integer(column))
    case .text: .text(bytes(column)[...])
    case .other: .bytes(bytes(column)[...])
    }
  }
}

/// A record as its table has it.
struct RecordRow: Equatable {
  /// In the order of the table's columns.
  var cells: [Cell]
  /// What sets and maps hold, by the numbers of their fields, ascending.
  var members: [Member]

  struct Member: Equatable {
    let field: Int64
    let cell: Cell
  }
}
