/// A day's pain: the scheduled check-in where there is one, else the median of the day's other ratings, those around
/// sessions left out (`Schema/statistics.md`).
public struct DailyValue: Hashable, Sendable {
  /// The local day.
  public let day: LocalDay
  /// 0–10; a median can end in a half.
  public let value: Double
  /// It is the day's first scheduled check-in, and not a median.
  public let isCheckIn: Bool
  /// Every rating that it is made of was recorded from memory.
  public let isBackfilled: Bool
  /// How many ratings the day has; those around sessions and further check-ins are left out.
  public let ratings: Int
}

/// A rating with its day: the highest one of all that were given on it, also around sessions and beside a check-in; or that of a week.
public struct DatedRating: Hashable, Sendable {
  /// The local day.
  public let day: LocalDay
  /// 0–10, as it was rated.
  public let score: Int
}

/// Collects ratings, in whatever order they come, into daily values: in memory for days and not for ratings.
struct DailyValues {
  private struct Day {
    var checkIn: PainPoint?
    /// How often each score was given.
    var counts = [Int](repeating: 0, count: 11)
    var isLive = false
    var highest = 0
    mutating func rate(_ score: Int) { highest = max(highest, score) }
    var ratings: Int { counts.reduce(0, +) }

    var median: Double? {
      let count = ratings
      guard count > 0 else { return nil }
      func score(at place: Int) -> Int {
        var rest = place
        for (score, count) in counts.enumerated() {
          if rest < count { return score }
          rest -= count
        }
        return 10
      }
      return Double(score(at: (count - 1) / 2) + score(at: count / 2)) / 2
    }
  }
  private var days: [LocalDay: Day] = [:]
  // Most ratings are of the same day as the one before.
  private var current: (day: LocalDay, content: Day)?

  mutating func add(_ rating: PainPoint) {
    if current?.day != rating.day {
      if let current { days[current.day] = current.content }
      current = (rating.day, days.removeValue(forKey: rating.day) ?? Day())
    }
    current?.content.rate(rating.score)
    if rating.context == "before" || rating.context == "after" { return }
    if rating.context == "scheduled" {
      // Of two, the first of the day; of one time, for all devices the same one.
      if current?.content.checkIn.map({ (rating.time, rating.id) < ($0.time, $0.id) }) ?? true {
        current?.content.checkIn = rating
      }
    } else {
      current?.content.counts[rating.score] += 1
      if !rating.isBackfilled { current?.content.isLive = true }
    }
  }

  private var content: [(key: LocalDay, value: Day)] {
    var days = days
    if let current { days[current.day] = current.content }
    return days.sorted { $0.key < $1.key }
  }

  /// In the order of time; also of days that have no value, as they were rated around sessions alone.
  var highest: [DatedRating] { content.map { DatedRating(day: $0.key, score: $0.value.highest) } }

  /// In the order of time; days without a value are not there.
  var all: [DailyValue] {
    content.compactMap { day, content in
      if let checkIn = content.checkIn {
        return DailyValue(
          day: day, value: Double(checkIn.score), isCheckIn: true, isBackfilled: checkIn.isBackfilled,
          ratings: content.ratings + 1)
      }
      return content.median.map {
        DailyValue(
          day: day, value: $0, isCheckIn: false, isBackfilled: !content.isLive, ratings: content.ratings)
      }
    }
  }
}

extension [DailyValue] {
  /// The mean of each day and the six before it, where at least four of them have a value.
  ///
  /// Of days without a value too, as long as that holds: a gap stays one.
  public var trailingMeans: [(day: LocalDay, mean: Double)] {
    guard let first = first?.day.number, let last = last?.day.number else { return [] }
    var means: [(LocalDay, Double)] = []
    var window: ArraySlice<DailyValue> = []
    var next = startIndex
    var number = first
    while number <= last {
      while next < endIndex, self[next].day.number <= number {
        window.append(self[next])
        next += 1
      }
      while let oldest = window.first, oldest.day.number <= number - 7 { window.removeFirst() }
      if window.count >= 4, let mean = Summary.mean(window.map(\.value)) {
        means.append((LocalDay(number: number), mean))
      }
      // Years without anything are passed over at once.
      number = window.isEmpty && next < endIndex ? self[next].day.number : number + 1
    }
    return means
  }

  /// Of the days within, how many have a value, and their median.
  public func summary(_ days: ClosedRange<LocalDay>) -> (days: Int, median: Double?) {
    let values = filter { days.contains($0.day) }.map(\.value)
    return (values.count, Summary.median(values))
  }
}

extension [DatedRating] {
  /// The highest of those days; of several, the last one. Nil: none of them has a rating.
  public func within(_ days: ClosedRange<LocalDay>) -> DatedRating? {
    filter { days.contains($0.day) }.max { ($0.score, $0.day) < ($1.score, $1.day) }
  }
}
