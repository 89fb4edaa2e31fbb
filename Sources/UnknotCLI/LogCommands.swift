import ArgumentParser
import UnknotKit

struct Initialize: JournalCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Make the journal and name this device.")
  @Option(help: "This device's name, as the others will see it.") var device: String
  @OptionGroup var globals: Globals

  func run() throws {
    let context = try Context(globals, deviceName: device)
    try context.journal.renameDevice(device)
    let name = try context.journal.deviceName()
    context.output.one(.object([("device", .string(name))])) {
      context.output.line("this device is \(name)")
    }
  }

  func perform(_ context: Context) throws {}
}

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

struct Pain: JournalCommand {
  static let configuration = CommandConfiguration(abstract: "Rate the pain, 0–10.")
  @Argument(help: "0 is none, 10 the worst imaginable.") var score: String
  @Argument(help: "SITE[/SIDE]; low-back if not said.") var site: String?
  @Option(help: "When; now if not said.") var at: String?
  @Option(help: "before, after, scheduled, spontaneous or next-morning.") var context: String?
  @Option(help: "Anything else.") var note: String?
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    let journal = context.journal
    let written = try journal.ratePain(
      try rating(score), site: try site.map { text throws(KitError) in try PlaceText(site: text) },
      at: try at.map { text throws(KitError) in try journal.times.moment(text) }, context: self.context,
      note: note)
    RecordText(context).written("recorded", written)
  }
}

/// A whole number from 0 to 10, and nothing that merely looks like one.
private func rating(_ text: String) throws(KitError) -> Int {
  guard let number = Int(text), (0...10).contains(number) else {
    throw KitError(
      .invalidValue, "\(text) is not a pain rating",
      hint: "ratings are whole numbers from 0 (none) to 10 (worst imaginable)")
  }
  return number
}
