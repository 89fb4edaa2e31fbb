import ArgumentParser
import UnknotKit

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
func rating(_ text: String) throws(KitError) -> Int {
  guard let number = Int(text), (0...10).contains(number) else {
    throw KitError(
      .invalidValue, "\(text) is not a pain rating",
      hint: "ratings are whole numbers from 0 (none) to 10 (worst imaginable)")
  }
  return number
}
