import GRDB
import GRDBSQLite

/// A value as SQLite gives it.
public enum QueryValue: Hashable, Sendable {
  /// SQLite's NULL.
  case null
  /// A whole number.
  case integer(Int64)
  /// A number with a fraction, as SQLite computes it.
  case real(Double)
  /// A text.
  case text(String)
  /// Bytes.
  case blob([UInt8])
}

/// The answer to a query, row by row. It is at hand only inside the closure that it was given to.
public final class QueryResult {
  /// As SQLite names them; a name can come twice.
  public let columns: [String]
  private let handle: ReadOnlyHandle
  private let statement: OpaquePointer
  private var isRunning = false

  init(_ handle: ReadOnlyHandle, _ sql: String) throws {
    self.handle = handle
    let statement = try handle.prepare(sql)
    self.statement = statement
    columns = (0..<sqlite3_column_count(statement)).map { column in
      sqlite3_column_name(statement, column).map { String(cString: $0) } ?? ""
    }
  }

  deinit { sqlite3_finalize(statement) }

  /// Every row, and again from the first one where it is called again: of the same state of the journal.
  ///
  /// - Throws: what `row` throws, and `StorageError` where SQLite cannot go on, which may be after some rows.
  public func each(_ row: ([QueryValue]) throws -> Void) throws {
    precondition(!isRunning, "a query was run in the middle of its own rows")
    isRunning = true
    defer {
      isRunning = false
      sqlite3_reset(statement)
    }
    while true {
      try handle.checkCancelled()
      let code = sqlite3_step(statement)
      if code == SQLITE_DONE { return }
      guard code == SQLITE_ROW else { throw handle.failure(code) }
      try row(try (0..<Int32(columns.count)).map(value))
    }
  }

  private func value(_ column: Int32) throws -> QueryValue {
    switch sqlite3_column_type(statement, column) {
    case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, column))
    case SQLITE_FLOAT: return .real(sqlite3_column_double(statement, column))
    case SQLITE_TEXT:
      let start = UnsafeRawPointer(sqlite3_column_text(statement, column))
      // What is not UTF-8 is repaired: SQL can make such texts, and they are only to be looked at.
      return .text(String(decoding: try bytes(start, column), as: UTF8.self))
    case SQLITE_BLOB:
      let start = sqlite3_column_blob(statement, column)
      return .blob(Array(try bytes(start, column)))
    default: return .null
    }
  }

  private func bytes(_ start: UnsafeRawPointer?, _ column: Int32) throws -> UnsafeRawBufferPointer {
    let count = Int(sqlite3_column_bytes(statement, column))
    guard count > 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    guard let start else { throw StorageError.io("out of memory") }
    return UnsafeRawBufferPointer(start: start, count: count)
  }
}

/// A view of the journal, to be asked in SQL.
public struct QueryView: Hashable, Sendable {
  /// What SQL calls it.
  public let name: String
  /// The names of its columns, in their order.
  public let columns: [String]
}

extension Store {
  /// Answers one SELECT. Nothing else is carried out: a connection that cannot write is opened for it, and is closed
  /// when `body` ends.
  ///
  /// - Parameters:
  ///   - isCancelled: asked often, also while SQLite looks for the first row; true ends it with `.interrupted`.
  ///   - body: gets the answer. Other programs cannot write to the journal until it ends.
  public func query<T>(
    _ sql: String, isCancelled: @escaping () -> Bool = { false }, _ body: (QueryResult) throws -> T
  ) throws -> T {
    try body(try QueryResult(try readOnlyHandle(isCancelled), sql))
  }

  /// The views, by name.
  public func views() throws -> [QueryView] {
    let handle = try readOnlyHandle { false }
    var names: [String] = []
    try QueryResult(handle, "SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name").each {
      if case .text(let name) = $0[0] { names.append(name) }
    }
    return try names.map { name in
      let quoted =
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
      return QueryView(name: name, columns: try QueryResult(handle, "SELECT * FROM \(quoted)").columns)
    }
  }

  private func readOnlyHandle(_ isCancelled: @escaping () -> Bool) throws -> ReadOnlyHandle {
    let queue = try readable()
    guard queue.path == ":memory:" else {
      return try ReadOnlyHandle(path: queue.path, isCancelled: isCancelled)
    }
    return try queue.read { try ReadOnlyHandle(copyOf: $0, isCancelled: isCancelled) }
  }
}
