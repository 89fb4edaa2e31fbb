import UnknotEngine

/// What somebody who is asked for advice wants to know within a minute.
public struct ClinicianFigures: Sendable {
  public struct PEG: Sendable {
    public let day: LocalDay
    /// Mean of the three, with one decimal.
    public let score: Double
  }

  public struct Check: Sendable {
    public let day: LocalDay
    /// "clear", "routine", "urgent" or "emergency".
    public let outcome: String
  }

  public struct Adverse: Sendable {
    public let day: LocalDay
    public let kind: String
  }

  public let range: FigureRange
  public let today: LocalDay
  /// The last four weeks, or the range.
  public let weeks: WeekFigures.Week
  /// The four weeks before those.
  public let before: WeekFigures.Week
  /// The newest episode.
  public let episode: EpisodeFigures.Row?
  public let earlierEpisodes: Int
  public let adherence: AdherenceFigures
  public let effect: EffectFigures
  public let peg: [PEG]
  public let check: Check?
  public let adverse: [Adverse]
  public let contraindications: [String]
  public let quality: QualityFigures
}

extension Journal {
  public func clinician(_ range: FigureRange) throws(KitError) -> ClinicianFigures {
    let today = try read { try $0.today().day }
    let last = range.until ?? today
    let first = range.since ?? last.adding(-27)
    guard first <= last else { throw KitError(.usage, "the range ends before it begins") }
    var range = range
    (range.since, range.until) = (first, last)
    let episodes = try self.episodes(FigureRange(until: last, site: range.site))
    let adherence = try self.adherence(range)
    let effect = try self.effect(range)
    let quality = try self.quality(range)
    let length = last.number - first.number + 1
    return try read { session in
      ClinicianFigures(
        range: range, today: today, weeks: try session.week(first...last, range.site),
        before: try session.week(first.adding(-length)...first.adding(-1), range.site),
        episode: episodes.rows.last, earlierEpisodes: max(0, episodes.rows.count - 1), adherence: adherence,
        effect: effect, peg: try session.pegScores(until: last).suffix(6),
        check: try session.lastCheck(until: last),
        adverse: try session.sessionPoints(range).compactMap { point in
          point.adverse.map { ClinicianFigures.Adverse(day: point.day, kind: $0) }
        }, contraindications: try session.profile().contraindications.map(\.text), quality: quality)
    }
  }
}

extension JournalTransaction {
  /// The oldest first.
  fileprivate func pegScores(until last: LocalDay) throws -> [ClinicianFigures.PEG] {
    var scores: [ClinicianFigures.PEG] = []
    let names = ["pain", "enjoyment", "activity", "local_day", "kind", "at"].map { FieldName($0) }
    let repeats = try repeats(of: .assessment)
    try reader.scan(RecordType.assessment.name, fields: names) {
      guard !repeats.contains($0.id) else { return }
      let items = $0.values.prefix(3).compactMap { value -> Double? in
        if case .integer(let number) = value, (0...10).contains(number) { Double(number) } else { nil }
      }
      guard items.count == 3, $0.values[4] == .text("peg"), let score = Summary.mean(items) else { return }
      let day = try day(frozen: $0.values[3], time: $0.values[5], createdAt: $0.createdAt)
      if day <= last { scores.append(ClinicianFigures.PEG(day: day, score: score)) }
    }
    return scores
  }

  fileprivate func lastCheck(until last: LocalDay) throws -> ClinicianFigures.Check? {
    var found: ClinicianFigures.Check?
    let fields = ["outcome", "local_day", "at"].map { FieldName($0) }
    try reader.scan(RecordType.check.name, fields: fields) {
      guard case .text(let outcome) = $0.values[0] else { return }
      let day = try day(frozen: $0.values[1], time: $0.values[2], createdAt: $0.createdAt)
      if day <= last { found = ClinicianFigures.Check(day: day, outcome: outcome) }
    }
    return found
  }
}
