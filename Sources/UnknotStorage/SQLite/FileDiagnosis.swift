import GRDB
import GRDBSQLite
import UnknotPlatform

// SQLite says that a file is malformed also where the disk could not read it (SQLITE_IOERR_CORRUPTFS becomes
// SQLITE_CORRUPT on its way). A person has to know which: one of them is mended by another cable, and for the other no
// cable will do.

extension StorageError {
  /// SQLite's words for a file that is not as it should be.
  private static let malformed = String(cString: sqlite3_errstr(SQLITE_CORRUPT))

  /// What an error says once the file was looked at again.
  ///
  /// - Parameter path: the file; nil: it is in memory.
  static func lookingAgain(at path: String?, for error: any Error) -> any Error {
    guard let path else { return error }
    if case .diskFull? = failure(of: error) { return diskFull(at: path) }
    guard case .damaged(malformed)? = failure(of: error) else { return error }
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    let found = try? DatabaseQueue(path: path, configuration: configuration).read { database in
      if let failure = diskFailure(database) { return failure }
      let isWhole = try String.fetchOne(database, sql: "PRAGMA integrity_check(1)") == "ok"
      return isWhole ? "a part of it could not be read; read once more, it is whole" : nil
    }
    if let found { return StorageError.io(found) }
    return error
  }

  /// With what is free where a file lies.
  static func diskFull(at path: String) -> StorageError {
    let folder = Files.folder(of: path)
    return .diskFull(free: freeBytes(inFolder: folder.isEmpty ? "." : folder).map { Int64(clamping: $0) })
  }

  /// Reads the whole file by the connection's own descriptor: another one of this process would take its locks away.
  private static func diskFailure(_ database: Database) -> String? {
    var pointer: UnsafeMutablePointer<sqlite3_file>?
    let code = sqlite3_file_control(database.sqliteConnection, "main", SQLITE_FCNTL_FILE_POINTER, &pointer)
    guard code == SQLITE_OK, let file = pointer, let methods = file.pointee.pMethods?.pointee,
      let read = methods.xRead, let size = methods.xFileSize
    else { return nil }
    var bytes: sqlite3_int64 = 0
    guard size(file, &bytes) == SQLITE_OK else { return "the disk does not say how large it is" }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    for offset in stride(from: 0, to: bytes, by: buffer.count) {
      let count = Int32(min(Int64(buffer.count), bytes - offset))
      let code = read(file, &buffer, count, offset)
      guard code == SQLITE_OK || code == SQLITE_IOERR | (2 << 8) else {
        return "the disk cannot read it, at byte \(offset) or after"
      }
    }
    return nil
  }
}
