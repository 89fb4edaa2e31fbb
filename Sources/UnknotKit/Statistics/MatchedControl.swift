import Foundation

/// A rating before and one after, with or without a session between them.
public struct RatingPair: Hashable, Sendable {
  /// The first score, 0–10.
  public let before: Double
  /// The second score, 0–10.
  public let after: Double
  /// Between the two, in minutes.
  public let gap: Double

  /// In points; negative where the pain eased.
  public var change: Double { after - before }

  ///
  /// - Parameters:
  ///   - before: the earlier rating of the pair.
  ///   - after: the later rating of the pair.
  ///   - gap: between the two, in minutes.
  public init(before: Double, after: Double, gap: Double) {
    self.before = before
    self.after = after
    self.gap = gap
  }
}

/// What the same pain did in the same time without a session: people press when it hurts, and what hurts a lot hurts
/// less a little later in any case.
///
/// Each session's pair is compared with the mean change of all pairs without one that began within 1 point of it and
/// lasted as long, give or take a half. The construction is the project's own; its coverage is
/// simulated in `Schema/statistics.md`.
public struct MatchedControl: Hashable, Sendable {
  /// Session pairs that have a match.
  public let matched: Int
  /// Pairs without a session that match any.
  public let controls: Int
  /// Mean change of the session pairs that have a match, in points.
  public let sessionMean: Double
  /// Mean of what those pairs are compared with: for each, the mean change of its matches; in points.
  public let controlMean: Double
  /// With a session minus without.
  public let difference: Double
  /// Of 95 %; nil with fewer than 6 matched pairs or 8 controls.
  public let interval: ClosedRange<Double>?

  /// With fewer matching pairs without a session, no interval is given.
  public static let fewestControls = 8

  /// - Parameters:
  ///   - sessions: in the order of time.
  ///   - others: pairs of ratings without a session.
  /// Nil where nothing matches.
  public init?(_ sessions: [RatingPair], _ others: [RatingPair]) {
    var pairs: [(own: Double, other: Double)] = []
    var used: Set<Int> = []
    for session in sessions {
      let found = others.indices.filter { index in
        let other = others[index]
        return abs(other.before - session.before) <= 1
          && (session.gap * 0.5...session.gap * 1.5).contains(other.gap)
      }
      guard let mean = Summary.mean(found.map { others[$0].change }) else { continue }
      used.formUnion(found)
      pairs.append((session.change, mean))
    }
    guard let own = Summary.mean(pairs.map(\.own)), let other = Summary.mean(pairs.map(\.other)) else {
      return nil
    }
    matched = pairs.count
    controls = used.count
    sessionMean = own
    controlMean = other
    difference = own - other
    let changes = used.sorted().map { others[$0].change }
    if matched >= 6, controls >= Self.fewestControls, let mean = MeanChange(pairs.map { $0.own - $0.other }),
      let within = mean.standardDeviation, let among = Summary.standardDeviation(changes)
    {
      // Welch: the controls stand for a mean that is not known either.
      let (a, b) = (within * within / mean.effectiveCount, among * among / Double(controls))
      let below = a * a / (mean.effectiveCount - 1) + b * b / Double(controls - 1)
      let freedom = below > 0 ? (a + b) * (a + b) / below : mean.effectiveCount - 1
      let half = StudentT.quantile(0.975, degreesOfFreedom: max(1, freedom)) * sqrt(a + b)
      interval = (difference - half)...(difference + half)
    } else {
      interval = nil
    }
  }
}
