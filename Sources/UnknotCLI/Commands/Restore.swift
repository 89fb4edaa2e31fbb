import ArgumentParser
import UnknotKit

struct Restore: JournalCommand {
  static let configuration = CommandConfiguration(abstract: "Bring removed records back.")
  @Argument(completion: Completions.ids) var ids: [String]
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    RecordText(context).written("restored", try context.journal.restore(ids), nothing: "nothing was removed")
  }
}
