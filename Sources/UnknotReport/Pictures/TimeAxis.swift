import UnknotKit

/// Days on a line, and where to write which.
struct TimeAxis {
  let days: ClosedRange<LocalDay>
  private var length: Double { Double(max(1, days.upperBound.number - days.lowerBound.number)) }

  /// 0 on the first day, 1 on the last.
  func share(_ day: LocalDay) -> Double {
    days.lowerBound == days.upperBound ? 0.5 : Double(day.number - days.lowerBound.number) / length
  }

  /// At most so many days with what to write there.
  func ticks(_ most: Int) -> [(day: LocalDay, label: String)] {
    let count = days.upperBound.number - days.lowerBound.number
    guard let step = [1, 2, 7, 14, 28].first(where: { count / $0 < most }) else { return months(most) }
    return stride(from: days.lowerBound.number, through: days.upperBound.number, by: step).map {
      let day = LocalDay(number: $0)
      let words = day.text.split(separator: " ").map(String.init)
      // "Thu 14 May 2026": without the weekday.
      return (day, words.count >= 4 ? "\(words[1]) \(words[2])" : day.description)
    }
  }

  /// Where a month begins: "Aug 2026" stands at its first day. Years begin with January.
  private func months(_ most: Int) -> [(day: LocalDay, label: String)] {
    let (first, last) = (Self.month(of: days.lowerBound), Self.month(of: days.upperBound))
    let step =
      [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12_000].first { (last - first) / $0 < most }
      ?? 24_000
    let begin = (first + step - 1) / step * step
    return stride(from: begin, through: last, by: step).compactMap { month in
      guard let day = Self.first(of: month) else { return nil }
      let words = day.text.split(separator: " ").map(String.init)
      guard days.contains(day), words.count >= 4 else { return nil }
      return (day, "\(words[2]) \(words[3])")
    }
  }

  /// Months since the year 0.
  private static func month(of day: LocalDay) -> Int {
    let numbers = day.description.split(separator: "-").compactMap { Int($0) }
    return numbers.count == 3 ? numbers[0] * 12 + numbers[1] - 1 : 0
  }

  private static func first(of month: Int) -> LocalDay? {
    func padded(_ number: Int, _ width: Int) -> String {
      String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
    }
    return try? LocalDay("\(padded(month / 12, 4))-\(padded(month % 12 + 1, 2))-01")
  }
}
