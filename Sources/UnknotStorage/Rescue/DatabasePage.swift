/// A value of a row, as it is stored.
enum CellValue: Hashable {
  case null
  case integer(Int64)
  case text([UInt8])
  case bytes([UInt8])
  /// A floating-point number: no table that is looked for has one.
  case real

  var integer: Int64? { if case .integer(let number) = self { number } else { nil } }
  var bytes: [UInt8]? { if case .bytes(let bytes) = self { bytes } else { nil } }
  var isText: Bool { if case .text = self { true } else { false } }
}

/// A row of a table, with its number, or an entry of an index, without one.
struct Cell {
  let row: Int64?
  let values: [CellValue]

  /// How much of it is bytes and texts.
  var byteCount: Int {
    values.reduce(0) { sum, value in
      switch value {
      case .text(let bytes), .bytes(let bytes): sum + bytes.count
      default: sum
      }
    }
  }
}

/// One page of a table or an index, as far as it makes sense.
struct DatabasePage {
  enum Kind: UInt8 {
    case indexInterior = 2
    case tableInterior = 5
    case indexLeaf = 10
    case tableLeaf = 13
  }

  let kind: Kind
  private(set) var cells: [Cell] = []
  /// Pages below this one.
  private(set) var children: [Int] = []

  /// nil for a page that is none of them.
  init?(_ number: Int, of file: DatabaseFile) {
    guard let page = file.page(number) else { return nil }
    // The first one begins with the file's header.
    let start = number == 1 ? 100 : 0
    guard let kind = Kind(rawValue: page[start]) else { return nil }
    self.kind = kind
    let isInterior = kind == .tableInterior || kind == .indexInterior
    let headSize = isInterior ? 12 : 8
    func big(_ offset: Int, _ count: Int) -> Int {
      page[offset..<offset + count].reduce(0) { $0 << 8 | Int($1) }
    }
    let count = big(start + 3, 2)
    let first = start + headSize
    guard first + 2 * count <= file.usableSize else { return nil }
    var seen: Set<Int> = []
    var byteCount = 0
    for index in 0..<count {
      var offset = big(first + 2 * index, 2)
      // Two rows cannot lie in one place, and one page's rows are not larger than the file.
      guard seen.insert(offset).inserted, byteCount <= file.pageCount * file.pageSize else { continue }
      guard offset >= first + 2 * count, offset + 4 <= file.usableSize else { continue }
      if isInterior {
        children.append(big(offset, 4))
        offset += 4
      }
      guard kind != .tableInterior, let cell = Self.cell(page, offset, kind, file) else { continue }
      cells.append(cell)
      byteCount += cell.byteCount
    }
    if isInterior { children.append(big(start + 8, 4)) }
  }

  private static func cell(_ page: [UInt8], _ start: Int, _ kind: Kind, _ file: DatabaseFile) -> Cell? {
    var reader = RecordReader(page, start, file.usableSize)
    guard let length = reader.varint(), let size = Int(exactly: length) else { return nil }
    var row: Int64?
    if kind == .tableLeaf {
      guard let number = reader.varint() else { return nil }
      row = Int64(bitPattern: number)
    }
    guard let payload = payload(size, &reader, kind, file) else { return nil }
    var record = RecordReader(payload, 0, payload.count)
    return record.values().map { Cell(row: row, values: $0) }
  }

  /// Larger than any row that a journal has.
  private static let largestPayload = 64 << 20

  /// What stands on the page, and what goes on on others.
  private static func payload(
    _ size: Int, _ reader: inout RecordReader, _ kind: Kind, _ file: DatabaseFile
  ) -> [UInt8]? {
    let usable = file.usableSize
    let most = kind == .tableLeaf ? usable - 35 : (usable - 12) * 64 / 255 - 23
    guard size > most else { return reader.raw(size) }
    guard size / usable < file.pageCount, size <= largestPayload else { return nil }
    let least = (usable - 12) * 32 / 255 - 23
    let kept = least + (size - least) % (usable - 4)
    guard var bytes = reader.raw(kept <= most ? kept : least), let link = reader.raw(4) else { return nil }
    var next = link.reduce(0) { $0 << 8 | Int($1) }
    var seen: Set<Int> = []
    while bytes.count < size {
      guard seen.insert(next).inserted, let page = file.page(next) else { return nil }
      next = page[..<4].reduce(0) { $0 << 8 | Int($1) }
      bytes += page[4..<min(usable, 4 + size - bytes.count)]
    }
    return bytes
  }
}

/// SQLite's record format.
private struct RecordReader {
  private let bytes: [UInt8]
  private let end: Int
  private var position: Int

  init(_ bytes: [UInt8], _ start: Int, _ end: Int) {
    self.bytes = bytes
    self.end = end
    position = start
  }

  mutating func raw(_ count: Int) -> [UInt8]? {
    guard count >= 0, count <= end - position else { return nil }
    defer { position += count }
    return Array(bytes[position..<position + count])
  }

  mutating func varint() -> UInt64? {
    var number: UInt64 = 0
    for index in 0..<9 {
      guard position < end else { return nil }
      let byte = bytes[position]
      position += 1
      if index == 8 { return number << 8 | UInt64(byte) }
      number = number << 7 | UInt64(byte & 0x7f)
      if byte & 0x80 == 0 { return number }
    }
    return number
  }

  mutating func values() -> [CellValue]? {
    let start = position
    guard let head = varint(), let size = Int(exactly: head), size <= end - start else { return nil }
    let body = start + size
    var types: [UInt64] = []
    while position < body {
      guard let type = varint() else { return nil }
      types.append(type)
      // SQLite's own limit.
      guard types.count <= 2000 else { return nil }
    }
    guard position == body else { return nil }
    var values: [CellValue] = []
    for type in types {
      guard let value = value(type) else { return nil }
      values.append(value)
    }
    return position == end ? values : nil
  }

  private mutating func value(_ type: UInt64) -> CellValue? {
    func integer(_ bytes: [UInt8]) -> CellValue {
      let start: Int64 = bytes[0] & 0x80 == 0 ? 0 : -1
      return .integer(bytes.reduce(start) { $0 << 8 | Int64($1) })
    }
    switch type {
    case 0: return .null
    case 1...4: return raw(Int(type)).map(integer)
    case 5: return raw(6).map(integer)
    case 6: return raw(8).map(integer)
    case 7: return raw(8).map { _ in .real }
    case 8: return .integer(0)
    case 9: return .integer(1)
    case 10, 11: return nil
    default:
      guard let size = Int(exactly: (type - 12) / 2), let content = raw(size) else { return nil }
      return type % 2 == 0 ? .bytes(content) : .text(content)
    }
  }
}
