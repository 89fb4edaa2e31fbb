import UnknotEngine

/// This week beside the last one.
public struct WeekFigures: Sendable {
  /// Some days in a row: seven in the weekly report, as many as asked for in the clinician's.
  public struct Week: Sendable {
    /// The first and the last day.
    public let days: ClosedRange<LocalDay>
    /// How many of the days have a daily value.
    public let observedDays: Int
    /// Median of the daily values, 0–10; nil: there is none.
    public let median: Double?
    /// The highest rating, with its day; nil: there is none.
    public let highest: DatedRating?
    /// The newest rating of a whole week, 0–10, with its day; nil: there is none.
    public let weekRating: DatedRating?
    /// How many there are, whatever was pressed; running ones, and those left before anything was pressed, are left out.
    public let sessions: Int
    /// How many were pressed in those sessions; skipped ones are left out.
    public let bouts: Int
    /// How long was pressed in those bouts, in minutes.
    public let minutes: Double
    /// Slots up to today that count: done, done in part or missed.
    public let due: Int
    /// Of the due slots, those that were done wholly or in part.
    public let done: Int
    /// Other things that were done, by kind.
    public let factors: [(kind: String, count: Int)]
    /// How many days they are.
    public var length: Int { days.upperBound.number - days.lowerBound.number + 1 }
    /// Weeks with nothing but pressing are marked: staying active is what is advised (NICE NG59, 1.2.7).
    public var isPressingOnly: Bool { sessions > 0 && factors.isEmpty }
  }

  /// The range that was asked for; its first day is not looked at.
  public let range: FigureRange
  /// The seven days up to today, or up to the end of `range`.
  public let this: Week
  /// The seven days before `this`.
  public let last: Week
  /// The next slot that is to be done.
  public let next: SlotStatus?
}

extension Journal {
  /// The seven days up to today, or up to `range.until`, and the seven before.
  public func week(_ range: FigureRange) throws(KitError) -> WeekFigures {
    try read { session in
      let today = try session.today().day
      let last = range.until ?? today
      let next = try session.slots(today...today.adding(7)).first {
        $0.state == .open || $0.state == .upcoming
      }
      return WeekFigures(
        range: range, this: try session.week(last.adding(-6)...last, range.site),
        last: try session.week(last.adding(-13)...last.adding(-7), range.site),
        next: next.map { slot in
          SlotStatus(
            day: slot.day, name: slot.name.description, state: slot.state, session: nil,
            plan: slot.plan.description)
        })
    }
  }
}

extension JournalTransaction {
  func week(_ days: ClosedRange<LocalDay>, _ site: String) throws -> WeekFigures.Week {
    let range = FigureRange(since: days.lowerBound, until: days.upperBound, site: site)
    var daily = DailyValues()
    try eachRating(range, inOrder: false) { daily.add($0) }
    let summary = daily.all.summary(days)
    let weekRating = try weekRatings(range).last
    let sessions = try sessionPoints(range)
    let bouts = try boutPoints(sessions)
    let today = try today().day
    let slots = days.lowerBound <= today ? try slots(days.lowerBound...min(days.upperBound, today)) : []
    let factors = Dictionary(grouping: try factorMarks(range)) { $0.kind }
    return WeekFigures.Week(
      days: days, observedDays: summary.days, median: summary.median, highest: daily.highest.within(days),
      weekRating: weekRating.map { DatedRating(day: $0.day, score: $0.score) },
      sessions: sessions.count(where: \.isPressed), bouts: bouts.count,
      minutes: Double(bouts.reduce(0) { $0 + $1.seconds }) / 60,
      due: slots.count { $0.state.halves != nil }, done: slots.count { ($0.state.halves ?? 0) > 0 },
      factors: factors.map { ($0.key, $0.value.count) }.sorted { ($1.count, $0.kind) < ($0.count, $1.kind) })
  }
}
