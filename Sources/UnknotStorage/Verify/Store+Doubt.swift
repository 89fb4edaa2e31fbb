import GRDB
import GRDBSQLite
import UnknotPlatform

// A journal that may be damaged takes no write before all of it was looked at. It may be after a read that failed, after a
// program that ended in the middle of a write, and where something wrong was found. That is noted beside what this machine
// last wrote, so that the next program knows it too.

/// What a write has found in the journal and mended by itself.
public enum Repair: Hashable, Sendable {
  /// Registers or tables did not say what the log says, or an index what its table says: they were made anew.
  case tables
}

extension Store {
  /// To be called where something is wrong with the file: nothing is written to it any more before it was found whole.
  package func doubt() {
    let device = state.withLock { state in
      state.isDoubted = true
      return state.device
    }
    doubtInNote(of: device)
  }

  /// - Parameter device: whose journal it is; nil where that could not be read: the one that was noted to lie there.
  func doubtInNote(of device: DeviceID?) {
    guard let notes, let device = device ?? (try? notes.noteOfPlace()?.device),
      let bytes = try? notes.load(device),
      let note = DeviceNote(bytes), !note.isDoubted
    else { return }
    _ = try? notes.save(note.doubted().bytes, of: device, replacing: bytes)
  }

  /// Whether a program ended in the middle of a write: what SQLite needs to take that back still lies beside the file, and
  /// nobody is writing.
  static func isUnclean(_ database: Database, _ path: String) -> Bool {
    func isThere() -> Bool {
      var status = stat()
      return stat("\(path)-journal", &status) == 0 && status.st_size > 0
    }
    guard isThere() else { return false }
    var pointer: UnsafeMutablePointer<sqlite3_file>?
    let code = sqlite3_file_control(database.sqliteConnection, "main", SQLITE_FCNTL_FILE_POINTER, &pointer)
    var isReserved: Int32 = 0
    guard code == SQLITE_OK, let file = pointer,
      let check = file.pointee.pMethods?.pointee.xCheckReservedLock,
      check(file, &isReserved) == SQLITE_OK, isReserved == 0
    else { return false }
    // Whoever was writing may have ended in between.
    return isThere()
  }
}

extension Door {
  /// Before anything is written to a journal that may be damaged.
  ///
  /// - Returns: what was mended.
  /// - Throws: `StorageError.damaged` where it is.
  func expectWhole() throws -> Repair? {
    var repair: Repair?
    if try !reader.fileFaults().isEmpty {
      // Of what is wrong, an index alone can be made anew by SQLite.
      try statements["REINDEX"].run()
      repair = .tables
    }
    if let fault = try reader.fileFaults().first { throw StorageError.damaged(fault) }
    if let fault = try reader.logFaults(most: 1).first {
      throw StorageError.damaged("\(fault.device.map { "of \($0), " } ?? "")\(fault.reason)")
    }
    if let fault = try reader.localFaults(most: 1).first { throw StorageError.damaged(fault) }
    // Nothing proves what registers hold: it has to be what follows from the log.
    let replay = try Replay(of: reader)
    if try replay.fault(in: reader) != nil {
      try makeRegistersAnew(from: replay)
      repair = .tables
    }
    if try !reader.tableFaults(most: 1).isEmpty {
      try makeTablesAnew()
      repair = .tables
    }
    return repair
  }
}
