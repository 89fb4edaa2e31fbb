#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// An end of a range of time.
public enum TimeBound: Hashable, Sendable {
  /// A person's day, from its beginning to its end: records of it are those that bear it.
  case day(LocalDay)
  case moment(Moment)
}

/// The ways in which a person says when: RFC 3339 · `2026-05-14` · `2026-05-14 18:00` · `18:00` · `now` ·
/// `today 08:00` · `yesterday 18:00` · `18:00 yesterday` · `monday 7:15` · `2h ago` · `3 days ago` · `6pm` · `18.30` ·
/// `this morning` · `yesterday evening`.
public struct TimeExpression: Sendable {
  private let now: Int64
  private let zone: TimeZone
  private let dayStart: Int

  ///
  /// - Parameters:
  ///   - now: milliseconds since 1970 UTC.
  ///   - zone: where the person is.
  ///   - dayStart: when the person's day begins, in minutes after midnight: `today` is the day that it is for the
  ///     person, as for the records of that time.
  public init(now: Int64, zone: TimeZone, dayStart: Int = 0) {
    self.now = now
    self.zone = zone
    self.dayStart = dayStart
  }

  /// When something happened. A bare day stands for its noon, or for now where noon is still to come; the future is
  /// refused.
  public func moment(_ text: String) throws(KitError) -> Moment {
    // A wave before it says that it was about then.
    let trimmed = text.trimmed.withoutAt
    let moment = try read(trimmed.hasPrefix("~") ? String(trimmed.dropFirst()).trimmed : trimmed)
    try check(moment, text)
    return moment
  }

  /// A range of time; nil: it has no such end. A day without a year is the last one; the last day may be one of the coming weeks
  /// where the range would end before it begins, or has no beginning.
  public func bounds(since: String?, until: String?) throws(KitError) -> (
    since: TimeBound?, until: TimeBound?
  ) {
    let first = try since.map { text throws(KitError) in try bound(text) }
    guard let until else { return (first, nil) }
    let last = try bound(until)
    if let first, day(of: first) <= day(of: last) { return (first, last) }
    return (first, try bound(until, isLast: true))
  }

  private func day(of bound: TimeBound) -> LocalDay {
    switch bound {
    case .day(let day): day
    case .moment(let moment): LocalDay(of: moment, start: dayStart)
    }
  }

  /// An end of a range: a bare day is that day whole.
  ///
  /// - Parameters:
  ///   - text: as a person wrote it.
  ///   - isLast: it is the range's last day, which may be one of the coming weeks.
  public func bound(_ text: String, isLast: Bool = false) throws(KitError) -> TimeBound {
    let lower = text.trimmed.lowercased().withDaysAsNumbers(
      today: calendarDay, year: isLast ? .lastOrSoon : .last)
    if !lower.contains(" "), !lower.contains("/"), let day = try day(lower, text) {
      return .day(day.localDay)
    }
    let moment = try read(text.trimmed)
    try checkYears(moment, text)
    return .moment(moment)
  }

  /// Refuses what lies before 1990 and in the future: also of a moment that no text gave.
  ///
  /// - Parameter text: what to call it; only put together where it is refused.
  func check(_ moment: Moment, _ text: @autoclosure () -> String) throws(KitError) {
    try checkYears(moment, text())
    guard moment.milliseconds <= now + 120_000 else {
      throw KitError(
        .invalidValue, "\(text()) is in the future: \(moment.rfc3339)",
        hint: "only what has happened can be recorded")
    }
  }

  private static let years =
    CivilTime(year: 1990, month: 1, day: 1)
    .milliseconds..<CivilTime(year: 10_000, month: 1, day: 1).milliseconds

  private func checkYears(_ moment: Moment, _ text: @autoclosure () -> String) throws(KitError) {
    guard moment.milliseconds >= Self.years.lowerBound else {
      throw KitError(.invalidValue, "\(text()) is before 1990", hint: "write the year with four digits")
    }
    guard moment.milliseconds < Self.years.upperBound else {
      throw KitError(.invalidValue, "\(text()) is too far in the future")
    }
  }

  /// The person's day that it is now; days begin at `dayStart`.
  var today: CivilTime { LocalDay(of: Moment(milliseconds: now, in: zone), start: dayStart).civil }

  /// What a calendar shows now, also before the person's day begins.
  private var calendarDay: CivilTime { LocalDay(of: Moment(milliseconds: now, in: zone), start: 0).civil }

  /// A day of the calendar: `2026-05-14`, `today`, `yesterday`, `monday` (the past one), `tomorrow`, `in 7d`.
  ///
  /// - Parameters:
  ///   - text: as a person wrote it.
  ///   - isAhead: a weekday is the next one, or today, and a day without a year the next one unless it is just over; otherwise
  ///     always a past one.
  public func day(_ text: String, isAhead: Bool = false) throws(KitError) -> LocalDay {
    let lower = text.trimmed.lowercased().withDaysAsNumbers(
      today: calendarDay, year: isAhead ? .nextOrRecent : .last)
    if isAhead, !text.trimmed.lowercased().hasPrefix("last "), let weekday = String.weekday(lower) {
      return today.adding(days: (weekday - today.weekday + 7) % 7).localDay
    }
    if lower == "tomorrow" {
      return today.adding(days: 1).localDay
    }
    if lower.hasPrefix("in "), lower.hasSuffix("d") || lower.hasSuffix("w"),
      let number = Int(lower.dropFirst(3).dropLast()), (0...4000).contains(number)
    {
      let days = lower.hasSuffix("w") ? number * 7 : number
      return today.adding(days: days).localDay
    }
    if lower.contains("/") { throw slashes(text) }
    guard let day = try day(lower, text) else {
      throw KitError(
        .invalidValue, "\(text) is not a day", hint: "write 2026-05-14, today, yesterday, monday or in 7d")
    }
    return day.localDay
  }

  /// How exactly a text says when: a bare day as the day, `~18:00` as about then.
  public func precision(_ text: String) -> String {
    let lower = text.trimmed.lowercased()
    if lower.hasPrefix("~") { return "approx" }
    if lower == "noon" || Self.partOfDay(lower) != nil { return "approx" }
    let joined = lower.withHalvesJoined
    let last = joined.split(separator: " ").last.map(String.init) ?? joined
    let first = joined.split(separator: " ").first.map(String.init) ?? joined
    if lower == "now" || lower.hasSuffix("ago") || clock(last) != nil || clock(first) != nil
      || lower.contains(":")
    {
      return "exact"
    }
    return "day"
  }

  /// In the hours before a day begins for the person, the calendar is a day ahead of it, and `yesterday` may be another day than
  /// was meant: which days are taken; nil: no word of the text can be misread.
  public func readingAtNight(of text: String) -> String? {
    let calendar = LocalDay(of: Moment(milliseconds: now, in: zone), start: 0)
    let own = LocalDay(of: Moment(milliseconds: now, in: zone), start: dayStart)
    guard calendar != own else { return nil }
    let words = text.lowercased().split { " ~".contains($0) }
    for (index, word) in words.enumerated() {
      let isNight = word == "last" && index + 1 < words.count && String.weekday(words[index + 1]) == nil
      let named = isNight ? "yesterday" : word
      guard named != "today", !named.contains("-"), let time = (try? day(named, text)) ?? nil else {
        continue
      }
      let day = time.localDay
      let begin = "\(padded(dayStart / 60, 2)):\(padded(dayStart % 60, 2))"
      return
        "before \(begin) it is still \(own.readable(today: own)) for you: \(named) is \(day.readable(today: own))"
    }
    return nil
  }

  private func read(_ text: String) throws(KitError) -> Moment {
    let lower = text.lowercased().replacing("the day before", with: "day before").replacing(
      "day before yesterday", with: "day-before-yesterday"
    ).withDaysAsNumbers(today: calendarDay, year: .last)
    if lower == "now" { return Moment(milliseconds: now, in: zone) }
    if text.place(of: "/") != nil { throw slashes(text) }
    if let ago = try ago(lower) { return ago }
    if let (day, part) = Self.partOfDay(lower) { return try during(part, day, text) }
    if let clock = lower == "noon" ? (12, 0, 0) : clock(lower.withHalvesJoined) {
      // The last time that clocks showed it.
      let day = LocalDay(of: Moment(milliseconds: now, in: zone), start: 0).civil
      let moment = try at(day, clock, text)
      return moment.milliseconds > now + 120_000 ? try at(day.adding(days: -1), clock, text) : moment
    }
    let blank = lower.place(of: " ")
    let first = lower[..<(blank ?? lower.endIndex)]
    // `18:00 yesterday`
    let words = lower.withHalvesJoined.split(separator: " ")
    if words.count == 2, clock(words[0]) != nil, try day(words[1], text) != nil {
      return try read("\(words[1]) \(words[0])")
    }
    if let day = try day(first, text) {
      guard let blank else { return try noon(of: day, text) }
      if let clock = clock(
        String(lower[blank...]).trimmed.withHalvesJoined)
      {
        // `yesterday 01:00` is in the night after yesterday, before the next day began for the person.
        if !first.contains("-"), clock.hour * 60 + clock.minute < dayStart {
          let night = try at(day.adding(days: 1), clock, text)
          if night.milliseconds <= now + 120_000 { return night }
        }
        return try at(day, clock, text)
      }
      // RFC 3339 allows a space where the T is.
      guard first.contains("-") else { throw unknown(text) }
    }
    return try rfc3339(text)
  }

  /// Roughly when, as people say it: the middle of a part of the day, or now where that is still to come. Noon is no part.
  private func during(_ part: (hour: Int, minute: Int), _ day: String, _ text: String) throws(KitError)
    -> Moment
  {
    guard let day = try self.day(day, text) else { throw unknown(text) }
    let moment = try at(day, (part.hour, part.minute, 0), text)
    let isToCome = moment.milliseconds > now && day == today && part != (12, 0)
    return isToCome ? Moment(milliseconds: now, in: zone) : moment
  }

  /// `this morning`, `yesterday evening`, `last night`, `monday afternoon`: the day, and about when in it.
  private static func partOfDay(_ text: String) -> (day: String, part: (hour: Int, minute: Int))? {
    let parts: [String: (hour: Int, minute: Int)] = [
      "morning": (8, 0), "noon": (12, 0), "afternoon": (15, 0), "evening": (19, 30), "night": (22, 30),
    ]
    let words = text.split(separator: " ").map(String.init)
    guard let last = words.last, let part = parts[last] else { return nil }
    let day = words.dropLast().joined(separator: " ")
    switch day {
    case "this": return ("today", part)
    case "last": return last == "night" || last == "evening" ? ("yesterday", part) : nil
    default: return words.count == 2 ? (day, part) : nil
    }
  }

  private func unknown(_ text: String) -> KitError {
    KitError(
      .invalidValue, "\(text) is not a time",
      hint:
        "write 18:00, 6pm, 2026-05-14 or, of several words in quotes: 'yesterday 18:00', 'yesterday evening', "
        + "'28 nov 18:00', '2h ago', 'monday 7:15'")
  }

  /// `2 days`, `an hour`, `30 min` as the program writes them: `2d`, `1h`, `30m`.
  static func amount(_ text: String) -> String {
    let units = [
      ("day", "d"), ("week", "w"), ("hour", "h"), ("hr", "h"), ("minute", "m"), ("min", "m"), ("second", "s"),
      ("sec", "s"),
    ]
    if text == "half an hour" { return "30m" }
    let one = ["a ", "an ", "one "].first { text.hasPrefix($0) }
    let number = one == nil ? String(text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }) : "1"
    let word = String(text.dropFirst(one?.count ?? number.count)).trimmed
    guard !number.isEmpty, let unit = units.first(where: { [$0.0, "\($0.0)s", $0.1].contains(word) }) else {
      return text
    }
    return number + unit.1
  }

  /// `2h ago`, `3d ago`, `30m ago`, `1h30m ago`, `3 days ago`; days by the calendar, at the same time of day.
  private func ago(_ text: String) throws(KitError) -> Moment? {
    guard text.hasSuffix(" ago") else { return nil }
    let amount = Self.amount(String(text.dropLast(4)).trimmed)
    if amount.hasSuffix("d") || amount.hasSuffix("w"), let number = Int(amount.dropLast()),
      (0...40_000).contains(number)
    {
      let days = amount.hasSuffix("w") ? number * 7 : number
      let then = Moment(milliseconds: now, in: zone).local.adding(days: -days)
      guard let moment = then.moment(in: zone) else { throw missing(text) }
      return moment
    }
    guard let seconds = try? DurationText.seconds(amount) else { throw unknown(text) }
    return Moment(milliseconds: now - Int64(seconds) * 1000, in: zone)
  }

  private func clock(_ text: some StringProtocol) -> (hour: Int, minute: Int, second: Int)? {
    if let half = ["am", "pm"].first(where: { text.hasSuffix($0) }) {
      let digits = String(text.dropLast(2)).trimmed
      guard let numbers = (digits.contains(":") ? digits : digits + ":00").numbers(separatedBy: ":"),
        numbers.count == 2, (1...12).contains(numbers[0].value), numbers[0].digits <= 2,
        numbers[1].digits == 2
      else { return nil }
      return (numbers[0].value % 12 + (half == "pm" ? 12 : 0), numbers[1].value, 0)
    }
    // `18.30`, but not `14.05`: that is a day of May to many.
    let hasPoint = text.utf8.contains(UInt8(ascii: "."))
    guard let numbers = text.numbers(separatedBy: hasPoint ? "." : ":"), (2...3).contains(numbers.count),
      !hasPoint || numbers.count == 2 && !(1...12).contains(numbers[1].value),
      numbers[0].digits <= 2, numbers.dropFirst().allSatisfy({ $0.digits == 2 })
    else { return nil }
    return (numbers[0].value, numbers[1].value, numbers.count == 3 ? numbers[2].value : 0)
  }

  private func day(_ word: some StringProtocol, _ text: String) throws(KitError) -> CivilTime? {
    if let date = CivilTime(calendarDay: word) {
      guard date.isReal else { throw KitError(.invalidValue, "\(text): there is no day \(word)") }
      return date
    }
    if word == "today" { return today }
    if word == "yesterday" { return today.adding(days: -1) }
    if word == "day-before-yesterday" { return today.adding(days: -2) }
    if let weekday = String.weekday(word) {
      // Always the past one: on a Monday, monday is a week ago.
      let back = (today.weekday - weekday + 6) % 7 + 1
      return today.adding(days: -back)
    }
    return nil
  }

  private func noon(of day: CivilTime, _ text: String) throws(KitError) -> Moment {
    let noon = try at(day, (12, 0, 0), text)
    return noon.milliseconds > now && day == today ? Moment(milliseconds: now, in: zone) : noon
  }

  private func at(
    _ day: CivilTime, _ clock: (hour: Int, minute: Int, second: Int), millisecond: Int = 0, _ text: String
  ) throws(KitError) -> Moment {
    var time = day
    (time.hour, time.minute, time.second, time.millisecond) = (
      clock.hour, clock.minute, clock.second, millisecond
    )
    guard time.isReal else {
      throw KitError(.invalidValue, "\(text): there is no such time of day", hint: "hours go from 0 to 23")
    }
    guard let moment = time.moment(in: zone) else { throw missing(text) }
    return moment
  }

  private func missing(_ text: String) -> KitError {
    KitError(
      .invalidValue, "\(text): the clocks skipped that time",
      hint: "write the time with its offset, as in 2026-03-29T03:30:00+02:00")
  }

  private func rfc3339(_ text: String) throws(KitError) -> Moment {
    let separator = text.firstIndex { $0 == "T" || $0 == "t" || $0 == " " }
    guard let separator, let date = try day(text[..<separator], text) else { throw unknown(text) }
    var rest = text[text.index(after: separator)...]
    var offset: Int?
    if let last = rest.last, last == "Z" || last == "z" {
      rest.removeLast()
      offset = 0
    } else if let sign = rest.lastIndex(where: { $0 == "+" || $0 == "-" }) {
      guard let numbers = rest[rest.index(after: sign)...].numbers(separatedBy: ":"), numbers.count == 2,
        numbers.allSatisfy({ $0.digits == 2 }), numbers[0].value <= 18, numbers[1].value <= 59
      else { throw unknown(text) }
      offset = (rest[sign] == "-" ? -1 : 1) * (numbers[0].value * 60 + numbers[1].value)
      rest = rest[..<sign]
    }
    var millisecond = 0
    if let point = rest.place(of: ".") {
      let digits = rest[rest.index(after: point)...]
      guard (1...9).contains(digits.count), digits.isDigits else {
        throw unknown(text)
      }
      millisecond = Int((digits + "00").prefix(3)) ?? 0
      rest = rest[..<point]
    }
    guard let clock = clock(rest) else { throw unknown(text) }
    guard let offset else { return try at(date, clock, millisecond: millisecond, text) }
    var time = date
    (time.hour, time.minute, time.second, time.millisecond) = (
      clock.hour, clock.minute, clock.second, millisecond
    )
    guard time.isReal else { throw KitError(.invalidValue, "\(text): there is no such time of day") }
    return Moment(milliseconds: time.milliseconds - Int64(offset) * 60_000, offsetMinutes: Int32(offset))
  }
}

extension String {
  /// `yesterday at 7pm` as `yesterday 7pm`.
  fileprivate var withoutAt: String { replacing(" at ", with: " ") }

  /// `6 pm` as `6pm`: one word for one time.
  fileprivate var withHalvesJoined: String {
    replacing(" pm", with: "pm").replacing(" am", with: "am")
  }

  var trimmed: String {
    var text = Substring(self)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
