import Foundation
import Testing
import UnknotKit

/// A day is the record's frozen day, in lists as in figures, and today is the person's.
@Suite struct DayTests {
  private let household: Household

  /// Friday 2026-05-15, 00:11 in Berlin: for the person still Thursday.
  init() throws { household = try Household(now: thursdayEvening + (6 * 60 + 11) * 60_000) }

  private func filter(_ since: String?, _ until: String?, _ journal: Journal) throws -> ListFilter {
    ListFilter(
      since: try since.map { text throws(KitError) in try journal.times.bound(text) },
      until: try until.map { text throws(KitError) in try journal.times.bound(text) })
  }

  @Test func whatIsWrittenInTheNightIsInTheListOfTheDayBefore() throws {
    let journal = try household.device("phone")
    let night = try journal.ratePain(5, at: try journal.times.moment("2026-05-12 03:00")).only()
    #expect(night[.localDay].day?.description == "2026-05-11")
    #expect(try journal.list("pain", try filter("2026-05-11", "2026-05-11", journal)).map(\.id) == [night.id])
    #expect(try journal.list("pain", try filter("2026-05-12", nil, journal)).isEmpty)
    #expect(try journal.list("pain", try filter(nil, "2026-05-10", journal)).isEmpty)
    let range = FigureRange(since: try LocalDay("2026-05-11"), until: try LocalDay("2026-05-11"))
    #expect(try journal.trend(range).days.map(\.day.description) == ["2026-05-11"])
  }

  /// A time that stays as it is keeps its day, also where an earlier edit of both is taken back.
  @Test func anUndoTakesTheDayBackWithTheTimeOnly() throws {
    let journal = try household.device("phone")
    let id = try journal.ratePain(2, at: try journal.times.moment("2026-05-10 18:00")).only().id
    let first = try journal.edit(id, ["at=2026-05-12 18:00"])
    let second = try journal.edit(id, ["at=2026-05-12 19:00"])
    let undone = try journal.undo(first.operation)
    #expect(undone.kept.map(\.field) == ["at"])
    #expect(try journal.show(id)[.localDay].day?.description == "2026-05-12")
    _ = try journal.undo(second.operation)
    #expect(try journal.show(id)[.localDay].day?.description == "2026-05-12")
    let third = try journal.edit(id, ["at=2026-05-11 18:00"])
    _ = try journal.undo(third.operation)
    #expect(try journal.show(id)[.localDay].day?.description == "2026-05-12")
  }

  @Test func todayIsOneDayEverywhere() throws {
    let journal = try household.device("phone")
    _ = try journal.ratePain(5, context: "scheduled")
    #expect(try journal.today().description == "2026-05-14" && journal.checkIn().hasCheckedInToday)
    #expect(try journal.list("pain", try filter("today", "today", journal)).count == 1)
    #expect(try journal.list("pain", try filter("2026-05-15", nil, journal)).isEmpty)
    #expect(try journal.list("pain", try filter(nil, "yesterday", journal)).isEmpty)
    #expect(try journal.week(FigureRange()).this.days.upperBound == journal.today())
    let noon = try journal.times.moment("today")
    #expect(noon.rfc3339.hasPrefix("2026-05-14T12:00"))
  }

  /// Records of every kind that has a day, at every hour, by travellers: the list of a day has what bears it.
  @Test(arguments: ["Pacific/Honolulu", "Pacific/Kiritimati", "Europe/Berlin", "America/St_Johns"])
  func aListOfADayHasWhatBearsIt(place: String) throws {
    let path = household.folder + "/journal.sqlite"
    let home = try household.device("phone", path: path)
    let away = try Journal(
      path: path, deviceName: "phone", environment: household.environment(), zone: try zone(place),
      stateFolder: nil)
    for step in 0..<40 {
      let journal = step % 2 == 0 ? home : away
      _ = try journal.ratePain(step % 11)
      _ = try journal.recordFactor(FactorEntry(kind: "walk"))
      if step % 5 == 0 { _ = try journal.logSession(bouts: [try BoutText("ql:1m")]) }
      household.advance(seconds: 4300)
    }
    for kind in ["pain", "factors", "sessions"] {
      let all = try home.list(kind)
      let days = Set(all.compactMap { $0[.localDay].day })
      #expect(days.count > 1)
      for day in days {
        let own = all.filter { $0[.localDay].day == day }.map(\.id)
        let bound = TimeBound.day(day)
        for journal in [home, away] {
          #expect(try journal.list(kind, ListFilter(since: bound, until: bound)).map(\.id) == own)
          let newest = try journal.list(kind, ListFilter(since: bound, until: bound, limit: 2)).map(\.id)
          #expect(newest == Array(own.prefix(2)))
        }
      }
    }
    let ratings = try home.list("pain").compactMap { $0[.localDay].day }
    #expect(Set(try away.trend(FigureRange()).days.map(\.day)) == Set(ratings))
    // A bout is of its session's day.
    for session in try home.list("sessions") {
      let bound = TimeBound.day(try #require(session[.localDay].day))
      let bouts = try home.list("bouts", ListFilter(since: bound, until: bound)).map(\.id)
      #expect(session.children.allSatisfy { bouts.contains($0.id) })
    }
  }

  /// An episode that began at two in the night began the day before, in its own figures as well.
  @Test func anEpisodeBeginsOnItsFrozenDay() throws {
    let journal = try household.device("phone")
    let onset = try journal.times.moment("2026-05-12 02:00")
    let episode = try journal.openEpisode(onset: onset).only()
    #expect(episode[.localDay].day?.description == "2026-05-11")
    #expect(episode.derived.first { $0.name == "day" }?.value == .integer(4))
    let row = try #require(try journal.episodes(FigureRange()).rows.first)
    #expect(row.onset.description == "2026-05-11" && row.days == 4)
    // Another beginning of the day changes nothing that was frozen.
    _ = try journal.editProfile(["day_start=00:00"])
    #expect(try journal.episodes(FigureRange()).rows.first?.onset.description == "2026-05-11")
  }
}
