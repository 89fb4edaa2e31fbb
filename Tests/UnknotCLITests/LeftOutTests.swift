import Foundation
import TestSupport
import Testing

/// What is said to somebody who leaves something out, or calls it by another name.
@Suite struct LeftOutTests {
  /// Every command, as help lists it: names after two blanks, before their abstracts.
  static func commands(_ place: Workplace, _ path: [String] = []) throws -> [[String]] {
    let help = try place.run("a", path + ["--help"]).output
    guard let list = help.range(of: "SUBCOMMANDS:\n")?.upperBound else { return [path] }
    let names = help[list...].split(separator: "\n").filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
      .compactMap { $0.split(whereSeparator: { ", ".contains($0) }).first.map(String.init) }
      .filter { $0 != "See" && $0 != "help" }
    return try names.flatMap { try commands(place, path + [$0]) }
  }

  /// Whoever leaves something out is told what, and is shown a command that is written as it should be.
  @Test func everyCommandThatNeedsSomethingHasAnExample() throws {
    let place = try Workplace()
    try place.run("a", ["init", "--device", "phone"])
    let commands = try Self.commands(place)
    #expect(commands.count > 60)
    var asked = 0
    for path in commands where !["start", "app", "watch"].contains(path.last ?? "") {
      let bare = try place.run("a", path)
      let name = "unknot \(path.joined(separator: " "))"
      #expect(!bare.errors.contains("Missing expected"), "\(name): \(bare.errors)")
      guard bare.errors.hasPrefix("error: \(name) needs ") else { continue }
      asked += 1
      let hint = try #require(bare.errors.split(separator: "\n").last.map(String.init))
      #expect(bare.status == 2 && hint.hasPrefix("hint: as in \(name) "), "\(hint)")
      let examples = hint.dropFirst("hint: as in ".count).components(separatedBy: "; unknot help")[0]
      for example in examples.components(separatedBy: ", or ") {
        let words = example.split(separator: " ").dropFirst().map(String.init)
        let run = try place.run("a", words)
        // It may not find what it names; it is written as it should be.
        #expect(
          run.status != 2 && !run.errors.contains("shows how it is written"), "\(example): \(run.errors)")
      }
    }
    #expect(asked > 25)
  }

  @Test(arguments: [
    ("delete", "unknot rm 12"), ("medicine", "unknot factor medication ibuprofen 400mg"),
    ("session", "unknot start"),
    ("doctor", "unknot report clinician"), ("Delete", "unknot rm 12"),
    ("6 lower back", "unknot pain 6 lower back"),
    ("10", "unknot pain 10"), ("stop", "unknot status"),
  ]) func anotherNameIsKnown(word: String, hint: String) throws {
    let run = try Workplace().run("a", word.split(separator: " ").map(String.init))
    #expect(run.status == 2 && run.errors.contains("hint: as in \(hint)"), "\(run.errors)")
  }

  /// Before 04:00 it is still the day before: which day was taken is said, where another one can have been meant.
  @Test(arguments: [
    ("yesterday 18:00", "note: before 04:00 it is still Wed 13 May for you: yesterday is Tue 12 May\n"),
    ("wed 18:00", "note: before 04:00 it is still Wed 13 May for you: wed is Wed 6 May\n"),
    ("last night", "note: before 04:00 it is still Wed 13 May for you: yesterday is Tue 12 May\n"),
    ("~yesterday 18:00", "note: before 04:00 it is still Wed 13 May for you: yesterday is Tue 12 May\n"),
    ("2026-05-12 18:00", ""), ("18:00", ""), ("2h ago", ""), ("today 08:00", ""),
  ]) func atNightTheDayThatWasTakenIsSaid(time: String, note: String) throws {
    let place = try Workplace()
    try place.run("a", ["init", "--device", "phone"])
    #expect(try place.run("a", ["pain", "3", "--at", time], at: "2026-05-14 01:30:00").errors == note)
    #expect(try place.run("a", ["pain", "3", "--at", time], at: "2026-05-14 22:30:00").errors.isEmpty)
  }

  @Test func aListIsOfAPlaceOrATag() throws {
    let place = try Workplace()
    for words in [
      ["pain", "3", "hip/left"], ["pain", "4", "hip"], ["pain", "5", "--tag", "rain"],
      ["log", "--bout", "ql:45s"],
      ["pain", "6", "hip/both"],
    ] { try place.run("a", words) }
    func scores(_ words: [String]) throws -> [Int] {
      try place.objects("a", ["list"] + words).compactMap { $0["score"] as? Int }
    }
    #expect(try scores(["pain", "--site", "hip"]) == [6, 4, 3])
    #expect(try scores(["pain", "--site", "hip/left"]) == [6, 3])
    #expect(try scores(["pain", "--site", "hip/right"]) == [6])
    #expect(try scores(["pain", "--tag", "rain"]) == [5])
    // Of all kinds: those that have none are not listed.
    #expect(try scores(["--site", "low-back"]) == [5] && scores(["--tag", "rain"]) == [5])
    #expect(try place.objects("a", ["list", "--site", "low-back"]).count == 1)
    // A press is chosen by its own tags, and not by those of its session.
    try place.run("a", ["log", "tfl/left", "30s", "--tag", "evening"])
    #expect(try place.objects("a", ["list", "bouts", "--tag", "evening"]).isEmpty)
    #expect(try place.objects("a", ["list", "sessions", "--tag", "evening"]).count == 1)
    let refused = try place.run("a", ["list", "sessions", "--site", "hip"])
    #expect(refused.status == 2 && refused.errors.contains("sessions have no site"), "\(refused.errors)")
    let page = try place.run("a", ["list", "pain", "--site", "hip", "--limit", "2"])
    #expect(page.errors.hasPrefix("there are more: --after "))
  }

  /// A check-in that was forgotten is made up for, and is of the day that it is about.
  @Test func aCheckInOfEarlier() throws {
    let place = try Workplace()
    let now = "2026-05-14 20:00:00"
    try place.run("a", ["init", "--device", "phone"], at: now)
    let daily = try place.run(
      "a", ["checkin", "4", "--at", "yesterday evening", "--format", "json"], at: now)
    #expect(daily.output.contains("\"precision\": \"approx\"") && daily.output.contains("2026-05-13"))
    let weekly = try place.run(
      "a", ["checkin", "--week", "5", "3", "--at", "2026-05-10", "--format", "json"], at: now)
    #expect(weekly.output.components(separatedBy: "2026-05-10").count > 3, "\(weekly.output)")
    let future = try place.run("a", ["checkin", "4", "--at", "2026-05-20"], at: now)
    #expect(future.status != 0 && future.errors.contains("future"))
  }

  /// Which slot is excused, and how long a pause lasts, is said.
  @Test func whatDoesNotCountIsNamed() throws {
    let place = try Workplace()
    let now = "2026-05-14 06:00:00"
    try place.run("a", ["init", "--device", "phone"], at: now)
    try place.run("a", ["plan", "set", "course"], at: now)
    let excused = try place.run("a", ["plan", "excuse", "--reason", "sick"], at: now)
    #expect(excused.output.hasPrefix("excused: Thu 14 May am; in "), "\(excused.output)")
    let again = try place.run("a", ["plan", "excuse", "2026-05-14/am", "--reason", "sick"], at: now)
    #expect(again.output.isEmpty && again.errors.contains("it is excused already"))
    let counting = try place.run("a", ["plan", "excuse", "2026-05-14/am", "--undo"], at: now)
    #expect(counting.output.hasPrefix("counts again: Thu 14 May am; in "))
    let paused = try place.run("a", ["plan", "pause", "--until", "2026-05-16"], at: now)
    #expect(paused.errors.contains("up to Sat 16 May do not count"), "\(paused.errors)")
  }

  /// A routine by its name, presses by target and duration; what is left out is asked for.
  @Test func aSessionIsLoggedInFewWords() throws {
    let place = try Workplace()
    try place.run("a", ["init", "--device", "phone"])
    func bouts(_ words: [String]) throws -> [String] {
      let session = try place.objects("a", ["log"] + words).first
      return (session?["bouts"] as? [[String: Any]] ?? []).compactMap { bout in
        "\(bout["target"] ?? "")/\(bout["side"] ?? "-"):\(bout["seconds"] ?? "")"
      }
    }
    let named = try bouts(["--routine", "quick"])
    #expect(try bouts(["quick"]) == named && named.count == 10)
    #expect(
      try bouts(["ql/left", "45s", "tfl/right:30s"])
        == bouts(["--bout", "ql/left:45s", "--bout", "tfl/right:30s"]))
    #expect(try bouts(["quick", "ql/left", "45s"]).count == 1)
    for (words, said) in [
      (["ql"], "error: how long was ql pressed?\nhint: unknot log ql 45s\n"),
      (["quick", "short"], "error: quick and short: one session follows one routine\n"),
      (["quick", "--routine", "quick"], "error: the routine is there twice: quick and quick\n"),
      (["nosuch"], "error: there is no routine nosuch\n"),
    ] {
      let refused = try place.run("a", ["log"] + words)
      #expect(refused.status != 0 && refused.output.isEmpty && refused.errors.hasPrefix(said), "\(refused)")
    }
  }

  /// What a hint says can be typed as it stands.
  @Test(arguments: [
    ["pain", "5", "at", "9am"], ["pain", "5", "low", "back", "yesterday", "at", "7pm"],
    ["pain", "5", "on", "monday"],
    ["factor", "walk", "yesterday"], ["factor", "walk", "30m", "yesterday", "evening"],
    ["checkin", "5", "yesterday"],
    ["log", "ql"], ["checkin", "4", "3"], ["pain", "right", "5"],
    ["pain", "4", "--at", "monday", "7:15"], ["pain", "4", "hip", "--at", "2h", "ago"],
  ]) func aHintCanBeTyped(words: [String]) throws {
    let place = try Workplace()
    try place.run("a", ["init", "--device", "phone"])
    let refused = try place.run("a", words)
    #expect(refused.status == 2, "\(refused)")
    let hint = try #require(refused.errors.split(separator: "\n").last { $0.hasPrefix("hint: unknot ") })
    var typed: [String] = []
    for (index, part) in hint.dropFirst("hint: unknot ".count).split(separator: "'").enumerated() {
      typed += index % 2 == 1 ? [String(part)] : part.split(separator: " ").map(String.init)
    }
    let run = try place.run("a", typed)
    #expect(run.status == 0 && run.output.hasPrefix("recorded "), "\(typed): \(run)")
  }

  /// Names of several words, weekdays that are to come, and what is refused before anything is asked.
  @Test func whatPeopleWriteIsTaken() throws {
    let place = try Workplace()
    let now = "2026-05-12 18:00:00"
    try place.run("a", ["init", "--device", "phone"], at: now)
    #expect(try place.run("a", ["log", "gentle", "wall"], at: now).output.hasPrefix("recorded session"))
    #expect(
      try place.run("a", ["pain", "6", "left", "side", "of", "my", "lower", "back"], at: now).output
        .hasPrefix("recorded pain 6, low back (left)"))
    #expect(
      try place.run("a", ["factor", "walk", "30", "minutes"], at: now).output.hasPrefix("recorded walk 30min")
    )
    try place.run("a", ["plan", "set", "course"], at: now)
    let paused = try place.run("a", ["plan", "pause", "--until", "friday"], at: now)
    #expect(paused.status == 0 && paused.errors.contains("up to Fri 15 May"), "\(paused)")
    let chest = try place.run("a", ["pain", "10", "chest"], at: now)
    #expect(chest.status == 4 && chest.errors.contains("is an emergency: call for help now"), "\(chest)")
    let unknown = try place.run("a", ["start", "nosuch", "--plain"], at: now)
    #expect(
      unknown.status == 3 && unknown.errors.hasPrefix("error: there is no routine nosuch\n"), "\(unknown)")
    let sleep = try place.run("a", ["factor", "sleep", "7h"], at: now)
    #expect(sleep.errors.contains("anything else: unknot factor other --label sleep"), "\(sleep)")
    let negative = try place.run("a", ["pain", "-3"], at: now)
    #expect(negative.errors.contains("ratings are whole numbers from 0"), "\(negative)")
    let week = try place.run("a", ["report", "week", "--since", "2026-05-01"], at: now)
    #expect(week.errors.hasPrefix("note: --since is not used"))
    let words = try place.run("a", ["checkin", "5", "ok"], at: now)
    #expect(words.errors.hasPrefix("error: ok is not a pain rating"), "\(words)")
  }

  /// What is done needs no excuse, and is not called excused.
  @Test func whatIsDoneIsNotExcused() throws {
    let place = try Workplace()
    let now = "2026-05-14 09:00:00"
    try place.run("a", ["init", "--device", "phone"], at: now)
    try place.run("a", ["plan", "set", "course"], at: now)
    try place.run("a", ["log", "quick"], at: now)
    let excused = try place.run("a", ["plan", "excuse", "2026-05-14/am"], at: now)
    #expect(excused.status == 4 && excused.errors.contains("what was done needs no excuse"), "\(excused)")
    let day = try place.run("a", ["plan", "excuse", "today"], at: now)
    #expect(day.output.hasPrefix("excused: Thu 14 May pm; in "), "\(day)")
  }

  /// A sign without `--answer`.
  @Test func aSignIsSaidByItsWord() throws {
    let place = try Workplace()
    try place.run("a", ["init", "--device", "phone"])
    #expect(try place.run("a", ["check", "fever"]).errors.hasPrefix("urgent: "))
    #expect(
      try place.run("a", ["check", "none", "--examined"]).output.hasPrefix("recorded safety check: clear"))
    #expect(try place.run("a", ["check", "none", "fever"]).errors.contains("none is an answer by itself"))
  }
}
