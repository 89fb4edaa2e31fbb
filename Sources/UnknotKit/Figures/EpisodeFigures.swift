import UnknotEngine

/// Episodes of pain, one after the other.
public struct EpisodeFigures: Sendable {
  /// An episode as it stood on the last day of the range, at the latest today.
  public struct Row: Sendable {
    /// The record's short id.
    public let id: String
    /// Its first day.
    public let onset: LocalDay
    /// Nil: it is open.
    public let end: LocalDay?
    /// By the days since its onset: acute below 42, subacute below 84, then persistent.
    public let stage: EpisodeStage
    /// From its onset to its end, or to today; 1 on its first day.
    public let days: Int
    /// As the episode says: "left", "right", …; nil: not said.
    public let side: String?
    /// What set it off, in the person's words; nil: not said.
    public let trigger: String?
    /// Median of its first seven days; nil: none has a value.
    public let firstWeek: Double?
    /// Median of its last seven days; nil: none has a value.
    public let lastWeek: Double?
    /// The highest rating, with its day; nil: there is none.
    public let highest: DatedRating?
    /// Days from its onset to the first of seven days with pain of 1 or less, as far as they have values.
    public let daysToCalm: Int?
    /// Days from the last day of the episode before it to its onset; nil: it is the first one.
    public let daysSinceLast: Int?
    /// Sessions on its days, whatever was pressed; running ones, and those left before anything was pressed, are left out.
    public let sessions: Int
    /// Where untreated pain of its first week would be by its end, on the same scale.
    public let untreated: Double?
  }

  /// The range that was asked for.
  public let range: FigureRange
  /// The oldest first.
  public let rows: [Row]
  /// The person's local day on which this was computed.
  public let today: LocalDay
}

extension Journal {
  /// The episodes of the range's site that have a day in the range.
  public func episodes(_ range: FigureRange) throws(KitError) -> EpisodeFigures {
    try read { session in
      EpisodeFigures(range: range, rows: try session.episodeRows(range).rows, today: try session.today().day)
    }
  }
}

extension JournalTransaction {
  /// The episodes of the range's site that have a day in the range, the oldest first.
  ///
  /// - Parameter most: so many of the newest at most: their ratings are read, and no others.
  /// - Returns: also how many there are.
  func episodeRows(_ range: FigureRange, newest most: Int = .max) throws -> (
    rows: [EpisodeFigures.Row], count: Int
  ) {
    let today = try today().day
    // As it stood on the last day of the range.
    let shown = min(range.until ?? today, today)
    var found: [(episode: EpisodeSpan, end: LocalDay?, last: LocalDay, before: LocalDay?)] = []
    var before: LocalDay?
    for episode in try episodes(of: range.site).reversed() {
      let end = episode.end.flatMap { $0 <= shown ? $0 : nil }
      let last = max(episode.onset, end ?? shown)
      defer { before = max(before ?? last, last) }
      guard range.since.map({ last >= $0 }) ?? true, range.until.map({ episode.onset <= $0 }) ?? true else {
        continue
      }
      found.append((episode, end, last, before))
    }
    let newest = found.suffix(most)
    guard let first = newest.map(\.episode.onset).min(), let last = newest.map(\.last).max() else {
      return ([], found.count)
    }
    let read = FigureRange(since: first, until: last, site: range.site)
    var daily = DailyValues()
    try eachRating(read, inOrder: false) { daily.add($0) }
    let (days, highest) = (daily.all, daily.highest)
    let sessions = try sessionPoints(read)
    let rows = newest.map { episode, end, last, before in
      let own = days.filter { episode.onset <= $0.day && $0.day <= last }
      let length = last.number - episode.onset.number
      let first = own.summary(episode.onset...episode.onset.adding(6)).median
      return EpisodeFigures.Row(
        id: shortID(episode.id), onset: episode.onset, end: end, stage: EpisodeStage(days: length),
        days: length + 1, side: episode.side, trigger: episode.trigger, firstWeek: first,
        lastWeek: own.summary(max(episode.onset, last.adding(-6))...last).median,
        highest: highest.within(episode.onset...last), daysToCalm: own.daysToCalm(from: episode.onset),
        daysSinceLast: before.map { max(0, episode.onset.number - $0.number) },
        sessions: sessions.count { $0.isPressed && episode.onset <= $0.day && $0.day <= last },
        untreated: length >= 14
          ? first.map { $0 * NaturalCourse.share(.acute, afterDays: Double(length)) } : nil)
    }
    return (rows, found.count)
  }
}

extension [DailyValue] {
  /// From `onset` to the first of seven days in a row without a value above 1, of which at least four have one.
  func daysToCalm(from onset: LocalDay) -> Int? {
    for start in self where start.value <= 1 {
      let week = filter { start.day <= $0.day && $0.day < start.day.adding(7) }
      guard let last = self.last, last.day >= start.day.adding(6) else { return nil }
      if week.count >= 4, week.allSatisfy({ $0.value <= 1 }) { return start.day.number - onset.number }
    }
    return nil
  }
}
