import ArgumentParser
import UnknotKit

struct List: JournalCommand {
  static let configuration = CommandConfiguration(abstract: "List records, newest first.")
  @Argument(help: ArgumentHelp("\(Journal.listable.joined(separator: ", "))."), completion: Completions.lists)
  var records: String
  @Option(help: "From then on.") var since: String?
  @Option(help: "Until then; a day is included.") var until: String?
  @Option(help: "At most so many.") var limit: Int?
  @Flag(help: "Removed ones too.") var deleted = false
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    let times = try context.journal.times
    if let limit, limit < 0 { throw KitError(.usage, "--limit cannot be negative") }
    let filter = ListFilter(
      since: try since.map { text throws(KitError) in try times.bound(text) },
      until: try until.map { text throws(KitError) in try times.bound(text) }, limit: limit,
      includesRemoved: deleted)
    let text = RecordText(context)
    try context.journal.list(records, filter) { found in
      guard let type = RecordType.all.first(where: { $0.plural == records }) else { return }
      try text.list(found, type)
    }
  }
}
