import ArgumentParser
import UnknotKit

struct EpisodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "episode",
    abstract: "Spells of back pain: what is recorded while one is open belongs to it.",
    subcommands: [Open.self, Close.self, Listing.self])

  struct Open: JournalCommand {
    static let configuration = CommandConfiguration(abstract: "Open an episode.")
    @Argument(help: "SITE[/SIDE]; your usual place if not said.", completion: Completions.sites) var site:
      String?
    @Option(help: "When it began; default: now.") var at: String?
    @Option(help: "What set it off.") var trigger: String?
    @Flag(help: "It is the first one ever.") var first = false
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      let time = try context.time(at)
      let written = try context.journal.openEpisode(
        try site.map { text throws(KitError) in try context.journal.place(text) },
        onset: time?.moment, precision: time?.precision, trigger: trigger, firstEver: first ? true : nil)
      RecordText(context).written("opened", written)
      for case ("stage", .string(let stage)) in written.records.first?.derived ?? [] {
        let plan =
          stage == "persistent"
          ? "pain that lasts asks for regular work: unknot plan set maintenance"
          : "for a new spell there is a plan of a week: unknot plan set course"
        Message.note("hint: \(plan)")
      }
    }
  }

  struct Close: JournalCommand {
    static let configuration = CommandConfiguration(abstract: "Close the open episode.")
    @Argument(help: "Which one, where several are open.", completion: Completions.ids) var id: String?
    @Option(help: "When it was over; default: now.") var at: String?
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      let written = try context.journal.closeEpisode(id, at: try context.time(at)?.moment)
      RecordText(context).written("closed", written, nothing: "it was closed then already")
    }
  }

  struct Listing: JournalCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List episodes.")
    @OptionGroup var globals: Globals

    func perform(_ context: Context) throws {
      try context.journal.list(RecordType.episode.plural) { try RecordText(context).list($0, .episode) }
    }
  }
}
