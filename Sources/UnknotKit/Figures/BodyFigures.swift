import UnknotEngine

/// Where it hurt, what was pressed, and where that was felt.
public struct BodyFigures: Sendable {
  /// Ratings of a site on one side.
  public struct Pain: Sendable, Hashable {
    /// A word of the catalogue: "low-back".
    public let site: String
    /// "left", "right", …; nil: the ratings do not say.
    public let side: String?
    /// How many there are.
    public let ratings: Int
    /// Mean of the ratings, 0–10.
    public let mean: Double
    /// The highest rating, 0–10.
    public let worst: Int
  }

  /// What was pressed of a target on one side.
  public struct Work: Sendable, Hashable {
    /// A word of the catalogue: "glute-med".
    public let target: String
    /// "left", "right", …; nil: the bouts do not say.
    public let side: String?
    /// How long it was pressed in all, in minutes.
    public let minutes: Double
  }

  /// Felt away from where it was pressed.
  public struct Referral: Sendable, Hashable {
    /// What was pressed: "glute-med".
    public let target: String
    /// Where it was pressed: "left", "right", …; nil: the bouts do not say.
    public let side: String?
    /// Where that was felt: a word of the catalogue, without a side.
    public let site: String
    /// In how many bouts it was felt there.
    public let bouts: Int
  }

  /// The most ratings first.
  public let pain: [Pain]
  /// The most minutes first.
  public let work: [Work]
  /// In the order of target, side and site.
  public let referrals: [Referral]
  /// How many ratings of all sites there are.
  public let ratings: Int
  /// From the first to the last day with a rating or a session; nil: there is none.
  public let days: ClosedRange<LocalDay>?
}

extension Journal {
  /// - Parameter range: its site is not looked at: all are shown.
  public func body(_ range: FigureRange) throws(KitError) -> BodyFigures {
    try read { session in
      struct Key: Hashable {
        let place: String
        let side: String?
        var site = ""
      }
      var sums: [Key: (count: Int, sum: Int, worst: Int)] = [:]
      var (first, last): (LocalDay?, LocalDay?)
      func see(_ day: LocalDay) {
        first = min(first ?? day, day)
        last = max(last ?? day, day)
      }
      var count = 0
      for site in Catalogue.sites.words {
        var range = range
        range.site = site
        try session.eachRating(range) { rating in
          count += 1
          see(rating.day)
          let before = sums[Key(place: site, side: rating.side)] ?? (0, 0, 0)
          sums[Key(place: site, side: rating.side)] = (
            before.count + 1, before.sum + rating.score, max(before.worst, rating.score)
          )
        }
      }
      let sessions = try session.sessionPoints(range)
      for one in sessions { see(one.day) }
      var minutes: [Key: Double] = [:]
      var felt: [Key: Int] = [:]
      for bout in try session.boutPoints(sessions) {
        minutes[Key(place: bout.target, side: bout.side), default: 0] += Double(bout.seconds) / 60
        for site in bout.referredTo {
          felt[Key(place: bout.target, side: bout.side, site: site), default: 0] += 1
        }
      }
      func order(_ key: Key) -> (String, String, String) { (key.place, key.side ?? "", key.site) }
      return BodyFigures(
        pain: sums.sorted {
          ($1.value.count, order($0.key).0, order($0.key).1) < (
            $0.value.count, order($1.key).0, order($1.key).1
          )
        }
        .map { key, sum in
          BodyFigures.Pain(
            site: key.place, side: key.side, ratings: sum.count, mean: Double(sum.sum) / Double(sum.count),
            worst: sum.worst)
        },
        work: minutes.sorted {
          ($1.value, order($0.key).0, order($0.key).1) < ($0.value, order($1.key).0, order($1.key).1)
        }
        .map { BodyFigures.Work(target: $0.key.place, side: $0.key.side, minutes: $0.value) },
        referrals: felt.sorted { order($0.key) < order($1.key) }.map {
          BodyFigures.Referral(target: $0.key.place, side: $0.key.side, site: $0.key.site, bouts: $0.value)
        },
        ratings: count, days: first.flatMap { first in last.map { first...$0 } })
    }
  }
}
