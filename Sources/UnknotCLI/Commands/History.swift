import ArgumentParser
import UnknotKit
import UnknotReport

struct History: JournalCommand {
  static let configuration = CommandConfiguration(abstract: "Show every change of a record, oldest first.")
  @Argument(completion: Completions.ids) var id: String
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    let text = RecordText(context)
    try context.journal.history(id) { items in
      try context.output.list(items, \.json) {
        // A record has at least the change that made it.
        _ = try context.output.table(
          [
            Table.Column("change"), Table.Column("when"), Table.Column("device"), Table.Column("did"),
            Table.Column("fields", .text),
          ], items
        ) { item in
          [
            item.shortID, text.cell(item.recordedAt) + (item.isAhead ? " (clock ahead)" : ""), item.device,
            item.action,
            item.fields.filter { $0.name != "order" }
              .map { "\($0.name)=\($0.value.readable(now: text.now))" }.joined(separator: ", "),
          ]
        }
      }
    }
  }
}
