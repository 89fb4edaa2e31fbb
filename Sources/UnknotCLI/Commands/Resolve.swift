import ArgumentParser
import UnknotKit

struct Resolve: JournalCommand {
  static let configuration = CommandConfiguration(abstract: "Decide a conflict.")
  @Argument(completion: Completions.conflicts) var id: String
  @Argument(completion: Completions.conflictFields) var field: String
  @Option(help: "The number of a listed value, or the id of the change that wrote it.")
  var take: String?
  @Option(help: "Another value; for presence keep or delete, for an order first, last or after ID.")
  var value: String?
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    let resolution: Resolution
    switch (take, value) {
    case (.some(let text), nil): resolution = Int(text).map { .take($0) } ?? .takeChange(text)
    case (nil, .some(let value)): resolution = .value(value)
    default: throw KitError(.usage, "say either --take N or --value VALUE")
    }
    let conflict = try context.journal.conflict(id, field: field)
    RecordText(context).written("resolved", try context.journal.resolve(conflict, resolution))
  }
}
