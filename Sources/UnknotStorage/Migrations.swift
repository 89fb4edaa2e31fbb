/// The SQL of `Schema/migrations`, in order. Files are only ever added; a test compares this list with the folder.
enum Migrations {
  static let all: [(name: String, sql: String)] = [
    ("0001_journal", text(PackageResources._001_journal_sql)),
    ("0002_heard", text(PackageResources._002_heard_sql)),
  ]

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
