import ArgumentParser
import UnknotKit

struct Show: JournalCommand {
  static let configuration = CommandConfiguration(abstract: "Show a record.")
  @Argument(completion: Completions.ids) var id: String
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    let record = try context.journal.show(id)
    context.output.one(record.json) { RecordText(context).details(record) }
  }
}
