import UnknotEngine

/// How far the log can be relied on.
public struct QualityFigures: Sendable {
  /// The range that was asked for.
  public let range: FigureRange
  /// How many there are of the site, of the pain now on the 0–10 scale.
  public let ratings: Int
  /// Recorded within half an hour.
  public let live: Int
  /// With a time that is only about right, or only a day.
  public let approximate: Int
  /// How many there are, whatever was pressed; running ones, and those left before anything was pressed, are left out.
  public let sessions: Int
  /// Sessions that were recorded within half an hour of their end, or of their start where no end is said.
  public let liveSessions: Int
  /// Ratings and sessions by a clock that was more than a day ahead of this device's: when they were recorded means
  /// nothing.
  public let clockAhead: Int
  /// Sessions that end before they begin, as when two devices have each changed one of the times: the short ids of ten
  /// at most.
  public let contradictory: [String]
  /// Days from the first to the last, those with a daily value, and the longest run without.
  public let days: Int
  /// How many days have a daily value.
  public let observedDays: Int
  /// The first day of all that the site was rated on, where it is one of `days`: what is before it is no gap. Nil: it was rated
  /// earlier, or not at all.
  public let begun: LocalDay?
  /// The most days in a row without a daily value, within the days that `days` counts, from `begun` on; 0: there is no gap.
  public let longestGap: Int
  /// Pairs of records that are probably one, in the whole journal and not in the range.
  public let duplicates: Int
  /// Fields in conflict, in the whole journal and not in the range.
  public let conflicts: Int
  /// How often each score was given: people like some numbers.
  public let scores: [Int]
  /// The first and the last day with a daily value; nil: there is none.
  public let span: ClosedRange<LocalDay>?
}

extension Journal {
  /// How the range's ratings and sessions were recorded, and where they have gaps.
  public func quality(_ range: FigureRange) throws(KitError) -> QualityFigures {
    let duplicates = try duplicateCount()
    return try read { session in
      var (ratings, live, approximate, ahead) = (0, 0, 0, 0)
      var scores = [Int](repeating: 0, count: 11)
      var daily = DailyValues()
      try session.eachRating(range) {
        ratings += 1
        if !$0.isBackfilled { live += 1 }
        if $0.isApproximate { approximate += 1 }
        if session.isAhead($0.recordedAt) { ahead += 1 }
        scores[$0.score] += 1
        daily.add($0)
      }
      let days = daily.all
      let sessions = try session.sessionPoints(range)
      let gaps = zip(days, days.dropFirst()).map { $1.day.number - $0.day.number - 1 }
      let span = days.first.flatMap { first in days.last.map { first.day...$0.day } }
      // Of days that were asked for, all count.
      let first = range.since ?? span?.lowerBound
      let last = range.until ?? span?.upperBound
      let length = first.flatMap { first in last.map { max(0, $0.number - first.number + 1) } }
      let begun = try span.flatMap { span in
        try session.isRated(range.site, before: span.lowerBound) ? nil : span.lowerBound
      }
      // Before the first and after the last one, too.
      let open =
        first.flatMap { first in
          last.map { last in
            guard let span else { return last.number - first.number + 1 }
            let before = begun == nil ? span.lowerBound.number - first.number : 0
            return max(before, last.number - span.upperBound.number)
          }
        } ?? 0
      return QualityFigures(
        range: range, ratings: ratings, live: live, approximate: approximate, sessions: sessions.count,
        liveSessions: sessions.count { !$0.isBackfilled },
        clockAhead: ahead + sessions.count { session.isAhead($0.recordedAt) },
        contradictory: sessions.filter(\.endsBeforeItBegan).prefix(10).map { session.shortID($0.id) },
        days: length ?? 0, observedDays: days.count, begun: begun,
        longestGap: max(gaps.max() ?? 0, open), duplicates: duplicates,
        conflicts: try session.conflictCount(),
        scores: scores, span: span)
    }
  }
}
