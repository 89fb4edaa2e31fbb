import ArgumentParser
import UnknotKit

struct Log: JournalCommand {
  static let configuration = CommandConfiguration(
    abstract: "Log a session with its bouts, and the ratings around it.")
  @Option(help: "When it began. Without it, the session has just ended.") var at: String?
  @Option(help: "The routine that was done: its name or id.") var routine: String?
  @Option(help: "TARGET[/SIDE]:DURATION[@SURFACE], as in ql/left:45s@wall; once for each bout.")
  var bout: [String] = []
  @Option(help: "Pain before it, 0–10.") var before: String?
  @Option(help: "Pain after it, 0–10.") var after: String?
  @Option(help: "Where the pain is: SITE[/SIDE].") var site: String?
  @Option(help: "Anything else.") var note: String?
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    let journal = context.journal
    let written = try journal.logSession(
      at: try at.map { text throws(KitError) in try journal.times.moment(text) }, routine: routine,
      bouts: try bout.map { text throws(KitError) in try BoutText(text) },
      before: try before.map(rating), after: try after.map(rating),
      site: try site.map { text throws(KitError) in try PlaceText(site: text) }, note: note)
    RecordText(context).written("recorded", written)
  }
}
