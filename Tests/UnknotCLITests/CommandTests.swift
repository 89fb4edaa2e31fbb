import Foundation
import Testing

@Suite struct CommandTests {
  @Test func aRatingIsRecordedAndEchoed() throws {
    let place = try Workplace()
    let outcome = try place.run("a", ["pain", "6", "low-back/left", "--at", "2026-05-14T18:00:00+02:00"])
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    #expect(
      outcome.output.wholeMatch(
        of: /recorded pain 6, low back \(left\), Thu 14 May 18:00 \+02:00  \[[0-9a-z]{4}-1\]\n/) != nil
        || outcome.output.contains("14 May 2026"), "\(outcome.output)")
    let record = try #require(try place.objects("a", ["list", "pain"]).first)
    #expect(record["type"] as? String == "pain")
    #expect(record["present"] as? Bool == true)
    #expect(record["score"] as? Int == 6)
    #expect(record["site"] as? String == "low-back")
    #expect(record["side"] as? String == "left")
    #expect(record["at"] as? String == "2026-05-14T18:00:00+02:00")
    #expect((record["id"] as? String)?.count == 28)
  }

  @Test func aSessionEmbedsItsBoutsAndHasItsRatings() throws {
    let place = try Workplace()
    let written = try place.objects(
      "a",
      [
        "log", "--at", "2026-05-14 18:00", "--bout", "ql/left:45s@wall", "--bout", "glute-med:1m30s",
        "--before",
        "6", "--after", "4", "--site", "low-back/left", "--note", "short",
      ])
    #expect(written.map { $0["type"] as? String } == ["session", "pain", "pain"])
    let session = try #require(try place.objects("a", ["list", "sessions"]).first)
    #expect(session["started_at"] as? String == "2026-05-14T18:00:00+02:00")
    #expect(session["ended_at"] as? String == "2026-05-14T18:02:15+02:00")
    let bouts = try #require(session["bouts"] as? [[String: Any]])
    #expect(bouts.map { $0["target"] as? String } == ["ql", "glute-med"])
    #expect(bouts.map { $0["seconds"] as? Int } == [45, 90])
    #expect(bouts[0]["surface"] as? String == "wall")
    #expect(try place.objects("a", ["list", "bouts"]).count == 2)
    let ratings = try place.objects("a", ["list", "pain"])
    #expect(ratings.map { $0["context"] as? String } == ["after", "before"])
    #expect(ratings.allSatisfy { $0["session"] as? String == session["id"] as? String })
  }

  @Test func routinesKeepTheirOrder() throws {
    let place = try Workplace()
    func steps() throws -> [String] {
      let steps = try #require(
        try place.object("a", ["routine", "show", "Evening"])["steps"] as? [[String: Any]])
      return steps.compactMap { $0["target"] as? String }
    }
    func step(_ target: String) throws -> String {
      let found = try place.objects("a", ["list", "steps"]).first { $0["target"] as? String == target }
      return try #require(found?["id"] as? String)
    }
    try place.run("a", ["routine", "new", "Evening", "--step", "ql:45s", "--step", "tfl:30s@wall"])
    try place.run("a", ["routine", "add", "Evening", "glute-max:1m", "--first"])
    try place.run("a", ["routine", "add", "Evening", "glute-min:1m", "--after", try step("ql")])
    #expect(try steps() == ["glute-max", "ql", "glute-min", "tfl"])
    try place.run("a", ["routine", "move", "Evening", try step("tfl"), "--first"])
    #expect(try steps() == ["tfl", "glute-max", "ql", "glute-min"])
    let before = try place.digest("a")
    let same = try place.run("a", ["routine", "move", "Evening", try step("tfl"), "--first"])
    #expect(same == Outcome(status: 0, output: "", errors: "it is there already\n"))
    #expect(try place.digest("a") == before)
    try place.run("a", ["routine", "edit", "Evening", try step("ql"), "seconds=1m", "side=left"])
    try place.run("a", ["routine", "remove", "Evening", try step("glute-max")])
    #expect(try steps() == ["tfl", "ql", "glute-min"])
    try place.run("a", ["routine", "rename", "Evening", "Morning"])
    #expect(try place.objects("a", ["routine", "list"]).map { $0["name"] as? String } == ["Morning"])
    try place.run("a", ["routine", "delete", "Morning"])
    #expect(try place.run("a", ["routine", "list", "--format", "json"]).output == "[]\n")
  }

  @Test func editUndoRedoAndHistory() throws {
    let place = try Workplace()
    try place.run("a", ["pain", "6"])
    try place.run("a", ["edit", "1", "score=7", "note=worse"])
    #expect(try place.run("a", ["edit", "1", "score=7"]).errors == "nothing to change\n")
    #expect(try place.object("a", ["show", "1"])["score"] as? Int == 7)
    try place.run("a", ["undo"])
    #expect(try place.object("a", ["show", "1"])["score"] as? Int == 6)
    #expect(try place.object("a", ["show", "1"])["note"] is NSNull)
    try place.run("a", ["redo"])
    #expect(try place.object("a", ["show", "1"])["note"] as? String == "worse")
    try place.run("a", ["undo"])
    try place.run("a", ["undo"])
    #expect(try place.objects("a", ["list", "pain"]).isEmpty)
    #expect(try place.objects("a", ["list", "pain", "--deleted"]).count == 1)
    let nothing = try place.run("a", ["undo"])
    #expect(nothing == Outcome(status: 3, output: "", errors: "error: there is nothing to undo\n"))
    try place.run("a", ["restore", "1"])
    #expect(
      try place.objects("a", ["history", "1"]).map { $0["action"] as? String }
        == ["create", "edit", "edit", "edit", "edit", "delete", "restore"])
    try place.run("a", ["rm", "1"])
    #expect(try place.object("a", ["show", "1"])["present"] as? Bool == false)
  }

  @Test func formatsAreWhatTheySay() throws {
    let place = try Workplace()
    #expect(try place.run("a", ["list", "pain", "--format", "json"]).output == "[]\n")
    try place.run("a", ["pain", "3", "--note", "a, \"b\"\u{202e}"])
    try place.run("a", ["pain", "4"])
    let lines = try place.run("a", ["list", "pain", "--format", "ndjson"]).output.split(separator: "\n")
    #expect(lines.count == 2)
    let csv = try place.run("a", ["list", "pain", "--format", "csv"]).output
    #expect(csv.contains(",\"a, \"\"b\"\"\\u{202e}\","))
    #expect(!(try place.run("a", ["list", "pain"]).output.unicodeScalars.contains("\u{202e}")))
    #expect(
      !(try place.run("a", ["list", "pain", "--format", "json"]).output.unicodeScalars.contains("\u{202e}")))
    #expect(try place.objects("a", ["list", "pain", "--limit", "1"]).count == 1)
    let page = try place.run("a", ["list", "pain", "--limit", "1"])
    let cursor = try #require(
      page.errors.split(separator: " ").last?.trimmingCharacters(in: .whitespacesAndNewlines))
    #expect(page.errors == "there are more: --after \(cursor)\n")
    let rest = try place.run("a", ["list", "pain", "--limit", "1", "--after", cursor])
    #expect(rest.status == 0 && rest.errors == "" && rest.output != page.output)
    #expect(try place.objects("a", ["list", "pain", "--until", "yesterday"]).isEmpty)
    #expect(try place.objects("a", ["list", "pain", "--since", "today"]).count == 2)
  }

  @Test func theJournalIsPrivateAndWhereItIsExpected() throws {
    let place = try Workplace()
    try place.run(nil, ["pain", "5"])
    let manager = FileManager.default
    let file = place.path("data/unknot/journal.sqlite")
    #expect(try manager.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o600)
    let folder = place.path("data/unknot")
    #expect(try manager.attributesOfItem(atPath: folder)[.posixPermissions] as? Int == 0o700)
    try place.run(nil, ["pain", "5"], environment: ["UNKNOT_JOURNAL": place.path("other.sqlite")])
    #expect(manager.fileExists(atPath: place.path("other.sqlite")))
    try place.run("a", ["sync", "export", "-o", "x.unknot", "--full"])
    #expect(try place.run("a", ["sync", "export", "-o", "y.unknot"]).output == "")
    #expect(!manager.fileExists(atPath: place.path("y.unknot")))
  }

  @Test func helpAndUsage() throws {
    let place = try Workplace()
    #expect(try place.run(nil, ["--version"]) == Outcome(status: 0, output: "0.1.0\n", errors: ""))
    #expect(try place.run(nil, ["sync", "import", "--help"]).status == 0)
    let wrong = try place.run("a", ["pian", "5"])
    #expect(
      wrong
        == Outcome(
          status: 2, output: "", errors: "error: pian is not a command\nhint: did you mean pain?\n"))
    #expect(try place.run("a", ["pain"]).status == 2)
    #expect(try place.run("a", ["pain", "5", "--nope"]).status == 2)
    #expect(!FileManager.default.fileExists(atPath: place.path("a.sqlite")))
  }
}
