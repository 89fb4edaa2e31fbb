import UnknotEngine

/// Pain over time, and what was done meanwhile.
public struct TrendFigures: Sendable {
  /// An episode's days; an open one lasts until today.
  public struct Band: Sendable, Hashable {
    /// The day of the episode's onset.
    public let from: LocalDay
    /// Its last day; of an open one, today.
    public let until: LocalDay
    /// The episode has no end.
    public let isOpen: Bool
  }

  /// Something besides sessions that may have helped or hurt.
  public struct FactorMark: Sendable, Hashable {
    /// The local day of the factor.
    public let day: LocalDay
    /// As its record has it: "walk", "heat", …
    public let kind: String
  }

  /// How untreated back pain went in studies, from the episode's first week on.
  public struct Course: Sendable {
    /// The day of the episode's onset.
    public let from: LocalDay
    /// Which of the published courses it follows.
    public let stage: EpisodeStage
    /// The episode's last day; nil: it is open.
    public let end: LocalDay?
    /// Level of the first week, on the 0–10 scale.
    public let start: Double

    /// The pain to expect on a day, in points: the share of `start` that was left in the studies.
    ///
    /// - Parameter day: before the onset it is `start`; after a year it stays as it is.
    public func value(on day: LocalDay) -> Double {
      start * NaturalCourse.share(stage, afterDays: Double(day.number - from.number))
    }
  }

  /// The range that was asked for.
  public let range: FigureRange
  /// Of all, also those around sessions.
  public let ratings: Int
  /// The daily values in the range, in the order of time.
  public let days: [DailyValue]
  /// The highest rating of each day, in the order of time.
  public let highest: [DatedRating]
  /// The mean of each day and the six before it, where at least four of them have a value.
  public let means: [(day: LocalDay, mean: Double)]
  /// Minutes pressed by day.
  public let minutes: [(day: LocalDay, minutes: Double)]
  /// How many there are in the range, whatever was pressed; running ones, and those left before anything was pressed, are left out.
  public let sessions: Int
  /// The site's episodes with a day in the range, the oldest first.
  public let episodes: [Band]
  /// In the order of time.
  public let factors: [FactorMark]
  /// The median of the 7 days before the last course began; nil with fewer than 4 of them.
  public let baseline: Double?
  /// Of the last of `episodes`; nil: it lasted fewer than 14 days, or no day of its first week has a value in `days`.
  public let course: Course?

  /// The first and the last day that anything is shown of; nil: nothing is.
  public var span: ClosedRange<LocalDay>? {
    let all = [days.first?.day, days.last?.day, minutes.first?.day, minutes.last?.day].compactMap { $0 }
    guard let first = all.min(), let last = all.max() else { return nil }
    return (range.since ?? first)...max(range.since ?? first, range.until ?? last)
  }
}

extension Journal {
  /// A million ratings in the memory of their days.
  public func trend(_ range: FigureRange) throws(KitError) -> TrendFigures {
    try read { session in
      var ratings = 0
      var daily = DailyValues()
      // The mean of the first day is of the six before it, too.
      let read = FigureRange(since: range.since?.adding(-6), until: range.until, site: range.site)
      try session.eachRating(read, inOrder: false) {
        if range.contains($0.day) { ratings += 1 }
        daily.add($0)
      }
      let known = daily.all
      let days = known.filter { range.contains($0.day) }
      let sessions = try session.sessionPoints(range)
      let dayOf = Dictionary(sessions.map { ($0.id, $0.day) }) { first, _ in first }
      var minutes: [LocalDay: Double] = [:]
      for bout in try session.boutPoints(sessions) {
        if let day = dayOf[bout.session] { minutes[day, default: 0] += Double(bout.seconds) / 60 }
      }
      let today = try session.today().day
      let episodes = try session.episodes(of: range.site).reversed()
      let shown = episodes.filter { episode in
        (range.since.map { (episode.end ?? today) >= $0 } ?? true)
          && (range.until.map { episode.onset <= $0 } ?? true)
      }
      let bands = shown.map { episode in
        TrendFigures.Band(
          from: episode.onset, until: max(episode.onset, episode.end ?? today), isOpen: episode.end == nil)
      }
      let first = try session.records(.plan, fields: PlanTerms.fields.union([.kind])).compactMap { plan in
        plan[.kind] == .text("course") ? PlanTerms(plan)?.from : nil
      }.filter { range.contains($0) }.max()
      let baseline = first.flatMap { first -> Double? in
        let before = days.summary(first.adding(-7)...first.adding(-1))
        return before.days >= 4 ? before.median : nil
      }
      return TrendFigures(
        range: range, ratings: ratings, days: days, highest: daily.highest.filter { range.contains($0.day) },
        means: known.trailingMeans.filter { range.contains($0.day) },
        minutes: minutes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
        sessions: sessions.count(where: \.isPressed),
        episodes: bands,
        factors: try session.factorMarks(range), baseline: baseline,
        course: try shown.last.flatMap { try session.course($0, days, today) })
    }
  }
}

extension JournalTransaction {
  struct EpisodeSpan {
    let id: Dot
    let onset: LocalDay
    let end: LocalDay?
    let side: String?
    let trigger: String?
  }

  /// Of a site, the newest first.
  func episodes(of site: String) throws -> [EpisodeSpan] {
    let repeats = try repeats(of: .episode)
    let fields: Set<FieldKey> = [.site, .onset, .localDay, .endedAt, .side, .trigger]
    return try records(.episode, fields: fields).compactMap { record in
      guard record[.site] == .text(site), case .time = record[.onset], !repeats.contains(record.id) else {
        return nil
      }
      var (side, trigger): (String?, String?)
      if case .text(let text) = record[.side] { side = text }
      if case .text(let text) = record[.trigger] { trigger = text }
      return EpisodeSpan(
        id: record.id, onset: try day(of: record), end: try lastDay(ofEpisode: record, repeats), side: side,
        trigger: trigger)
    }
  }

  func factorMarks(_ range: FigureRange) throws -> [TrendFigures.FactorMark] {
    let (since, until) = range.instants
    var marks: [TrendFigures.FactorMark] = []
    let fields = [FieldName(.kind), FieldName(.localDay), FieldName(.at)]
    let repeats = try repeats(of: .factor, since: since, until: until)
    try reader.scan(RecordType.factor.name, fields: fields, since: since, until: until) {
      guard !repeats.contains($0.id), case .text(let kind) = $0.values[0] else { return }
      let day = try day(frozen: $0.values[1], time: $0.values[2], createdAt: $0.createdAt)
      if range.contains(day) { marks.append(TrendFigures.FactorMark(day: day, kind: kind)) }
    }
    return marks
  }

  /// Where the episode's first week has ratings and it has lasted two weeks: less is no course.
  fileprivate func course(
    _ episode: EpisodeSpan, _ days: [DailyValue], _ today: LocalDay
  ) throws -> TrendFigures.Course? {
    let last = episode.end ?? today
    guard last.number - episode.onset.number >= 14,
      let start = days.summary(episode.onset...episode.onset.adding(6)).median
    else { return nil }
    return TrendFigures.Course(from: episode.onset, stage: .acute, end: episode.end, start: start)
  }
}
