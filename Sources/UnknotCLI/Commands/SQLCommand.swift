import ArgumentParser
import UnknotKit
import UnknotReport

struct SQLCommand: JournalCommand {
  static let configuration = CommandConfiguration(
    commandName: "sql", abstract: "Query the journal in SQL: one SELECT; nothing is written.",
    discussion: """
      Without a query, it lists the views made for this, and their columns. The tables under them are \
      explained in Schema/migrations; you can query them too.
      The language is SQLite's. Bytes are shown in hexadecimal. A query with - in front goes after --.
      """)
  @Argument(help: "One SELECT (or WITH … SELECT, VALUES, EXPLAIN), in quotes.") var query: String?
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    guard let query else { return try views(context) }
    let interruption = Interruption()
    defer { interruption.close() }
    func isCancelled() -> Bool { Interruption.received != 0 }
    try context.journal.query(query, isCancelled: isCancelled) { try show($0, context.output) }
  }

  private func show(_ answer: JournalQuery, _ output: Output) throws {
    let columns = answer.columns
    func object(_ row: [JSONValue]) -> JSONValue { .object(zip(columns, row).map { (key: $0, value: $1) }) }
    try output.list(answer.rows, columns: columns, areAllColumns: true, object) {
      let headers = columns.map { Table.Column($0) }
      guard try output.table(headers, answer.rows, keepsEmpty: true, { $0.map(Self.cell) }) else {
        return Message.note("no rows")
      }
    }
  }

  private static func cell(_ value: JSONValue) -> String {
    if case .null = value { "" } else { value.plain }
  }

  private func views(_ context: Context) throws {
    let views = try context.journal.views()
    context.output.list(views.map(\.json), columns: ["name", "columns"]) {
      guard !views.isEmpty else { return Message.note("there are no views") }
      context.output.table(
        [Table.Column("name"), Table.Column("columns", .text)],
        views.map { [$0.name, $0.columns.joined(separator: ", ")] })
      Message.note("ask with: unknot sql \"SELECT … FROM \(views[0].name)\"")
    }
  }
}
