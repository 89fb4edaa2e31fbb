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
    let steps = [1, 2, 7, 14, 28, 91, 182, 365, 730, 1826, 3652, 36525, 365_250]
    let step = steps.first { count / $0 < most } ?? 3_652_500
    return stride(from: days.lowerBound.number, through: days.upperBound.number, by: step).map {
      let day = LocalDay(number: $0)
      let words = day.text.split(separator: " ").map(String.init)
      // "Thu 14 May 2026": without the weekday; of longer times without the day.
      guard words.count >= 4 else { return (day, day.description) }
      return (day, step >= 91 ? "\(words[2]) \(words[3])" : "\(words[1]) \(words[2])")
    }
  }
}
