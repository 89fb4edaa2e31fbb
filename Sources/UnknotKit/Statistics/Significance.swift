/// What a change of pain means (`Schema/facts.md`): 2 points or 30 % matter to people with back pain (Ostelo 2008), a
/// single point is within what the same person says of the same pain.
public enum ChangeMeaning: String, Hashable, Sendable {
  /// A change that people notice.
  case likely
  /// It may be one.
  case possible
  /// The same pain is rated as differently from one time to the next.
  case withinVariation

  /// Judges a change by its size, upwards or downwards: likely from 2 points and 30 % of `before` on, possible with
  /// one of them, and never below a point.
  public init(from before: Double, to after: Double) {
    let change = abs(after - before)
    let isLarge = change >= 2
    let isShare = before > 0 && change >= max(1, before * 0.3)
    self = isLarge && isShare ? .likely : isLarge || isShare ? .possible : .withinVariation
  }

  /// In words, to follow a colon: "likely meaningful".
  public var words: String {
    switch self {
    case .likely: "likely meaningful"
    case .possible: "possibly meaningful"
    case .withinVariation: "within normal variation"
    }
  }
}

/// How back pain goes on without any particular treatment: what any comparison over weeks has to stand beside.
public enum NaturalCourse {
  /// Mean pain by week, as a share of the first, from the pooled cohorts of Costa (CMAJ 2012), 0–100: acute
  /// 52, 23 at 6 weeks, 12 at 26, 6 at 52; persistent (in part subacute) 51, 33, 26, 23.
  static let acute: [(week: Double, level: Double)] = [(0, 52), (6, 23), (26, 12), (52, 6)]
  static let persistent: [(week: Double, level: Double)] = [(0, 51), (6, 33), (26, 26), (52, 23)]

  /// The share of the first week's pain that is left, 0 … 1, by straight lines between those points.
  public static func share(_ stage: EpisodeStage, afterDays days: Double) -> Double {
    let points = stage == .acute ? acute : persistent
    let week = max(0, min(52, days / 7))
    for (from, to) in zip(points, points.dropFirst()) where week <= to.week {
      let part = (week - from.week) / (to.week - from.week)
      return (from.level + (to.level - from.level) * part) / points[0].level
    }
    return points[points.count - 1].level / points[0].level
  }
}
