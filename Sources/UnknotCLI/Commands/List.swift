import ArgumentParser
import UnknotKit

struct List: JournalCommand {
  static let configuration = CommandConfiguration(abstract: "List records, newest first.")
  @Argument(help: "sessions, pain, bouts, routines or steps.") var records: String
  @Option(help: "From then on.") var since: String?
  @Option(help: "Until then; a day is included.") var until: String?
  @Option(help: "At most so many.") var limit: Int?
  @Flag(help: "Removed ones too.") var deleted = false
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    let times = context.journal.times
    if let limit, limit < 0 { throw KitError(.usage, "--limit cannot be negative") }
    let filter = ListFilter(
      since: try since.map { text throws(KitError) in try times.moment(text, for: .since) },
      until: try until.map { text throws(KitError) in try times.moment(text, for: .until) }, limit: limit,
      includesRemoved: deleted)
    let found = try context.journal.list(records, filter)
    context.output.list(found.map(\.json), columns: columns) { RecordText(context).table(found) }
  }

  /// What CSV has as its header where nothing is found.
  private var columns: [String] {
    guard let type = RecordType.all.first(where: { $0.plural == records }) else { return [] }
    return ["id", "type", "present", "device", "recorded_at"] + type.fields.map(\.name)
      + (type.child.map { [$0.plural] } ?? [])
  }
}
