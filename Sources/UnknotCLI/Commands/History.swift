import ArgumentParser
import UnknotKit
import UnknotReport

struct History: JournalCommand {
  static let configuration = CommandConfiguration(abstract: "Show every change of a record, oldest first.")
  @Argument(completion: Completions.ids) var id: String
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    let items = try context.journal.history(id)
    let text = RecordText(context)
    context.output.list(items.map(\.json)) {
      context.output.table(
        [
          Table.Column("change"), Table.Column("when"), Table.Column("device"), Table.Column("did"),
          Table.Column("fields", .text),
        ],
        items.map { item in
          [
            item.shortID, text.cell(item.recordedAt) + (item.isAhead ? " (clock ahead)" : ""), item.device,
            item.action,
            item.fields.filter { $0.name != "order" }
              .map { "\($0.name)=\($0.value.readable(now: text.now))" }.joined(separator: ", "),
          ]
        })
    }
  }
}
