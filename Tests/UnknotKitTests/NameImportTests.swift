import Foundation
import Testing

@testable import UnknotKit

/// What names of other programs become: as the map says, as they sound, and never unseen.
@Suite struct NameImportTests {
  private let household: Household
  private let journal: Journal

  init() throws {
    household = try Household()
    journal = try household.device("phone")
  }

  /// A file of Track & Graph with rows of these names and values.
  private func write(_ rows: [(name: String, value: String)]) throws -> String {
    let path = household.folder + "/file.csv"
    let lines = rows.enumerated().map { index, row in
      "\"\(row.name)\",2026-05-01T08:00:\(padded(index, 2))Z,\(row.value),\n"
    }
    try ("FeatureName,Timestamp,Value,Note\n" + lines.joined()).write(
      toFile: path, atomically: false, encoding: .utf8)
    return path
  }

  private func take(
    _ rows: [(name: String, value: String)], map: String? = nil, yes: Bool = false, skipsBad: Bool = false
  ) throws -> RecordImportResult {
    var options = ImportOptions()
    (options.map, options.acceptsGuesses, options.skipsBad) = (map, yes, skipsBad)
    return try journal.importRecords(try write(rows), options)
  }

  // MARK: Guessing

  @Test(arguments: [
    ("Back pain", "pain low-back"), ("Lower back pain, left", "pain low-back/left"),
    ("PAIN low-back", "pain low-back"), ("Knee pain", "pain knee"),
    ("Right knee pain score", "pain knee/right"),
    ("Neck pain left", "pain neck/left"), ("Evening hip pain", "pain hip"),
    ("Upper back pain", "pain upper-back"),
    ("Pain", "factor other"), ("Pain killers", "factor other"), ("Pain free hours", "factor other"),
    ("No back pain", "factor other"), ("Back pain relief", "factor other"), ("Back", "factor other"),
    ("Back pain 2", "factor other"), ("Back and neck pain", "factor other"), ("Elbow pain", "factor other"),
    ("Left and right knee pain", "factor other"), ("Painful back", "factor other"),
    ("Walk", "factor walk"), ("Evening walk", "factor walk"), ("Daily foam roll", "factor foam-roll"),
    ("Posture break", "factor posture-break"), ("Heart rest rate", "factor other"),
    ("Walk the dog", "factor other"), ("Heat wave", "factor other"), ("Core i7", "factor other"),
    ("Break posture", "factor other"), ("Walking", "factor other"), ("", "factor other"),
    ("热", "factor other"),
  ]) func aNameIsWhatItSaysAndNoMore(_ name: String, _ meaning: String) throws {
    #expect(try take([(name, "0"), (name, "10.0")], yes: true).mapping == ["\(name): \(meaning)"])
  }

  /// One number that is no rating, and the name is of something else.
  @Test(arguments: [
    (["4", "0"], true), (["4", "11"], false), (["4.5"], false), (["0:05:00"], false), (["-1"], false),
    (["4", "x"], false), (["4:bad"], true),
  ]) func ratingsHaveRatingsNumbers(_ values: [String], _ isRating: Bool) throws {
    let result = try take(values.map { ("Back pain", $0) }, yes: true)
    #expect(result.mapping == ["Back pain: \(isRating ? "pain low-back" : "factor other")"])
  }

  @Test(arguments: [
    ("5000", true), ("0", true), ("7500", false), ("11000", false), ("YES_MANUAL", false), ("UNKNOWN", false),
  ]) func ratingsOfLoopAreWholeNumbersToo(_ cell: String, _ isRating: Bool) throws {
    let folder = household.folder + "/loop"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try "Position,Name,Type\n001,Back pain,NUMERICAL\n".write(
      toFile: folder + "/Habits.csv", atomically: false, encoding: .utf8)
    try "Date,Back pain,\n2026-05-01,\(cell),\n".write(
      toFile: folder + "/Checkmarks.csv", atomically: false, encoding: .utf8)
    let mapping = try journal.importRecords(folder).mapping
    #expect(mapping == ["Back pain: \(isRating ? "pain low-back" : "factor other")"])
  }

  // MARK: The preview

  @Test func whatIsGuessedIsShownAndNotTaken() throws {
    let rows = [
      ("Back pain", "4"), ("Back pain", "5"), ("Back pain", "6"), ("Back pain", "7"), ("Tea", "2"),
      ("Tea", "x"),
      ("Ball", "0:01:00"),
    ]
    let map = "Ball = bout ql/left:45s@wall"
    let digest = try journal.digest().digest
    for skipsBad in [false, true] {
      let shown = try take(rows, map: map, skipsBad: skipsBad)
      #expect(shown.isPreview && !shown.isTaken && shown.guessed == ["Back pain", "Tea"])
      #expect(shown.json["taken"] == .bool(false) && shown.json["preview"] == .bool(true))
      #expect(shown.added.map { "\($0.type) \($0.count)" } == ["pain 4", "factor 1", "session 1", "bout 1"])
      #expect(shown.problemCount == 1)
      #expect(shown.samples.map(\.name) == ["Back pain", "Tea", "Ball"])
      #expect(shown.samples.map { $0.records.count } == [3, 1, 1])
      #expect(shown.samples[0].records.map { $0[.score].integer } == [4, 5, 6])
      #expect(shown.samples[2].records[0].children.map { $0[.seconds].integer } == [60])
      guard case .array(let samples) = shown.json["samples"] else { throw CancellationError() }
      #expect(samples.count == 3)
    }
    #expect(try journal.digest().digest == digest && (try journal.list("pain")).isEmpty)
    let refused = try take(rows, map: map, yes: true)
    #expect(!refused.isPreview && !refused.isTaken)
    let taken = try take(rows, map: map, yes: true, skipsBad: true)
    #expect(taken.isTaken && !taken.isPreview && taken.addedCount == 7)
  }

  /// What the person said needs no second look.
  @Test func aMapOfEveryNameIsTakenAtOnce() throws {
    let rows = [("Back pain", "4"), ("Tea", "2")]
    #expect(try take(rows, map: "Back pain = pain").isPreview)
    let taken = try take(rows, map: "Back pain = pain\nTea = skip")
    #expect(taken.isTaken && taken.guessed.isEmpty && taken.addedCount == 1)
    #expect(
      try take([("Back pain", "4"), ("Tea", "2"), ("New", "1")], map: "Back pain = pain\nTea = skip")
        .isPreview)
  }

  // MARK: Names in maps

  @Test(arguments: [
    ("Stra\u{df}e", "STRASSE"), ("e\u{301}t\u{e9}", "\u{c9}te\u{301}"), ("  Tea ", "tea"),
    ("ΟΔΟΣ", "οδος"), ("Tea = green", "tea = Green"),
  ]) func aNameIsTheSameInAnyCase(_ name: String, _ said: String) throws {
    let result = try take([(name, "1")], map: "\(said) = factor heat")
    #expect(result.isTaken && result.mapping == ["\(name): factor heat"] && result.unusedMapLines.isEmpty)
  }

  @Test func aLineThatFitsNothingIsTold() throws {
    let result = try take([("Tea", "1")], map: "# mine\n\nFoo = skip\nTea = skip\n Back pain= pain")
    #expect(
      result.unusedMapLines == [
        "the map's line 3 (Foo) fits no name here", "the map's line 5 (Back pain) fits no name here",
      ])
    #expect(result.isTaken && result.json["map_unused"] == .array(result.unusedMapLines.map { .string($0) }))
    var options = ImportOptions()
    options.map = "Foo = skip"
    let own = household.folder + "/own.json"
    try "{\"records\":[]}".write(toFile: own, atomically: false, encoding: .utf8)
    #expect(try journal.importRecords(own, options).unusedMapLines.count == 1)
  }

  @Test(arguments: [
    "Tea = skip\ntea = skip", "Tea = skip\nTea = factor heat", "\u{e9} = skip\ne\u{301} = skip",
    "dates = day/month/year\nDates = month/day/year",
  ]) func twoLinesForOneNameAreRefused(_ map: String) throws {
    let error = try failure(.invalidValue) { try take([("Tea", "1")], map: map, yes: true) }
    #expect(error.message.contains("line 2"))
  }

  /// What a column of a table is, is no meaning of a name.
  @Test(arguments: ["Tea = day", "Tea = note", "Tea = day/month/year"])
  func aColumnsMeaningIsRefused(_ map: String) throws {
    _ = try failure(.invalidValue) { try take([("Tea", "1")], map: map, yes: true) }
  }
}
