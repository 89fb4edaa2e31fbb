import GRDB
import GRDBSQLite

/// Ends what SQLite is doing on a connection once nobody wants it any more.
final class Cancellation {
  /// So many steps of SQLite's machine are done between two looks: far less than a second's.
  static let stepsBetweenLooks: Int32 = 1000

  private let isCancelled: () -> Bool

  private init(_ isCancelled: @escaping () -> Bool) { self.isCancelled = isCancelled }

  /// - Parameter isCancelled: asked often while `body` has SQLite work; true ends that with `.interrupted`.
  static func watching<T>(
    _ isCancelled: (() -> Bool)?, on database: Database, _ body: () throws -> T
  ) throws -> T {
    guard let isCancelled else { return try body() }
    let watch = Cancellation(isCancelled)
    let handle = database.sqliteConnection
    // SQLite keeps only a pointer to it.
    return try withExtendedLifetime(watch) {
      sqlite3_progress_handler(
        handle, stepsBetweenLooks,
        { context in
          guard let context else { return 1 }
          return Unmanaged<Cancellation>.fromOpaque(context).takeUnretainedValue().isCancelled() ? 1 : 0
        }, Unmanaged.passUnretained(watch).toOpaque())
      defer { sqlite3_progress_handler(handle, 0, nil, nil) }
      if isCancelled() { throw StorageError.interrupted }
      return try body()
    }
  }
}
