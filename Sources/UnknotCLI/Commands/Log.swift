import ArgumentParser
import UnknotKit

struct Log: JournalCommand {
  static let configuration = CommandConfiguration(
    abstract: "Log a session with its bouts, and the ratings around it.",
    discussion: "As in: unknot log quick, or unknot log ql/left 45s tfl 30s --after 3.")
  @Argument(
    help: ArgumentHelp(
      "A routine, or what was pressed and how long: ql/left 45s, or ql/left:45s.", valueName: "what"),
    completion: Completions.routines)
  var what: [String] = []
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
    let (named, pressed) = try read(what, context.journal)
    guard named == nil || routine == nil else {
      throw KitError(.usage, "the routine is there twice: \(named ?? "") and \(routine ?? "")")
    }
    let time = try context.time(at)
    var entry = SessionEntry(
      bouts: try (pressed + bout).map { text throws(KitError) in try BoutText(text) })
    entry.at = time?.moment
    entry.precision = time?.precision
    entry.routine = routine ?? named
    entry.before = try before.map(rating)
    entry.after = try after.map(rating)
    entry.site = try site.map { text throws(KitError) in try context.journal.place(text) }
    entry.ball = ball
    entry.tags = tag
    entry.note = note
    entry.overrideReason = overrideReason
    RecordText(context).written("recorded", try context.journal.logSession(entry))
  }

  /// A target with a duration after it is a bout; what is left is a routine's name.
  private func read(
    _ words: [String], _ journal: Journal
  ) throws(KitError) -> (routine: String?, bouts: [String]) {
    var (names, bouts): ([String], [String]) = ([], [])
    var rest = words[...]
    while let word = rest.popFirst() {
      if word.contains(":") {
        bouts.append(word)
      } else if let next = rest.first, next.first?.isNumber == true {
        bouts.append("\(word):\(rest.removeFirst())")
      } else {
        names.append(word)
      }
    }
    // `log gentle wall`, and names of one's own that have several words.
    if names.count > 1,
      let name = [" ", "-"].map(names.joined).first(where: { (try? journal.checkRoutine($0)) != nil })
    {
      return (name, bouts)
    }
    guard names.count < 2 else {
      throw KitError(
        .usage, "\(names[0]) and \(names[1]): one session follows one routine",
        hint: "log each by itself; what was pressed has a duration: unknot log ql 45s tfl 45s")
    }
    if let name = names.first, (try? Catalogue.targets.check(name.prefix { $0 != "/" }.description)) != nil {
      throw KitError(.usage, "how long was \(name) pressed?", hint: "unknot log \(name) 45s")
    }
    return (names.first, bouts)
  }
}
