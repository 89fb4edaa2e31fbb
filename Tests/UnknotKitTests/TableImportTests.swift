import Foundation
import Testing

@testable import UnknotKit

/// A table that a person keeps: a map says what its columns are, and nothing else is taken for granted.
@Suite struct TableImportTests {
  private let household: Household
  private let journal: Journal

  init() throws {
    household = try Household()
    journal = try household.device("phone")
  }

  private static let map = """
    Datum = day
    Zeit = time
    Schmerz = pain
    Ort = site
    Seite = side
    Notiz = note
    Spaziergang = factor walk
    Ball = bout ql/left:45s@wall
    """

  private func write(_ text: String) throws -> String {
    let path = household.folder + "/mine.csv"
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    return path
  }

  private func take(_ text: String, map: String = map, yes: Bool = false, skipsBad: Bool = false) throws
    -> RecordImportResult
  {
    var options = ImportOptions()
    options.form = .csv
    (options.map, options.acceptsGuesses, options.skipsBad) = (map, yes, skipsBad)
    return try journal.importRecords(try write(text), options)
  }

  private func entries() throws -> [String] {
    func text(_ record: JournalRecord, _ names: [FieldKey]) -> String {
      let time = record[.at].moment ?? record[.startedAt].moment
      let when = record[.precision].text == "day" ? time?.rfc3339.prefix(10) : time?.rfc3339.prefix(16)
      return ([String(when ?? "-")] + names.map { record[$0].isEmpty ? "-" : record[$0].json.plain })
        .joined(separator: " ")
    }
    return try journal.list("pain").map { text($0, [.score, .site, .side, .note]) }
      + journal.list("factors").map { text($0, [.kind, .amount, .unit, .note]) }
      + journal.list("sessions").map {
        text($0.children[0], [.target, .seconds]) + " " + text($0, [.note])
      }
  }

  @Test(arguments: [";", ",", "\t"]) func aTableIsReadAsTheMapSays(_ separator: String) throws {
    let rows = [
      ["Datum", "Zeit", " schmerz ", "Ort", "Seite", "Notiz", "Spaziergang", "Ball"],
      ["2026-05-03", "07:30", "4", "Lower back", "left", "after work", "35m", ""],
      ["4.5.2026", "", "", "", "", "only walked", "1.5", "no"],
      ["05.05.2026", "8:05", "0", "knee", "", "", "x", "1m30s"],
      ["", "", "", "", "", "", "", ""],
    ]
    let text = "\u{feff}" + rows.map { $0.joined(separator: separator) + "\r\n" }.joined()
    let result = try take(text)
    #expect(result.isTaken && result.problems.isEmpty && result.notTaken.isEmpty && result.guessed.isEmpty)
    #expect(
      result.mapping == [
        "Datum: day", "Zeit: time", "schmerz: pain", "Ort: site", "Seite: side", "Notiz: note",
        "Spaziergang: factor walk", "Ball: bout ql/left:45s@wall",
      ])
    let words = [";": "semicolons", ",": "commas", "\t": "tabs"]
    #expect(result.form == "columns are separated by \(try #require(words[separator]))")
    #expect(
      try entries() == [
        "2026-05-05T08:05 0 knee - -", "2026-05-03T07:30 4 low-back left after work",
        "2026-05-05T08:05 walk - - -", "2026-05-04 walk 1.5 - only walked", "2026-05-03T07:30 walk 35 min -",
        "- ql 90 2026-05-05T08:05 -",
      ])
    #expect(try take(text).known == 7)
  }

  /// Without `--from`, since the map shows that it is a table.
  @Test func theMapTellsTheForm() throws {
    var options = ImportOptions()
    options.map = "Date = at\nPain = pain knee"
    let path = try write("Date,Pain\n2026-05-03 07:30,4\n2026-05-04,5\n2026-05-05T07:30:10+09:00,6\n")
    #expect(try journal.importRecords(path, options).isTaken)
    #expect(
      try entries() == [
        "2026-05-05T07:30 6 knee - -", "2026-05-04 5 knee - -", "2026-05-03T07:30 4 knee - -",
      ])
    #expect(try journal.list("pain")[0][.at].moment?.offsetMinutes == 540)
  }

  @Test func aColumnThatTheMapDoesNotNameIsShownFirst() throws {
    let text = "Date;Pain;Weather;\n2026-05-03;4;rain;\n2026-05-04;5;;\n"
    let map = "Date = day\nPain = pain knee\nFoo = note"
    let shown = try take(text, map: map)
    #expect(shown.isPreview && !shown.isTaken && shown.guessed == ["Weather"])
    #expect(shown.notTaken == ["Weather: 1 cell, since the map does not say what they are"])
    #expect(shown.unusedMapLines == ["the map's line 3 (Foo) fits no name here"])
    #expect(shown.samples.map(\.name) == ["Pain"] && shown.samples[0].records.count == 2)
    #expect(try entries().isEmpty)
    #expect(try take(text, map: map, yes: true).addedCount == 2)
    #expect(try take(text, map: map + "\nWeather = skip").known == 2)
  }

  // MARK: Rows again

  private let row = "2026-05-03,4,n\n"

  /// In any order, with equal rows and new ones between.
  @Test(arguments: 0..<10) func rowsAreEachTakenOnce(_ seed: UInt64) throws {
    var random = SeededRandom(seed)
    let map = "Date = day\nPain = pain knee\nWhere = site\nNote = note".replacingOccurrences(
      of: " knee", with: "")
    let rows = [
      "2026-05-03,4,knee,", "2026-05-03,4,knee,", "2026-05-03,4,hip,", "3.5.2026,5,knee,",
      "2026-05-04,4,knee,",
    ]
    var count = 0
    for length in 1...rows.count {
      let text = rows[..<length].shuffled(using: &random).map { $0 + "\n" }.joined()
      let result = try take("Date,Pain,Where,Note\n" + text, map: map)
      count += 1
      #expect(result.addedCount == 1 && result.known == length - 1)
      #expect(try journal.list("pain").count == count)
    }
  }

  /// A note is no part of what a row is.
  @Test func aCorrectedNoteDiffers() throws {
    let map = "Date = day\nPain = pain knee\nNote = note"
    _ = try take("Date,Pain,Note\n2026-05-03,4,n\n", map: map)
    // As a spreadsheet writes it again.
    let result = try take("Date;Pain;Note\n03.05.2026;4;m\n", map: map)
    #expect(result.addedCount == 0 && result.differs == 1)
    #expect(result.differences.map { "\($0.field) \($0.here) \($0.there)" } == ["note n m"])
    // Nor is what only the map says.
    #expect(
      try take("Date,Pain,Note\n2026-05-03,4,n\n", map: map.replacing("knee", with: "hip")).differs == 1)
  }

  @Test func aCorrectedValueDiffers() throws {
    let map = "Date = day\nPain = pain\nWhere = site\nWalk = factor walk"
    _ = try take("Date,Pain,Where,Walk\n2026-05-03,4,knee,20m\n", map: map)
    let result = try take("Date,Pain,Where,Walk\n2026-05-03,6,knee,30m\n", map: map)
    #expect(result.addedCount == 0 && result.differs == 2)
    #expect(
      result.differences.map { "\($0.field) \($0.here) \($0.there)" }.sorted()
        == ["amount 20 30", "score 4 6"])
    // Another place is another rating, as a second table of the same columns has it.
    #expect(try take("Date,Pain,Where,Walk\n2026-05-03,6,hip,20m\n", map: map).addedCount == 1)
  }

  /// A row of which nothing is taken is not the corrected one, and keeps none from being it.
  @Test func aBadRowIsNoCorrection() throws {
    let map = "Date = day\nPain = pain"
    _ = try take("Date,Pain\n2026-05-03,4\n", map: map)
    let found = try take("Date,Pain\n2026-05-03,11\n2026-05-03,6\n", map: map, skipsBad: true)
    #expect(found.problemCount == 1 && found.addedCount == 0 && found.differs == 1)
  }

  // MARK: Bad lines

  @Test(arguments: [
    "2026-05-03;11;knee;", "2026-05-03;4,5;knee;", "2026-05-03;four;knee;", "2026-05-03;x;knee;",
    "2026-05-03;4;elbow;", "2026-05-03;4;;", "2026-05-03;4;left knee;right", "2026-05-03;4;knee;up",
    "3/5/2026;4;knee;", "2026-05-32;4;knee;", "31.4.2026;4;knee;", "3.5.26;4;knee;", "1.2.3.2026;4;knee;",
    "yesterday;4;knee;", ";4;knee;", "2999-01-01;4;knee;", "2026-05-03;4;knee", "2026-05-03;4;knee;;",
    "1.234,5;4;knee;",
  ]) func aBadRowIsTold(_ row: String) throws {
    let map = "Date = day\nPain = pain\nWhere = site\nSide = side"
    let text = "Date;Pain;Where;Side\n2026-05-01;4;knee;left\n\(row)\n2026-05-02;4,0;Left knee;left\n"
    let digest = try journal.digest().digest
    let refused = try take(text, map: map)
    #expect(!refused.isTaken && refused.problemCount == 1)
    #expect(refused.problems[0].place.hasPrefix("mine.csv line 3"))
    #expect(try journal.digest().digest == digest)
    #expect(try take(text, map: map, skipsBad: true).addedCount == 2)
  }

  /// A comma between digits is a decimal comma only where it separates nothing.
  @Test(arguments: [(";", true), ("\t", true), (",", false)]) func aDecimalComma(
    _ separator: String, _ isRead: Bool
  )
    throws
  {
    let text = "Date,Tea\n2026-05-03,\"1,5\"\n".replacingOccurrences(of: "e,T", with: "e\(separator)T")
      .replacingOccurrences(of: "3,\"", with: "3\(separator)\"")
    let result = try take(text, map: "Date = day\nTea = factor other")
    #expect(result.isTaken == isRead && result.problemCount == (isRead ? 0 : 1))
    #expect(try journal.list("factors").map { $0[.amount].text } == (isRead ? ["1.5"] : []))
  }

  @Test(
    arguments: [
      ("day/month/year", "2026-04-03"), ("month/day/year", "2026-03-04"), (nil, nil),
    ] as [(String?, String?)]) func slashesAreReadAsTheMapSays(_ order: String?, _ day: String?) throws
  {
    let map = "Date = day\nPain = pain knee" + (order.map { "\nDates = \($0)" } ?? "")
    let result = try take("Date,Pain\n3/4/2026,4\n", map: map)
    #expect(result.problemCount == (day == nil ? 1 : 0) && result.unusedMapLines.isEmpty)
    #expect(try entries() == (day.map { ["\($0) 4 knee - -"] } ?? []))
  }

  @Test(arguments: ["7", "07.30", "25:00", "7:3", "now", "07:30 pm", "-7:30"])
  func aTimeThatIsNone(_ time: String) throws {
    let result = try take("Date,Time,Pain\n2026-05-03,\(time),4\n", map: "Date=day\nTime=time\nPain=pain")
    #expect(!result.isTaken && result.problemCount == 1)
  }

  // MARK: Maps that do not fit

  @Test(arguments: [
    ("Date,Pain\n", "Date = day", "no column for pain"), ("Date,Pain\n", "Pain = pain", "when a row was"),
    ("Date,Pain\n", "Foo = day\nBar = pain", "names no column"),
    ("", "Date = day\nPain = pain", "names no column"),
    ("Date,At,Pain\n", "Date = day\nAt = at\nPain = pain", "when a row was"),
    ("At,Time,Pain\n", "At = at\nTime = time\nPain = pain", "when a row was"),
    ("Date,Day,Pain\n", "Date = day\nDay = day\nPain = pain", "two columns"),
    ("Date,Pain,pain\n", "Date = day\nPain = pain", "two columns"),
    ("Date,Pain,Where\n", "Date = day\nPain = pain knee\nWhere = site", "both"),
    ("Date,Pain,Side\n", "Date = day\nPain = pain knee/left\nSide = side", "both"),
    ("Date,Pain;Date\tx\n", "Date = day\nPain = pain", ""),
  ]) func aMapThatDoesNotFitIsRefused(_ text: String, _ map: String, _ words: String) throws {
    let digest = try journal.digest().digest
    let error = try failure(.invalidValue) { try take(text, map: map, yes: true, skipsBad: true) }
    #expect(error.hint != nil && (words.isEmpty || error.message.contains(words)), "\(error.message)")
    #expect(try journal.digest().digest == digest)
  }

  /// The program's own tables say themselves what they are.
  @Test func anExportNeedsNoMap() throws {
    let result = try take("id,type,at,score,site\nx-1,pain,2026-05-01T08:00Z,4,knee\n", map: "score = pain")
    #expect(result.isTaken && result.addedCount == 1 && result.unusedMapLines.count == 1)
    var options = ImportOptions()
    options.form = .csv
    let error = try failure(.fileDamaged) { try journal.importRecords(try write("Date;Pain\n"), options) }
    #expect(error.hint?.contains("a map of its columns") == true)
  }
}
