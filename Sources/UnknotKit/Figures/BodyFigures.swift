import UnknotEngine

/// Where it hurt, what was pressed, and where that was felt.
public struct BodyFigures: Sendable {
  public struct Pain: Sendable, Hashable {
    public let site: String
    public let side: String?
    public let ratings: Int
    public let mean: Double
    public let worst: Int
  }

  public struct Work: Sendable, Hashable {
    public let target: String
    public let side: String?
    public let minutes: Double
  }

  /// Felt away from where it was pressed.
  public struct Referral: Sendable, Hashable {
    public let target: String
    public let side: String?
    public let site: String
    public let bouts: Int
  }

  /// The most ratings first.
  public let pain: [Pain]
  public let work: [Work]
  public let referrals: [Referral]
  public let ratings: Int
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
