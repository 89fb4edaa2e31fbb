/// The SQL of `Schema/migrations`, in order. Files are only ever added; a test compares this list with the folder. The
/// first two numbers were the journal's first form (`Schema/first-form`).
enum Migrations {
  /// Each ends at the schema version that it is called by.
  static let all: [(version: Int, name: String, sql: String)] = [
    (3, "0003_lines", text(PackageResources._003_lines_sql)),
    (4, "0004_tables", text(PackageResources._004_tables_sql)),
    (5, "0005_checksums_and_keys", text(PackageResources._005_checksums_and_keys_sql)),
  ]

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
