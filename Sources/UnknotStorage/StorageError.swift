import GRDB
import GRDBSQLite
public import UnknotCausality

/// Why the journal could not be opened, read or written. Whatever it is, nothing was changed.
public enum StorageError: Error, Hashable, Sendable {
  /// The file was made by a newer program: its `user_version` and the highest that this program knows.
  case newerJournal(version: Int, supported: Int)
  /// Another process kept the journal locked for longer than the busy timeout.
  case busy
  /// The file does not say what was written to it: what is wrong, in words. Nothing of it is shown as a value.
  case damaged(String)
  /// This machine has written a journal there, and there is none now: the medium that it lies on may not be plugged in.
  /// The place.
  case journalMissing(String)
  /// The file is there and is not a journal.
  case notAJournal(String)
  /// The file cannot be written, a read failed: the disk's reason, or SQLite's.
  case io(String)
  /// How many bytes are free on the disk, for who may write this file; nil where it does not say.
  case diskFull(free: Int64?)
  /// No change that is held here has created a record of this id.
  case noSuchRecord(Dot)
  /// This device has done nothing yet that is still in force.
  case nothingToUndo
  /// The newest operation of this device is no undo.
  case nothingToRedo
  /// This device has done no operation that begins with this change.
  case noSuchOperation(Dot)
  /// An undo took this operation back before, and is in force.
  case operationAlreadyReverted(Dot)
  /// A conflict was decided since it was shown, or this device has written to the field.
  case conflictChanged(ConflictKey)
  /// A program that declares its kinds of records otherwise has made the journal's tables anew since this one opened it.
  case tablesChanged
  /// What a record is to follow does not stand in the same list.
  case notInList(Dot)
  /// A write that the journal's rules forbid: a table or field of an impossible name, a value too large.
  case invalidWrite(String)
  /// A query that is not one SELECT, or that cannot be answered: the reason, where it is SQLite's in its words.
  case invalidQuery(String)
  /// Who asked wanted no answer any more.
  case interrupted

  /// It is about what the journal holds, and not about the disk, the lock or who asked.
  var isOfContent: Bool { if case .damaged = self { true } else { false } }

  /// It is about what kind of file it is, or what state it is in.
  package var isOfFile: Bool {
    switch self {
    case .damaged, .notAJournal, .newerJournal: true
    default: false
    }
  }

  static func sqlite(code: Int32, message: String) -> StorageError {
    switch code & 0xff {
    case SQLITE_BUSY, SQLITE_LOCKED: .busy
    case SQLITE_CORRUPT: .damaged(message)
    case SQLITE_NOTADB: .notAJournal(message)
    case SQLITE_INTERRUPT: .interrupted
    case SQLITE_FULL: .diskFull(free: nil)
    // SQLITE_READONLY_ROLLBACK
    case SQLITE_READONLY where code == SQLITE_READONLY | 3 << 8:
      .io(
        "a write to it was not finished, and here it cannot be taken back: copy it, with the file beside it that ends in -journal, to where it can be written to"
      )
    case SQLITE_READONLY: .io("the journal cannot be written: \(message)")
    case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_IOERR, SQLITE_NOMEM: .io(message)
    default: .damaged("\(message) (SQLite \(code))")
    }
  }

  /// Gives SQLite's errors their place among these; others pass through.
  static func translating<T>(_ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as InvalidChange {
      // Not one of a file: those are told there.
      throw StorageError.damaged(error.description)
    } catch let error as MalformedBytes {
      throw StorageError.damaged("the journal holds bytes that it never wrote: \(error)")
    } catch {
      throw failure(of: error) ?? error
    }
  }

  /// What an error says about the journal itself; nil where it is about something else.
  static func failure(of error: any Error) -> StorageError? {
    guard let error = error as? DatabaseError else { return error as? StorageError }
    return sqlite(
      code: error.extendedResultCode.rawValue, message: words(of: error))
  }

  /// A copy's failure is on neither connection: SQLite has no more than its code then.
  private static func words(of error: DatabaseError) -> String {
    guard let message = error.message, message != String(cString: sqlite3_errstr(SQLITE_OK)) else {
      return String(cString: sqlite3_errstr(error.extendedResultCode.rawValue))
    }
    return message
  }

  /// An error of what the journal holds, in words.
  static func reason(of error: any Error) -> String {
    if case .damaged(let reason)? = failure(of: error) { reason } else { "\(error)" }
  }
}
