import Foundation
import Testing
import UnknotKit

/// What other programs write.
extension InterchangeTests {
  /// In the form that Track & Graph's reader and writer document.
  @Test func trackAndGraph() throws {
    let path = try write(
      #"""
      FeatureName,Timestamp,Value,Note
      Back pain,2026-04-14T21:30:41.432+01:00,6,after work
      Back pain,2026-04-15T07:30:00+01:00,4.0,
      "Evening walk",2026-04-15T19:00:00+01:00,0:35:00,"round the ""lake"""
      Ball,2026-04-15T20:00:00+01:00,1.0:Left,
      Ball,2026-04-15T20:00:00+01:00,1.0:Left,
      Water,2026-04-15T20:00:00+01:00,3,

      """#)
    var options = ImportOptions()
    options.acceptsGuesses = true
    options.map = "# mine\nBall = bout ql/left:45s@wall\nWater = skip\n"
    let result = try journal.importRecords(path, options)
    #expect(
      result.mapping == [
        "Back pain: pain low-back", "Ball: bout ql/left:45s@wall", "Evening walk: factor walk", "Water: skip",
      ])
    #expect(result.added.map { "\($0.type) \($0.count)" } == ["pain 2", "factor 1", "session 2", "bout 2"])
    let pain = try journal.list("pain")
    #expect(pain.map { $0[.score].integer } == [4, 6])
    #expect(
      pain[1][.note].text == "after work" && pain[1][.at].moment?.rfc3339 == "2026-04-14T21:30:41.432+01:00"
    )
    let walk = try #require(try journal.list("factors").first)
    #expect(
      walk[.amount].text == "35" && walk[.unit].text == "min" && walk[.note].text == "round the \"lake\"")
    let again = try journal.importRecords(path, options)
    #expect(again.addedCount == 0 && again.known == 7)
  }

  @Test func trackAndGraphWithLabels() throws {
    let path = try write(
      "FeatureName,Timestamp,Value,Label,Note\nMood,2026-04-14T21:30:41Z,2.5,fine,n\nPain,2026-04-14T21:30:41Z,x,,\n"
    )
    var options = ImportOptions()
    options.acceptsGuesses = true
    options.skipsBad = true
    let result = try journal.importRecords(path, options)
    #expect(result.problems.map(\.place) == ["file.csv line 3"] && result.addedCount == 1)
    let mood = try #require(try journal.list("factors").first)
    #expect(mood[.kind].text == "other" && mood[.label].text == "Mood" && mood[.amount].text == "2.5")
    #expect(mood[.note].text == "fine: n")
  }

  /// In the form that Loop's writer documents: the newer words, the older numbers, a comma at every line's end.
  @Test(arguments: [
    "Date,Back pain,Walk,Meditate,\n2026-05-03,5000,YES_MANUAL,YES_AUTO,\n2026-05-02,NO,NO,SKIP,\n2026-05-01,7500,YES_MANUAL,UNKNOWN,\n",
    "Date,Back pain,Walk,Meditate,\n2026-05-03,5000,2,1,\n2026-05-02,0,0,3,\n2026-05-01,7500,2,-1,\n",
  ]) func loop(_ text: String) throws {
    var options = ImportOptions()
    options.acceptsGuesses = true
    options.skipsBad = true
    options.map = "Back pain = pain"
    let path = try write(text, "Checkmarks.csv")
    let result = try journal.importRecords(path, options)
    #expect(result.mapping == ["Back pain: pain low-back", "Walk: factor walk", "Meditate: factor other"])
    // 7.5 is no rating; the line says which.
    #expect(result.problems.map(\.place) == ["Checkmarks.csv line 4"])
    #expect(result.added.map { "\($0.type) \($0.count)" } == ["pain 2", "factor 2"])
    #expect(try journal.list("pain").map { $0[.score].integer } == [5, 0])
    #expect(try journal.list("pain")[0][.precision].text == "day")
    #expect(try journal.importRecords(path, options).addedCount == 0)
    #expect(try journal.importRecords(folder, options).addedCount == 0)
  }

  @Test func oneHabitOfLoop() throws {
    try FileManager.default.createDirectory(atPath: folder + "/001 Heat", withIntermediateDirectories: true)
    let path = try write(
      "Date,Value,Notes\n2026-05-03,YES_MANUAL,in the bath\n2026-05-02,NO,\n", "001 Heat/Checkmarks.csv")
    var options = ImportOptions()
    options.acceptsGuesses = true
    let result = try journal.importRecords(path, options)
    #expect(result.mapping == ["Heat: factor heat"] && result.addedCount == 1)
    #expect(try #require(try journal.list("factors").first)[.note].text == "in the bath")
  }

  @Test(arguments: ["x", "x = y", "x = pain nowhere", "x = factor", "x = bout ql", "x = factor flying"])
  func aMapThatIsNoneIsRefused(_ map: String) throws {
    var options = ImportOptions()
    options.acceptsGuesses = true
    options.map = map
    options.form = .tng
    let path = try write("FeatureName,Timestamp,Value,Note\n")
    #expect(throws: KitError.self) { try journal.importRecords(path, options) }
  }
}
