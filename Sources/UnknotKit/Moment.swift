#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// An instant with the offset from UTC at which it was meant.
public struct Moment: Hashable, Sendable, Codable {
  /// Since 1970 UTC.
  public let milliseconds: Int64
  /// How far the clocks that it was meant by are ahead of UTC; negative: behind. A file can bring any number.
  public let offsetMinutes: Int32

  /// A day of 24 hours: where clocks are put forward or back, one is longer or shorter.
  static let millisecondsPerDay: Int64 = 86_400_000

  ///
  /// - Parameters:
  ///   - milliseconds: since 1970 UTC.
  ///   - offsetMinutes: from UTC, eastward.
  public init(milliseconds: Int64, offsetMinutes: Int32) {
    self.milliseconds = milliseconds
    self.offsetMinutes = offsetMinutes
  }

  /// The instant as the zone's clocks showed it.
  public init(milliseconds: Int64, in zone: TimeZone) {
    let date = Date(timeIntervalSince1970: Double(Self.shown(milliseconds)) / 1000)
    self.init(milliseconds: milliseconds, offsetMinutes: Int32(zone.secondsFromGMT(for: date) / 60))
  }

  /// A file can bring any number: what lies outside of the years 1 to 9999 is shown as their first or last instant.
  private static func shown(_ milliseconds: Int64) -> Int64 {
    max(-62_135_596_800_000, min(253_402_300_799_999, milliseconds))
  }

  var local: CivilTime {
    let (sum, overflow) = milliseconds.addingReportingOverflow(Int64(offsetMinutes) * 60_000)
    return CivilTime(milliseconds: Self.shown(overflow ? milliseconds : sum))
  }

  /// RFC 3339, with milliseconds only where there are any.
  public var rfc3339: String {
    // Every record that is listed has some: no text is made for each of their parts.
    String(unsafeUninitializedCapacity: 40) { room in
      var count = 0
      func put(_ character: Unicode.Scalar) {
        room[count] = UInt8(ascii: character)
        count += 1
      }
      func put(_ number: Int, _ digits: Int) {
        var rest = number
        for place in (count..<count + digits).reversed() {
          room[place] = UInt8(ascii: "0") + UInt8(rest % 10)
          rest /= 10
        }
        count += digits
      }
      let time = local
      put(time.year, 4)
      put("-")
      put(time.month, 2)
      put("-")
      put(time.day, 2)
      put("T")
      put(time.hour, 2)
      put(":")
      put(time.minute, 2)
      put(":")
      put(time.second, 2)
      if time.millisecond != 0 {
        put(".")
        put(time.millisecond, 3)
      }
      put(offsetMinutes < 0 ? "-" : "+")
      let minutes = abs(Int(offsetMinutes))
      // A file can bring any number.
      put(minutes / 60, max(2, String(minutes / 60).utf8.count))
      put(":")
      put(minutes % 60, 2)
      return count
    }
  }

  /// `Thu 14 May 18:00 +02:00`; with the year where it is not that of `now`.
  public func readable(now: Moment) -> String {
    let time = local
    let year = time.year == now.local.year ? "" : " \(time.year)"
    return "\(CivilTime.weekdays[time.weekday]) \(time.day) \(CivilTime.months[time.month - 1])\(year) "
      + "\(padded(time.hour, 2)):\(padded(time.minute, 2)) \(offset)"
  }

  private var offset: String {
    let minutes = abs(Int(offsetMinutes))
    return (offsetMinutes < 0 ? "-" : "+") + padded(minutes / 60, 2) + ":" + padded(minutes % 60, 2)
  }
}

func padded(_ number: Int, _ width: Int) -> String {
  let digits = String(abs(number))
  return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
}

/// A date and time of the Gregorian calendar, without a zone.
struct CivilTime: Hashable {
  var year: Int
  var month: Int
  var day: Int
  var hour = 0
  var minute = 0
  var second = 0
  var millisecond = 0

  static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
  static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, millisecond: Int = 0)
  {
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
    self.millisecond = millisecond
  }

  /// From a text of the form `2026-05-14`, also where there is no such day; nil where it has another form.
  init?(calendarDay text: some StringProtocol) {
    guard let numbers = text.numbers(separatedBy: "-"), numbers.count == 3, numbers[0].digits == 4,
      numbers[1].digits == 2, numbers[2].digits == 2
    else { return nil }
    self.init(year: numbers[0].value, month: numbers[1].value, day: numbers[2].value)
  }

  /// From milliseconds since 1970-01-01T00:00 of the same clock.
  init(milliseconds: Int64) {
    let remainder = milliseconds % Moment.millisecondsPerDay
    let inDay = Int(remainder < 0 ? remainder + Moment.millisecondsPerDay : remainder)
    let dayNumber = Int((milliseconds - Int64(inDay)) / Moment.millisecondsPerDay)
    // Eras of 400 years that begin on the first of March: the leap day comes last.
    let shifted = dayNumber + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    self.init(
      year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
      day: dayOfYear - (153 * monthFromMarch + 2) / 5 + 1, hour: inDay / 3_600_000,
      minute: inDay / 60_000 % 60, second: inDay / 1000 % 60, millisecond: inDay % 1000)
  }

  private var dayNumber: Int {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// Since 1970-01-01T00:00 of the same clock.
  var milliseconds: Int64 {
    Int64(dayNumber) * Moment.millisecondsPerDay
      + Int64(((hour * 60 + minute) * 60 + second) * 1000 + millisecond)
  }

  var localDay: LocalDay { LocalDay(number: dayNumber) }

  /// 0 is Monday.
  var weekday: Int { (((dayNumber + 3) % 7) + 7) % 7 }

  /// Whether there is such a day and such a time of day.
  var isReal: Bool {
    (1...12).contains(month) && (1...31).contains(day) && (0...23).contains(hour) && (0...59).contains(minute)
      && (0...59).contains(second) && CivilTime(milliseconds: milliseconds) == self
  }

  func adding(days: Int) -> CivilTime {
    CivilTime(milliseconds: milliseconds + Int64(days) * Moment.millisecondsPerDay)
  }

  /// The moment at which the zone's clocks show this; the first of two where they show it twice, nil where never.
  func moment(in zone: TimeZone) -> Moment? {
    var found: Moment?
    for guess in [-86_400, 0, 86_400] {
      let date = Date(timeIntervalSince1970: Double(milliseconds / 1000 + Int64(guess)))
      let offset = Int64(zone.secondsFromGMT(for: date) / 60)
      let moment = Moment(milliseconds: milliseconds - offset * 60_000, in: zone)
      if Int64(moment.offsetMinutes) == offset, found.map({ moment.milliseconds < $0.milliseconds }) ?? true {
        found = moment
      }
    }
    return found
  }
}
