import Foundation
import Testing

/// The whole program under another clock and zone: travel across the date line, and both changes of the clocks.
@Suite struct TravelTests {
  private let place: Workplace

  init() throws {
    place = try Workplace()
    try place.run("a", ["init", "--device", "phone"])
  }

  private func at(_ zone: String, _ time: String, _ arguments: String...) throws -> Outcome {
    try place.run("a", arguments, environment: ["TZ": zone], at: "2026-\(time)")
  }

  private func days() throws -> [String?] {
    try place.objects("a", ["list", "sessions"]).map { $0["local_day"] as? String }
  }

  /// A day and its slots are those of where the person was; being in another zone later moves none of them.
  @Test func fromHonoluluToKiritimatiAndBack() throws {
    let (west, east) = ("Pacific/Honolulu", "Pacific/Kiritimati")
    #expect(
      try at(west, "05-14 06:00:00", "plan", "set", "course").output.contains(
        "from Thu 14 May until Wed 20 May"))
    _ = try at(west, "05-14 07:00:00", "log", "--bout", "ql/left:45s")
    _ = try at(west, "05-14 20:00:00", "log", "--bout", "ql/left:45s")
    // Before 4 o'clock it is still the day before.
    #expect(try at(east, "05-16 03:30:00", "status").output.hasPrefix("today: am [-] missed, pm [o] open\n"))
    _ = try at(east, "05-16 07:30:00", "log", "--bout", "ql/left:45s")
    let score = "score 84 of 100; 3 of 5 due slots in 28 days; 3 bouts, 2m15s\n"
    #expect(
      try at(east, "05-16 21:30:00", "status").output
        == "today: am [x] done, pm [o] open\npast week: not rated yet: unknot checkin --week N\n\(score)")
    let shown = try at(west, "05-16 09:30:00", "plan", "show").output
    #expect(
      shown.contains(
        "  Thu 14 May: am [x] done, pm [x] done\n  Fri 15 May: am [-] missed, pm [-] missed\n"
          + "  today: am [x] done, pm [.] upcoming\n"))
    #expect(shown.hasSuffix(score))
    #expect(try days() == ["2026-05-16", "2026-05-14", "2026-05-14"])
  }

  @Test func theClocksArePutForward() throws {
    let zone = "Europe/Berlin"
    _ = try at(zone, "03-28 06:00:00", "plan", "set", "course")
    for time in ["01:30:00", "03:30:00", "04:30:00"] {
      #expect(try at(zone, "03-29 \(time)", "log", "--bout", "ql/left:45s").status == 0)
    }
    #expect(try days() == ["2026-03-29", "2026-03-28", "2026-03-28"])
    #expect(
      try at(zone, "03-29 05:00:00", "status").output.hasPrefix("today: am [x] done, pm [.] upcoming\n"))
    // A time that no clock showed is not guessed.
    let refused = try at(zone, "03-29 12:00:00", "pain", "5", "--at", "02:30")
    #expect(
      refused.status == 4
        && refused.errors.hasPrefix("error: 02:30: the clocks skipped that time\n"))
    #expect(try place.objects("a", ["list", "pain"]).isEmpty)
  }

  @Test func theClocksArePutBack() throws {
    let zone = "Europe/Berlin"
    // Half past two comes twice: the first one is meant, and is said with its offset.
    let first = try at(zone, "10-25 12:00:00", "pain", "5", "--at", "02:30")
    #expect(first.output.hasPrefix("recorded pain 5, low back, Sun 25 Oct 02:30 +02:00"))
    let second = try at(zone, "10-25 12:00:00", "pain", "4", "--at", "2026-10-25T02:30:00+01:00")
    #expect(second.output.hasPrefix("recorded pain 4, low back, Sun 25 Oct 02:30 +01:00"))
    #expect(try place.objects("a", ["list", "pain"]).map { $0["score"] as? Int } == [4, 5])
    #expect(
      try place.objects("a", ["list", "pain"]).map { $0["local_day"] as? String } == [
        "2026-10-24", "2026-10-24",
      ])
  }
}
