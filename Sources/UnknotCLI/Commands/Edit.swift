import ArgumentParser
import UnknotKit

struct Edit: JournalCommand {
  static let configuration = CommandConfiguration(abstract: "Edit fields of a record.")
  @Argument var id: String
  @Argument(help: "FIELD=VALUE; FIELD= sets it to empty.") var fields: [String]
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    RecordText(context).written("changed", try context.journal.edit(id, fields))
  }
}
