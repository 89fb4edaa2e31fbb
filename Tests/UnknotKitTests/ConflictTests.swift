import Testing
import UnknotKit

@Suite struct ConflictTests {
  private let household: Household
  private let phone: Journal
  private let laptop: Journal
  private let id: String

  init() throws {
    household = try Household()
    phone = try household.device("phone")
    laptop = try household.device("laptop")
    id = try phone.ratePain(6).only().id
    try household.exchange(phone, laptop)
  }

  /// The laptop's value is the later one, and so the one that is shown.
  private func disagree(_ phones: String..., laptops: String...) throws {
    _ = try phone.edit(id, phones)
    household.advance(seconds: 60)
    _ = try laptop.edit(id, laptops)
    try household.exchange(phone, laptop)
  }

  @Test func bothDevicesListBothValuesTheShownOneFirst() throws {
    try disagree("score=3", "note=a", laptops: "score=8", "side=left")
    for journal in [phone, laptop] {
      let conflict = try #require(try journal.conflicts().first)
      #expect(try journal.conflicts().count == 1)
      #expect(conflict.record.id == id && conflict.field == "score")
      #expect(conflict.values.map(\.json.compact) == ["8", "3"])
      #expect(conflict.values.map(\.device) == ["laptop", "phone"])
      #expect(
        conflict.values.map(\.recordedAt.rfc3339) == [
          "2026-05-14T18:01:00+02:00", "2026-05-14T18:00:00+02:00",
        ])
      let record = try journal.show(id)
      #expect(record["score"].integer == 8 && record["note"].text == "a" && record["side"].text == "left")
    }
  }

  @Test(
    arguments: [
      (Resolution.take(1), 8), (.take(2), 3), (.value("3"), 3), (.value("8"), 8), (.value("5"), 5),
    ] as [(Resolution, Int64)])
  func aDecisionHoldsOnBoth(resolution: Resolution, score: Int64) throws {
    try disagree("score=3", laptops: "score=8")
    let written = try phone.resolve(id, field: "score", resolution).only()
    #expect(written["score"].integer == score)
    try household.exchange(phone, laptop)
    for journal in [phone, laptop] {
      #expect(try journal.conflicts().isEmpty && journal.show(id)["score"].integer == score)
    }
    _ = try failure(.notFound) { try laptop.resolve(id, field: "score", .take(1)) }
  }

  @Test func aDecisionThatCannotBeIsRefused() throws {
    try disagree("score=3", laptops: "score=8")
    for resolution in [
      Resolution.take(0), .take(3), .take(-1), .take(.min), .take(.max), .value("11"), .value(""),
    ] {
      _ = try failure(.invalidValue) { try phone.resolve(id, field: "score", resolution) }
    }
    let other = try failure(.notFound) { try phone.resolve(id, field: "note", .take(1)) }
    #expect(other.hint == "in conflict: score")
    #expect(try phone.conflicts().count == 1)
  }

  @Test func equalValuesAreNoConflict() throws {
    try disagree("score=3", laptops: "score=3")
    #expect(try phone.conflicts().isEmpty && laptop.conflicts().isEmpty)
  }

  @Test func anEmptyFieldIsAValueToo() throws {
    _ = try phone.edit(id, ["note=first"])
    try household.exchange(phone, laptop)
    try disagree("note=", laptops: "note=second")
    let conflict = try #require(try phone.conflicts().first)
    #expect(conflict.values.map(\.json.compact) == [#""second""#, "null"])
    #expect(try phone.resolve(id, field: "note", .take(2)).only()["note"].isEmpty)
  }

  @Test(arguments: [("keep", true), ("delete", false), ("KEEP", true)])
  func presenceIsKeptOrDeleted(word: String, isPresent: Bool) throws {
    _ = try phone.remove([id])
    _ = try laptop.edit(id, ["note=more"])
    try household.exchange(phone, laptop)
    let conflict = try #require(try laptop.conflicts().first)
    #expect(conflict.field == "presence" && conflict.record.isPresent)
    #expect(conflict.values.map(\.json.compact) == [#""keep""#, #""delete""#])
    _ = try failure(.invalidValue) { try laptop.resolve(id, field: "presence", .value("maybe")) }
    _ = try failure(.invalidValue) { try laptop.resolve(id, field: "presence", .take(3)) }
    let written = try laptop.resolve(id, field: "presence", .value(word)).only()
    #expect(written.isPresent == isPresent)
    try household.exchange(phone, laptop)
    #expect(try phone.conflicts().isEmpty && phone.show(id).isPresent == isPresent)
  }

  @Test func aValueOfOnesOwnIsHeldToTheSessionsSpan() throws {
    let start = try phone.times.moment("17:00")
    let session = try phone.logSession(at: start, bouts: [try BoutText("ql:1m")]).only().id
    try household.exchange(phone, laptop)
    _ = try phone.edit(session, ["ended_at=17:10"])
    _ = try laptop.edit(session, ["ended_at=17:20"])
    try household.exchange(phone, laptop)
    _ = try failure(.invalidValue) { try phone.resolve(session, field: "ended_at", .value("16:59")) }
    _ = try phone.resolve(session, field: "ended_at", .value("17:15"))
    #expect(try phone.show(session)["ended_at"].moment?.rfc3339 == "2026-05-14T17:15:00+02:00")
  }

  @Test func aDecisionCanBeTakenBack() throws {
    try disagree("score=3", laptops: "score=8")
    _ = try phone.resolve(id, field: "score", .take(2))
    _ = try phone.undo()
    #expect(try phone.show(id)["score"].integer == 8)
    #expect(try phone.history(id).map(\.action) == ["create", "edit", "edit", "edit", "edit"])
  }

  @Test func idsOfOtherDevicesAreFoundByTheirPrefix() throws {
    let own = try laptop.ratePain(2).only()
    #expect(try laptop.show("1").id == own.id)
    let short = try laptop.show(id).shortID
    #expect(short.hasSuffix("-1") && id.hasPrefix(short.prefix(4)))
    #expect(try laptop.show(short).id == id && laptop.show(id.uppercased()).device == "phone")
    // Look-alikes are read as the digits that they look like.
    let lookAlike = String(id.map { $0 == "0" ? "O" : $0 == "1" ? "l" : $0 })
    let seqIsOne = lookAlike.dropLast() + "1"
    #expect(try laptop.show(String(seqIsOne)).id == id)
  }

  /// Two devices put a rating at two times: whichever is shown, its day and its precision are shown with it, the day is
  /// no conflict of its own, and a decision takes the day as it was written with the time.
  @Test(
    arguments: [
      ("17:00", "2026-05-12 05:00"), ("2026-05-12 05:00", "17:00"), ("2026-05-11 05:00", "2026-05-12 05:00"),
      ("16:00", "17:00"),
    ], [1, 2])
  func theDayGoesWithTheTime(times: (phone: String, laptop: String), choice: Int) throws {
    try disagree("at=" + times.phone, "precision=approx", laptops: "at=" + times.laptop, "precision=exact")
    func check(_ record: JournalRecord, _ precision: String) throws {
      #expect(record["precision"].text == precision)
      let at = try #require(record["at"].moment)
      #expect(record["local_day"].day?.description == String(at.rfc3339.prefix(10)))
    }
    for journal in [phone, laptop] {
      #expect(try journal.conflicts().map(\.field) == ["at"])
      try check(try journal.show(id), "exact")
    }
    // What was written then is not read anew as days begin now.
    _ = try phone.editProfile(["day_start=10:00"])
    let precision = choice == 1 ? "exact" : "approx"
    try check(try phone.resolve(id, field: "at", .take(choice)).only(), precision)
    try household.exchange(phone, laptop)
    try check(try laptop.show(id), precision)
  }
}
