import Foundation
import TestSupport
import Testing
import UnknotCausality
import UnknotEngine
import UnknotStorage

/// The queries of `Schema/README.md`, on journals of devices that went through what devices go through. What they
/// answer is written down here, from what was entered.
@Suite struct QueryPageTests {
  private struct Query: Sendable {
    let heading: String
    let sql: String
  }

  /// What each query answers, by the beginning of its heading, in the order of the page. `RATING` is the one in conflict.
  private static let expected: [(heading: String, rows: [[String]])] = [
    // 44 by sessions, mornings and nights, and 3 + 2 at the end of the week; neither 9 (the worst of a day), nor 7 (the
    // neck), nor 10, 9 and 9 (removed).
    (
      "Mean pain by week",
      [
        ["2024-05-06", "4.5", "11"],  // 49 / 11
        ["2024-05-13", "4.0", "7"],  // 7 + 1 + 4 + 2 + 6 + 4 + 4
        ["2024-05-20", "5.0", "4"],  // 5 + 5 + 4 + 6
        ["2024-06-10", "1.0", "1"],
      ]
    ),
    // 8 in the evening, and 3 at half past two in the night, which is of the day before.
    ("The worst day", [["2024-05-07", "8", "5.5", "2"]]),
    // From 12 May on: the 11th is the 31st day.
    (
      "The last 30 days",
      [
        ["2024-05-12", "2", "2", "2.0"], ["2024-05-13", "7", "7", "7.0"], ["2024-05-14", "1", "1", "1.0"],
        ["2024-05-15", "2", "4", "3.0"], ["2024-05-16", "6", "6", "6.0"], ["2024-05-17", "4", "4", "4.0"],
        ["2024-05-20", "5", "5", "5.0"], ["2024-05-22", "4", "4", "4.0"], ["2024-05-23", "6", "6", "6.0"],
        ["2024-06-10", "1", "1", "1.0"],
      ]
    ),
    // In seconds: 60 + 120, 90, 90, 90, 60, 48, 30, 30; neither the skipped 60 nor the removed 300.
    (
      "Minutes pressed, by muscle and side",
      [
        ["ql", "left", "3.0", "2"], ["glute-max", "left", "1.5", "1"], ["glute-max", "right", "1.5", "1"],
        ["ql", "right", "1.5", "1"], ["erector-mid", "midline", "1.0", "1"], ["tfl", "left", "0.8", "1"],
        ["tfl", "", "0.5", "1"], ["tfl", "right", "0.5", "1"],
      ]
    ),
    // Evening: 6 to 4 and 5 to 4; its third session has no rating after it.
    (
      "Before and after, by routine",
      [
        ["(none)", "1", "4.0", "4.0", "0.0"], ["(removed)", "1", "4.0", "2.0", "-2.0"],
        ["Desk", "1", "3.0", "5.0", "2.0"], ["Evening", "2", "5.5", "4.0", "-1.5"],
      ]
    ),
    // Sessions on 6, 8, 9, 13, 15 and 17 May; that of the 10th was removed.
    (
      "Days without a session",
      [
        ["2024-05-07"], ["2024-05-10"], ["2024-05-11"], ["2024-05-12"], ["2024-05-14"], ["2024-05-16"],
      ]
    ),
    // 7:30; 13:00; 18:00, 18:00, 18:30 and 23:30.
    ("Sessions by local time of day", [["morning", "1"], ["afternoon", "1"], ["evening", "4"]]),
    // Of all ratings, also of other sites and of a whole day.
    ("How the pain felt", [["ache", "3"], ["stiff", "2"], ["sharp", "1"]]),
    ("How often each tag was given", [["desk", "3"], ["outside", "1"], ["twin", "1"]]),
    // Walks on the 6th and the 7th: 5.5 and 4.5. Of 15 days: 16/3 + 5.5 + 4.5 + 4 + 3 + 2 + 7 + 1 + 3 + 6 + 4 + 5 + 4
    // + 6 + 1 = 61.33.
    ("Pain on the day after", [["heat", "1", "1.0", "4.1"], ["walk", "2", "5.0", "4.1"]]),
    // 10 ratings and 6 around sessions, and of the copy 1 and 2; 2 and 3; 2, one of them on a scale of its own.
    (
      "Ratings by device",
      [
        ["phone", "19", "2024-05-06", "2024-05-23"], ["laptop", "5", "2024-05-13", "2024-06-10"],
        ["tablet", "2", "2024-05-16", "2024-05-16"],
      ]
    ),
    ("What waits for a decision", [["RATING", "pain", "score", ""]]),
  ]

  /// The blocks of the section, each below its heading.
  private static func page() throws -> [Query] {
    let file = Repository.root.appending(path: "Schema/README.md")
    let lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
    let start = try #require(lines.firstIndex(of: "## Questions to the journal"))
    var queries: [Query] = []
    var heading: String?
    var block: [String]?
    for line in lines[(start + 1)...] {
      if let content = block {
        guard line == "```" else {
          block = content + [line]
          continue
        }
        queries.append(
          Query(heading: try #require(heading, "\(content)"), sql: content.joined(separator: "\n")))
        (heading, block) = (nil, nil)
      } else if line == "```sql" {
        block = []
      } else if line.hasPrefix("## ") {
        break
      } else if line.hasPrefix("### ") {
        heading = String(line.dropFirst(4))
      }
    }
    try #require(block == nil)
    return queries
  }

  // MARK: The journals

  /// The time of every command that says none.
  private static let noon: Int64 = 1_718_877_600_000

  /// A command that has to succeed.
  @discardableResult
  private func enter(
    _ place: Workplace, _ device: String, _ arguments: String..., at clock: String = "12:00",
    home: String = "home", sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [[String: Any]] {
    let outcome = try place.run(
      device, arguments + ["--format", "json"], environment: ["HOME": place.path(home)],
      at: "2024-06-20 \(clock):00")
    try #require(outcome.status == 0, "\(arguments): \(outcome.errors)", sourceLocation: sourceLocation)
    let printed = try JSONSerialization.jsonObject(
      with: Data(outcome.output.utf8), options: .fragmentsAllowed)
    return printed as? [[String: Any]] ?? []
  }

  private func id(_ written: [[String: Any]]) throws -> String {
    try #require(written.first?["id"] as? String)
  }

  /// The devices `a` (phone), `twin` (a copy of it that went on as the same), and `b` (laptop). All hold the same.
  private func household() throws -> Workplace {
    let place = try Workplace()
    try begin(place)
    let (removed, disputed) = try rate(place)
    let removedSession = try press(place)
    try enter(
      place, "a", "factor", "walk", "30m", "--at", "2024-05-06 17:00", "--tag", "outside")
    try enter(place, "a", "factor", "walk", "30m", "--at", "2024-05-07 22:00")
    try enter(place, "a", "factor", "heat", "--at", "2024-05-13 20:00")
    try #require(try place.carry("a", "b") == 0)

    try copy(place)
    try goOn(onPhone: place, removing: [removed, removedSession], disputed)
    try goOn(onLaptop: place, disputed)

    // It was a journal of its own until now.
    try #require(try place.run("a", ["sync", "import", "--join", newerProgram(place)]).status == 0)
    for (from, to) in [("twin", "a"), ("b", "a"), ("a", "b"), ("a", "twin")] {
      try #require([0, 5].contains(try place.carry(from, to, full: true)), "\(from) to \(to)")
    }
    try #require(Set(["a", "b", "twin"].map { try place.digest($0) }).count == 1)
    return place
  }

  /// Two devices and what they begin with.
  private func begin(_ place: Workplace) throws {
    try place.run("a", ["init", "--device", "phone"])
    try place.run("b", ["init", "--device", "laptop"])
    try enter(place, "a", "routine", "new", "Evening", "--step", "ql:45s", "--step", "glute-max:60s")
    try enter(place, "a", "routine", "new", "Desk", "--step", "tfl:45s")
    // From then on the two are one journal.
    try #require(try place.carry("a", "b") == 0)
    for device in ["a", "b"] { try enter(place, device, "profile", "floor_ok=true") }
  }

  /// - Returns: the rating that will be removed, and the one that both will change.
  private func rate(_ place: Workplace) throws -> (removed: String, disputed: String) {
    try enter(
      place, "a", "pain", "6", "--at", "2024-05-06 08:00", "--context", "scheduled", "--quality", "ache",
      "--quality", "stiff", "--tag", "desk")
    try enter(place, "a", "pain", "8", "--at", "2024-05-07 21:00", "--quality", "sharp")
    try enter(place, "a", "pain", "3", "--at", "2024-05-08 02:30")
    try enter(
      place, "a", "pain", "9", "--at", "2024-05-09 12:00", "--aspect", "worst24", "--quality", "ache")
    let removed = try id(
      enter(
        place, "a", "pain", "10", "--at", "2024-05-10 12:00", "--quality", "burning", "--tag", "gone"))
    try enter(
      place, "a", "pain", "7", "neck", "--at", "2024-05-10 13:00", "--quality", "stiff", "--tag", "desk")
    try enter(place, "a", "pain", "3", "--at", "2024-05-11 10:00")
    try enter(place, "a", "pain", "2", "--at", "2024-05-12 10:00")
    return (removed, try id(enter(place, "a", "pain", "2", "--at", "2024-05-14 09:00")))
  }

  /// - Returns: the session that will be removed.
  private func press(_ place: Workplace) throws -> String {
    try enter(
      place, "a", "log", "--at", "2024-05-06 18:00", "--routine", "Evening", "--bout", "ql/left:60s",
      "--bout", "glute-max/both:90s", "--before", "6", "--after", "4", "--tag", "desk")
    try enter(
      place, "a", "log", "--at", "2024-05-08 18:00", "--routine", "Evening", "--bout", "ql/right:90s",
      "--bout", "glute-med/right:60s", "--before", "5", "--after", "4")
    let skipped = try #require(
      try place.objects("a", ["list", "bouts"]).first { $0["target"] as? String == "glute-med" })
    try enter(place, "a", "edit", id([skipped]), "outcome=skipped")
    try enter(
      place, "a", "log", "--at", "2024-05-09 07:30", "--routine", "Desk", "--bout", "tfl/left:48s",
      "--before", "3", "--after", "5")
    return try id(
      enter(
        place, "a", "log", "--at", "2024-05-10 19:00", "--routine", "Evening", "--bout", "ql/left:300s",
        "--before", "9", "--after", "9"))
  }

  private func goOn(onPhone place: Workplace, removing removed: [String], _ disputed: String) throws {
    for record in removed { try enter(place, "a", "rm", record) }
    try enter(place, "a", "pain", "6", "--at", "2024-05-23 10:00")
    try enter(place, "a", "edit", disputed, "score=4", at: "13:00")
    // Also on the laptop, which does not know of it: of two that are alike both count.
    try enter(place, "a", "pain", "5", "--at", "2024-05-20 12:00")
  }

  private func goOn(onLaptop place: Workplace, _ disputed: String) throws {
    try enter(
      place, "b", "log", "--at", "2024-05-13 18:30", "--routine", "Evening", "--bout", "ql/left:120s",
      "--bout", "tfl:30s", "--before", "7")
    try enter(place, "b", "routine", "new", "Old", "--step", "ql:45s")
    try enter(
      place, "b", "log", "--at", "2024-05-15 23:30", "--routine", "Old", "--bout", "erector-mid/midline:60s",
      "--before", "4", "--after", "2")
    try enter(place, "b", "routine", "delete", "Old")
    try enter(place, "b", "pain", "5", "--at", "2024-05-20 12:00")
    try enter(
      place, "b", "pain", "1", "--at", "2024-06-10 08:00", "--context", "scheduled", "--quality", "ache")
    // The later one wins until somebody decides.
    try enter(place, "b", "edit", disputed, "score=1", at: "14:00")
  }

  /// Another computer got the phone's journal from a backup, with all that tells the two apart: both go on as the same.
  private func copy(_ place: Workplace) throws {
    let manager = FileManager.default
    try manager.copyItem(atPath: place.path("a.sqlite"), toPath: place.path("kept.sqlite"))
    try manager.copyItem(atPath: place.path("home"), toPath: place.path("elsewhere"))
    // The note is called by where the journal lies.
    try enter(
      place, "a", "pain", "4", "--at", "2024-05-22 10:00", "--tag", "twin", home: "elsewhere")
    try enter(
      place, "a", "log", "--at", "2024-05-17 13:00", "--bout", "tfl/right:30s", "--before", "4", "--after",
      "4", home: "elsewhere")
    try manager.moveItem(atPath: place.path("a.sqlite"), toPath: place.path("twin.sqlite"))
    try manager.moveItem(atPath: place.path("kept.sqlite"), toPath: place.path("a.sqlite"))
  }

  /// A tablet's program knows a field, a scale and a kind of record that this one does not.
  ///
  /// - Returns: the file that it sends.
  private func newerProgram(_ place: Workplace) throws -> String {
    let store = try Store(
      path: nil, tables: [RecordKind(name: "pain", timeField: "at"), RecordKind(name: "wheel")],
      deviceName: "tablet", environment: TestEnvironment(now: Self.noon), notes: nil)
    let sixPM: Int64 = 1_715_875_200_000  // 16 May 2024, 18:00 in Berlin
    _ = try store.write("create") { writer in
      for (score, scale) in [(6, "nrs11"), (15, "nrs21")] {
        _ = try writer.create(
          "pain", parent: nil,
          [
            FieldName("at"): .time(milliseconds: sixPM, offsetMinutes: 120),
            FieldName("local_day"): .integer(sixPM / 86_400_000), FieldName("score"): .integer(Int64(score)),
            FieldName("scale"): .text(scale), FieldName("site"): .text("low-back"),
            FieldName("weather"): .text("rain"),
          ])
      }
      return try writer.create(
        "wheel", parent: nil,
        [FieldName("score"): .integer(10), FieldName("at"): .time(milliseconds: sixPM, offsetMinutes: 120)])
    }
    return try #require(
      try Synchronizer(store: store).export(to: .folder(place.folder), for: .everyone, full: true).file)
  }

  // MARK: Asking

  /// The rows that plain `sqlite3` prints, the header first.
  private func sqlite(_ place: Workplace, _ device: String, _ sql: String) throws -> [[String]] {
    Self.rows(try place.sqlite(device, sql, options: ["-readonly", "-header", "-csv"]))
  }

  private func unknot(_ place: Workplace, _ device: String, _ sql: String) throws -> [[String]] {
    let outcome = try place.run(device, ["sql", sql, "--format", "csv"])
    try #require(outcome.status == 0 && outcome.errors.isEmpty, "\(sql): \(outcome.errors)")
    return Self.rows(outcome.output)
  }

  /// Comma-separated values, of which `sqlite3` puts more into quotation marks than it must.
  private static func rows(_ text: String) -> [[String]] {
    var rows: [[String]] = []
    var cells = [""]
    var isQuoted = false
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: cells.append("")
      case "\r" where !isQuoted: break
      case "\n" where !isQuoted:
        rows.append(cells)
        cells = [""]
      default: cells[cells.count - 1].unicodeScalars.append(scalar)
      }
    }
    return rows
  }

  // MARK: Tests

  @Test func everyQueryAnswersWhatWasEntered() throws {
    let queries = try Self.page()
    try #require(queries.count == Self.expected.count)
    let place = try household()
    // Two histories of one actor, and a conflict, are there indeed.
    #expect(
      try sqlite(place, "a", "SELECT count(*) > 0 FROM line WHERE parent IS NOT NULL").last == ["1"])
    let conflicts = try place.objects("a", ["conflicts"])
    try #require(conflicts.count == 1)
    for device in ["a", "b", "twin"] {
      let rating = try #require(try place.objects(device, ["conflicts"]).first?["id"] as? String)
      for (query, (heading, rows)) in zip(queries, Self.expected) {
        #expect(query.heading.hasPrefix(heading))
        let wanted = rows.map { $0.map { $0 == "RATING" ? rating : $0 } }
        let plain = try sqlite(place, device, query.sql)
        #expect(Array(plain.dropFirst()) == wanted, "\(device), sqlite3: \(query.heading)")
        #expect(try unknot(place, device, query.sql) == plain, "\(device), unknot sql: \(query.heading)")
      }
    }
  }

  /// A journal in which nothing is written yet has no rows for any of them, not even empty ones.
  @Test func anEmptyJournal() throws {
    let place = try Workplace()
    try place.run("a", ["init", "--device", "phone"])
    for query in try Self.page() {
      #expect(try sqlite(place, "a", query.sql).isEmpty, "\(query.heading)")
      #expect(try unknot(place, "a", query.sql).count == 1, "\(query.heading)")
    }
  }

  /// As the page says under them.
  @Test func whatSQLDoesNotKnow() throws {
    let place = try household()
    let alike = "SELECT count(*) AS n FROM pain WHERE local_day = '2024-05-20'"
    #expect(try sqlite(place, "a", alike).last == ["2"])
    #expect(try place.objects("a", ["dupes"]).count == 1)
    #expect(try sqlite(place, "a", "SELECT count(*) AS n FROM profile").last == ["2"])
  }
}
