import Foundation
import Testing

/// What a person can write wrongly: each is refused in words, and the journal's file stays the same to the byte.
@Suite struct RefusalTests {
  /// A journal with a rating (1), a routine (2) and its step (3).
  private func workplace() throws -> Workplace {
    let place = try Workplace()
    try place.run("a", ["init", "--device", "phone"])
    try place.run("a", ["pain", "6", "--at", "2024-05-14 18:00"])
    try place.run("a", ["routine", "new", "Evening", "--step", "ql:45s"])
    return place
  }

  private func expectRefused(
    _ place: Workplace, _ arguments: [String], _ status: Int32, _ said: [String],
    through wrapper: [String] = [], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try place.bytes("a.sqlite")
    let outcome = try place.run("a", arguments, through: wrapper)
    #expect(outcome.status == status, "\(arguments)", sourceLocation: sourceLocation)
    #expect(outcome.output == "", "\(arguments)", sourceLocation: sourceLocation)
    #expect(
      outcome.errors.hasPrefix("error: "), "\(arguments): \(outcome.errors)", sourceLocation: sourceLocation)
    for part in said {
      #expect(
        outcome.errors.contains(part), "\(arguments): \(outcome.errors)", sourceLocation: sourceLocation)
    }
    let forms = ["error: ", "caused by: ", "hint: "]
    for line in outcome.errors.split(separator: "\n") {
      #expect(forms.contains { line.hasPrefix($0) }, "\(line)", sourceLocation: sourceLocation)
    }
    #expect(try place.bytes("a.sqlite") == before, "\(arguments)", sourceLocation: sourceLocation)
  }

  @Test func valuesOutOfRange() throws {
    let place = try workplace()
    try expectRefused(place, ["pain", "11"], 4, ["11 is not a pain rating", "0 (none) to 10"])
    try expectRefused(place, ["pain", "3.5"], 4, ["3.5 is not a pain rating"])
    try expectRefused(place, ["pain", "-1"], 4, ["-1 is negative, which is not allowed here"])
    try expectRefused(place, ["pain", "--", "-1"], 4, ["-1 is not a pain rating"])
    try expectRefused(place, ["pain", "six"], 4, ["six is not a pain rating"])
    try expectRefused(place, ["pain", "٣"], 4, ["is not a pain rating"])
    try expectRefused(place, ["edit", "1", "score=12"], 4, ["12"])
    try expectRefused(place, ["edit", "1", "score="], 4, ["score cannot be empty"])
    try expectRefused(place, ["log", "--bout", "ql:45"], 4, ["45 is not a duration", "45s"])
    try expectRefused(place, ["log", "--bout", "ql:0s"], 4, ["out of range"])
    try expectRefused(place, ["log", "--bout", "ql:2h"], 4, ["out of range"])
    try expectRefused(place, ["log", "--bout", "ql"], 4, ["has no duration"])
    try expectRefused(place, ["log", "--bout", "ql:45s", "--before", "11"], 4, ["11 is not a pain rating"])
    try expectRefused(
      place, ["pain", "5", "--note", String(repeating: "n", count: 100_000)], 4, ["too long"])
    try expectRefused(place, ["pain", "5", "--note", "a\u{1b}[31mb"], 4, ["control character"])
    try expectRefused(place, ["routine", "new", " "], 4, ["needs a name"])
  }

  @Test func wordsGetTheNearestRightOne() throws {
    let place = try workplace()
    try expectRefused(
      place, ["log", "--bout", "glut-med:45s"], 4, ["glut-med is not a target", "did you mean glute-med?"])
    try expectRefused(
      place, ["log", "--bout", "ql/lft:45s"], 4, ["lft is not a side", "did you mean left?"])
    try expectRefused(
      place, ["log", "--bout", "ql:45s@wal"], 4, ["wal is not a surface", "did you mean wall?"])
    try expectRefused(
      place, ["pain", "5", "low-bak"], 4, ["low-bak is not a site", "did you mean low-back?"])
    try expectRefused(place, ["pain", "5", "--context", "befor"], 4, ["did you mean before?"])
    try expectRefused(
      place, ["edit", "1", "scor=5"], 4, ["a pain has no field scor", "did you mean score?"])
    try expectRefused(place, ["list", "pains"], 2, ["pains cannot be listed", "did you mean pain?"])
    try expectRefused(
      place, ["routine", "show", "Evenin"], 3, ["no routine Evenin", "did you mean Evening?"])
    try expectRefused(
      place, ["sync", "exprt"], 2, ["sync exprt is not a command", "did you mean sync export?"])
    try expectRefused(place, ["list", "pain", "--formt", "json"], 2, ["--formt", "--format"])
    try expectRefused(place, ["sync", "export", "-o", "-"], 2, ["name a file"])
  }

  @Test func times() throws {
    let place = try workplace()
    try expectRefused(place, ["pain", "5", "--at", "2199-01-01"], 4, ["in the future"])
    try expectRefused(
      place, ["pain", "5", "--at", "5/6/2024"], 4,
      ["5/6/2024 can be read in more than one way", "2024-06-05 (day first)", "2024-05-06 (month first)"])
    try expectRefused(place, ["pain", "5", "--at", "2024-02-30"], 4, ["no day 2024-02-30"])
    try expectRefused(place, ["pain", "5", "--at", "25:00"], 4, ["25:00"])
    try expectRefused(place, ["pain", "5", "--at", "soon"], 4, ["soon is not a time"])
    // In the test's zone the clocks were put forward at two that night.
    try expectRefused(place, ["pain", "5", "--at", "2024-03-31 02:30"], 4, ["the clocks skipped that time"])
    try expectRefused(place, ["list", "pain", "--since", "5/6/2024"], 4, ["more than one way"])
  }

  @Test func idsThatAreNotThere() throws {
    let place = try workplace()
    try expectRefused(place, ["show", "99"], 3, ["no record 99"])
    try expectRefused(place, ["show", "zzzz-1"], 3, ["no record zzzz-1"])
    try expectRefused(place, ["show", "here"], 3, ["here is not an id", "ids look like"])
    try expectRefused(place, ["rm", "1", "99"], 3, ["no record 99"])
    try expectRefused(place, ["routine", "move", "Evening", "1", "--first"], 3, ["is a pain, not a step"])
    try expectRefused(place, ["routine", "show", "1"], 3, ["not a routine"])
    try expectRefused(place, ["resolve", "1", "score", "--take", "1"], 3, ["not in conflict"])
    try expectRefused(place, ["undo", "99"], 3, ["99"])
    try expectRefused(place, ["redo"], 3, ["nothing to redo"])
    try expectRefused(place, ["sync", "export", "--for", "tablet"], 3, ["no device tablet"])
    try expectRefused(place, ["sync", "import", "nowhere.unknot"], 3, ["no file nowhere.unknot"])
    try expectRefused(place, ["sync", "inspect", "nowhere.unknot"], 3, ["no file nowhere.unknot"])
  }

  @Test func usage() throws {
    let place = try workplace()
    try expectRefused(place, ["log"], 2, ["a session needs a bout"])
    try expectRefused(place, ["log", "--bout"], 2, ["--bout", "unknot help log"])
    try expectRefused(place, ["edit", "1"], 2, [])
    try expectRefused(place, ["edit", "1", "score"], 2, ["score is not FIELD=VALUE"])
    try expectRefused(place, ["resolve", "1", "score"], 2, ["--take N or --value"])
    try expectRefused(place, ["routine", "move", "Evening", "3"], 2, ["--after STEPID or --first"])
    try expectRefused(place, ["list", "pain", "--format", "xml"], 2, ["xml"])
    try expectRefused(place, ["list", "pain", "--limit", "many"], 2, ["many"])
  }

  @Test func argumentsThatAreNotText() throws {
    let place = try workplace()
    let wrapper = ["/bin/sh", "-c", "exec \"$0\" \"$@\" \"$(printf 'caf\\351')\""]
    try expectRefused(place, ["pain", "5", "--note"], 4, ["argument 6 is not UTF-8"], through: wrapper)
  }

  @Test func anAmbiguousPrefix() throws {
    let place = try workplace()
    try place.run("a", ["sync", "export", "-o", "start.unknot", "--full"])
    // There are 32 first characters: sooner or later two actors share one.
    var seen: [Character: String] = [:]
    for number in 0..<33 {
      let device = number == 0 ? "a" : "other\(number)"
      if number > 0 {
        try place.run(device, ["sync", "import", "start.unknot"])
        try place.run(device, ["pain", "1"])
        try place.carry(device, "a", full: true)
      }
      let clock = try #require(try place.object("a", ["sync", "digest"])["clock"] as? [[String: Any]])
      for actor in clock.compactMap({ $0["actor"] as? String }) where seen[actor.first ?? "?"] != actor {
        guard let first = actor.first, let other = seen[first] else {
          seen[actor.first ?? "?"] = actor
          continue
        }
        try expectRefused(
          place, ["show", "\(first)-1"], 3,
          ["\(first)-1 is ambiguous", "\(actor.prefix(4))", "\(other.prefix(4))"])
        #expect(try place.run("a", ["show", "\(actor)-1"]).status == 0)
        return
      }
    }
    Issue.record("no two actors shared a first character")
  }
}
