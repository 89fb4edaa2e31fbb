import ArgumentParser
import UnknotKit

struct CheckIn: JournalCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkin",
    abstract: "The check-in: how much it hurts today, or how the past week was, 0–10.",
    discussion:
      "As in: unknot checkin 4, or unknot checkin --week 4 3. While the pain is new you are asked once a week, and daily "
      + "only if you choose that: unknot help attention says why.", aliases: ["c"])
  @Argument(help: "0 is none, 10 the worst imaginable.") var score: String
  @Argument(help: "With --week: how much it got in the way of what you do, 0–10.") var activity: String?
  @Flag(name: .shortAndLong, help: "How much it hurt over the past week, on average.") var week = false
  @Option(help: "Where: SITE[/SIDE]; your usual place if not said.", completion: Completions.sites) var site:
    String?
  @Option(help: "When, ~18:00 for about then; default: now.") var at: String?
  @OptionGroup var globals: Globals

  func perform(_ context: Context) throws {
    let time = try context.time(at)
    let site = try site.map { text throws(KitError) in try context.journal.place(text) }
    if week {
      let written = try context.journal.rateWeek(
        try rating(score), activity: try activity.map(rating), site, at: time?.moment,
        precision: time?.precision)
      return RecordText(context).written("recorded", written)
    }
    if let activity, (try? rating(activity)) == nil, (try? context.journal.times.moment(activity)) != nil {
      throw KitError(
        .usage, "a time comes after --at", hint: "unknot checkin \(score) --at \(activity.shellQuoted)")
    }
    if let activity { _ = try rating(activity) }
    guard activity == nil else {
      throw KitError(
        .usage, "a second number needs --week", hint: "unknot checkin --week \(score) \(activity ?? "")")
    }
    var entry = PainEntry(score: try rating(score), site: site, at: time?.moment)
    entry.precision = time?.precision
    entry.context = "scheduled"
    RecordText(context).written("recorded", try context.journal.ratePain(entry))
  }
}

extension CheckInStatus {
  /// What is asked.
  var question: String {
    frequency == .daily
      ? "note how much it hurts today, 0 to 10" : "say how much it hurt over the past week, 0 to 10"
  }

  /// What answers it.
  var command: String { frequency == .daily ? "unknot checkin N" : "unknot checkin --week N" }

  /// `check-in: done`, or what is asked and what answers it.
  func line(today: LocalDay) -> String {
    switch (frequency, isDone) {
    case (.daily, true): "check-in: done"
    case (.daily, false): "check-in: open: \(command)"
    case (.weekly, true):
      "past week: rated"
        + (lastWeekRating.map { $0 == today ? " today" : " on \($0.readable(today: today))" } ?? "")
    case (.weekly, false): "past week: not rated yet: \(command)"
    }
  }
}
