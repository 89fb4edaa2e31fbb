import Foundation
import Testing

/// How things are printed.
@Suite struct DisplayTests {
  @Test func aTableFitsTheTerminal() throws {
    let place = try Workplace()
    try place.run("a", ["init", "--device", "phone"])
    try place.run(
      "a",
      [
        "log", "--at", "2024-05-14 18:00", "--bout", "ql/left:45s@wall", "--bout", "glute-med/right:1m30s",
        "--before", "6", "--note", "a note that is longer than what is left of the line, by far",
      ])
    let narrow = try place.run("a", ["list", "sessions"], environment: ["COLUMNS": "80"]).output
    for kind in ["sessions", "pain", "bouts"] {
      for columns in [40, 60, 80, 100] {
        let table = try place.run("a", ["list", kind], environment: ["COLUMNS": "\(columns)"]).output
        for line in table.split(separator: "\n") { #expect(line.count <= columns, "\(line)") }
      }
    }
    let lines = narrow.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines[0].hasPrefix("id      started_at"))
    #expect(lines[1].contains("Tue 14 May 2024 18:00"), "\(narrow)")
    #expect(lines[1].contains("…"))
    let wide = try place.run("a", ["list", "sessions"], environment: ["COLUMNS": "300"]).output
    #expect(wide.contains("by far"))
    #expect(wide.contains("ql (left) 45s, wall; glute-med (right) 1m30s"))
  }

  /// More than is held at once: a table is then measured first and read once more to be printed.
  @Test func whatIsLongIsPrintedWhole() throws {
    let place = try Workplace()
    let notes = (0..<300).map { number in
      "\(number) " + String(repeating: number % 7 == 0 ? "x\n" : "yz", count: 4_900) + "."
    }
    let records = notes.indices.map { number -> [String: Any] in
      let (hour, minute) = (10 + number / 60, number % 60)
      return [
        "type": "pain", "id": "record-\(number)", "score": 3, "site": "low-back", "note": notes[number],
        "at": "2024-05-01T\(hour):\(minute < 10 ? "0" : "")\(minute):00+02:00",
      ]
    }
    try place.write(
      try JSONSerialization.data(withJSONObject: ["schema": "unknot-records-1", "records": records]),
      to: "all.json")
    #expect(try place.run("a", ["import", "all.json"]).status == 0)
    let lines = try place.run("a", ["list", "pain"]).output.split(separator: "\n")
    let header = try #require(lines.first)
    #expect(lines.count == 1 + notes.count)
    // What is measured, by every row, is where the columns stand.
    let score = try #require(header.range(of: "score")).lowerBound
    let offset = header.utf8.distance(from: header.startIndex, to: score)
    for (line, note) in zip(lines.dropFirst(), notes.reversed()) {
      let isAligned = line.utf8.dropFirst(offset).first == UInt8(ascii: "3")
      let isOfNote = line.contains("  " + note.prefix(20).split(separator: "\n").joined(separator: " "))
      #expect(isAligned && isOfNote, "\(note.prefix(20))")
    }
    let items = try place.objects("a", ["list", "pain"])
    let areTheSame = items.map { $0["note"] as? String } == notes.reversed()
    #expect(areTheSame)
    let table = try place.run("a", ["--format", "csv", "list", "pain"]).output
    #expect(table.components(separatedBy: "\r\n").count == notes.count + 2)
    let ndjson = try place.run("a", ["--format", "ndjson", "list", "pain"]).output
    #expect(ndjson.split(separator: "\n").count == notes.count)
    // Nor does who reads it slowly keep others from writing.
    let reader = place.process("a", ["list", "pain", "--format", "json"])
    let output = Pipe()
    reader.standardOutput = output
    try reader.run()
    _ = try output.fileHandleForReading.read(upToCount: 1)
    #expect(try place.run("a", ["pain", "4"]).status == 0)
    let rest = try output.fileHandleForReading.readToEnd()
    reader.waitUntilExit()
    #expect(reader.terminationStatus == 0 && (rest?.count ?? 0) > 1 << 15)
    let id = try #require(items.first?["id"] as? String)
    for number in 0..<3 { try place.run("a", ["edit", id, "note=\(number)\(notes[0].prefix(9000))"]) }
    #expect(try place.run("a", ["history", id]).output.split(separator: "\n").count == 5)
  }

  @Test func globalOptionsGoAnywhere() throws {
    let place = try Workplace()
    let journal = place.path("a.sqlite")
    try place.run(nil, ["--journal", journal, "pain", "5"])
    let expected = try place.run(nil, ["--journal", journal, "--format", "json", "list", "pain"])
    #expect(expected.status == 0)
    for arguments in [
      ["list", "pain", "--journal", journal, "--format", "json"],
      ["--format=json", "list", "--journal=\(journal)", "pain"],
      ["--journal", place.path("other.sqlite"), "list", "pain", "--format", "json", "--journal", journal],
    ] {
      #expect(try place.run(nil, arguments) == expected, "\(arguments)")
    }
    let digest = try place.run(nil, ["sync", "--journal", journal, "digest"])
    #expect(digest.status == 0)
  }

  @Test func colourIsAskedForOrLeftOut() throws {
    let place = try Workplace()
    try place.run("a", ["pain", "5"])
    #expect(!(try place.run("a", ["list", "pain"]).output.contains("\u{1b}")))
    #expect(try place.run("a", ["--color", "always", "list", "pain"]).output.contains("\u{1b}[1mid"))
    #expect(!(try place.run("a", ["--color", "never", "list", "pain"]).output.contains("\u{1b}")))
    #expect(
      !(try place.run("a", ["--color", "always", "--format", "json", "list", "pain"]).output.contains(
        "\u{1b}")))
  }

  /// What stands above a part, what is small and what is drawn are told apart; an emergency stands out of all.
  @Test func aReportIsColoured() throws {
    let place = try Workplace()
    try place.run("a", ["pain", "5"])
    try place.run("a", ["check", "--answer", "bladder"])
    let page = try place.run("a", ["report", "clinician", "--color", "always"]).output
    #expect(
      page.hasPrefix("\u{1b}[1mBack pain summary") && page.contains("\n\u{1b}[1;31mWarning "), "\(page)")
    #expect(page.contains("\u{1b}[2mSelf-reported"))
    let body = try place.run("a", ["report", "bodymap", "--color", "always"]).output
    #expect(body.contains("\u{1b}[36m") && body.contains("\u{1b}[1mPAIN\u{1b}[0m"), "\(body)")
    for (words, color) in [
      (["report", "clinician"], "never"), (["report", "clinician", "--plain"], "auto"),
    ] {
      #expect(!(try place.run("a", words + ["--color", color]).output.contains("\u{1b}")))
    }
  }

  @Test func whatIsAskedForAsCSV() throws {
    let place = try Workplace()
    let empty = try place.run("a", ["list", "pain", "--format", "csv"]).output
    #expect(empty.hasPrefix("id,type,present,device,recorded_at,at,score,"))
    #expect(empty.hasSuffix(",backfilled\r\n"))
    // A quotation mark with a combining mark after it is one character to Swift, and still closes a field.
    try place.run("a", ["pain", "5", "--note", "x\"\u{301},y\nz"])
    let csv = try place.run("a", ["list", "pain", "--format", "csv"]).output
    #expect(csv.hasPrefix(empty), "\(csv)")
    #expect(csv.contains(",\"x\"\"\u{301},y\\u{a}z\","), "\(csv)")
    try place.run("a", ["log", "--bout", "ql:45s"])
    let sessions = try place.run("a", ["list", "sessions", "--format", "csv"]).output
    #expect(sessions.contains("\"\"target\"\":\"\"ql\"\""))
  }

  @Test func shownTextCannotAct() throws {
    let place = try Workplace()
    let dangerous: [Unicode.Scalar] = [
      "\u{61c}", "\u{200e}", "\u{200f}", "\u{2028}", "\u{2029}", "\u{202a}", "\u{202e}", "\u{2066}",
      "\u{2069}",
    ]
    let note = dangerous.map(String.init).joined(separator: "x")
    try place.run("a", ["pain", "5", "--note", note])
    for arguments in [["list", "pain"], ["show", "1"], ["history", "1"], ["undo"]] {
      for format in ["table", "json", "ndjson", "csv"] {
        if arguments == ["undo"] { continue }
        let output = try place.run("a", arguments + ["--format", format]).output
        #expect(!output.unicodeScalars.contains { dangerous.contains($0) }, "\(arguments) \(format)")
      }
    }
    #expect(try place.object("a", ["show", "1"])["note"] as? String == note)
    let refused = try place.run("a", ["routine", "show", "x\u{1b}[2J\u{9b}\u{202e}"])
    #expect(refused.errors.contains("x\\u{1b}[2J\\u{9b}\\u{202e}"), "\(refused.errors)")
  }

  @Test func outputThatCannotBeWritten() throws {
    let place = try Workplace()
    try place.run("a", ["pain", "5"])
    let full = try place.run(
      "a", ["list", "pain"], through: ["/bin/sh", "-c", "exec \"$0\" \"$@\" > /dev/full"])
    #expect(full.status == 1)
    #expect(
      full.errors.hasPrefix("error: the output could not be written\ncaused by: No space left on device"))
    let closed = try place.run("a", ["list", "pain"], through: ["/bin/sh", "-c", "\"$0\" \"$@\" | true"])
    #expect(closed == Outcome(status: 0, output: "", errors: ""))
    let ignored = try place.run(
      "a", ["list", "pain"], through: ["/bin/sh", "-c", "trap '' PIPE; { sleep 0.3; \"$0\" \"$@\"; } | true"])
    #expect(ignored == Outcome(status: 0, output: "", errors: ""))
  }

  @Test func timesAreEchoed() throws {
    let place = try Workplace()
    for (text, time) in [
      ("2024-05-14T18:00:00-03:00", "2024-05-14T18:00:00-03:00"),
      ("2024-05-14 18:00", "2024-05-14T18:00:00+02:00"),
      ("2024-01-14 08:05", "2024-01-14T08:05:00+01:00"), ("2024-05-14", "2024-05-14T12:00:00+02:00"),
      // The clocks showed this twice: the first of both.
      ("2024-10-27 02:30", "2024-10-27T02:30:00+02:00"),
    ] {
      let written = try place.objects("a", ["pain", "5", "--at", text])
      #expect(written.first?["at"] as? String == time, "\(text)")
    }
    for text in ["now", "2h ago", "3d ago", "yesterday 18:00", "monday 7:15", "today 00:00", "00:01"] {
      #expect(try place.run("a", ["pain", "5", "--at", text]).status == 0, "\(text)")
    }
  }
}
