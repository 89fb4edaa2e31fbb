import GRDB
import GRDBSQLite

/// A connection of its own to the journal's file, that cannot write. Who asks in SQL may write anything into the
/// question: SQLite itself refuses whatever is not reading, before it begins.
///
/// All that it is asked is answered from one state of the journal.
final class ReadOnlyHandle {
  private let database: OpaquePointer
  private let gate: Gate

  /// What SQLite calls back to. SQLite keeps only a pointer to it.
  private final class Gate {
    let isCancelled: () -> Bool
    /// Why the text that is being prepared was refused.
    var refusal: String?

    init(_ isCancelled: @escaping () -> Bool) { self.isCancelled = isCancelled }
  }

  /// Values and rows: what `randomblob` and its like could fill the memory with.
  static let mostValueBytes: Int32 = 64 << 20
  static let mostTextBytes: Int32 = 1 << 20

  convenience init(path: String, isCancelled: @escaping () -> Bool) throws {
    try self.init(path, isCancelled) { _ in }
  }

  /// Of a journal in memory: another connection sees nothing of it.
  convenience init(copyOf journal: Database, isCancelled: @escaping () -> Bool) throws {
    try self.init(":memory:", isCancelled) { handle in
      var count: Int64 = 0
      guard let image = sqlite3_serialize(journal.sqliteConnection, "main", &count, 0) else {
        throw StorageError.io("out of memory")
      }
      // SQLite frees it, also where this fails.
      let code = sqlite3_deserialize(
        handle, "main", image, count, count,
        UInt32(SQLITE_DESERIALIZE_FREEONCLOSE) | UInt32(SQLITE_DESERIALIZE_READONLY))
      guard code == SQLITE_OK else {
        throw StorageError.sqlite(code: code, message: "cannot copy the journal")
      }
    }
  }

  private init(
    _ path: String, _ isCancelled: @escaping () -> Bool, _ load: (OpaquePointer) throws -> Void
  ) throws {
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(path, &opened, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nil)
    guard code == SQLITE_OK, let opened else {
      // There is a handle also of what could not be opened, but where memory is short.
      let reason = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
      sqlite3_close(opened)
      throw StorageError.sqlite(code: code, message: reason)
    }
    database = opened
    gate = Gate(isCancelled)
    try load(opened)
    sqlite3_extended_result_codes(database, 1)
    sqlite3_busy_timeout(database, 5000)
    sqlite3_limit(database, SQLITE_LIMIT_LENGTH, Self.mostValueBytes)
    sqlite3_limit(database, SQLITE_LIMIT_SQL_LENGTH, Self.mostTextBytes)
    sqlite3_limit(database, SQLITE_LIMIT_ATTACHED, 0)
    // "name" is a column or a mistake, never a text.
    _disableDoubleQuotedStringLiterals(database)
    for text in [
      // SQLite 3.40 takes its JSON functions for unsafe in views, which need them. What else a view of another hand could
      // call is not there: this connection has no functions but SQLite's own, and `watch` refuses those that reach out.
      "PRAGMA trusted_schema = ON", "PRAGMA cell_size_check = ON", "PRAGMA mmap_size = 0", "BEGIN",
      // The state that everything is answered from is this moment's, also of what is prepared next.
      "SELECT count(*) FROM sqlite_schema",
    ] {
      let code = sqlite3_exec(database, text, nil, nil, nil)
      guard code == SQLITE_OK else { throw failure(code) }
    }
    // To make these known is, to SQLite, to write into its own table: done before it asks. Where they are missing, a query
    // that names them says so.
    sqlite3_exec(database, "SELECT 1 FROM json_each('0'), json_tree('0')", nil, nil, nil)
    watch()
  }

  deinit { sqlite3_close_v2(database) }

  /// From here on, SQLite asks before it prepares and while it runs.
  private func watch() {
    let context = Unmanaged.passUnretained(gate).toOpaque()
    sqlite3_set_authorizer(
      database,
      { context, action, _, name, _, _ in
        guard let context else { return SQLITE_DENY }
        let gate = Unmanaged<Gate>.fromOpaque(context).takeUnretainedValue()
        guard let refusal = ReadOnlyHandle.refusal(action, name) else { return SQLITE_OK }
        gate.refusal = refusal
        return SQLITE_DENY
      }, context)
    sqlite3_progress_handler(
      database, Cancellation.stepsBetweenLooks,
      { context in
        guard let context else { return 1 }
        return Unmanaged<Gate>.fromOpaque(context).takeUnretainedValue().isCancelled() ? 1 : 0
      }, context)
  }

  /// Why something may not be done; nil where it is reading.
  ///
  /// - Parameter name: of a function.
  private static func refusal(_ action: Int32, _ name: UnsafePointer<CChar>?) -> String? {
    switch action {
    case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE: return nil
    case SQLITE_FUNCTION:
      // Those that reach out of SQL. SQLite has them switched off by itself, too.
      let name = name.map { String(cString: $0).lowercased() } ?? ""
      guard ["load_extension", "fts3_tokenizer"].contains(name) else { return nil }
      return "\(onlyReading), without \(name)()"
    case SQLITE_PRAGMA: return "\(onlyReading), without PRAGMA"
    default: return onlyReading
    }
  }

  private static let onlyReading = "only reading is possible: SELECT"

  func checkCancelled() throws {
    if gate.isCancelled() { throw StorageError.interrupted }
  }

  /// The one statement of a text. To be finalized by the caller, before this goes away.
  func prepare(_ text: String) throws -> OpaquePointer {
    guard !text.utf8.contains(0) else { throw StorageError.invalidQuery("a query cannot contain a NUL") }
    return try text.withCString { start in
      var rest: UnsafePointer<CChar>? = start
      guard let statement = try next(&rest) else {
        throw StorageError.invalidQuery("the query is empty")
      }
      do {
        // What follows is looked at without being run: comments and semicolons give no statement.
        if let other = try? next(&rest) {
          sqlite3_finalize(other)
          throw StorageError.invalidQuery("one statement at a time")
        }
        guard rest?.pointee == 0 else { throw StorageError.invalidQuery("one statement at a time") }
        // Beside what is asked before: VACUUM is only found out when it runs.
        guard sqlite3_stmt_readonly(statement) != 0, sqlite3_column_count(statement) > 0 else {
          throw StorageError.invalidQuery(Self.onlyReading)
        }
        // It would be null, and the answer another one than was asked for.
        guard sqlite3_bind_parameter_count(statement) == 0 else {
          throw StorageError.invalidQuery("there is no value for a parameter: write it into the query")
        }
        return statement
      } catch {
        sqlite3_finalize(statement)
        throw error
      }
    }
  }

  /// The next statement, and moves on to what follows it; nil at the end. Where it throws, it has not moved.
  private func next(_ rest: inout UnsafePointer<CChar>?) throws -> OpaquePointer? {
    while let start = rest, start.pointee != 0 {
      var statement: OpaquePointer?
      var tail: UnsafePointer<CChar>?
      gate.refusal = nil
      let code = sqlite3_prepare_v2(database, start, -1, &statement, &tail)
      guard code == SQLITE_OK else { throw failure(code) }
      rest = tail
      if let statement { return statement }
    }
    return nil
  }

  /// Why SQLite did not go on, in the journal's terms. What is wrong with the question is told from what is wrong with
  /// the file.
  func failure(_ code: Int32) -> StorageError {
    let message = String(cString: sqlite3_errmsg(database))
    switch code & 0xff {
    case SQLITE_INTERRUPT: return .interrupted
    case SQLITE_AUTH: return .invalidQuery(gate.refusal ?? Self.onlyReading)
    case SQLITE_ERROR: return .invalidQuery(gate.refusal ?? message)
    case SQLITE_TOOBIG, SQLITE_MISMATCH, SQLITE_CONSTRAINT, SQLITE_RANGE: return .invalidQuery(message)
    default: return .sqlite(code: code, message: message)
    }
  }
}
