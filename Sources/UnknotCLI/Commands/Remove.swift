import ArgumentParser
import UnknotKit

struct Remove: JournalCommand {
  static let configuration = CommandConfiguration(
    commandName: "rm", abstract: "Remove records; restore brings them back.")
  @Argument(completion: Completions.ids) var ids: [String]
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    RecordText(context).written("removed", try context.journal.remove(ids), nothing: "removed already")
  }
}
