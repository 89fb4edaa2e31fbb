import UnknotCausality

/// Rows that are about to be inserted into one table, many with one statement: to start a statement costs about as
/// much as a row does. Whoever reads the table has them written first (`Statements`).
final class InsertBuffer {
  private static let rowCount = 32
  /// More than that does not wait.
  private static let mostBytes = 1 << 18

  private let table: String
  private let columns: [String]
  private let prepare: (String) throws -> RawStatement
  private lazy var single = Result { try prepare(sql(rows: 1)) }
  private lazy var multiple = Result { try prepare(sql(rows: Self.rowCount)) }
  private var cells = RowCells()

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

  /// - Parameter fill: appends a cell for each column, of one row or of several.
  func insert(_ fill: (inout RowCells) throws -> Void) throws {
    try fill(&cells)
    precondition(cells.count % columns.count == 0, "a row has a cell for each column")
    if cells.count >= Self.rowCount * columns.count || cells.contentCount > Self.mostBytes { try flush() }
  }

  /// Whether a row with this first column waits.
  func holds(_ key: ChangeKey) -> Bool {
    stride(from: 0, to: cells.count, by: columns.count).contains { cells.numbers[$0] == key.rawValue }
  }

  /// Forgets what waits: that part of the transaction is taken back.
  func discard() { cells.clear(keeping: Self.mostBytes) }

  func flush() throws {
    guard cells.count > 0 else { return }
    defer { cells.clear(keeping: Self.mostBytes) }
    let (row, rows) = (columns.count, Self.rowCount * columns.count)
    try cells.run { $0 >= rows ? (try multiple.get(), rows) : (try single.get(), row) }
  }
}
