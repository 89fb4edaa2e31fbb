import Foundation
import Testing

@testable import UnknotKit

@Suite struct MomentTests {
  @Test func millisecondsAreShownOnlyWhereThereAreAny() {
    #expect(Moment(milliseconds: 0, offsetMinutes: 0).rfc3339 == "1970-01-01T00:00:00+00:00")
    #expect(Moment(milliseconds: 7, offsetMinutes: -210).rfc3339 == "1969-12-31T20:30:00.007-03:30")
    #expect(Moment(milliseconds: -1, offsetMinutes: 0).rfc3339 == "1969-12-31T23:59:59.999+00:00")
    #expect(Moment(milliseconds: -86_400_000, offsetMinutes: 0).rfc3339 == "1969-12-31T00:00:00+00:00")
  }

  @Test func peopleSeeTheYearOnlyWhereItIsAnother() {
    let now = Moment(milliseconds: thursdayEvening, offsetMinutes: 120)
    #expect(now.readable(now: now) == "Thu 14 May 18:00 +02:00")
    let earlier = Moment(milliseconds: 951_782_400_000, offsetMinutes: -300)
    #expect(earlier.readable(now: now) == "Mon 28 Feb 2000 19:00 -05:00")
  }

  /// Files carry whatever number their writer put there.
  @Test(arguments: [Int64.min, .min + 1, -62_135_596_800_001, 253_402_300_800_000, .max - 1, .max])
  func noNumberIsTooLargeToShow(milliseconds: Int64) throws {
    let now = Moment(milliseconds: thursdayEvening, offsetMinutes: 0)
    for offset in [Int32.min, -1, 0, 1, .max] {
      let moment = Moment(milliseconds: milliseconds, offsetMinutes: offset)
      #expect(!moment.rfc3339.isEmpty && !moment.readable(now: now).isEmpty)
    }
    for name in ["UTC", "Europe/Berlin"] {
      #expect(!Moment(milliseconds: milliseconds, in: try zone(name)).rfc3339.isEmpty)
    }
  }

  /// A day is 24 hours of the clock on the wall from where days begin, also before 1970.
  @Test(arguments: 0..<20) func aMomentIsWithinItsDay(seed: UInt64) {
    var random = SeededRandom(seed)
    for _ in 0..<200 {
      let milliseconds = Int64.random(in: -400_000_000_000...400_000_000_000, using: &random)
      let rounded = Bool.random(using: &random) ? milliseconds : milliseconds / 3_600_000 * 3_600_000
      let offset = Int32.random(in: -12...14, using: &random) * 60
      let start = Int.random(in: 0...12, using: &random) * 60
      let day = LocalDay(of: Moment(milliseconds: rounded, offsetMinutes: offset), start: start)
      let wall = rounded + Int64(offset) * 60_000 - Int64(start) * 60_000
      let begin = Int64(day.number) * 86_400_000
      #expect((begin..<begin + 86_400_000).contains(wall), "\(rounded) \(offset) \(start)")
    }
  }
}

@Suite struct DurationTextTests {
  @Test(arguments: [
    ("45s", 45), ("1m30s", 90), ("2m", 120), ("1h", 3600), ("1h1m1s", 3661), ("90S", 90), ("0s", 0),
  ])
  func isRead(text: String, seconds: Int) throws {
    #expect(try DurationText.seconds(text) == seconds)
  }

  @Test(arguments: [
    "", "45", "s", "-45s", "+45s", "1.5m", "1m 30s", "30s1m", "45 s", "1m30", "45sec", "1d", "４５s",
    "99999999999999999999s", "100001s",
  ])
  func isRefused(text: String) throws {
    _ = try failure(.invalidValue) { try DurationText.seconds(text) }
  }

  @Test func aBareNumberIsAskedForItsUnit() throws {
    #expect(
      try failure(.invalidValue) { try DurationText.seconds("45") }.hint
        == "write 45s for seconds or 45m for minutes")
  }

  @Test func isShownAsItIsRead() throws {
    #expect(DurationText.text(0) == "0s")
    #expect(DurationText.text(3600) == "1h")
    for seconds in stride(from: 1, to: 20_000, by: 7) {
      #expect(try DurationText.seconds(DurationText.text(Int64(seconds))) == seconds)
    }
  }
}
