import Foundation
import Testing
import UnknotKit

@Suite struct TimeGrammarTests {
  private func read(
    _ text: String, now: Int64 = thursdayEvening, dayStart: Int = 0, in place: String
  ) throws -> String {
    try TimeExpression(now: now, zone: try zone(place), dayStart: dayStart).moment(text).rfc3339
  }

  @Test(arguments: [
    ("now", "2026-05-14T18:00:00+02:00"), ("NOW", "2026-05-14T18:00:00+02:00"),
    ("17:30", "2026-05-14T17:30:00+02:00"), ("7:15", "2026-05-14T07:15:00+02:00"),
    ("17:30:15", "2026-05-14T17:30:15+02:00"), (" 17:30 ", "2026-05-14T17:30:00+02:00"),
    // Two minutes ahead are a clock that is a little off; more is yesterday's.
    ("18:02", "2026-05-14T18:02:00+02:00"), ("18:03", "2026-05-13T18:03:00+02:00"),
    ("today 08:00", "2026-05-14T08:00:00+02:00"), ("Yesterday 18:00", "2026-05-13T18:00:00+02:00"),
    ("monday 7:15", "2026-05-11T07:15:00+02:00"), ("mon 7:15", "2026-05-11T07:15:00+02:00"),
    ("friday 23:00", "2026-05-08T23:00:00+02:00"), ("thursday 19:00", "2026-05-07T19:00:00+02:00"),
    ("2h ago", "2026-05-14T16:00:00+02:00"), ("30m ago", "2026-05-14T17:30:00+02:00"),
    ("1h30m ago", "2026-05-14T16:30:00+02:00"), ("3d ago", "2026-05-11T18:00:00+02:00"),
    ("1w ago", "2026-05-07T18:00:00+02:00"), ("2026-05-14 17:00", "2026-05-14T17:00:00+02:00"),
    ("2026-05-14T17:00", "2026-05-14T17:00:00+02:00"), ("2026-01-10 09:05", "2026-01-10T09:05:00+01:00"),
    // A bare day of something that happened is its noon.
    ("2026-05-01", "2026-05-01T12:00:00+02:00"), ("yesterday", "2026-05-13T12:00:00+02:00"),
    ("monday", "2026-05-11T12:00:00+02:00"), ("today", "2026-05-14T12:00:00+02:00"),
    ("2026-05-14T16:00:00Z", "2026-05-14T16:00:00+00:00"),
    ("2026-05-14t16:00:00z", "2026-05-14T16:00:00+00:00"),
    ("2026-05-14 17:00:00+02:00", "2026-05-14T17:00:00+02:00"),
    ("2026-05-14T11:00:00-05:00", "2026-05-14T11:00:00-05:00"),
    ("2026-05-14T15:00:00.25Z", "2026-05-14T15:00:00.250+00:00"),
    ("2026-05-14T15:00:00.123456789Z", "2026-05-14T15:00:00.123+00:00"),
    ("2026-05-14T15:00:00.500", "2026-05-14T15:00:00.500+02:00"),
    ("2024-02-29 10:00", "2024-02-29T10:00:00+01:00"), ("1990-01-01 01:00", "1990-01-01T01:00:00+01:00"),
  ])
  func isReadAsPeopleMeanIt(text: String, meaning: String) throws {
    #expect(try read(text, in: "Europe/Berlin") == meaning)
  }

  @Test func aBareTodayBeforeNoonIsNow() throws {
    #expect(
      try read("today", now: thursdayEvening - 10 * 3_600_000, in: "Europe/Berlin")
        == "2026-05-14T08:00:00+02:00")
  }

  @Test(arguments: [
    "", " ", "tomorrow", "soon", "18", "18:0", "1800", "24:00", "12:60", "today 25:00", "today dawn",
    "2026-02-30", "2026-13-01", "2026-00-10", "2025-02-29 10:00", "2026-5-14", "26-05-14", "2026-+5-14",
    "2026-05-14T24:00:00Z", "2026-05-14T15:00:60Z", "2026-05-14T15:00:00+2:00", "2026-05-14T15:00:00+0200",
    "2026-05-14T15:00:00+19:00", "2026-05-14T15:00:00+-1:00", "2026-05-14T15:00:00.Z", "2026-05-14T",
    "3d", "-2h ago", "ago", "d ago", "99999999999999999999h ago", "٠٧:١٥", "９:00", "1989-12-31",
    "1989-12-31T23:59:59Z", "0001-01-01", "10000-01-01", "2026-05-14T16:03:00Z", "today 18:03", "2027-01-01",
    "14/05/2026", "5/6", "2026/05/14", "1/-9223372036854775808", "/", "99999999999999999999/1/1",
  ])
  func isRefused(text: String) throws {
    _ = try failure(.invalidValue) { try read(text, in: "Europe/Berlin") }
  }

  @Test(arguments: [
    (
      "05/06/2026",
      "it can be read as 2026-06-05 (day first) or 2026-05-06 (month first); write the one that you mean"
    ),
    (
      "5/6",
      "it can be read as 2026-06-05 (day first) or 2026-05-06 (month first); write the one that you mean"
    ),
    (
      "5/6/26 18:00",
      "it can be read as 2026-06-05 (day first) or 2026-05-06 (month first); write the one that you mean"
    ),
    ("14/05/2026", "write 2026-05-14 (day first)"), ("05/14/2026", "write 2026-05-14 (month first)"),
    ("2026/05/14", "write 2026-05-14"), ("05/05/2026", "write 2026-05-05"), ("a/b", "write 2026-05-14"),
  ])
  func slashesAreRefusedWithTheirReadings(text: String, hint: String) throws {
    let error = try failure(.invalidValue) { try read(text, in: "Europe/Berlin") }
    let isClear = hint.hasPrefix("write") && text != "a/b"
    #expect(
      error.message
        == (isClear ? "\(text) is not how a day is written here" : "\(text) can be read in more than one way")
    )
    #expect(error.hint?.description == hint)
  }

  @Test func anEndOfARangeIsADayOrAMoment() throws {
    let times = TimeExpression(now: thursdayEvening, zone: try zone("Europe/Berlin"), dayStart: 240)
    func day(_ text: String) throws -> String? {
      if case .day(let day) = try times.bound(text) { day.description } else { nil }
    }
    #expect(try day("2026-05-10") == "2026-05-10")
    #expect(try day("monday") == "2026-05-11")
    #expect(try day("today") == "2026-05-14")
    #expect(try day("Yesterday ") == "2026-05-13")
    #expect(try day("2030-01-01") == "2030-01-01")
    // A time stays what it is.
    let morning = try times.moment("2026-05-10 08:00")
    #expect(try times.bound("2026-05-10 08:00") == .moment(morning))
    #expect(try times.bound("3d ago") == .moment(times.moment("3d ago")))
    for wrong in ["1/2/2026", "someday", "2026-02-30", "1985-01-01 10:00"] {
      #expect(throws: KitError.self) { try times.bound(wrong) }
    }
  }

  /// As people write days; Thursday 14 May, 18:00. Without a year, the last such day.
  @Test(arguments: [
    ("28.11.2025", "2025-11-28T12:00:00+01:00"), ("28 november 8pm", "2025-11-28T20:00:00+01:00"),
    ("nov 28", "2025-11-28T12:00:00+01:00"), ("1st may", "2026-05-01T12:00:00+02:00"),
    ("May 3 2024 07:15", "2024-05-03T07:15:00+02:00"), ("14 May 9am", "2026-05-14T09:00:00+02:00"),
    ("last friday", "2026-05-08T12:00:00+02:00"), ("on monday 7:15", "2026-05-11T07:15:00+02:00"),
    ("last night", "2026-05-13T22:30:00+02:00"), ("3 sept. 2025", "2025-09-03T12:00:00+02:00"),
  ])
  func daysAreReadAsTheyAreWritten(text: String, meaning: String) throws {
    #expect(try read(text, now: thursdayEvening, dayStart: 240, in: "Europe/Berlin") == meaning)
  }

  /// A range may end with one of the coming weeks; what would lie further ahead is of the past.
  @Test func aRangeMayEndSoon() throws {
    let times = TimeExpression(now: thursdayEvening, zone: try zone("Europe/Berlin"), dayStart: 240)
    for (text, last, first) in [
      ("20 may", "2026-05-20", "2025-05-20"), ("14 jun", "2026-06-14", "2025-06-14"),
      ("15 jun", "2025-06-15", "2025-06-15"), ("1 apr", "2026-04-01", "2026-04-01"),
      ("14 may", "2026-05-14", "2026-05-14"), ("29 feb", "2024-02-29", "2024-02-29"),
    ] {
      #expect(try times.bound(text, isLast: true) == .day(LocalDay(last)), "\(text)")
      #expect(try times.bound(text) == .day(LocalDay(first)), "\(text)")
    }
  }

  @Test func bothEndsOfARangeAreOfOneYear() throws {
    let times = TimeExpression(now: thursdayEvening, zone: try zone("Europe/Berlin"), dayStart: 240)
    for (since, until, first, last) in [
      ("20 may", "20 may", "2025-05-20", "2025-05-20"), ("1 may", "20 may", "2026-05-01", "2026-05-20"),
      ("1 jun", "10 jun", "2025-06-01", "2025-06-10"), ("10 may", "12 may", "2026-05-10", "2026-05-12"),
    ] {
      let range = try times.bounds(since: since, until: until)
      #expect(
        try range.since == .day(LocalDay(first)) && range.until == .day(LocalDay(last)), "\(since) \(until)")
    }
    #expect(try times.bounds(since: nil, until: "20 may").until == .day(LocalDay("2026-05-20")))
    #expect(try times.bounds(since: "now", until: nil).until == nil)
  }

  /// Of a plan, a weekday is to come, and so is a day, unless it is just over.
  @Test func weekdaysOfPlansAreToCome() throws {
    let times = TimeExpression(now: thursdayEvening, zone: try zone("Europe/Berlin"), dayStart: 240)
    for (text, ahead, past) in [
      ("friday", "2026-05-15", "2026-05-08"), ("thu", "2026-05-14", "2026-05-07"),
      ("monday", "2026-05-18", "2026-05-11"),
      ("1 may", "2026-05-01", "2026-05-01"), ("1 apr", "2027-04-01", "2026-04-01"),
      ("29 feb", "2028-02-29", "2024-02-29"), ("20 may", "2026-05-20", "2025-05-20"),
      ("2026-05-16", "2026-05-16", "2026-05-16"),
    ] {
      #expect(try times.day(text, isAhead: true).description == ahead, "\(text)")
      #expect(try times.day(text).description == past, "\(text)")
    }
    #expect(try times.day("last friday", isAhead: true).description == "2026-05-08")
    // Before the person's day begins, the calendar shows the next one.
    let night = TimeExpression(
      now: thursdayEvening + (7 * 60 + 11) * 60_000, zone: try zone("Europe/Berlin"), dayStart: 240)
    #expect(try night.moment("15 may 00:30").rfc3339 == "2026-05-15T00:30:00+02:00")
    for text in ["31/11/2025", "31 november", "30.2.2026"] {
      #expect(try failure(.invalidValue) { try times.moment(text) }.message.contains("no"), "\(text)")
    }
    #expect(
      try failure(.invalidValue) { try times.moment("31/11/2025") }.message
        == "31/11/2025: there is no such day")
  }

  /// In the small hours it is still the day before, for words as for records.
  @Test(arguments: [
    ("today 23:00", "2026-05-14T23:00:00+02:00"), ("yesterday 23:00", "2026-05-13T23:00:00+02:00"),
    ("today", "2026-05-14T12:00:00+02:00"), ("today 00:30", "2026-05-15T00:30:00+02:00"),
    ("yesterday 01:00", "2026-05-14T01:00:00+02:00"), ("00:30", "2026-05-15T00:30:00+02:00"),
    ("23:50", "2026-05-14T23:50:00+02:00"), ("wednesday 08:00", "2026-05-13T08:00:00+02:00"),
    ("2026-05-15 01:00", "2026-05-15T01:00:00+02:00"), ("2026-05-14 01:00", "2026-05-14T01:00:00+02:00"),
    // Still to come as the night after that day: then the night before it is meant.
    ("today 03:30", "2026-05-14T03:30:00+02:00"),
  ])
  func wordsMeanThePersonsDays(text: String, meaning: String) throws {
    // Friday 15 May, 01:11.
    let night = thursdayEvening + (7 * 60 + 11) * 60_000
    #expect(try read(text, now: night, dayStart: 240, in: "Europe/Berlin") == meaning)
  }

  @Test(arguments: [
    ("Asia/Kathmandu", "2026-05-14 09:00", "2026-05-14T09:00:00+05:45"),
    ("America/New_York", "2026-01-10 09:00", "2026-01-10T09:00:00-05:00"),
    ("Pacific/Kiritimati", "2026-05-14 09:00", "2026-05-14T09:00:00+14:00"),
    ("UTC", "2026-05-14 09:00", "2026-05-14T09:00:00+00:00"),
    // Shown twice when the clocks go back: the first of the two.
    ("Europe/Berlin", "2025-10-26 02:30", "2025-10-26T02:30:00+02:00"),
    ("Europe/Berlin", "2025-10-26 03:00", "2025-10-26T03:00:00+01:00"),
    ("America/New_York", "2025-11-02 01:30", "2025-11-02T01:30:00-04:00"),
    ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-05T01:45:00+11:00"),
    // Just before and just after the hour that is skipped.
    ("Europe/Berlin", "2026-03-29 01:59", "2026-03-29T01:59:00+01:00"),
    ("Europe/Berlin", "2026-03-29 03:00", "2026-03-29T03:00:00+02:00"),
  ])
  func localTimesHaveTheOffsetOfTheirInstant(place: String, text: String, meaning: String) throws {
    #expect(try read(text, in: place) == meaning)
  }

  @Test(arguments: [
    ("Europe/Berlin", "2026-03-29 02:00"), ("Europe/Berlin", "2026-03-29T02:59"),
    ("America/New_York", "2026-03-08 02:30"), ("Australia/Lord_Howe", "2025-10-05 02:15"),
    ("America/Sao_Paulo", "2018-11-04 00:30"), ("Pacific/Apia", "2011-12-30 10:00"),
  ])
  func aTimeThatTheClocksSkippedIsRefused(place: String, text: String) throws {
    let error = try failure(.invalidValue) { try read(text, in: place) }
    #expect(error.message == "\(text): the clocks skipped that time")
  }

  @Test(arguments: [
    "UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Santiago",
    "Pacific/Apia", "Africa/Cairo",
  ])
  func whatIsWrittenIsReadAgain(place: String) throws {
    let zone = try zone(place)
    let times = TimeExpression(now: thursdayEvening, zone: zone)
    // A step of some days and odd minutes meets every hour and season from 1990 on.
    for milliseconds in stride(from: Int64(631_300_000_000), to: thursdayEvening, by: 777_777_000) {
      let moment = Moment(milliseconds: milliseconds, in: zone)
      #expect(try times.moment(moment.rfc3339) == moment)
      let local = String(moment.rfc3339.prefix(19))
      let read = try times.moment(local)
      // Twice shown, the first is meant: never a later one, and the same on the clock.
      #expect(read.milliseconds <= milliseconds && read.rfc3339.hasPrefix(local), "\(moment.rfc3339)")
    }
  }
}
