import GRDB
import TestSupport
import Testing
import UnknotCausality

@testable import UnknotStorage

/// What people ask for is found by an index: nothing reads a table from end to end that grows with the journal.
@Suite struct QueryPlanTests {
  /// Tables with a row for each change or more.
  private static let large = ["change", "entry", "record", "member", "checkpoint", "context"]

  private let store: Store
  private let visit: Dot

  init() throws {
    store = try Store(
      path: nil, tables: [RecordKind(name: "visit", timeField: "at"), RecordKind(name: "part")],
      deviceName: "a", environment: TestEnvironment(), notes: nil)
    visit = try store.write("create") { try $0.create("visit", parent: nil, [FieldName("note"): .text("n")]) }
  }

  /// Runs it, and explains every statement that it was done with.
  private func expectIndexes(_ what: String, _ body: (StoreReader) throws -> Void) throws {
    try store.read { reader in
      try body(reader)
      let texts = reader.statements.texts
      #expect(!texts.isEmpty)
      for text in texts {
        let statement = try reader.database.makeStatement(sql: "EXPLAIN QUERY PLAN \(text)")
        // Unbound parameters are null: the plan is the same.
        statement.setUncheckedArguments(StatementArguments())
        for row in try Row.fetchAll(statement) {
          let detail: String = row["detail"]
          for table in Self.large {
            #expect(!detail.hasPrefix("SCAN \(table)"), "\(what): \(detail) in \(text)")
          }
          #expect(!detail.contains("TEMP B-TREE"), "\(what): \(detail) in \(text)")
        }
      }
    }
  }

  @Test func listing() throws {
    try expectIndexes("list") {
      _ = try $0.records(in: "visit", RecordFilter(since: 0, until: .max, limit: 20))
    }
    try expectIndexes("children") { _ = try $0.children(of: visit, in: "part", includeRemoved: false) }
  }

  @Test func aRecordAndItsHistory() throws {
    try expectIndexes("show") { _ = try $0.record(visit) }
    try expectIndexes("history") { try $0.forEachChange(of: visit) { _ in } }
  }

  @Test func conflictsAndStatus() throws {
    try expectIndexes("conflicts") { _ = try $0.conflictKeys() }
    try expectIndexes("status") { _ = try $0.devices() }
    try expectIndexes("clock") { _ = try $0.entries() }
  }

  @Test func exporting() throws {
    try expectIndexes("export") { reader in try reader.forEachRun(after: VectorClock()) { _, _ in } }
  }
}
