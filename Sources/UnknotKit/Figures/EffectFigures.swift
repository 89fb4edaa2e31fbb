import UnknotEngine

/// Pain right before and right after sessions: one question of three, and not whether it helps in the long run.
public struct EffectFigures: Sendable {
  /// The last rating before a session and the first one after it, of the same side.
  public struct Pair: Sendable, Hashable {
    /// The session's local day.
    public let day: LocalDay
    /// "left", "right", …; nil: the ratings do not say.
    public let side: String?
    /// The rating before, 0–10; none from earlier than half an hour before the session's start.
    public let before: Int
    /// The rating after, 0–10; none from later than half an hour after the session's end.
    public let after: Int
    /// In points; negative where the pain eased.
    public var change: Int { after - before }
  }

  /// The range that was asked for.
  public let range: FigureRange
  /// In the order of time.
  public let pairs: [Pair]
  /// Pairs left out, since a rating of them was recorded from memory.
  public let backfilled: Int
  /// The mean of the pairs' changes; nil: there is no pair.
  public let change: MeanChange?
  /// The same pain in the same time without a session; nil: no pair of a session has a match.
  public let control: MatchedControl?
  /// The same question a night later: the day's check-in after a day with a session, and after one without.
  public let carryOver: CarryOver?

  /// Check-ins on days after a day with a session, and on other days. An abandoned session does not count.
  public struct CarryOver: Sendable, Hashable {
    /// Mean check-in of days after a day with a session, 0–10.
    public let withSession: Double
    /// How many check-ins that is the mean of: 6 or more.
    public let withSessionDays: Int
    /// Mean check-in of days after a day without a session, 0–10.
    public let without: Double
    /// How many check-ins that is the mean of: 6 or more.
    public let withoutDays: Int
  }

  /// Share of the pairs that eased by 2 points or more, and by 30 % or more.
  public var easedByTwo: Double { share { $0.change <= -2 } }
  /// Of all pairs, the share that eased by 30 % of the rating before or more, 0 … 1; 0 without pairs.
  public var easedByThirtyPercent: Double {
    share { $0.before > 0 && Double(-$0.change) >= 0.3 * Double($0.before) }
  }

  private func share(_ isSo: (Pair) -> Bool) -> Double {
    pairs.isEmpty ? 0 : Double(pairs.count(where: isSo)) / Double(pairs.count)
  }

  /// How often each change from −10 to 10 was seen.
  public var histogram: [Int] {
    var counts = [Int](repeating: 0, count: 21)
    for pair in pairs { counts[pair.change + 10] += 1 }
    return counts
  }
}

extension Journal {
  /// Compares the range's ratings right before its sessions with those right after.
  public func effect(_ range: FigureRange) throws(KitError) -> EffectFigures {
    try read { session in
      var ratings: [PainPoint] = []
      try session.eachRating(range) { ratings.append($0) }
      let sessions = try session.sessionPoints(range)
      let found = EffectFigures.pairs(ratings, sessions)
      var daily = DailyValues()
      for rating in ratings { daily.add(rating) }
      return EffectFigures(
        range: range, pairs: found.live.map(\.pair), backfilled: found.backfilled,
        // One that is as wide as the scale says nothing.
        change: MeanChange(found.live.map { Double($0.pair.change) }, widest: 10),
        control: MatchedControl(found.live.map(\.timed), EffectFigures.pairsWithout(ratings, sessions)),
        carryOver: EffectFigures.carryOver(daily.all, sessions))
    }
  }
}

extension EffectFigures {
  private static let minute = 60_000.0
  private static let halfHour: Int64 = 1_800_000

  /// Of each session: the last rating within half an hour before, and the first within half an hour after, of the same
  /// side.
  static func pairs(
    _ ratings: [PainPoint], _ sessions: [SessionPoint]
  ) -> (live: [(pair: Pair, timed: RatingPair)], backfilled: Int) {
    let own = Dictionary(grouping: ratings.filter { $0.session != nil }) { $0.session }
    var live: [(Pair, RatingPair)] = []
    var backfilled = 0
    for session in sessions {
      let end = session.end ?? session.start
      let around = ([session.id] + session.repeats).flatMap { own[$0] ?? [] }
        .sorted { $0.time < $1.time }
      let before = around.filter { rating in
        rating.context == "before" && rating.time <= end
          && session.start.subtractingReportingOverflow(rating.time).partialValue <= halfHour
      }
      let after = around.filter { rating in
        rating.context == "after" && rating.time >= session.start
          && rating.time.subtractingReportingOverflow(end).partialValue <= halfHour
      }
      for side in Set(before.map(\.side)).sorted(by: { $0 ?? "" < $1 ?? "" }) {
        guard let first = before.last(where: { $0.side == side }),
          let second = after.first(where: { $0.side == side && $0.time >= first.time })
        else { continue }
        if first.isBackfilled || second.isBackfilled {
          backfilled += 1
          continue
        }
        live.append(
          (
            Pair(day: session.day, side: side, before: first.score, after: second.score),
            RatingPair(
              before: Double(first.score), after: Double(second.score),
              gap: max(1, Double(second.time - first.time) / minute))
          ))
      }
    }
    return (live, backfilled)
  }

  /// Ratings that follow each other with no session between or within half an hour of either, none used twice.
  static func pairsWithout(_ ratings: [PainPoint], _ sessions: [SessionPoint]) -> [RatingPair] {
    let free = ratings.filter {
      $0.session == nil && !$0.isBackfilled && $0.context != "before" && $0.context != "after"
    }
    let spans = sessions.map { ($0.start, $0.end ?? $0.start) }
    var pairs: [RatingPair] = []
    // Of each side: its last rating that is in no pair, and the first session that can lie after it.
    var last: [String?: PainPoint] = [:]
    var places: [String?: Int] = [:]
    for rating in free {
      guard let before = last.updateValue(rating, forKey: rating.side),
        rating.time - before.time <= 12 * 3_600_000
      else { continue }
      var next = places[rating.side] ?? 0
      while next < spans.count, spans[next].1 < before.time - halfHour { next += 1 }
      places[rating.side] = next
      if next < spans.count, spans[next].0 <= rating.time + halfHour { continue }
      pairs.append(
        RatingPair(
          before: Double(before.score), after: Double(rating.score),
          gap: max(1, Double(rating.time - before.time) / minute)))
      // None is used twice.
      last.removeValue(forKey: rating.side)
    }
    return pairs
  }

  /// Nil with fewer than 6 mornings of either kind.
  static func carryOver(_ days: [DailyValue], _ sessions: [SessionPoint]) -> CarryOver? {
    let worked = Set(sessions.filter(\.isPressed).map(\.day))
    let mornings = days.filter(\.isCheckIn)
    let with = mornings.filter { worked.contains($0.day.adding(-1)) }.map(\.value)
    let without = mornings.filter { !worked.contains($0.day.adding(-1)) }.map(\.value)
    guard with.count >= 6, without.count >= 6, let a = Summary.mean(with), let b = Summary.mean(without)
    else { return nil }
    return CarryOver(
      withSession: a, withSessionDays: with.count, without: b, withoutDays: without.count)
  }
}
