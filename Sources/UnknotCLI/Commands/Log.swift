import ArgumentParser
import UnknotKit

struct Log: JournalCommand {
  static let configuration = CommandConfiguration(
    abstract: "Log a session with its bouts, and the ratings around it.")
  @Option(help: "When it began, ~18:00 for about then. Without it, the session has just ended.") var at:
    String?
  @Option(
    name: .shortAndLong,
    help: "The routine that was done: its name or id. Without a bout, all of it was done.",
    completion: Completions.routines)
  var routine: String?
  @Option(
    help: "TARGET[/SIDE]:DURATION[@SURFACE], as in ql/left:45s@wall; repeatable.",
    completion: Completions.bouts)
  var bout: [String] = []
  @Option(help: "Pain before it, 0–10.") var before: String?
  @Option(help: "Pain after it, 0–10.") var after: String?
  @Option(help: "Where the pain is: SITE[/SIDE].", completion: Completions.sites) var site: String?
  @Option(help: "The ball that was used: its name or id.", completion: Completions.balls) var ball: String?
  @Option(help: "A tag; repeatable.", completion: Completions.tags) var tag: [String] = []
  @Option(help: "Anything else.") var note: String?
  @Option(name: .customLong("override"), help: "Why you worked on a target your profile forbids.")
  var overrideReason: String?
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    let time = try context.time(at)
    var entry = SessionEntry(bouts: try bout.map { text throws(KitError) in try BoutText(text) })
    entry.at = time?.moment
    entry.precision = time?.precision
    entry.routine = routine
    entry.before = try before.map(rating)
    entry.after = try after.map(rating)
    entry.site = try site.map { text throws(KitError) in try context.journal.place(text) }
    entry.ball = ball
    entry.tags = tag
    entry.note = note
    entry.overrideReason = overrideReason
    RecordText(context).written("recorded", try context.journal.logSession(entry))
  }
}
