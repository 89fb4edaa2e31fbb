import Testing
import UnknotKit

@Suite struct SessionTests {
  private let household: Household
  private let journal: Journal

  init() throws {
    household = try Household()
    journal = try household.device("phone")
  }

  private func bouts(_ texts: String...) throws -> [BoutText] {
    try texts.map { text throws(KitError) in try BoutText(text) }
  }

  @Test func aSessionHasItsBoutsInOrderAndItsRatingsAroundIt() throws {
    let written = try journal.logSession(
      at: try journal.times.moment("17:00"), bouts: try bouts("ql/left:45s@wall", "tfl:1m", "ql/right:45s"),
      before: 6, after: 4, site: try PlaceText(site: "hip/left"), note: "short")
    #expect(written.records.map(\.type) == ["session", "pain", "pain"])
    let session = written.records[0]
    #expect(session[.startedAt].moment?.rfc3339 == "2026-05-14T17:00:00+02:00")
    #expect(session[.endedAt].moment?.rfc3339 == "2026-05-14T17:02:30+02:00")
    #expect(session[.note].text == "short")
    #expect(session.children.map { $0[.target].text } == ["ql", "tfl", "ql"])
    #expect(session.children.map { $0[.side].text } == ["left", nil, "right"])
    #expect(session.children.allSatisfy { $0[.session].reference == session.id })
    let (before, after) = (written.records[1], written.records[2])
    #expect(before[.score].integer == 6 && before[.context].text == "before")
    #expect(before[.at].moment == session[.startedAt].moment)
    #expect(after[.score].integer == 4 && after[.context].text == "after")
    #expect(after[.at].moment == session[.endedAt].moment)
    #expect([before, after].allSatisfy { $0[.site].text == "hip" && $0[.session].reference == session.id })
    // One command, one operation.
    let undone = try journal.undo()
    #expect(undone.operation == session.shortID && undone.label == "log")
    for list in ["sessions", "bouts", "pain"] { #expect(try journal.list(list).isEmpty) }
  }

  @Test func aSessionThatIsNotOverHasNoEnd() throws {
    let written = try journal.logSession(
      at: try journal.times.moment("17:55"), bouts: try bouts("ql:15m"), after: 3)
    #expect(written.records[0][.endedAt].isEmpty)
    #expect(written.records[1][.at].moment == journal.now)
    #expect(written.records[1][.site].text == "low-back")
  }

  @Test func eachEndHasTheOffsetOfItsInstant() throws {
    // 2026-03-29 01:50 in Berlin; at 02:00 the clocks were put forward to 03:00.
    let household = try Household(now: 1_774_747_200_000)
    let journal = try household.device("phone")
    let start = try journal.times.moment("2026-03-29 01:50")
    let session = try journal.logSession(at: start, bouts: try bouts("ql:20m")).records[0]
    #expect(session[.startedAt].moment?.rfc3339 == "2026-03-29T01:50:00+01:00")
    #expect(session[.endedAt].moment?.rfc3339 == "2026-03-29T03:10:00+02:00")
    // Where the person was elsewhere, both ends are told as there.
    let abroad = try journal.times.moment("2026-03-28T10:00:00-05:00")
    let away = try journal.logSession(at: abroad, bouts: try bouts("ql:20m")).records[0]
    #expect(away[.endedAt].moment?.rfc3339 == "2026-03-28T10:20:00-05:00")
  }

  @Test func momentsOfAnEmbeddingProgramAreHeldToTheSameRules() throws {
    let future = Moment(milliseconds: thursdayEvening + 121_000, offsetMinutes: 120)
    let ancient = Moment(milliseconds: 0, offsetMinutes: 0)
    for moment in [future, ancient, Moment(milliseconds: .min, offsetMinutes: 0)] {
      _ = try failure(.invalidValue) { try journal.ratePain(5, at: moment) }
      _ = try failure(.invalidValue) { try journal.logSession(at: moment, bouts: try bouts("ql:1m")) }
    }
    _ = try journal.ratePain(5, at: Moment(milliseconds: thursdayEvening + 120_000, offsetMinutes: 120))
    #expect(try journal.list("pain").count == 1)
  }

  @Test func sessionsAreNoLongerThanThreeHours() throws {
    let long = try (0..<6).map { _ throws(KitError) in try BoutText("ql:30m") }
    _ = try journal.logSession(bouts: long)
    _ = try failure(.invalidValue) { try journal.logSession(bouts: long + bouts("ql:1s")) }
  }

  @Test func listsGoByWhenItHappenedAndBoutsByTheirSession() throws {
    for (at, target) in [("monday 08:00", "ql"), ("17:00", "tfl"), ("yesterday 18:00", "glute-med")] {
      _ = try journal.logSession(
        at: try journal.times.moment(at), bouts: try bouts("\(target):45s", "glute-max:1m"), before: 5)
    }
    func targets(_ filter: ListFilter = ListFilter()) throws -> [String?] {
      try journal.list("bouts", filter).map { $0[.target].text }
    }
    #expect(try targets() == ["tfl", "glute-max", "glute-med", "glute-max", "ql", "glute-max"])
    #expect(try targets(ListFilter(limit: 3)) == ["tfl", "glute-max", "glute-med"])
    #expect(try targets(ListFilter(limit: 0)) == [])
    let yesterday = try journal.times.bound("yesterday")
    let range = ListFilter(since: yesterday, until: yesterday)
    #expect(try targets(range) == ["glute-med", "glute-max"])
    #expect(try journal.list("pain", range).count == 1)
    #expect(try journal.list("sessions", ListFilter(until: journal.times.bound("tuesday"))).count == 1)
    // A rating that is moved in time is listed at its new place.
    let rating = try #require(try journal.list("pain").first)
    _ = try journal.edit(rating.id, ["at=monday 07:00"])
    #expect(try journal.list("pain").last?.id == rating.id)
  }

  @Test func whatBelongsToASessionGoesAndComesWithIt() throws {
    let session = try journal.logSession(bouts: try bouts("ql:45s", "tfl:45s"), before: 5).records[0]
    let bout = session.children[0]
    _ = try journal.remove([bout.id])
    #expect(try journal.show(session.id).children.map(\.id) == [session.children[1].id])
    _ = try journal.remove([session.id])
    for list in ["sessions", "bouts", "pain"] { #expect(try journal.list(list).isEmpty) }
    let removed = try journal.list("sessions", ListFilter(includesRemoved: true))
    #expect(removed.map(\.isPresent) == [false])
    #expect(removed[0].children.map(\.isPresent) == [false, false])
    #expect(try journal.show(session.children[1].id).isPresent == false)
    _ = try journal.restore([session.id])
    #expect(try journal.list("bouts").map(\.id) == [session.children[1].id])
    #expect(try journal.list("pain").count == 1)
    #expect(try journal.restore([session.id]).records.isEmpty)
    // A bout that is restored brings its session with it.
    _ = try journal.remove([session.id])
    _ = try journal.restore([bout.id])
    #expect(try journal.show(session.id).children.count == 2)
  }

  /// From UTC−10 to UTC+14, at every hour: a day has what was done on it, with its bouts, and no other day has it.
  @Test(arguments: ["Pacific/Honolulu", "Pacific/Kiritimati", "Europe/Berlin"], ["00:00", "04:00", "12:00"])
  func aDayIsFoundWhereverItWas(zone: String, start: String) throws {
    let journal = try household.device("traveller", zone: zone)
    _ = try journal.editProfile(["day_start=\(start)"])
    for _ in 0..<24 {
      let session = try journal.logSession(bouts: [BoutText("ql/left:1m")]).records[0]
      let day = try #require(session[.localDay].day)
      for (days, isThere) in [(-1, false), (0, true), (1, false)] {
        let bound = TimeBound.day(day.adding(days))
        let filter = ListFilter(since: bound, until: bound)
        #expect(try journal.list("sessions", filter).contains { $0.id == session.id } == isThere)
        #expect(
          try journal.list("bouts", filter).contains { $0.id == session.children[0].id } == isThere)
      }
      household.advance(seconds: 3600)
    }
  }
}
