import UnknotEngine

/// A muscle that the ball is pressed into, as the catalogue describes it (`Schema/facts.md`).
public struct TargetDescription: Hashable, Sendable, Identifiable {
  /// Where it lies, seen from the lower back.
  public enum Relation: String, Hashable, Sendable, CaseIterable {
    /// Above it.
    case above
    /// Below it: buttocks and hips.
    case below
    /// Where the pain itself is.
    case local
  }

  /// What it has to do with the pain: some send pain there, others only make another muscle work badly.
  public enum Role: String, Hashable, Sendable {
    /// It can send pain there.
    case direct
    /// It makes another muscle work badly.
    case indirect
  }

  /// How far below the skin a muscle lies.
  public enum Depth: String, Hashable, Sendable {
    /// Directly below it.
    case superficial
    /// Below other muscles.
    case deep
  }

  /// Where a tender spot in it can be felt.
  public struct Referral: Hashable, Sendable {
    /// How often a tender spot is felt there.
    public enum Likelihood: String, Hashable, Sendable {
      /// Often.
      case common
      /// Now and then.
      case sometimes
    }
    /// How far from the muscle that is.
    public enum Reach: String, Hashable, Sendable {
      /// In the muscle itself.
      case local
      /// Near to it.
      case regional
      /// Far from it.
      case distant
    }

    /// A site of the catalogue.
    public let site: String
    /// How often it is felt there: a common one counts more when targets are suggested.
    public let likelihood: Likelihood
    /// How far from the muscle the site is.
    public let reach: Reach
    /// From which part of the muscle; nil: from any.
    public let subZone: String?

    init(_ site: String, _ likelihood: Likelihood, _ reach: Reach, from subZone: String? = nil) {
      self.site = site
      self.likelihood = likelihood
      self.reach = reach
      self.subZone = subZone
    }
  }

  /// The word that records hold: "glute-med".
  public let id: String
  /// What it is called in plain words.
  public let name: String
  /// Its anatomical name: "gluteus medius".
  public let latin: String
  /// Muscles that are worked on alike: "erectors", "ql", "glutes", "tfl".
  public let area: String
  /// Where it lies, seen from the lower back.
  public let relation: Relation
  /// What it has to do with the pain.
  public let role: Role
  /// How far below the skin it lies.
  public let depth: Depth
  /// The site under which it lies: where the ball is pressed.
  public let region: String
  /// How to find it.
  public let findIt: String
  /// Where its tender spots can be felt; a site can come twice, for different sub-zones.
  public let referrals: [Referral]
  /// What to beware of when pressing it, each a sentence.
  public let cautions: [String]
  /// How long a spot is held where the person does not say: in seconds.
  public let defaultSeconds: Int
  /// How many spots on a side are enough.
  public let spotsPerSide: Int
  /// From this discomfort on, 0–10, ease off.
  public let discomfortCap: Int
  /// One for each surface that it is pressed on; the first where nothing speaks for another.
  public let setUps: [SetUp]
  /// Of the code system SNOMED CT; nil where none is confirmed.
  public let snomed: String?

  /// How it is pressed on that surface; nil: it is not pressed there.
  public func setUp(_ surface: String) -> SetUp? { setUps.first { bytewiseEqual($0.surface, surface) } }

  /// Above the pain, then below it: in the order in which they are worked through.
  public static let all = above + below

  /// Nil: none of the catalogue.
  public static func named(_ id: String) -> TargetDescription? { all.first { bytewiseEqual($0.id, id) } }
}

/// How a target is reached on a surface.
public struct SetUp: Hashable, Sendable {
  /// "floor", "wall" or "chair".
  public let surface: String
  /// What to do, one after the other.
  public let steps: [String]
  /// What makes it milder, and what stronger.
  public let easier: String
  /// What makes it stronger.
  public let harder: String
  /// Whom it suits.
  public let suits: [String]
  /// When another surface is better.
  public let avoidIf: [String]

  static let floorSuits = [
    "who gets down and up again with ease", "who wants the hands free to take weight off",
  ]
  static let floorAvoid = [
    "getting to the floor is hard", "the muscle is very tender", "a rating of 7 or more",
  ]
  static let wallSuits = [
    "a very sore muscle", "older or unsteady people, and heavier ones", "the first time",
    "no room to lie down",
  ]
  static let wallAvoid = [
    "marks on the wall would matter", "standing on one leg is unsafe and there is nothing to hold",
  ]

  static func floor(_ steps: [String], easier: String, harder: String, avoid: [String] = []) -> SetUp {
    SetUp(
      surface: "floor", steps: steps, easier: easier, harder: harder, suits: floorSuits,
      avoidIf: floorAvoid + avoid)
  }

  static func wall(_ steps: [String], easier: String, harder: String, avoid: [String] = []) -> SetUp {
    SetUp(
      surface: "wall", steps: steps, easier: easier, harder: harder, suits: wallSuits,
      avoidIf: wallAvoid + avoid)
  }
}
