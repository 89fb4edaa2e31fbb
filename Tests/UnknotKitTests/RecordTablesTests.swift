import Foundation
import TestSupport
import Testing
import UnknotKit

@Suite struct RecordTablesTests {
  /// `Schema/records.sql` is what the record types say. On failure: copy the file that is named.
  @Test func theFileIsWhatTheProgramMakes() throws {
    let file = Repository.root.appending(path: "Schema/records.sql")
    let made = RecordTables.text
    if try String(contentsOf: file, encoding: .utf8) != made {
      let path = try Repository.made("records.sql")
      try made.write(toFile: path, atomically: true, encoding: .utf8)
      Issue.record("Schema/records.sql is another; as it should be: \(path)")
    }
  }
}
