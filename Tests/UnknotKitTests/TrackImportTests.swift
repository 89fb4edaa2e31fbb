import Foundation
import Testing

@testable import UnknotKit

/// Rows of Track & Graph: each is taken once and as it is written, or told.
@Suite struct TrackImportTests {
  private let household: Household
  private let journal: Journal

  init() throws {
    household = try Household()
    journal = try household.device("phone")
  }

  private func write(_ rows: [String], header: String = "FeatureName,Timestamp,Value,Label,Note") throws
    -> String
  {
    let path = household.folder + "/file.csv"
    try ([header] + rows).map { $0 + "\n" }.joined().write(toFile: path, atomically: false, encoding: .utf8)
    return path
  }

  private func take(_ rows: [String], map: String? = nil, skipsBad: Bool = false) throws -> RecordImportResult
  {
    var options = ImportOptions()
    options.map = map
    options.skipsBad = skipsBad
    options.acceptsGuesses = true
    return try journal.importRecords(try write(rows), options)
  }

  // MARK: Rows of one time

  private let one = "Coffee,2026-05-01T08:00:00Z,1.0,,"
  private let two = "Coffee,2026-05-01T08:00:00Z,2.0,,"
  private let three = "Coffee,2026-05-01T08:00:00Z,3.0,,late"
  private let another = "Coffee,2026-05-01T08:00:00Z,3.0,,early"
  private let labelled = "Coffee,2026-05-01T08:00:00Z,3.0,late,"

  /// Whatever order the rows come in, and whatever is put between them later.
  @Test(arguments: 0..<20) func rowsOfOneTimeAreEachTakenOnce(_ seed: UInt64) throws {
    var random = SeededRandom(seed)
    let all = [one, two, three, two, two, another, labelled]
    var count = 0
    for length in 1...all.count {
      let result = try take(Array(all[..<length]).shuffled(using: &random))
      count += 1
      #expect(result.addedCount == 1 && result.known == length - 1)
      #expect(try journal.list("factors").count == count)
    }
    let found = try journal.list("factors").map { "\($0[.amount].text ?? "") \($0[.note].text ?? "")" }
    #expect(found.sorted() == ["1.0 ", "2.0 ", "2.0 ", "2.0 ", "3.0 early", "3.0 late", "3.0 late"])
  }

  /// What is only in another column of a newer version is the same row.
  @Test func aLabelIsTheSameInEitherColumn() throws {
    let old = try write(["Mood,2026-05-01T08:00:00Z,2.0:fine,n"], header: "FeatureName,Timestamp,Value,Note")
    var options = ImportOptions()
    options.acceptsGuesses = true
    #expect(try journal.importRecords(old, options).addedCount == 1)
    #expect(try take(["Mood,2026-05-01T08:00:00Z,2.0,fine,n"]).known == 1)
    // Written into the note it is another row that says the same.
    #expect(try take(["Mood,2026-05-01T08:00:00Z,2.0,,fine: n"]).known == 1)
  }

  // MARK: Corrections

  /// A value that was corrected there differs, and is no second record.
  @Test func aCorrectedRowDiffers() throws {
    _ = try take([one, "Mood,2026-05-01T09:00:00Z,2.0,,n"])
    let corrected = ["Coffee,2026-05-01T08:00:00Z,4.0,,new", "Mood,2026-05-01T09:00:00Z,2.0,,n"]
    let found = try take(corrected)
    #expect(found.addedCount == 0 && found.differs == 1 && found.known == 1)
    #expect(
      found.differences.map { "\($0.field) \($0.here) \($0.there)" }.sorted() == [
        "amount 1.0 4.0", "note  new",
      ])
    #expect(try journal.list("factors").count == 2)
    var options = ImportOptions()
    (options.acceptsGuesses, options.updates) = (true, true)
    #expect(try journal.importRecords(try write(corrected), options).updated == 1)
    #expect(try journal.list("factors").map { $0[.amount].text } == ["2.0", "4.0"])
    // From now on it is known, also where a row of its time is added, and the old file is the one that differs.
    #expect(try take(corrected).known == 2)
    #expect(try take(corrected + [three]).addedCount == 1)
    _ = try journal.undo()
    let old = try take([one])
    #expect(old.addedCount == 0 && old.differs == 1)
  }

  /// Of two rows of one time, the one that is not there any more is the one that was corrected.
  @Test func oneOfTwoRowsIsCorrected() throws {
    _ = try take([one, two])
    let found = try take([three, one])
    #expect(found.addedCount == 0 && found.differs == 1 && found.known == 1)
    // Where two of them are others, or one was added as well, nobody can tell which: they are added.
    #expect(try take([three, another]).addedCount == 2)
  }

  /// In whatever order they come: which of two new rows is the corrected one, nobody can tell.
  @Test(arguments: [true, false]) func twoNewRowsAreNoCorrection(isReversed: Bool) throws {
    _ = try take([one])
    var options = ImportOptions()
    (options.acceptsGuesses, options.updates) = (true, true)
    let rows = isReversed ? [three, two] : [two, three]
    let found = try journal.importRecords(try write(rows), options)
    #expect(found.addedCount == 2 && found.differs == 0 && found.updated == 0)
    #expect(try journal.list("factors").compactMap { $0[.amount].text }.sorted() == ["1.0", "2.0", "3.0"])
  }

  /// A row of which nothing is taken is not the corrected one, and keeps none from being it.
  @Test func aBadRowIsNoCorrection() throws {
    _ = try take([one])
    let found = try take(["Coffee,2026-05-01T08:00:00Z,much,,", two], skipsBad: true)
    #expect(found.problemCount == 1 && found.addedCount == 0 && found.differs == 1)
  }

  /// Nor is it counted among those that say the same, whatever the order.
  @Test func aBadRowIsNotCounted() throws {
    let rows = ["Hip,2026-05-01T08:00:00Z,2,Left,", "Hip,2026-05-01T08:00:00Z,2:Left,,"]
    let map = "Hip = bout tfl/left:45s"
    let found = try take(rows, map: map, skipsBad: true)
    #expect(found.problemCount == 1 && found.addedCount == 2)
    #expect(try take(rows.reversed(), map: map, skipsBad: true).addedCount == 0)
    #expect(try take([rows[1]], map: map).addedCount == 0)
  }

  /// What two devices have each imported is corrected on both records.
  @Test func aCorrectionReachesWhatWasImportedTwice() throws {
    let laptop = try household.device("laptop")
    _ = try journal.ratePain(1)
    try household.carry(journal, laptop)
    _ = try take([one])
    var options = ImportOptions()
    (options.acceptsGuesses, options.updates) = (true, true)
    _ = try laptop.importRecords(try write([one]), options)
    try household.exchange(journal, laptop)
    #expect(try laptop.importRecords(try write([two]), options).updated == 2)
    #expect(try laptop.list("factors").map { $0[.amount].text } == ["2.0", "2.0"])
    _ = try laptop.mergeSameOrigin()
    #expect(try laptop.list("factors").map { $0[.amount].text } == ["2.0"])
    #expect(try laptop.importRecords(try write([two]), options).known == 1)
  }

  /// As many rows of one time as a file may have are gone through once.
  @Test func thousandsOfRowsOfOneTime() throws {
    let found = try take((0..<4000).map { "Coffee,2026-05-01T08:00:00Z,\($0 % 40).0,,\($0 % 50)" })
    #expect(found.addedCount == 4000)
    #expect(try take([one]).addedCount == 1)
  }

  @Test func aCorrectedBoutIsTheSameBout() throws {
    func row(_ value: String) -> [String] { ["Hip,2026-05-01T08:00:00Z,\(value),,"] }
    _ = try take(row("0:01:00"), map: "Hip = bout tfl/left:45s")
    let found = try take(row("0:02:00"), map: "Hip = bout tfl/left:45s")
    #expect(found.addedCount == 0 && found.differs == 1)
    #expect(found.differences.map(\.field) == ["seconds"])
    // Another muscle is another bout of it.
    #expect(try take(row("0:02:00"), map: "Hip = bout tfl/right:45s").addedCount == 1)
  }

  /// What was taken away here stays away, also where the file has it corrected.
  @Test func whatWasRemovedStaysRemoved() throws {
    _ = try take([one])
    _ = try journal.remove(try journal.list("factors").map(\.id))
    let found = try take([two])
    #expect(found.addedCount == 0 && found.removed == 1)
  }

  // MARK: Values

  @Test(arguments: [
    ("0.004", "0.004", nil), ("82.375", "82.375", nil), ("3", "3", nil), ("4.0", "4.0", nil),
    ("123456789012.25", "123456789012.25", nil), ("0:00:10", "10", "s"), ("0:00:00", "0", "s"),
    ("0:01:00", "1", "min"), ("0:01:30", "90", "s"), ("12345:18:20", "44443100", "s"),
    ("0:35:00", "35", "min"), ("0:00:10:quick", "10", "s"),
  ]) func aValueIsKeptAsItIsWritten(_ value: String, _ amount: String, _ unit: String?) throws {
    #expect(try take(["Sleep,2026-05-01T08:00:00Z,\(value),,"]).addedCount == 1)
    let factor = try #require(try journal.list("factors").first)
    #expect(factor[.amount].text == amount && factor[.unit].text == unit)
  }

  @Test(arguments: [
    "-2", "-2.0", "-0:05:00", "0:-5:00", "-10:-29:-40", "1.0E10", "+4", "1234567890123456", "nan", "inf",
    "0x10", "1e999", "1,5", "", ":", "x:y", "99999999999:00:00", "four",
  ]) func aValueThatCannotBeKeptIsTold(_ value: String) throws {
    let digest = try journal.digest().digest
    for map in ["Thing = factor other", "Thing = pain low-back", "Thing = bout ql/left:45s"] {
      let result = try take(["Thing,2026-05-01T08:00:00Z,\"\(value)\",,"], map: map)
      #expect(!result.isTaken && result.problems.map(\.place) == ["file.csv line 2"])
    }
    #expect(try journal.digest().digest == digest)
    #expect(try take(["Thing,2026-05-01T08:00:00Z,\"\(value)\",,"], map: "Thing = skip").isTaken)
  }

  @Test(arguments: [
    ("4", 4), ("4.0", 4), ("10.00", 10), ("0", 0), ("4.5", nil), ("11", nil), ("4.", nil), ("0:00:04", nil),
  ]) func aRatingIsAWholeNumber(_ value: String, _ score: Int64?) throws {
    let result = try take(["Back,2026-05-01T08:00:00Z,\(value),,"], map: "Back = pain low-back")
    #expect(result.problemCount == (score == nil ? 1 : 0))
    #expect(try journal.list("pain").map { $0[.score].integer } == (score.map { [$0] } ?? []))
  }

  @Test func aNameOfMoreThanAHundredCharactersIsTold() throws {
    let name = String(repeating: "n", count: 101)
    let result = try take(["\(name),2026-05-01T08:00:00Z,1,,", "\(name.dropLast()),2026-05-01T08:00:00Z,1,,"])
    #expect(!result.isTaken && result.problems.map(\.place) == ["file.csv line 2"])
    #expect(try journal.list("factors").isEmpty)
  }

  @Test func aLabelInBothPlacesIsKeptTwice() throws {
    _ = try take(["Mood,2026-05-01T08:00:00Z,2.0:own,other,n"])
    #expect(try journal.list("factors").map { $0[.note].text } == ["own: other: n"])
  }

  // MARK: Bouts

  @Test(arguments: [
    ("0:00:01", 1), ("0:01:30", 90), ("0:30:00", 1800), ("1.0:Left", 45), ("0:30:01", nil),
    ("0:45:00", nil), ("0:00:00", nil), ("-0:05:00", nil), ("90", nil), ("1.0", nil),
  ]) func aBoutLastsAsLongAsItSays(_ value: String, _ seconds: Int64?) throws {
    let result = try take(["Ball,2026-05-01T08:00:00Z,\(value),,"], map: "Ball = bout ql/left:45s@wall")
    #expect(result.problemCount == (seconds == nil ? 1 : 0))
    #expect(try journal.list("bouts").map { $0[.seconds].integer } == (seconds.map { [$0] } ?? []))
  }

  @Test func aNumberIsNoDuration() throws {
    let result = try take(["Ball,2026-05-01T08:00:00Z,90,,"], map: "Ball = bout ql/left:45s@wall")
    #expect(result.problems.first?.reason.contains("has no unit") == true)
  }

  /// As that program writes a time with no seconds in it.
  @Test func aTimeWithoutSeconds() throws {
    #expect(try take(["Coffee,2026-05-01T08:00+02:00,1.0,,"]).addedCount == 1)
    #expect(
      try journal.list("factors").map { $0[.at].moment?.rfc3339 } == ["2026-05-01T08:00:00+02:00"])
  }
}
