import GRDB
import GRDBSQLite
import UnknotCausality

/// Which of the rows that no chain of hashes proves are as this program wrote them: `row_checksum`, which the journal's own
/// triggers call (`Schema/migrations/0005_checksums_and_keys.sql`).
enum RowChecksum {
  /// The tables that have a checksum, and what it is of.
  static let tables: [(name: String, columns: String)] = [
    ("journal", "number, id"),
    (
      "device",
      """
      number, id, name, name_revision, epoch, retired, retired_revision, last_import, writer, said_epoch, heard, told, \
      signer, recipient, key_epoch, certificate, lost_epoch
      """
    ),
    ("acknowledgement", "device, line, depth, said"),
    (
      "operation",
      "number, first, last, label, recorded_at, kind, reverts, held_before, held_after, spent"
    ),
  ]

  /// To be called for a connection before it writes to a journal. The schema is not trusted: it may call nothing but what
  /// is said here to do no harm, and this only computes.
  static func register(in database: Database) throws {
    let code = sqlite3_create_function_v2(
      database.sqliteConnection, "row_checksum", -1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
      nil,
      { context, count, arguments in
        sqlite3_result_int64(
          context, RowChecksum.of(UnsafeBufferPointer(start: arguments, count: Int(count))))
      }, nil, nil, nil)
    guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
  }

  private static func of(_ values: UnsafeBufferPointer<OpaquePointer?>) -> Int64 {
    var bytes: [UInt8] = []
    func number(_ number: UInt64) {
      withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }
    for value in values {
      switch sqlite3_value_type(value) {
      case SQLITE_INTEGER:
        bytes.append(1)
        number(UInt64(bitPattern: sqlite3_value_int64(value)))
      case SQLITE_FLOAT:
        bytes.append(2)
        number(sqlite3_value_double(value).bitPattern)
      case let type where type == SQLITE_TEXT || type == SQLITE_BLOB:
        bytes.append(type == SQLITE_TEXT ? 3 : 4)
        // The bytes first: what they are is settled by that, and their count after it.
        let start =
          type == SQLITE_TEXT ? UnsafeRawPointer(sqlite3_value_text(value)) : sqlite3_value_blob(value)
        let count = Int(sqlite3_value_bytes(value))
        number(UInt64(count))
        bytes.append(contentsOf: UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
      default: bytes.append(0)
      }
    }
    return Hashing.sha256(bytes).prefix(8).reduce(0) { $0 << 8 | Int64($1) }
  }
}
