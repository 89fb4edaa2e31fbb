/// A day of the calendar, without a zone.
public struct LocalDay: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
  /// Days since 1970-01-01.
  public let number: Int

  /// - Parameter number: days since 1970-01-01; any number is taken.
  public init(number: Int) { self.number = number }

  /// A file can bring any number: what lies outside of the years 1 to 9999 becomes their first or last day.
  init(clamping number: Int64) { self.number = Int(max(-719_162, min(2_932_896, number))) }

  /// From `2026-05-14`.
  public init(_ text: String) throws(KitError) {
    guard let date = CivilTime(calendarDay: text) else {
      throw KitError(.invalidValue, "\(text) is not a day", hint: "write it as 2026-05-14")
    }
    guard date.isReal else { throw KitError(.invalidValue, "there is no day \(text)") }
    self = date.localDay
  }

  /// The day that a moment belongs to where days begin at `start`, in minutes after midnight.
  public init(of moment: Moment, start: Int) {
    var local = moment.local.milliseconds - Int64(start) * 60_000
    if local < 0 { local -= 86_399_999 }
    number = Int(local / Moment.millisecondsPerDay)
  }

  /// 0 is Monday.
  public var weekday: Int { (((number + 3) % 7) + 7) % 7 }

  /// - Parameter days: how many days later; negative: earlier.
  public func adding(_ days: Int) -> LocalDay { LocalDay(number: number + days) }

  /// Earlier days come first.
  public static func < (left: LocalDay, right: LocalDay) -> Bool { left.number < right.number }

  var civil: CivilTime { CivilTime(milliseconds: Int64(number) * Moment.millisecondsPerDay) }

  /// `2026-05-14`.
  public var description: String {
    let day = civil
    return "\(padded(day.year, 4))-\(padded(day.month, 2))-\(padded(day.day, 2))"
  }

  /// `Thu 14 May`, with the year where it is not that of `today`.
  public func readable(today: LocalDay) -> String {
    let day = civil
    let year = day.year == today.civil.year ? "" : " \(day.year)"
    return "\(CivilTime.weekdays[day.weekday]) \(day.day) \(CivilTime.months[day.month - 1])\(year)"
  }
}

/// Days of the week. Written `daily`, or days and ranges of them: `mon-fri`, `mon,wed,fri`.
public struct WeekdaySet: Hashable, Sendable, CustomStringConvertible {
  /// 0 is Monday.
  public let days: Set<Int>

  private static let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  /// - Parameter days: 0 (Monday) to 6 (Sunday); others are left out.
  public init(_ days: Set<Int>) { self.days = days.filter { (0...6).contains($0) } }

  /// From `daily`, or from days and ranges of them between commas, by their names or three letters or more of them. A
  /// range may go over the end of a week: `fri-mon`.
  ///
  /// - Throws: `KitError` of the kind `invalidValue`.
  public init(_ text: String) throws(KitError) {
    if text.lowercased() == "daily" {
      days = Set(0..<7)
      return
    }
    var found: Set<Int> = []
    for part in text.lowercased().split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { end in
        Self.names.firstIndex { end.hasPrefix($0) && Self.isName(String(end)) }
      }
      guard (1...2).contains(ends.count), let first = ends.first ?? nil, let last = ends.last ?? nil else {
        throw KitError(
          .invalidValue, "\(text) is not a set of days", hint: "write daily, mon-fri, or mon,wed,fri")
      }
      var day = first
      found.insert(day)
      while day != last {
        day = (day + 1) % 7
        found.insert(day)
      }
    }
    days = found
  }

  private static func isName(_ text: String) -> Bool {
    let whole = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    return text.count >= 3 && whole.contains { $0.hasPrefix(text) }
  }

  /// Whether the day falls on one of these weekdays.
  public func contains(_ day: LocalDay) -> Bool { days.contains(day.weekday) }

  /// As it is written: `daily`, a range of three days or more such as `mon-fri`, or the days from Monday on.
  public var description: String {
    if days.count == 7 { return "daily" }
    let sorted = days.sorted()
    if let first = sorted.first, let last = sorted.last, sorted.count > 2, last - first == sorted.count - 1 {
      return "\(Self.names[first])-\(Self.names[last])"
    }
    return sorted.map { Self.names[$0] }.joined(separator: ",")
  }
}

/// Which slot of a day: `am`, `pm`, or a time of day.
public struct SlotName: Hashable, Sendable, CustomStringConvertible {
  /// As changes carry it: `am`, `pm`, or the time of day with two digits for the hour: `07:30`.
  public let description: String
  /// When it begins and when it ends, in minutes after midnight.
  public let minutes: Range<Int>

  /// From `am`, `pm` or a time of day such as `7:30`.
  ///
  /// - Throws: `KitError` of the kind `invalidValue`.
  public init(_ text: String) throws(KitError) {
    switch text.lowercased() {
    case "am":
      description = "am"
      minutes = 0..<720
    case "pm":
      description = "pm"
      minutes = 720..<1440
    default:
      let minute = try ClockText.minutes(text)
      description = ClockText.text(minute)
      minutes = minute..<minute + 1
    }
  }
}

/// A time of day as people write it: `07:30`.
enum ClockText {
  static func minutes(_ text: String) throws(KitError) -> Int {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2,
      parts.allSatisfy(\.isDigits), let hour = Int(parts[0]), let minute = Int(parts[1]), hour < 24,
      minute < 60
    else { throw KitError(.invalidValue, "\(text) is not a time of day", hint: "write it as 07:30") }
    return hour * 60 + minute
  }

  static func text(_ minutes: Int) -> String { "\(padded(minutes / 60, 2)):\(padded(minutes % 60, 2))" }
}

extension LocalDay {
  /// From `"2026-05-14"`.
  public init(from decoder: any Decoder) throws {
    try self.init(try decoder.singleValueContainer().decode(String.self))
  }

  /// As `"2026-05-14"`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
