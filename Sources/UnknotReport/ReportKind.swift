public import UnknotKit

/// Which reports there are. The raw values are what people write.
public enum ReportKind: String, CaseIterable, Sendable {
  /// The pain over time, with episodes and minutes pressed.
  case trend
  /// Before and after sessions, beside the same pain without one.
  case effect
  /// How each muscle did.
  case targets
  /// How the plan was kept.
  case adherence
  /// Where it hurt, on a drawn body.
  case bodymap
  /// This week and the last.
  case week
  /// One page for an appointment.
  case clinician
  /// How far the data can be relied on.
  case quality
  /// Each episode of pain.
  case episode
  /// Two ways of pressing, compared in blocks of days whose order was drawn.
  case trial

  /// The report of a journal, marked where its data are made up.
  ///
  /// - Throws: of the kind `usage` where the range ends before it begins.
  public func report(_ journal: Journal, _ range: FigureRange) throws(KitError) -> Report {
    if let since = range.since, let until = range.until, since > until {
      throw KitError(.usage, "the report ends before it begins", hint: "the first day comes before the last")
    }
    let figures = try figures(journal, range)
    return try journal.profile().isMadeUp ? figures.ofMadeUpData : figures
  }

  private func figures(_ journal: Journal, _ range: FigureRange) throws(KitError) -> Report {
    switch self {
    case .trend: .trend(try journal.trend(range))
    case .effect: .effect(try journal.effect(range))
    case .targets: .targets(try journal.targets(range))
    case .adherence: .adherence(try journal.adherence(range))
    case .bodymap: .body(try journal.body(range), range)
    case .week: .week(try journal.week(range), today: try journal.today())
    case .clinician: try clinician(journal, range)
    case .quality: .quality(try journal.quality(range))
    case .episode: .episodes(try journal.episodes(range))
    case .trial: .trial(try journal.trial(range))
    }
  }

  private func clinician(_ journal: Journal, _ range: FigureRange) throws(KitError) -> Report {
    let figures = try journal.clinician(range)
    return .clinician(figures, trend: try journal.trend(figures.range))
  }
}
