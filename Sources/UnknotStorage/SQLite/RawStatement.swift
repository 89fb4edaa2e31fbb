import GRDB
import GRDBSQLite
import UnknotCausality

/// A prepared statement by its SQLite handle: what the log and the registers are written and read with. GRDB
/// prepares, keeps and frees it.
final class RawStatement {
  private let statement: Statement
  private let handle: OpaquePointer
  /// In the middle of its rows, a statement cannot be used for anything else.
  private(set) var isRunning = false

  /// SQLite copies what is bound.
  private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  /// - Parameter isShared: false where the connection's own statement of that text is in the middle of its rows.
  init(_ database: Database, _ sql: String, isShared: Bool) throws {
    statement = try isShared ? database.cachedStatement(sql: sql) : database.makeStatement(sql: sql)
    handle = statement.sqliteStatement
  }

  @discardableResult
  func bind(_ number: Int64, at index: Int32) -> RawStatement {
    check(sqlite3_bind_int64(handle, index, number))
    return self
  }

  @discardableResult
  func bind(_ number: Int64?, at index: Int32) -> RawStatement {
    if let number { return bind(number, at: index) }
    check(sqlite3_bind_null(handle, index))
    return self
  }

  @discardableResult
  func bind(_ key: ChangeKey, at index: Int32) -> RawStatement { bind(key.rawValue, at: index) }

  @discardableResult
  func bind(_ bytes: [UInt8], at index: Int32) -> RawStatement {
    if bytes.isEmpty {
      check(sqlite3_bind_zeroblob(handle, index, 0))
    } else {
      check(
        bytes.withUnsafeBytes {
          sqlite3_bind_blob(handle, index, $0.baseAddress, Int32($0.count), Self.transient)
        })
    }
    return self
  }

  @discardableResult
  func bind(_ bytes: [UInt8]?, at index: Int32) -> RawStatement {
    if let bytes { return bind(bytes, at: index) }
    check(sqlite3_bind_null(handle, index))
    return self
  }

  /// Without a copy: they have to stay where they are until `clearBindings`.
  func bind(borrowing bytes: UnsafeRawBufferPointer, at index: Int32) {
    check(
      bytes.isEmpty
        ? sqlite3_bind_zeroblob(handle, index, 0)
        : sqlite3_bind_blob(handle, index, bytes.baseAddress, Int32(bytes.count), nil))
  }

  /// UTF-8, without a copy: as with bytes.
  func bind(borrowingText text: UnsafeRawBufferPointer, at index: Int32) {
    // An empty text is no null.
    guard let start = text.baseAddress, !text.isEmpty else {
      bind("", at: index)
      return
    }
    check(
      sqlite3_bind_text(
        handle, index, start.assumingMemoryBound(to: CChar.self), Int32(text.count), nil))
  }

  func clearBindings() { sqlite3_clear_bindings(handle) }

  @discardableResult
  func bind(_ text: String, at index: Int32) -> RawStatement {
    check(sqlite3_bind_text(handle, index, text, Int32(text.utf8.count), Self.transient))
    return self
  }

  @discardableResult
  func bind(_ text: String?, at index: Int32) -> RawStatement {
    if let text { return bind(text, at: index) }
    check(sqlite3_bind_null(handle, index))
    return self
  }

  /// A wrong index or a value over SQLite's limit is a mistake of this module: callers check sizes.
  private func check(_ code: Int32) {
    precondition(code == SQLITE_OK, "SQLite refused a bound value: \(code)")
  }

  /// Moves to the next row; false after the last one, with the statement ready to be used again.
  func step() throws -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE:
      sqlite3_reset(handle)
      return false
    default:
      let failure = StorageError.sqlite(
        code: sqlite3_extended_errcode(sqlite3_db_handle(handle)),
        message: String(cString: sqlite3_errmsg(sqlite3_db_handle(handle))))
      sqlite3_reset(handle)
      throw failure
    }
  }

  /// Runs a statement that gives no rows.
  func run() throws {
    while try step() {}
  }

  /// How many rows the statement changed that was run last.
  var changedRows: Int32 { sqlite3_changes(sqlite3_db_handle(handle)) }

  /// Calls `row` for each row. The statement is ready again afterwards, also when `row` throws.
  func eachRow(_ row: (RawStatement) throws -> Void) throws {
    try eachRowWhile {
      try row($0)
      return true
    }
  }

  /// The same, until `row` says that it has enough.
  func eachRowWhile(_ row: (RawStatement) throws -> Bool) throws {
    isRunning = true
    defer {
      isRunning = false
      sqlite3_reset(handle)
    }
    while try step(), try row(self) {}
  }

  /// What `row` makes of the first row; nil without rows.
  func first<T>(_ row: (RawStatement) throws -> T) throws -> T? {
    defer { sqlite3_reset(handle) }
    return try step() ? row(self) : nil
  }

  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  func key(_ column: Int32) -> ChangeKey { ChangeKey(rawValue: integer(column)) }

  /// Where 0 stands for none.
  func keyOrNone(_ column: Int32) -> ChangeKey? {
    let number = integer(column)
    return number == 0 ? nil : ChangeKey(rawValue: number)
  }

  enum ColumnType { case null, integer, text, other }

  func type(of column: Int32) -> ColumnType {
    switch sqlite3_column_type(handle, column) {
    case SQLITE_NULL: .null
    case SQLITE_INTEGER: .integer
    case SQLITE_TEXT: .text
    default: .other
    }
  }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

  func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }

  func bytes(_ column: Int32) -> [UInt8] {
    let count = Int(sqlite3_column_bytes(handle, column))
    guard count > 0, let start = sqlite3_column_blob(handle, column) else { return [] }
    return Array(UnsafeRawBufferPointer(start: start, count: count))
  }

  /// Whether a column has these bytes, without a copy of it.
  func holds(_ bytes: [UInt8], at column: Int32) -> Bool {
    let count = Int(sqlite3_column_bytes(handle, column))
    guard count == bytes.count else { return false }
    guard count > 0, let start = sqlite3_column_blob(handle, column) else { return count == 0 }
    return UnsafeRawBufferPointer(start: start, count: count).elementsEqual(bytes)
  }

  func text(_ column: Int32) throws -> String {
    let count = Int(sqlite3_column_bytes(handle, column))
    guard count > 0, let start = sqlite3_column_blob(handle, column) else { return "" }
    let bytes = UnsafeRawBufferPointer(start: start, count: count)
    // Most texts are ASCII, and need no more to be checked.
    if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw StorageError.damaged("a text in the journal is not UTF-8")
    }
    return text
  }

  func optionalText(_ column: Int32) throws -> String? { isNull(column) ? nil : try text(column) }
}
