import UnknotCausality

/// The tables that nothing else can be computed from, and how their rows are told when SQLite's own list of tables is gone.
enum FoundTable: String {
  case journal, device, line, shape, change, context, checkpoint, forgotten

  var columns: [String] {
    switch self {
    case .journal: ["number", "id"]
    case .device: ["number", "id", "name", "name_revision", "epoch", "retired", "retired_revision"]
    case .line:
      ["number", "actor", "parent", "first_hash", "beside_hash", "device", "depth", "hash", "context"]
    case .shape: ["id", "definition"]
    case .change: ["key", "shape", "subject", "recorded_at", "begins", "body"]
    case .context: ["key", "heads"]
    case .checkpoint: ["key", "hash"]
    case .forgotten: ["first", "last", "hashes"]
    }
  }

  /// What a row has for these columns; nil for one that cannot be of this table.
  func row(_ cell: Cell) -> [CellValue]? {
    guard let number = cell.row, number >= 1, cell.values.count >= columns.count,
      cell.values[0] == .null, isPossible(cell.values)
    else { return nil }
    return [.integer(number)] + cell.values[1..<columns.count]
  }

  private func isPossible(_ values: [CellValue]) -> Bool {
    func bytes(_ column: Int, _ count: Int) -> Bool { values[column].bytes?.count == count }
    func isNone(_ column: Int) -> Bool { values[column] == .null }
    func isInteger(_ column: Int) -> Bool { values[column].integer != nil }
    switch self {
    case .journal: return (2...3).contains(values.count) && bytes(1, 16)
    case .device:
      return values.count >= 7 && bytes(1, 16) && values[2].isText && (3...6).allSatisfy(isInteger)
    case .line:
      return values.count == 9 && (bytes(1, 16) || isNone(1) && isInteger(2) && bytes(3, 32) && bytes(4, 32))
        && (5...6).allSatisfy(isInteger) && bytes(7, 32) && values[8].bytes != nil
    case .shape:
      return values.count <= 3 && values[1].bytes.map { (try? Shape(canonicalBytes: $0)) != nil } == true
    case .change: return values.count == 6 && (1...4).allSatisfy(isInteger) && values[5].bytes != nil
    case .context:
      return values.count == 2 && values[1].bytes.map { (try? LineClock.keys($0)) != nil } == true
    case .checkpoint: return values.count == 2 && bytes(1, 32)
    case .forgotten:
      return values.count == 3 && isInteger(1)
        && values[2].bytes.map { !$0.isEmpty && $0.count % 32 == 0 } == true
    }
  }

  /// Of a page that no list of tables leads to: the one table that all of its rows can be of. Where there are several, the
  /// order of these cases goes: a context of 32 bytes is rare, and 32 bytes that are no hash of a change prove nothing.
  static func table(of page: DatabasePage) -> FoundTable? {
    guard page.kind == .tableLeaf, !page.cells.isEmpty else { return nil }
    let order: [FoundTable] = [.change, .line, .device, .forgotten, .checkpoint, .journal, .shape, .context]
    // One of them may have been hit.
    return order.first { table in page.cells.count { table.row($0) != nil } * 2 > page.cells.count }
  }

  /// Of a line of which only the name is left.
  static let unknownDevice: Int64 = 1 << 30

  /// What an index that SQLite keeps for a column without repetitions says of a row: that column and the row's number.
  func row(ofIndex cell: Cell) -> [CellValue]? {
    guard cell.row == nil, cell.values.count == 2, let value = cell.values[0].bytes,
      let number = cell.values[1].integer, number >= 1
    else { return nil }
    switch self {
    case .journal: return value.count == 16 ? [.integer(number), .bytes(value)] : nil
    case .device:
      // Of two names that count alike the greater one is in force: this one gives way to every real one.
      let name = "(device \(hexadecimal(value.prefix(4))))"
      return value.count == 16
        ? [.integer(number), .bytes(value), .text(Array(name.utf8))]
          + [CellValue](repeating: .integer(0), count: 4)
        : nil
    case .line:
      // How far it goes is found out from its changes.
      return value.count == 16
        ? [
          .integer(number), .bytes(value), .null, .null, .null, .integer(Self.unknownDevice), .integer(0),
          .bytes([UInt8](repeating: 0, count: ChangeHash.byteCount)), .bytes([]),
        ] : nil
    case .shape: return (try? Shape(canonicalBytes: value)) == nil ? nil : [.integer(number), .bytes(value)]
    default: return nil
    }
  }
}

/// Every row of those tables that a file has, whatever became of its trees: what SQLite's list of tables leads to first,
/// then what lies about, then pages that are not what that list says, then what the indexes repeat.
final class FoundRows {
  private let file: DatabaseFile
  /// Pages that are known to be of something, by which table; nil for a table that is not looked for.
  private(set) var owners: [Int: String?] = [:]
  private(set) var indexPages: [(table: FoundTable, page: Int)] = []

  init(_ file: DatabaseFile) {
    self.file = file
    // The list of tables begins on the first page.
    var lists: [Int] = []
    walk(1, "sqlite_schema") { lists.append($0) }
    for number in lists {
      for cell in DatabasePage(number, of: file)?.cells ?? [] {
        guard cell.values.count >= 4, case .text(let type) = cell.values[0],
          case .text(let name) = cell.values[1],
          case .text(let table) = cell.values[2], let root = cell.values[3].integer,
          let page = Int(exactly: root)
        else { continue }
        let owner = String(decoding: table, as: UTF8.self)
        if type == Array("table".utf8) {
          walk(page, owner)
        } else if name.starts(with: Array("sqlite_autoindex_".utf8)), let found = FoundTable(rawValue: owner)
        {
          walk(page, nil) { indexPages.append((found, $0)) }
        } else {
          walk(page, nil)
        }
      }
    }
  }

  /// Goes down a tree, without what is gone of it.
  private func walk(_ root: Int, _ owner: String?, _ visit: (Int) -> Void = { _ in }) {
    var waiting = [root]
    while let number = waiting.popLast() {
      guard number >= 1, number <= file.pageCount, owners[number] == nil,
        let page = DatabasePage(number, of: file)
      else { continue }
      owners[number] = .some(owner)
      visit(number)
      waiting += page.children
    }
  }

  /// Calls `body` with each row; of one that was found twice, the first is the better one.
  func tellAll(_ body: (FoundTable, [CellValue]) throws -> Void) throws {
    func tell(_ number: Int, _ table: FoundTable) throws {
      for cell in DatabasePage(number, of: file)?.cells ?? [] {
        if let row = table.row(cell) { try body(table, row) }
      }
    }
    for (number, owner) in owners.sorted(by: { $0.key < $1.key }) {
      guard let owner, let table = FoundTable(rawValue: owner) else { continue }
      try tell(number, table)
    }
    // Old pages that belong to nothing have the line as it was once: better than its name alone.
    for number in stride(from: 1, through: file.pageCount, by: 1) where owners[number] == nil {
      guard let page = DatabasePage(number, of: file), let table = FoundTable.table(of: page) else {
        continue
      }
      try tell(number, table)
    }
    // Where the list of tables is wrong, a page is not what it says.
    func tellMisplaced(_ isWanted: (FoundTable) -> Bool) throws {
      for (number, owner) in owners.sorted(by: { $0.key < $1.key }) {
        guard let page = DatabasePage(number, of: file), let table = FoundTable.table(of: page),
          table.rawValue != owner, isWanted(table)
        else { continue }
        try tell(number, table)
      }
    }
    try tellMisplaced { $0 != .journal }
    for (table, number) in indexPages {
      for cell in DatabasePage(number, of: file)?.cells ?? [] {
        if let row = table.row(ofIndex: cell) { try body(table, row) }
      }
    }
    // A stamp looks like a journal's id: what an index says is better.
    try tellMisplaced { $0 == .journal }
  }
}
