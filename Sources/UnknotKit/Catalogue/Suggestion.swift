import UnknotEngine

/// A target to work on, and why.
public struct Suggestion: Hashable, Sendable {
  /// What to press.
  public let target: TargetDescription
  /// The side that the suggestion was asked for, the same for all targets; nil: none was said or known.
  public let side: String?
  /// "floor", "wall" or "chair".
  public let surface: String
  /// In hundredths: what it is ranked by.
  public let score: Int
  /// Why it has its rank and why this surface, each a phrase in English without a full stop.
  public let reasons: [String]
  /// What of the profile speaks for care here, each a phrase; they are among the reasons.
  public let cautions: [String]

  /// An object with `target` (its id), `side`, `relation`, `surface`, `score` and `reasons`.
  public var json: JSONValue {
    .object([
      ("target", .string(target.id)), ("side", side.map { .string($0) } ?? .null),
      ("relation", .string(target.relation.rawValue)), ("surface", .string(surface)),
      ("score", .integer(Int64(score))), ("reasons", .array(reasons.map { .string($0) })),
    ])
  }
}

/// What a person's own records say of a target.
public struct TargetHistory: Hashable, Sendable {
  /// Bouts and spots that were felt at the site.
  public var feltThere = 0
  /// Bouts with a discomfort at both ends, and by how much it fell in all.
  public var measured = 0
  /// By how many points the discomfort of those bouts fell in all; negative where it rose.
  public var relief = 0
  /// Bouts that let go, partly or fully.
  public var released = 0

  /// Nothing is known: every count is 0.
  public init() {}
}

/// What is known when a suggestion is made.
public struct SuggestionInput: Sendable {
  /// Where it hurts: a word of the catalogue's sites.
  public var site: String
  /// Where on that site: a word of the catalogue's sides; nil: not known.
  public var side: String?
  /// The latest rating within a day, 0–10.
  public var rating: Int?
  /// Whether getting down to the floor is fine. False: the wall is suggested; nil: not said.
  public var floorIsFine: Bool?
  /// What the trial that runs has for today, where that is a surface.
  public var arm: String?
  /// Taken where the target can be pressed on it; nil: not said.
  public var preferredSurface: String?
  /// What the profile lists. Some rule a target out, the others rank it lower.
  public var contraindications: [Profile.Contraindication] = []
  /// By target.
  public var history: [String: TargetHistory] = [:]

  /// Only the place is known; what else is known is set afterwards.
  public init(site: String, side: String?) {
    self.site = site
    self.side = side
  }
}

/// Ranks the catalogue's targets for somebody's pain.
public enum Suggester {
  /// Targets in the order in which to try them: looks above and below the pain, at least one of each first.
  ///
  /// - Returns: the suggestions, and the targets that the person's own list forbids, with what forbids them.
  public static func suggest(_ input: SuggestionInput) -> (
    ranked: [Suggestion], left: [(target: String, reason: String)]
  ) {
    var left: [(String, String)] = []
    var ranked: [Suggestion] = []
    for target in TargetDescription.all where isAbout(target, input) {
      let against = input.contraindications.filter { $0.covers(target, side: input.side) }
      if let blocking = against.first(where: { $0.blocks || $0.leavesOut }) {
        left.append((target.id, blocking.item))
        continue
      }
      ranked.append(suggestion(target, input, against))
    }
    // Stable: of equals the one that the catalogue names first.
    let order = ranked.indices.sorted { (ranked[$1].score, $0) < (ranked[$0].score, $1) }
    ranked = order.map { ranked[$0] }
    return (paired(ranked), left)
  }

  /// What is under the place, may be felt there, or was; of the low back all that there is, also what pulls at it from elsewhere.
  private static func isAbout(_ target: TargetDescription, _ input: SuggestionInput) -> Bool {
    bytewiseEqual(input.site, Catalogue.defaultSite) || bytewiseEqual(target.region, input.site)
      || target.referrals.contains { bytewiseEqual($0.site, input.site) }
      || (input.history[target.id]?.feltThere ?? 0) > 0
  }

  /// The best of one kind is followed by the best of the other: the source may lie on either side of the pain.
  private static func paired(_ ranked: [Suggestion]) -> [Suggestion] {
    guard let first = ranked.first,
      let other = ranked.firstIndex(where: { $0.target.relation != first.target.relation })
    else { return ranked }
    var result = ranked
    result.insert(result.remove(at: other), at: 1)
    return result
  }

  private static func suggestion(
    _ target: TargetDescription, _ input: SuggestionInput, _ against: [Profile.Contraindication]
  ) -> Suggestion {
    var score = 0
    var reasons: [String] = []
    func add(_ points: Int, _ reason: String) {
      score += points
      reasons.append(reason)
    }
    let site = Catalogue.siteName(input.site)
    let matching = target.referrals.filter { bytewiseEqual($0.site, input.site) }
    if let best = matching.first(where: { $0.likelihood == .common }) ?? matching.first {
      let zone = best.subZone.map { " (from its \($0.replacing("-", with: " ")) part)" } ?? ""
      add(
        best.likelihood == .common ? 100 : 60,
        "tender spots here are \(best.likelihood == .common ? "often" : "sometimes") felt in the \(site)\(zone)"
      )
    } else if bytewiseEqual(target.region, input.site) {
      add(50, "it lies under the \(site)")
    }
    let isLowBack = bytewiseEqual(input.site, Catalogue.defaultSite)
    if !isLowBack {
      // The rest is about the low back.
    } else if target.role == .indirect {
      add(20, "a tight TFL can keep the buttock muscles from working well, which may load the low back")
    } else if target.relation != .local {
      add(10, "it lies \(target.relation.rawValue) the low back: the source is not always where it hurts")
    }
    if let own = input.history[target.id] {
      if own.feltThere > 0 {
        add(min(own.feltThere, 5) * 20, "you felt it in the \(site) \(times(own.feltThere)) before")
      }
      if own.measured > 0, own.relief > 0 {
        // Drawn towards nothing as long as there are few: as if four more bouts had changed nothing.
        add(
          own.relief * 10 / (own.measured + 4),
          "your discomfort fell in \(own.measured == 1 ? "the bout" : "\(own.measured) bouts") that you rated"
        )
      }
      if own.released > 0 { add(own.released * 20 / (own.released + 4), "it let go \(times(own.released))") }
    }
    let cautions = against.map {
      "your profile says \($0.item): \($0.caution ?? "ask somebody who knows first")"
    }
    for caution in cautions { add(-30, caution) }
    let (surface, why) = surface(target, input, against)
    if let why { reasons.append(why) }
    return Suggestion(
      target: target, side: input.side, surface: surface, score: score, reasons: reasons, cautions: cautions)
  }

  private static func times(_ number: Int) -> String {
    number == 1 ? "once" : number == 2 ? "twice" : "\(number) times"
  }

  private static func surface(
    _ target: TargetDescription, _ input: SuggestionInput, _ against: [Profile.Contraindication]
  ) -> (String, String?) {
    let chosen = SurfaceOfDay.choose(
      contraindications: against, arm: input.arm, rating: input.rating, floorIsFine: input.floorIsFine)
    if let chosen { return (chosen.surface, "on the \(chosen.surface): \(chosen.why)") }
    if let preferred = input.preferredSurface, target.setUp(preferred) != nil {
      return (preferred, "the \(preferred), as you prefer")
    }
    return (target.setUps.first?.surface ?? "wall", nil)
  }
}
