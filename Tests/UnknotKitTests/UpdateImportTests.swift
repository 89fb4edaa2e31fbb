import Foundation
import Testing

@testable import UnknotKit

/// A file that was corrected since: what differs is told, and written only where it was asked for.
@Suite struct UpdateImportTests {
  private let household: Household
  private let journal: Journal

  init() throws {
    household = try Household()
    journal = try household.device("phone")
  }

  private static let header = "id,type,recorded_at,at,score,site,side,quality,note\r\n"

  private func write(_ text: String, _ name: String) throws -> String {
    let path = "\(household.folder)/\(name)"
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    return path
  }

  /// A table of one rating.
  private func row(score: Int = 4, side: String = "left", quality: String = "ache", note: String = "n") throws
    -> String
  {
    try write(
      Self.header
        + "x-1,pain,2026-05-01T09:00:00+02:00,2026-05-01T08:00:00+02:00,\(score),low-back,\(side),\(quality),\(note)\r\n",
      "pain.csv")
  }

  private func take(_ path: String, update: Bool = false, map: String? = nil, _ journal: Journal? = nil)
    throws
    -> RecordImportResult
  {
    var options = ImportOptions()
    (options.updates, options.acceptsGuesses, options.map) = (update, true, map)
    return try (journal ?? self.journal).importRecords(path, options)
  }

  private func shown() throws -> [String] {
    try journal.list("pain").map { record in
      [FieldKey.score, .side, .quality, .note, .at].map { record[$0].json.plain }.joined(separator: " ")
    }
  }

  private func words(_ result: RecordImportResult) -> [String] {
    result.differences.map { "\($0.place) \($0.field) \($0.here)>\($0.there) \($0.outcome.rawValue)" }
  }

  private let first = "4 left [\"ache\"] n 2026-05-01T08:00:00+02:00"

  @Test func whatDiffersIsToldAndLeft() throws {
    #expect(try take(try row()).addedCount == 1)
    let digest = try journal.digest().digest
    let path = try row(score: 6, side: "", quality: "ache;stiff")
    let result = try take(path)
    #expect(result.isTaken && result.differs == 1 && result.known == 0 && result.updated == 0)
    #expect(
      words(result) == [
        "pain.csv line 2 score 4>6 left", "pain.csv line 2 side left> left",
        "pain.csv line 2 quality [\"ache\"]>ache;stiff left",
      ])
    #expect(result.json["differs"] == .integer(1) && result.json["difference_count"] == .integer(3))
    #expect(try journal.digest().digest == digest && (try shown()) == [first])
  }

  @Test func anUpdateIsOneOperationWithWhatIsNew() throws {
    _ = try take(try row())
    let path = try row(score: 6, side: "", quality: "stiff", note: "m")
    let more =
      try String(contentsOfFile: path, encoding: .utf8)
      + "x-2,pain,2026-05-02T09:00:00+02:00,2026-05-02T08:00:00+02:00,1,knee,,,\r\n"
    let result = try take(try write(more, "pain.csv"), update: true)
    #expect(result.updated == 1 && result.differs == 0 && result.addedCount == 1)
    #expect(words(result).allSatisfy { $0.hasSuffix(" updated") } && result.differenceCount == 4)
    #expect(
      try shown() == [
        "1 null [] null 2026-05-02T08:00:00+02:00", "6 null [\"stiff\"] m 2026-05-01T08:00:00+02:00",
      ])
    #expect(try take(try write(more, "pain.csv"), update: true).known == 2)
    _ = try journal.undo()
    #expect(try shown() == [first])
    // What was taken back can be asked for again.
    #expect(try take(path, update: true).updated == 1)
  }

  /// Each correction can follow the one before, since none of them is a person's edit here.
  @Test func oneUpdateAfterAnother() throws {
    _ = try take(try row())
    for score in [5, 6, 4, 9] {
      #expect(try take(try row(score: score), update: true).updated == 1)
      #expect(try shown() == ["\(score)" + first.dropFirst()])
    }
  }

  @Test func whatAPersonEditedHereStays() throws {
    _ = try take(try row())
    let id = try journal.list("pain")[0].id
    _ = try journal.edit(id, ["score=7", "quality/stiff=yes"])
    let path = try row(score: 5, quality: "burning", note: "m")
    let told = try take(path)
    let expected = [
      "pain.csv line 2 score 7>5 edited-here",
      "pain.csv line 2 quality [\"ache\",\"stiff\"]>burning edited-here",
    ]
    #expect(words(told) == expected + ["pain.csv line 2 note n>m left"])
    let result = try take(path, update: true)
    #expect(words(result) == expected + ["pain.csv line 2 note n>m updated"])
    #expect(result.updated == 1 && result.differs == 1)
    #expect(try shown() == ["7 left [\"ache\",\"stiff\"] m 2026-05-01T08:00:00+02:00"])
    // An edit that says the same as the file is no difference.
    _ = try journal.edit(id, ["score=5", "quality=burning"])
    #expect(try take(path, update: true).known == 1)
  }

  @Test func aDryRunTellsAndWritesNothing() throws {
    _ = try take(try row())
    let digest = try journal.digest().digest
    var options = ImportOptions()
    (options.updates, options.isDryRun) = (true, true)
    #expect(try journal.importRecords(try row(score: 6), options).updated == 1)
    #expect(try journal.digest().digest == digest)
  }

  /// A value that is none is told as in a new record, and nothing is taken.
  @Test(arguments: [
    "11,low-back,left", "four,low-back,left", "4,lowbakc,left", "4,low-back,up", ",low-back,left",
  ])
  func aCorrectionThatIsNoneIsTold(_ cells: String) throws {
    _ = try take(try row())
    let path = try write(
      Self.header + "x-1,pain,2026-05-01T09:00:00+02:00,2026-05-01T08:00:00+02:00,\(cells),ache,n\r\n",
      "pain.csv")
    // What only goes with the record as a whole, as the scale of a score, is seen where it is to be written.
    for update in cells.hasPrefix("11") ? [true] : [false, true] {
      let result = try take(path, update: update)
      #expect(!result.isTaken && result.problems.map(\.place) == ["pain.csv line 2"])
    }
    #expect(try shown() == [first])
  }

  /// The local day goes with the time.
  @Test func aCorrectedTime() throws {
    _ = try take(try row())
    let text = try String(contentsOfFile: try row(), encoding: .utf8)
      .replacingOccurrences(of: "05-01T08", with: "04-30T08")
    #expect(try take(try write(text, "pain.csv"), update: true).updated == 1)
    #expect(try journal.list("pain")[0][.localDay].json == .string("2026-04-30"))
  }

  /// What a file leaves out is not empty.
  @Test func whatIsNotSaidIsNoDifference() throws {
    _ = try take(try row())
    let json = try write("{\"records\":[{\"id\":\"x-1\",\"type\":\"pain\",\"score\":8}]}", "x.json")
    #expect(words(try take(json, update: true)) == ["record 1 score 4>8 updated"])
    let emptied = try write("{\"records\":[{\"id\":\"x-1\",\"type\":\"pain\",\"note\":null}]}", "y.json")
    #expect(words(try take(emptied, update: true)) == ["record 1 note n> updated"])
    #expect(try shown() == ["8 left [\"ache\"] null 2026-05-01T08:00:00+02:00"])
  }

  // MARK: Other programs

  @Test func loopAndANewMap() throws {
    func table(_ cell: String) throws -> String {
      try write("Date,Back pain,\n2026-05-03,\(cell),\n", "Checkmarks.csv")
    }
    _ = try take(try table("4000"))
    let result = try take(try table("5000"), update: true)
    #expect(words(result) == ["Checkmarks.csv line 2 score 4>5 updated"])
    // The same file where the clocks are others is the same.
    let other = try household.device("other", zone: "Asia/Tokyo")
    try household.carry(journal, other)
    #expect(try take(try table("5000"), other).known == 1)
    // A rating cannot become a walk.
    let mapped = try take(try table("5000"), update: true, map: "Back pain = factor walk")
    #expect(words(mapped) == ["Checkmarks.csv line 2 type pain>factor left"])
    #expect(mapped.differs == 1 && mapped.updated == 0)
    let bout = try take(try table("YES_MANUAL"), map: "Back pain = bout ql:45s")
    #expect(!bout.isTaken && bout.problems[0].reason.contains("is a pain here"))
  }

  /// Of what two devices have each imported, one cannot become what the file says: the row is refused, whole.
  @Test(arguments: [0, 1]) func aRefusedRowChangesNeither(_ unfit: Int) throws {
    func path(_ score: Int) throws -> String {
      try write(
        "id,type,recorded_at,at,score,scale,site\r\n"
          + "x-1,pain,2026-05-01T09:00:00+02:00,2026-05-01T08:00:00+02:00,\(score),vas100,low-back\r\n",
        "pain.csv")
    }
    let other = try household.device("other")
    _ = try journal.recordFactor(FactorEntry(kind: "walk"))
    try household.carry(journal, other)
    for device in [journal, other] { _ = try take(try path(7), device) }
    try household.exchange(journal, other)
    let twins = try journal.list("pain")
    _ = try journal.edit(twins[unfit].id, ["scale=nrs11"])
    let digest = try journal.digest().digest
    var options = ImportOptions()
    (options.updates, options.skipsBad) = (true, true)
    let found = try journal.importRecords(try path(50), options)
    #expect(found.isTaken && found.problemCount == 1 && found.updated == 0 && found.differs == 0)
    #expect(try journal.list("pain").map { $0[.score].json.plain } == ["7", "7"])
    #expect(try journal.digest().digest == digest)
  }

  /// A device that only merged what another imported finds no difference, and corrects it as well.
  @Test func anotherDeviceCorrectsIt() throws {
    _ = try take(try row())
    let other = try household.device("other")
    try household.carry(journal, other)
    #expect(try take(try row(), other).known == 1)
    #expect(try take(try row(score: 6), update: true, other).updated == 1)
    // Whether that was a person or an import is known on that device alone: nothing is overwritten.
    try household.carry(other, journal)
    #expect(words(try take(try row(score: 8), update: true)) == ["pain.csv line 2 score 6>8 edited-here"])
  }
}
