import Foundation
import Testing

/// Plans, due, duplicates and the catalogue from the command line.
@Suite struct DailyCommandTests {
  @Test func aPlanIsSetAndKept() throws {
    let place = try Workplace()
    #expect(try place.run("a", ["due"]).output == "past week: not rated yet: unknot checkin --week N\n")
    #expect(try place.run("a", ["checkin", "--week", "4", "2"]).status == 0)
    #expect(try place.objects("a", ["due"]).isEmpty)
    #expect(try place.run("a", ["plan", "show"]).status == 0)
    #expect(try place.run("a", ["plan", "set", "course", "--check-in", "daily"]).status == 0)
    let slots = try place.objects("a", ["due"])
    #expect(slots.first?["slot"] as? String == "check-in")
    try place.run("a", ["pain", "4", "--context", "scheduled"])
    let status = try place.object("a", ["status"])
    #expect(status["checked_in"] as? Bool == true && status["running"] is NSNull)
    #expect((try place.object("a", ["plan", "show"])["slots"] as? [Any])?.count ?? 0 >= 12)
    let wrong = try place.run("a", ["plan", "set", "corse"])
    #expect(wrong.status == 4 && wrong.errors.contains("did you mean course?"))
    #expect(try place.run("a", ["plan", "resume"]).status == 3)
  }

  /// The calendar is what RFC 5545 says: CRLF, at most 75 bytes a line, what begins ends.
  @Test func remindersAreACalendar() throws {
    let place = try Workplace()
    #expect(try place.run("a", ["due", "--ics"]).status == 3)
    try place.run(
      "a", ["plan", "set", "maintenance", "--slot", "07:30=mon,wed,fri", "--slot", "pm", "--days", "30"])
    try place.run("a", ["plan", "excuse", "--reason", "travel"])
    let text = try place.run("a", ["due", "--ics"]).output
    #expect(text.hasPrefix("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && text.hasSuffix("END:VCALENDAR\r\n"))
    var open: [String] = []
    for line in text.replacingOccurrences(of: "\r\n ", with: "").components(separatedBy: "\r\n").dropLast() {
      let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
      #expect(parts.count == 2, "\(line)")
      if parts[0] == "BEGIN" { open.append(parts[1]) }
      if parts[0] == "END" { #expect(open.popLast() == parts[1]) }
    }
    #expect(open.isEmpty && !text.replacingOccurrences(of: "\r\n", with: "").contains("\n"))
    for line in text.components(separatedBy: "\r\n") { #expect(line.utf8.count <= 75) }
    #expect(text.contains("RRULE:FREQ=WEEKLY;BYDAY=MO,WE,FR;UNTIL=") && text.contains("T073000\r\n"))
    #expect(text.contains("EXDATE:"))
  }

  @Test func duplicatesAreListedMergedAndDismissed() throws {
    let place = try Workplace()
    try place.run("a", ["init", "--device", "a"])
    try place.run("a", ["ball", "add", "red"])
    try place.run("b", ["init", "--device", "b"])
    try place.carry("a", "b", full: true)
    try place.run("a", ["pain", "5"])
    try place.run("b", ["pain", "6", "--note", "from b"])
    try place.run("b", ["sync", "export", "-o", "b.unknot", "--full"])
    let sent = try place.run("a", ["sync", "import", "b.unknot"])
    #expect(sent.errors.contains("hint: 1 probable duplicate of the last month"), "\(sent.errors)")
    let pairs = try place.objects("a", ["dupes"])
    #expect(pairs.count == 1)
    let first = try #require((pairs[0]["first"] as? [String: Any])?["id"] as? String)
    let second = try #require((pairs[0]["second"] as? [String: Any])?["id"] as? String)
    #expect(try place.run("a", ["dupes", "merge", first, second]).status == 0)
    let pain = try place.objects("a", ["list", "pain"])
    #expect(
      pain.count == 1 && pain[0]["note"] as? String == "from b" && pain[0]["merged"] as? [String] == [second])
    try place.run("a", ["undo"])
    #expect(try place.objects("a", ["list", "pain"]).count == 2)
    let dismissed = try place.run("a", ["dupes", "dismiss", second, first])
    #expect(dismissed.status == 0)
    let short = [second, first].map { "\($0.prefix(4))-\($0.split(separator: "-")[1])" }
    #expect(dismissed.output.hasPrefix("dismissed \(short[0]) and \(short[1]): they are two  ["))
    #expect(try place.objects("a", ["dupes", "list"]).isEmpty)
    #expect(try place.run("a", ["dupes", "merge", first, first]).status == 4)
  }

  @Test func targetsAreShownAndSuggested() throws {
    let place = try Workplace()
    #expect(
      try place.objects("a", ["target", "list", "--relation", "above"]).map { $0["id"] as? String } == [
        "erector-mid", "ql",
      ])
    let wall = try place.run("a", ["target", "show", "ql", "--surface", "wall"])
    #expect(wall.output.contains("On the wall") && !wall.output.contains("On the floor"))
    #expect(wall.output.contains("not a medical device"))
    #expect(try place.run("a", ["target", "show", "glut-med"]).errors.contains("did you mean glute-med?"))
    // Why is said whole, however narrow it is.
    let narrow = try place.run("a", ["suggest", "low-back/left"], environment: ["COLUMNS": "80"]).output
    #expect(!narrow.contains("…") && narrow.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(narrow)")
    let suggested = try place.objects("a", ["suggest", "low-back/left"])
    #expect(
      suggested.count == 6
        && Set(suggested.prefix(2).compactMap { $0["relation"] as? String }) == ["above", "below"])
    // Nothing of this needs a journal.
    #expect(try place.run(nil, ["check"]).output.contains("EMERGENCY"))
    #expect(!FileManager.default.fileExists(atPath: place.folder + "/data/unknot/journal.sqlite"))
    let emergency = try place.run("a", ["check", "--answer", "bladder"])
    #expect(emergency.status == 6 && emergency.output.contains("recorded safety check: emergency"))
    #expect(try place.run("a", ["check", "--answer", "hiccups"]).status == 4)
  }

  /// Words in another order than the program's, and a medicine that it does not know yet: what to write instead.
  @Test(arguments: [
    ("pain|lower|back|right|6", 2, "unknot pain 6 lower back right"),
    ("pain|5|lower|back|yesterday|evening", 2, "unknot pain 5 lower back --at 'yesterday evening'"),
    ("pain|5|back|right|6pm", 2, "unknot pain 5 back right --at 6pm"),
    (
      "factor|o'neill", 4,
      "the first time, say what it is. A medicine: unknot factor medication 'o'\\''neill'; anything else: "
        + "unknot factor other --label 'o'\\''neill'"
    ),
    ("factor|medication|x|1|--label|y", 2, nil), ("factor|other|--label|", 4, nil),
    ("factor|walk|long", 4, "write 30m, 400mg or 2"),
  ])
  func whatToWriteInstead(words: String, status: Int, hint: String?) throws {
    let place = try Workplace()
    let words = words.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    let outcome = try place.run("a", words)
    #expect(outcome.status == status && outcome.output.isEmpty, "\(outcome)")
    if let hint { #expect(outcome.errors.hasSuffix("hint: \(hint)\n"), "\(outcome)") }
    #expect(try place.objects("a", ["list"]).isEmpty)
  }

  @Test func aMedicineByItsName() throws {
    let place = try Workplace()
    for words in [
      ["medication", "ibuprofen", "400", "mg"], ["ibuprofen"], ["Ibuprofen", "200mg"],
      ["medication", "--label", "x", "1"],
    ] {
      #expect(try place.run("a", ["factor"] + words).status == 0, "\(words)")
    }
    let all = try place.objects("a", ["list", "factor"])
    #expect(all.map { $0["label"] as? String } == ["x", "ibuprofen", "ibuprofen", "ibuprofen"])
    #expect(all.map { $0["amount"] as? String } == ["1", "200", "400", "400"])
  }

  /// Without a command: what is meant today and what to type next; without a kind: the newest of all kinds.
  @Test func withoutFurtherWords() throws {
    let place = try Workplace()
    let bare = try place.run("a", [])
    let today = try place.run("a", ["today"])
    #expect(bare.status == 0 && bare.output == today.output, "\(bare)")
    #expect(bare.output.contains("unknot start") && bare.errors.isEmpty)
    #expect(try place.run("a", ["list"]).errors.contains("nothing is recorded yet"))
    #expect(try place.objects("a", ["list"]).isEmpty)
    for command in [["p", "5", "lb"], ["c", "4"], ["log", "-r", "quick"], ["factor", "walk", "20m"]] {
      #expect(try place.run("a", command).status == 0, "\(command)")
    }
    let all = try place.objects("a", ["list"])
    #expect(Set(all.compactMap { $0["type"] as? String }) == ["pain", "session", "factor"] && all.count == 4)
    #expect(try place.objects("a", ["list", "--limit", "1"]).count == 1)
    #expect(try place.run("a", ["list", "--after", "1"]).status == 2)
    #expect(try place.run("a", ["checkin", "4", "3"]).status == 2)
    #expect(try place.run("a", ["checkin", "--week", "4", "11"]).status == 4)
    #expect(try place.run("a", ["--help"]).output.contains("SUBCOMMANDS"))
  }

  /// As many keys as they take, with the one that ends the line.
  @Test(arguments: [("p 5 lb", 14), ("c 5", 11), ("log -r quick", 24), ("log quick", 17)])
  func theCommonestTakeFewKeys(words: String, most: Int) throws {
    let place = try Workplace()
    #expect("unknot \(words)\n".count <= most)
    #expect(try place.run("a", words.split(separator: " ").map(String.init)).status == 0)
  }
}
