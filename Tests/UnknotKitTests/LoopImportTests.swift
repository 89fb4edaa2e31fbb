import Foundation
import Testing

@testable import UnknotKit

/// Loop's export: each entry goes to the habit that it is of, once, whichever of its tables it comes from.
@Suite struct LoopImportTests {
  private let household: Household
  private let journal: Journal
  private let folder: String

  init() throws {
    household = try Household()
    journal = try household.device("phone")
    folder = household.folder + "/export"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  @discardableResult private func write(_ name: String, _ text: String) throws -> String {
    let path = "\(folder)/\(name)"
    let parent = (path as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    return path
  }

  private func writeHabits(_ habits: [(name: String, type: String)]) throws {
    let rows = habits.enumerated().map { index, habit in
      "\(padded(index + 1, 3)),\"\(habit.name.replacingOccurrences(of: "\"", with: "\"\""))\",\(habit.type),,,1,1,#000000,,,,false\n"
    }
    try write(
      "Habits.csv",
      "Position,Name,Type,Question,Description,FrequencyNumerator,FrequencyDenominator,Color,Unit,Target Type,Target Value,Archived?\n"
        + rows.joined())
  }

  /// Kind, name, day and amount or score of each entry here.
  private func entries() throws -> [String] {
    let factors = try journal.list("factors").map {
      [$0[.kind].text, $0[.label].text, $0[.amount].text, $0[.note].text].map { $0 ?? "-" }
        + [String($0[.at].moment?.rfc3339.prefix(10) ?? "")]
    }
    let pain = try journal.list("pain").map {
      [
        "pain", "\($0[.score].integer ?? -1)", $0[.note].text ?? "-",
        String($0[.at].moment?.rfc3339.prefix(10) ?? ""),
      ]
    }
    return (factors + pain).map { $0.joined(separator: " ") }.sorted()
  }

  private func refuses(_ path: String, _ words: String) throws {
    let digest = try journal.digest().digest
    var options = ImportOptions()
    options.form = .loop
    options.skipsBad = true
    let error = #expect(throws: KitError.self) { try take(path, options) }
    #expect(error?.kind == .invalidValue && error?.hint != nil)
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    #expect(try journal.digest().digest == digest)
  }

  /// With what is guessed of names.
  private func take(_ path: String, _ options: ImportOptions = ImportOptions()) throws -> RecordImportResult {
    var options = options
    options.acceptsGuesses = true
    return try journal.importRecords(path, options)
  }

  // MARK: A habit's own table

  /// The habit is that of the real folder, however the path is written.
  @Test(arguments: ["./", "../002 Cold/../001 Heat/", "001 Heat/", "here/"])
  func theFolderTellsTheHabit(_ way: String) throws {
    let heat = try write("001 Heat/Checkmarks.csv", "Date,Value,Notes\n2026-05-03,YES_MANUAL,bath\n")
    let cold = try write("002 Cold/Checkmarks.csv", "Date,Value,Notes\n2026-05-03,YES_MANUAL,ice\n")
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/001 Heat/here", withDestinationPath: folder + "/001 Heat")
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/001 Heat/001 Heat", withDestinationPath: folder + "/001 Heat")
    #expect(try take(cold).mapping == ["Cold: factor cold"])
    let result = try take("\(folder)/001 Heat/\(way)Checkmarks.csv")
    #expect(result.mapping == ["Heat: factor heat"] && result.addedCount == 1)
    #expect(try take(heat).known == 1)
    #expect(try entries() == ["cold Cold - ice 2026-05-03", "heat Heat - bath 2026-05-03"])
  }

  /// The folder that the person is in, which all tests share, and none may change.
  @Test(arguments: ["Checkmarks.csv", "./Checkmarks.csv", "../"]) func aPathWithoutAFolder(_ path: String)
    throws
  {
    let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath).resolvingSymlinksInPath()
    let expected = path == "../" ? here.deletingLastPathComponent() : here
    #expect(InterchangeFile.folder(of: path) == expected.path)
  }

  @Test(arguments: ["Heat", "1 Heat", "0001Heat", "Downloads", "000 Heat"])
  func aFolderThatIsNoHabitsIsRefused(_ name: String) throws {
    let path = try write("\(name)/Checkmarks.csv", "Date,Value,Notes\n2026-05-03,YES_MANUAL,bath\n")
    try refuses(path, "which habit")
  }

  /// A name of which the folder's has nothing is in the list alone.
  @Test func aNameThatIsNotInTheFoldersName() throws {
    let path = try write("002/Checkmarks.csv", "Date,Value,Notes\n2026-05-03,YES_MANUAL,\n")
    try refuses(path, "says the habit's name")
    try writeHabits([("Heat", "YES_NO"), ("热", "YES_NO")])
    #expect(try take(path).mapping == ["热: factor other"])
    try writeHabits([("Heat", "YES_NO"), ("Cold", "YES_NO")])
    try refuses(path, "no habit 2")
  }

  /// A habit of any name, from its own table and from that of all, in either order: nothing twice.
  @Test(arguments: [true, false], ["Heat", "Hei\u{df}, \"naß\"", "a.b_c-d", " Walk "])
  func ownTableAndRootTableAreOne(_ isOwnFirst: Bool, _ name: String) throws {
    try writeHabits([("Stretch", "YES_NO"), (name, "NUMERICAL")])
    let kept = name.unicodeScalars.filter { $0.isASCII && $0 != "," && $0 != "\"" }
    let short = String(String.UnicodeScalarView(kept)).trimmingCharacters(in: .whitespaces)
    let rows = [("2026-05-03", "5000"), ("2026-05-02", "NO"), ("2026-05-01", "82375")]
    let own = try write(
      "002 \(short)/Checkmarks.csv", "Date,Value,Notes\n" + rows.map { "\($0.0),\($0.1),\n" }.joined())
    try write("001 Stretch/Checkmarks.csv", "Date,Value,Notes\n")
    try write(
      "Checkmarks.csv", "Date,Stretch,\(name),\n" + rows.map { "\($0.0),NO,\($0.1),\n" }.joined())
    let paths = isOwnFirst ? [own, folder] : [folder, own]
    #expect(try take(paths[0]).addedCount == 3)
    let again = try take(paths[1])
    #expect(again.addedCount == 0 && again.known == 3)
    #expect(Set(try journal.list("factors").map { $0[.amount].text }) == ["5", "0", "82.375"])
  }

  // MARK: The columns of the table of all

  private let comma = "Date,Back pain, left,Sleep hours,\n2026-05-02,3000,7500,\n2026-05-01,NO,8000,\n"

  @Test func aCommaInANameNeedsTheList() throws {
    let path = try write("Checkmarks.csv", comma)
    try refuses(path, "header")
    try writeHabits([("Back pain, left", "NUMERICAL"), ("Sleep hours", "NUMERICAL")])
    let result = try take(path)
    #expect(result.mapping == ["Back pain, left: pain low-back/left", "Sleep hours: factor other"])
    #expect(
      try entries() == [
        "other Sleep hours 7.5 - 2026-05-02", "other Sleep hours 8 - 2026-05-01", "pain 0 - 2026-05-01",
        "pain 3 - 2026-05-02",
      ])
  }

  @Test(arguments: [
    ["Back pain"], ["Back pain", "left", "Sleep", "hours"], ["Back pain, right", "Sleep hours"],
  ])
  func aListOfOtherHabitsIsNoHelp(_ names: [String]) throws {
    let path = try write("Checkmarks.csv", comma)
    try writeHabits(names.map { ($0, "NUMERICAL") })
    try refuses(path, "h")
  }

  /// Lines without the last comma: the header seems to fit, and is another.
  @Test func theListGoesBeforeAHeaderThatSeemsToFit() throws {
    let path = try write("Checkmarks.csv", "Date,Back pain, left\n2026-05-02,3000,\n2026-05-01,1000,\n")
    try writeHabits([("Back pain, left", "NUMERICAL")])
    #expect(try take(path).mapping == ["Back pain, left: pain low-back/left"])
    #expect(try entries() == ["pain 1 - 2026-05-01", "pain 3 - 2026-05-02"])
  }

  /// Loop does not double them either.
  @Test(arguments: ["Tea \"green\"", "\"Tea\"", "\"Tea, then\" rest"])
  func aQuotationMarkInANameNeedsTheList(_ name: String) throws {
    let path = try write("Checkmarks.csv", "Date,\(name),Heat,\n2026-05-02,YES_MANUAL,NO,\n")
    try writeHabits([(name, "YES_NO"), ("Heat", "YES_NO")])
    #expect(try take(folder).mapping == ["\(name): factor other", "Heat: factor heat"])
    #expect(try entries() == ["other \(name) - - 2026-05-02"])
    try FileManager.default.removeItem(atPath: folder + "/Habits.csv")
    if name != "\"Tea\"" { try refuses(path, "header") }
  }

  /// Of the habits in the list, those are in the table that have a folder.
  @Test func notAllHabitsWereExported() throws {
    try writeHabits([("Walk", "YES_NO"), ("Heat, dry", "YES_NO"), ("Walk", "YES_NO")])
    try write(
      "Checkmarks.csv", "Date,Heat, dry,Walk,\n2026-05-02,YES_MANUAL,NO,\n2026-05-01,NO,YES_MANUAL,\n")
    try refuses(folder, "header")
    try write("002 Heat dry/Checkmarks.csv", "Date,Value,Notes\n2026-05-02,YES_MANUAL,n\n")
    let own = try write("003 Walk/Checkmarks.csv", "Date,Value,Notes\n2026-05-01,YES_MANUAL,m\n")
    let result = try take(folder)
    #expect(result.mapping == ["Heat, dry: factor other", "Walk (2): factor walk"] && result.addedCount == 2)
    #expect(try take(own).known == 1)
  }

  /// Which of two it is nobody says: refused rather than guessed.
  @Test func aTableOfOneOfTwoHabitsOfOneName() throws {
    try writeHabits([("Walk", "YES_NO"), ("Heat", "YES_NO"), ("Walk", "YES_NO")])
    let path = try write("Checkmarks.csv", "Date,Walk,\n2026-05-02,YES_MANUAL,\n")
    try refuses(path, "called Walk")
  }

  /// A row that was cut off is a line that is wrong, and no reason to shift the others.
  @Test func aRowOfAnotherLength() throws {
    let path = try write(
      "Checkmarks.csv",
      "Date,Walk,Heat,\n2026-05-03,YES_MANUAL,YES_MANUAL,\n2026-05-02,YES_MANUAL,\n2026-05-01,YES_MANUAL,NO,\n"
    )
    #expect(try take(path).problems.map(\.place) == ["Checkmarks.csv line 3"])
    #expect(try entries().isEmpty)
  }

  // MARK: Two habits of one name

  @Test func habitsOfOneNameAreKeptApart() throws {
    let table = "Date,Walk,Heat,Walk,\n2026-05-02,YES_MANUAL,NO,YES_MANUAL,\n2026-05-01,NO,NO,YES_MANUAL,\n"
    let path = try write("Checkmarks.csv", table)
    var options = ImportOptions()
    options.map = "Walk = factor heat"
    let result = try take(path, options)
    #expect(
      result.mapping == ["Walk: factor heat", "Heat: factor heat", "Walk (2): factor heat"])
    #expect(result.addedCount == 3)
    try writeHabits([("Walk", "YES_NO"), ("Heat", "YES_NO"), ("Walk", "YES_NO")])
    try write("001 Walk/Checkmarks.csv", "Date,Value,Notes\n2026-05-02,YES_MANUAL,\n")
    try write("002 Heat/Checkmarks.csv", "Date,Value,Notes\n")
    try write("003 Walk/Checkmarks.csv", "Date,Value,Notes\n2026-05-02,YES_MANUAL,\n2026-05-01,YES_MANUAL,\n")
    let ways = ["", "/001 Walk/Checkmarks.csv", "/002 Heat/Checkmarks.csv", "/003 Walk/Checkmarks.csv"]
    for (way, known) in zip(ways, [3, 1, 0, 2]) {
      let again = try take(folder + way, options)
      #expect(again.addedCount == 0 && again.known == known)
    }
  }

  /// What was imported before, of habits whose names are unique, is known by the same origin.
  @Test func theOriginOfAUniqueNameIsTheNameAndTheDay() throws {
    _ = try take(
      try write("Checkmarks.csv", "Date,Walk,\n2026-05-02,YES_MANUAL,\n2026-05-01,NO,\n"))
    #expect(try journal.list("factors").map { $0[.origin].text } == ["loop/Walk/2026-05-02"])
  }

  // MARK: Notes, and what is not taken

  @Test func notesComeFromTheHabitsOwnTables() throws {
    try writeHabits([("Back pain", "NUMERICAL"), ("Walk", "YES_NO"), ("Secret", "YES_NO")])
    try write(
      "Checkmarks.csv",
      "Date,Back pain,Walk,Secret,\n2026-05-03,4000,YES_MANUAL,NO,\n2026-05-02,UNKNOWN,NO,NO,\n2026-05-01,NO,SKIP,NO,\n"
    )
    try write(
      "001 Back pain/Checkmarks.csv",
      "Date,Value,Notes\n2026-05-03,4000,\"bad, \"\"very\"\"\"\n2026-05-02,UNKNOWN,asleep\n2026-05-01,NO,none\n2026-04-01,UNKNOWN,before\n"
    )
    try write(
      "002 Walk/Checkmarks.csv",
      "Date,Value,Notes\n2026-05-03,YES_MANUAL,round the lake\n2026-05-02,NO,rain\n")
    try write("003 Secret/Checkmarks.csv", "Date,Value,Notes\n2026-05-02,NO,mine\n")
    var options = ImportOptions()
    options.map = "Secret = skip"
    let result = try take(folder, options)
    #expect(
      result.notTaken == [
        "Back pain: 2 notes on days without an entry", "Walk: 1 note on days without an entry",
      ])
    #expect(result.json["not_taken"] == .array(result.notTaken.map { .string($0) }))
    #expect(
      try entries() == [
        "pain 0 none 2026-05-01", "pain 4 bad, \"very\" 2026-05-03", "walk Walk - round the lake 2026-05-03",
      ])
    let own = try take(folder + "/001 Back pain/Checkmarks.csv")
    #expect(own.known == 2 && own.notTaken == ["Back pain: 2 notes on days without an entry"])
  }

  @Test func aBadRowOfNotesIsTold() throws {
    try write("Checkmarks.csv", "Date,Walk,\n2026-05-03,YES_MANUAL,\n")
    try write("001 Walk/Checkmarks.csv", "Date,Value,Notes\n2026-05-03,YES_MANUAL,\"x\"y\n")
    let result = try take(folder)
    #expect(!result.isTaken && result.problems.map(\.place) == ["001 Walk/Checkmarks.csv line 2"])
    #expect(try entries().isEmpty)
  }

  /// Without the list, folders that cannot be told apart are no source of notes, and that is said.
  @Test func notesOfFoldersThatFitNoColumn() throws {
    try write("Checkmarks.csv", "Date,Walk,Heat,\n2026-05-03,YES_MANUAL,YES_MANUAL,\n")
    try write("001 Walk/Checkmarks.csv", "Date,Value,Notes\n2026-05-03,YES_MANUAL,n\n")
    let result = try take(folder)
    #expect(result.addedCount == 2 && result.notTaken.count == 1 && result.notTaken[0].contains("notes"))
  }

  /// A habit of numbers that were all 0, one that was never done, and one of which nothing says which it is.
  @Test(arguments: [("NUMERICAL", 2, 0), ("YES_NO", 0, 0), (nil, 0, 1)] as [(String?, Int, Int)])
  func noughtsAreTakenOrTold(_ type: String?, _ added: Int, _ told: Int) throws {
    try write("Checkmarks.csv", "Date,Cups,\n2026-05-03,NO,\n2026-05-02,0,\n2026-05-01,UNKNOWN,\n")
    if let type { try writeHabits([("Cups", type)]) }
    let result = try take(folder)
    #expect(result.addedCount == added && result.notTaken.count == told)
    #expect(result.notTaken.allSatisfy { $0.hasPrefix("Cups: 2 days with NO or 0") })
    #expect(try journal.list("factors").allSatisfy { $0[.amount].text == "0" })
  }

  /// Loop writes the words for the numbers 1 and 2 whatever the habit.
  @Test func numbersAreReadByTheList() throws {
    try writeHabits([("Cups", "NUMERICAL"), ("Walk", "YES_NO")])
    let path = try write(
      "Checkmarks.csv",
      "Date,Cups,Walk,\n2026-05-03,YES_MANUAL,YES_MANUAL,\n2026-05-02,1,1,\n2026-05-01,12040,3,\n")
    _ = try take(path)
    #expect(
      try entries() == [
        "other Cups 0.001 - 2026-05-02", "other Cups 0.002 - 2026-05-03", "other Cups 12.04 - 2026-05-01",
        "walk Walk - - 2026-05-03",
      ])
    try write("Checkmarks.csv", "Date,Cups,Walk,\n2026-05-03,-5,5000,\n2026-05-02,99999999999999999999,x,\n")
    #expect(try take(path).problemCount == 4)
  }

  @Test(arguments: [("YES_MANUAL", 45), ("5000", nil)] as [(String, Int64?)])
  func aBoutOfAHabit(_ cell: String, _ seconds: Int64?) throws {
    var options = ImportOptions()
    options.map = "Ball = bout ql/left:45s@wall"
    let path = try write("Checkmarks.csv", "Date,Ball,\n2026-05-03,\(cell),\n")
    #expect(try take(path, options).problemCount == (seconds == nil ? 1 : 0))
    #expect(try journal.list("bouts").map { $0[.seconds].integer } == (seconds.map { [$0] } ?? []))
  }
}
