import Foundation
import Testing
import UnknotKit

@Suite struct TimeExpressionTests {
  /// Monday 23 November 2026, 15:30 in Berlin.
  private static let now: Int64 = 1_795_444_200_000

  private func times(_ zone: String, now: Int64 = now) throws -> TimeExpression {
    TimeExpression(now: now, zone: try #require(TimeZone(identifier: zone)))
  }

  @Test(arguments: [
    ("now", "2026-11-23T15:30:00+01:00"), ("15:00", "2026-11-23T15:00:00+01:00"),
    ("18:00", "2026-11-22T18:00:00+01:00"), ("7:05", "2026-11-23T07:05:00+01:00"),
    ("today 08:00", "2026-11-23T08:00:00+01:00"), ("yesterday 18:00", "2026-11-22T18:00:00+01:00"),
    ("yesterday", "2026-11-22T12:00:00+01:00"), ("monday 7:15", "2026-11-16T07:15:00+01:00"),
    ("sunday", "2026-11-22T12:00:00+01:00"), ("Tuesday 10:00", "2026-11-17T10:00:00+01:00"),
    ("2h ago", "2026-11-23T13:30:00+01:00"), ("30m ago", "2026-11-23T15:00:00+01:00"),
    ("3d ago", "2026-11-20T15:30:00+01:00"), ("1w ago", "2026-11-16T15:30:00+01:00"),
    ("2026-05-14", "2026-05-14T12:00:00+02:00"), ("2026-05-14 18:00", "2026-05-14T18:00:00+02:00"),
    ("2026-05-14T18:00:00Z", "2026-05-14T18:00:00+00:00"),
    ("2026-05-14T18:00:00.25-10:00", "2026-05-14T18:00:00.250-10:00"),
    ("2024-02-29 01:00", "2024-02-29T01:00:00+01:00"), ("40d ago", "2026-10-14T15:30:00+02:00"),
    // The hour that the clocks show twice: the first of the two.
    ("2026-10-25 02:30", "2026-10-25T02:30:00+02:00"),
  ])
  func isRead(text: String, expected: String) throws {
    #expect(try times("Europe/Berlin").moment(text).rfc3339 == expected)
  }

  @Test(arguments: [
    "", "tomorrow", "2027-01-01", "16:00x", "24:00", "12:60", "2026-02-30", "2026-13-01", "26-05-14",
    "1989-12-31",
    "3/4/2026", "3/4", "2026/05/14", "2026-05-14 18", "2026-05-14T18:00:00+99:00", "ago", "-2h ago",
    "99999999999999999999h ago", "noonday", "2026-03-29 02:30", "2026-05-14T18:00:00.Z",
  ])
  func isRefused(text: String) throws {
    let times = try times("Europe/Berlin")
    let error = #expect(throws: KitError.self) { try times.moment(text) }
    #expect(error?.kind == .invalidValue)
  }

  @Test func slashDatesAreRefusedWithBothReadings() throws {
    let times = try times("Europe/Berlin")
    let error = #expect(throws: KitError.self) { try times.moment("3/4/2026") }
    #expect(error?.hint?.contains("2026-04-03") == true && error?.hint?.contains("2026-03-04") == true)
  }

  @Test func aBareDayIsWholeInRanges() throws {
    let times = try times("Europe/Berlin")
    #expect(try times.bound("2026-03-29") == .day(LocalDay("2026-03-29")))
    // A range may end in the future.
    #expect(try times.bound("2027-01-01") == .day(LocalDay("2027-01-01")))
  }

  @Test(arguments: ["Pacific/Honolulu", "Pacific/Kiritimati", "Asia/Kolkata", "America/St_Johns", "UTC"])
  func everyHourOfYearsIsReadBack(zone: String) throws {
    let times = try times(zone)
    let timeZone = try #require(TimeZone(identifier: zone))
    for hour in stride(from: Int64(0), to: 24 * 365 * 5, by: 7) {
      let moment = Moment(milliseconds: Self.now - hour * 3_600_000, in: timeZone)
      #expect(try times.moment(moment.rfc3339) == moment)
    }
  }

  @Test(arguments: [Int64.min, -1, 0, .max], [Int32.min, 0, 60, .max])
  func anyNumberCanBeShown(milliseconds: Int64, offset: Int32) {
    let moment = Moment(milliseconds: milliseconds, offsetMinutes: offset)
    #expect(moment.rfc3339.count >= 25)
    #expect(Moment(milliseconds: milliseconds, in: .gmt).rfc3339.count >= 25)
    #expect(
      TimeZone(identifier: "Europe/Berlin").map { Moment(milliseconds: milliseconds, in: $0).rfc3339 } != nil)
    #expect(!moment.readable(now: Moment(milliseconds: 0, offsetMinutes: 0)).isEmpty)
    #expect(!DurationText.text(milliseconds).isEmpty)
  }

  @Test func calendarAgreesWithFoundation() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    for day in stride(from: -7300, to: 60_000, by: 13) {
      let date = Date(timeIntervalSince1970: Double(day) * 86_400)
      let parts = calendar.dateComponents([.year, .month, .day], from: date)
      let text = Moment(milliseconds: Int64(day) * 86_400_000, offsetMinutes: 0).rfc3339
      let expected = String(format: "%04d-%02d-%02dT00:00:00+00:00", parts.year!, parts.month!, parts.day!)
      #expect(text == expected)
    }
  }

  @Test(arguments: [("45s", 45), ("1m30s", 90), ("2m", 120), ("1h", 3600), ("1h1m1s", 3661), ("0s", 0)])
  func durationsAreRead(text: String, seconds: Int) throws {
    #expect(try DurationText.seconds(text) == seconds)
    #expect(DurationText.text(Int64(seconds)) == text)
  }

  @Test(arguments: ["", "30", "s", "1s1m", "-5s", "1.5m", "5x", "99999999999999999999s", "1m 30s"])
  func durationsAreRefused(text: String) {
    #expect(throws: KitError.self) { try DurationText.seconds(text) }
  }
}
