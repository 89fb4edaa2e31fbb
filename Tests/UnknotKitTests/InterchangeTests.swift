import Foundation
import TestSupport
import Testing

@testable import UnknotKit

/// Everything goes out and comes back; nothing comes twice; what cannot be read changes nothing.
@Suite struct InterchangeTests {
  private let household: Household
  let journal: Journal
  let folder: String

  /// Thursday 2026-05-14, 18:00 in Berlin.
  init() throws {
    household = try Household()
    journal = try household.device("phone")
    folder = household.folder
  }

  func write(_ text: String, _ name: String = "file.csv") throws -> String {
    let path = "\(folder)/\(name)"
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    return path
  }

  private func json(_ journal: Journal, _ name: String = "all.json") throws -> String {
    var records: [String] = []
    try journal.export { records.append($0.json.compact) }
    let text =
      "{\"schema\":\"\(Journal.jsonSchemaName)\",\"records\":[\n\(records.joined(separator: ",\n"))\n]}"
    return try write(text, name)
  }

  private func tables(_ journal: Journal, _ name: String = "tables") throws -> String {
    let path = "\(folder)/\(name)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    var texts: [String: String] = [:]
    try journal.export {
      texts[$0.plural] = CSVText.row(ExportedRecord.columns($0))
    } _: {
      texts[$0.type.plural, default: ""] += CSVText.row($0.cells)
    }
    for (plural, text) in texts {
      try text.write(toFile: "\(path)/\(plural).csv", atomically: false, encoding: .utf8)
    }
    return path
  }

  /// What a journal says, whatever its records are called.
  private func content(_ journal: Journal) throws -> [String: [String: String]] {
    var all: [ExportedRecord] = []
    try journal.export { all.append($0) }
    let names = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0.record[.origin].text ?? $0.id) })
    var content: [String: [String: String]] = [:]
    for exported in all {
      var fields: [String: String] = ["type": exported.type.name]
      for (name, value) in exported.record.fields where !value.isEmpty && name != "origin" {
        let text = value.json.compact
        fields[name] = value.reference.flatMap { names[$0] } ?? text
      }
      fields["first_recorded_at"] =
        exported.record[.firstRecordedAt].moment?.rfc3339 ?? exported.recordedAt.rfc3339
      content[names[exported.id] ?? ""] = fields
    }
    return content
  }

  @Test(arguments: ["json", "csv"]) func everyRecordComesBackEqual(_ form: String) throws {
    try household.recordEveryKind(in: journal)
    var kinds: Set<String> = []
    try journal.export { kinds.insert($0.type.name) }
    #expect(kinds == Set(RecordType.all.map(\.name)), "\(EveryKindTests.whatToDo)")
    let path = form == "json" ? try json(journal) : try tables(journal)
    let other = try household.device("other")
    let result = try other.importRecords(path)
    #expect(result.problems.isEmpty && result.isTaken && result.known == 0)
    #expect(try content(other) == (try content(journal)))
    // Not a second time, nor where it comes from, nor after it went out again.
    for device in [other, journal] {
      let again = try device.importRecords(path)
      #expect(again.addedCount == 0 && again.known == result.addedCount)
    }
    let returned = try journal.importRecords(try json(other, "returned.json"))
    #expect(
      returned.addedCount == 0 && returned.known == result.addedCount,
      "\(returned.differences) \(returned.problems)")
  }

  /// References in a file are by the ids that it has, wherever its records came from first.
  @Test(arguments: ["json", "csv"]) func aThirdJournalTakesAllOfIt(_ form: String) throws {
    try household.recordEveryKind(in: journal)
    let (second, third) = (try household.device("second"), try household.device("third"))
    #expect(try second.importRecords(try json(journal)).isTaken)
    let path = form == "json" ? try json(second) : try tables(second)
    let result = try third.importRecords(path)
    #expect(result.problems.isEmpty && result.isTaken)
    #expect(try content(third) == (try content(journal)))
    #expect(try third.importRecords(try json(journal)).addedCount == 0)
  }

  @Test func aDemonstrationComesBackEqualAndSaysTheSame() throws {
    let days = try LocalDay("2025-10-01")...(try LocalDay("2026-01-31"))
    let berlin = try zone("Europe/Berlin")
    let made = try Demonstration(days: days).write(to: nil, zone: berlin)
    let other = try household.device("other")
    #expect(try other.importRecords(try tables(made)).problemCount == 0)
    #expect(try content(other) == (try content(made)))
    let range = FigureRange(until: days.upperBound)
    let (one, two) = (try made.effect(range), try other.effect(range))
    #expect(one.pairs == two.pairs && one.pairs.count > 30)
    #expect(try made.trend(range).days == (try other.trend(range)).days)
    // The same seed, the same journal; another, another.
    let again = try Demonstration(days: days).write(to: nil, zone: berlin)
    #expect(try again.digest().digest == (try made.digest()).digest)
    var another = Demonstration(days: days)
    another.seed = 2
    #expect(try another.write(to: nil, zone: berlin).digest().digest != (try made.digest()).digest)
  }

  @Test func oneUndoTakesAllBackAndRestoreBringsItAgain() throws {
    try household.recordEveryKind(in: journal)
    let path = try json(journal)
    let other = try household.device("other")
    _ = try other.ratePain(2)
    let before = try content(other)
    let count = try other.importRecords(path).addedCount
    _ = try other.undo()
    #expect(try content(other) == before)
    let again = try other.importRecords(path)
    #expect(again.addedCount == 0 && again.removed == count)
    var options = ImportOptions()
    options.restores = true
    #expect(try other.importRecords(path, options).restored == count)
    #expect(try content(other).count == count + 1)
  }

  @Test func aDryRunWritesNothing() throws {
    try household.recordEveryKind(in: journal)
    let other = try household.device("other")
    let digest = try other.digest().digest
    var options = ImportOptions()
    options.isDryRun = true
    let told = try other.importRecords(try json(journal), options)
    #expect(told.addedCount > 20 && told.isTaken)
    #expect(try other.digest().digest == digest && (try content(other)).isEmpty)
  }

  /// Two devices each changed one time of a session: no rule can forbid what came of it. It is told where figures are
  /// weighed, and a journal takes back what a journal wrote.
  @Test(arguments: [true, false]) func whatTwoEditsMadeContradictoryComesBack(asTables: Bool) throws {
    let laptop = try household.device("laptop")
    _ = try journal.ratePain(1)
    let session = try journal.logSession(bouts: [try BoutText("ql/left:45s")]).only()
    try household.exchange(journal, laptop)
    let times = try [FieldKey.startedAt, .endedAt].map { try #require(session[$0].moment).rfc3339 }
    _ = try journal.edit(session.id, ["started_at=\(times[1])"])
    _ = try laptop.edit(session.id, ["ended_at=\(times[0])"])
    try household.exchange(journal, laptop)
    #expect(try journal.conflicts().isEmpty)
    let merged = try journal.show(session.id)
    #expect([FieldKey.startedAt, .endedAt].map { merged[$0].moment?.rfc3339 } == times.reversed())
    #expect(try journal.quality(FigureRange()).contradictory == [merged.shortID])

    let other = try household.device("tablet")
    let result = try other.importRecords(asTables ? try tables(journal) : try json(journal))
    #expect(result.isTaken && result.problems.isEmpty)
    #expect(result.contradictions.map(\.reason) == ["a session cannot end before it began"])
    #expect(try content(other) == (try content(journal)))
  }

  /// What was rated after a session was, though the session's time was corrected later.
  @Test func aRatingKeepsItsContext() throws {
    household.advance(seconds: 7200)
    let session = try journal.logSession(bouts: [try BoutText("ql/left:45s")], after: 4).records[0]
    let later = Moment(milliseconds: journal.now.milliseconds, offsetMinutes: 120)
    household.advance(seconds: 3600)
    _ = try journal.edit(
      session.id, ["started_at=\(later.rfc3339)", "ended_at=\(later.rfc3339)"])
    let early = Moment(milliseconds: journal.now.milliseconds - 2 * 3_600_000, offsetMinutes: 120)
    _ = try journal.edit(session.id, ["started_at=\(early.rfc3339)", "ended_at=\(early.rfc3339)"])
    #expect(try journal.list("pain").map { $0[.context].text } == ["after"])
    let other = try household.device("laptop")
    for path in [try json(journal), try tables(journal)] {
      let result = try other.importRecords(path)
      #expect(result.differs == 0 && result.isTaken)
      #expect(try content(other) == (try content(journal)))
    }
  }

  // MARK: What cannot be read

  private let header = "id,type,recorded_at,at,score,site\r\n"
  private let good = "x-1,pain,2026-05-01T08:00:00+02:00,2026-05-01T08:00:00+02:00,4,low-back\r\n"

  @Test(arguments: [
    "x-2,pain,2026-05-01T08:00:00+02:00,2026-05-01T08:00:00+02:00,11,low-back",
    "x-2,pain,2026-05-01T08:00:00+02:00,2026-05-01T08:00:00+02:00,four,low-back",
    "x-2,pain,2026-05-01T08:00:00+02:00,2026-05-01T08:00:00+02:00,4,lowbakc",
    "x-2,pain,2026-05-01T08:00:00+02:00,2027-05-01T08:00:00+02:00,4,low-back",
    "x-2,pain,2026-05-01T08:00:00+02:00,1989-05-01T08:00:00+02:00,4,low-back",
    "x-2,pain,2026-05-01T08:00:00+02:00,1/5/2026,4,low-back", "x-2,pain,now,,4,low-back",
    "x-2,mood,2026-05-01T08:00:00+02:00,2026-05-01T08:00:00+02:00,4,low-back",
    ",pain,2026-05-01T08:00:00+02:00,2026-05-01T08:00:00+02:00,4,low-back", "x-2,pain", "x-2,bout,,,,",
    "x-2,pain,2026-05-01T08:00:00+02:00,2026-05-01T08:00:00+02:00,4,low-back,more",
  ]) func aBadRowChangesNothingAndIsTold(_ row: String) throws {
    let path = try write(header + good + row + "\r\n" + good.replacingOccurrences(of: "x-1", with: "x-3"))
    let digest = try journal.digest().digest
    let refused = try journal.importRecords(path)
    #expect(!refused.isTaken && refused.problems.map(\.place) == ["file.csv line 3"])
    #expect(try journal.digest().digest == digest)
    var options = ImportOptions()
    options.skipsBad = true
    let taken = try journal.importRecords(path, options)
    #expect(taken.isTaken && taken.addedCount == 2 && taken.problemCount == 1)
  }

  @Test(arguments: [
    "", "{", "[1,2]x", "{}", "{\"records\":{}}", "{\"schema\":\"unknot-records-2\",\"records\":[]}", "Date",
    "a,b\r\n1,2", "\u{0}", "\"never closed",
  ]) func whatIsNoExportIsRefused(_ text: String) throws {
    let digest = try journal.digest().digest
    for form in ImportForm.allCases {
      var options = ImportOptions()
      options.form = form
      if let result = try? journal.importRecords(try write(text, "x"), options) {
        #expect(result.addedCount == 0)
      }
    }
    #expect(throws: KitError.self) { try journal.importRecords("\(folder)/none") }
    #expect(throws: KitError.self) { try journal.importRecords("/dev/zero") }
    #expect(try journal.digest().digest == digest)
  }

  /// A copy that was cut off is refused, or all that it has is right.
  @Test(arguments: ["json", "csv"]) func everyTruncation(_ form: String) throws {
    try household.recordEveryKind(in: journal)
    let other = try household.device("other")
    let path =
      form == "json" ? try json(journal) : try tables(journal) + "/factors.csv"
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    let digest = try other.digest().digest
    var options = ImportOptions()
    options.form = form == "json" ? .json : .csv
    options.isDryRun = true
    for length in stride(from: 0, to: bytes.count, by: form == "json" ? 37 : 1) {
      let cut = "\(folder)/cut"
      try bytes.prefix(length).write(to: URL(fileURLWithPath: cut))
      _ = try? other.importRecords(cut, options)
    }
    #expect(try other.digest().digest == digest)
  }

  // MARK: CSV

  @Test(arguments: 0..<200) func cellsComeBackAndNoneIsAFormula(_ seed: UInt64) throws {
    var random = SeededRandom(seed)
    let letters = Array("=+-@'\",\n\r\t aé\u{0301}=1;\u{ff1d}".unicodeScalars)
    let rows = (0..<20).map { _ in
      (0..<3).map { _ in
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...6, using: &random) {
          text.append(letters[Int.random(in: 0..<letters.count, using: &random)])
        }
        return String(text)
      } + ["end"]
    }
    for cell in rows.joined() {
      let written = CSVText.cell(cell)
      let shown = written.hasPrefix("\"") ? String(written.unicodeScalars.dropFirst()) : written
      #expect(
        !["=", "+", "-", "@", "\t", "\r"].contains(shown.unicodeScalars.first.map { String($0) } ?? ""))
    }
    let path = try write(rows.map(CSVText.row).joined())
    var reader = try CSVReader(try InterchangeFile(path))
    var found: [[String]] = []
    while let row = try reader.next() { found.append(try row.row.get().map(CSVText.text)) }
    #expect(found.map { $0.map { Array($0.utf8) } } == rows.map { $0.map { Array($0.utf8) } })
  }

  /// A row that is none is told, and the next one is read.
  @Test func theReaderGoesOnAfterADamagedRow() throws {
    let path = try write("a,b\nx\"y,1\n1,\"2\"3\n3,4\n\"5\n6,7")
    var reader = try CSVReader(try InterchangeFile(path))
    var rows: [String] = []
    while let (line, row) = try reader.next() { rows.append("\(line) \((try? row.get()) ?? [])") }
    #expect(rows == ["1 [\"a\", \"b\"]", "2 []", "3 []", "4 [\"3\", \"4\"]", "5 []"])
    let bad = "x-2,\"pa\"in,,,4,low-back\r\n"
    var options = ImportOptions()
    let file = try write(header + bad + good)
    #expect(try journal.importRecords(file, options).problems.map(\.place) == ["file.csv line 2"])
    options.skipsBad = true
    #expect(try journal.importRecords(file, options).addedCount == 1)
  }

  @Test func linesAreCountedThroughQuotedNewlines() throws {
    let path = try write("\u{feff}a,b\n\"x\ny\n\",1\n\n2,\"\"\"\"\r\n3,4")
    var reader = try CSVReader(try InterchangeFile(path))
    var rows: [String] = []
    while let (line, row) = try reader.next() { rows.append("\(line) \(try row.get())") }
    #expect(
      rows == ["1 [\"a\", \"b\"]", "2 [\"x\\ny\\n\", \"1\"]", "6 [\"2\", \"\\\"\"]", "7 [\"3\", \"4\"]"])
  }

  // MARK: Schema

  /// `Schema/records.schema.json` is what the record types say. On failure: copy the file that is named.
  @Test func theSchemaIsTheOneThatIsCommitted() throws {
    let text = RecordSchema.json.pretty() + "\n"
    let file = Repository.root.appending(path: "Schema/records.schema.json")
    let committed = try? String(contentsOf: file, encoding: .utf8)
    if committed != text {
      let made = try Repository.made("records.schema.json")
      try text.write(toFile: made, atomically: true, encoding: .utf8)
      Issue.record("Schema/records.schema.json is another; as it should be: \(made)")
    }
  }
}
