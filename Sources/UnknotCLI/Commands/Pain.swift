import ArgumentParser
import UnknotKit

struct Pain: JournalCommand {
  static let configuration = CommandConfiguration(abstract: "Rate the pain, 0–10.", aliases: ["p"])
  @Argument(help: "0 is none, 10 the worst imaginable.") var score: String
  @Argument(
    help: "SITE[/SIDE], or in words: lower back right. Default: as in your profile, or low-back.",
    completion: Completions.sites) var site: [String] = []
  @Option(help: "When, ~18:00 for about then; default: now.") var at: String?
  @Option(
    help: "before, after, scheduled, spontaneous, next-morning or past-week.",
    completion: .list(Catalogue.contexts.words)) var context: String?
  @Option(
    help: "now, average24, worst24 or least24: which pain it is of.", completion: .list(Words.aspects.words))
  var aspect: String?
  @Option(
    help: "ache, stiff, sharp, burning, shooting, throbbing or tingling; repeatable.",
    completion: .list(Words.qualities.words))
  var quality: [String] = []
  @Option(
    help: "sitting, standing, lying, bending, lifting or other; repeatable.",
    completion: .list(Words.aggravations.words))
  var worse: [String] = []
  @Option(help: "A tag; repeatable.", completion: Completions.tags) var tag: [String] = []
  @Option(help: "Anything else.") var note: String?
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    if (try? rating(score)) == nil, let number = site.first(where: { (try? rating($0)) != nil }) {
      let words = [score] + site.filter { $0 != number }
      throw KitError(
        .usage, "the rating comes first",
        hint: Advice("unknot pain \(number) \(words.map(\.shellQuoted).joined(separator: " "))"))
    }
    var entry = PainEntry(
      score: try rating(score), site: try place(in: context.journal), at: nil)
    let time = try context.time(at)
    entry.at = time?.moment
    entry.precision = time?.precision
    entry.context = self.context
    entry.aspect = aspect
    entry.qualities = quality
    entry.aggravations = worse
    entry.tags = tag
    entry.note = note
    RecordText(context).written("recorded", try context.journal.ratePain(entry))
  }

  private func place(in journal: Journal) throws -> PlaceText? {
    guard !site.isEmpty else { return nil }
    let times = try journal.times
    do {
      return try journal.place(site.joined(separator: " "))
    } catch let error {
      // `pain 5 --at friday 7:15`
      if let at,
        let start = site.indices.first(where: {
          (try? times.moment("\(at) \(site[$0...].joined(separator: " "))")) != nil
        })
      {
        let time = "\(at) \(site[start...].joined(separator: " "))".shellQuoted
        let words = (["\(score)"] + site[..<start]).map(\.shellQuoted).joined(separator: " ")
        throw KitError(
          .usage, "a time of several words is written in quotes",
          hint: Advice("unknot pain \(words) --at \(time)"))
      }
      // `pain 5 lower back yesterday evening`
      let start = site.indices.first { (try? times.moment(site[$0...].joined(separator: " "))) != nil }
      guard let start else { throw error }
      let time = site[start...].joined(separator: " ").shellQuoted
      // `pain 5 at 9am`
      let words = site[..<start].filter { $0.lowercased() != "at" && $0.lowercased() != "on" }
      throw KitError(
        .usage, "a time comes after --at",
        hint: Advice("unknot pain \((["\(score)"] + words).joined(separator: " ")) --at \(time)"))
    }
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
