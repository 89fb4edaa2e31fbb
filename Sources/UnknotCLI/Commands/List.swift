import ArgumentParser
import UnknotKit

struct List: JournalCommand {
  static let configuration = CommandConfiguration(
    abstract: "List records, newest first; without a kind, the newest of all kinds.")
  @Argument(help: ArgumentHelp("\(Journal.listable.joined(separator: ", "))."), completion: Completions.lists)
  var records: String?
  @Option(help: "The first time or day.") var since: String?
  @Option(help: "The last time or day, included.") var until: String?
  @Option(
    help: "Only what is about this place, SITE[/SIDE]; ratings and episodes have one.",
    completion: Completions.sites)
  var site: String?
  @Option(help: "Only what bears this tag.", completion: Completions.tags) var tag: String?
  @Option(help: "Maximum number.") var limit: Int?
  @Option(
    help: ArgumentHelp(
      "Go on after this record: its id, or the text shown at the end of a page.", valueName: "cursor"
    ))
  var after: String?
  @Flag(help: "Removed ones too.") var deleted = false
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    let times = try context.journal.times
    if let limit, limit < 0 { throw KitError(.usage, "--limit cannot be negative") }
    let range = try times.bounds(since: since, until: until)
    var filter = ListFilter(
      since: range.since, until: range.until, limit: limit, after: after, includesRemoved: deleted)
    filter.site = try site.map { text throws(KitError) in try context.journal.place(text) }
    filter.tag = tag
    let text = RecordText(context)
    guard let records else { return try listAll(context, filter) }
    var last: String?
    var count = 0
    try context.journal.list(records, filter) { found in
      guard let type = RecordType(listed: records) else { return }
      try text.list(found, type)
      if limit != nil {
        try found.each {
          last = $0.id
          count += 1
        }
      }
    }
    // Asked only where there may be another page.
    guard let last, count == limit else { return }
    filter.after = try context.journal.cursor(after: last)
    filter.limit = 1
    if let cursor = filter.after, try !context.journal.list(records, filter).isEmpty {
      Message.note("there are more: --after \(cursor)")
    }
  }

  private static let usualCount = 20

  private func listAll(_ context: Context, _ filter: ListFilter) throws {
    guard after == nil else {
      throw KitError(.usage, "--after needs one kind", hint: "say which: list pain")
    }
    var filter = filter
    // Who says a time wants all of it.
    let limit = limit ?? (since == nil && until == nil ? Self.usualCount : .max)
    filter.limit = limit == .max ? nil : limit
    func time(_ record: JournalRecord) -> Int64 { record.time?.milliseconds ?? .min }
    var all: [JournalRecord] = []
    for kind in RecordType.events where filter.fits(kind) {
      all += try context.journal.list(kind.plural, filter)
    }
    let newest = all.sorted { (time($0), $0.id) > (time($1), $1.id) }.prefix(limit)
    let text = RecordText(context)
    context.output.list(newest.map(\.json)) {
      for record in newest { context.output.line("\(text.describe(record))  [\(record.shortID)]") }
      if newest.isEmpty {
        Message.note(
          since == nil && until == nil && self.limit == nil && site == nil && tag == nil
            ? "nothing is recorded yet: unknot pain N notes how much it hurts" : "nothing found")
      } else if all.count > newest.count {
        Message.note("there are more: --limit N, --since DAY, or one kind: unknot list pain")
      }
    }
  }
}
