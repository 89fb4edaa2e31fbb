import UnknotCausality

/// A muscle that the ball is pressed into, as the catalogue describes it (`domain.md`, part 10).
public struct TargetDescription: Hashable, Sendable, Identifiable {
  /// Where it lies, seen from the lower back.
  public enum Relation: String, Hashable, Sendable {
    case above
    case below
  }

  /// The word that records hold: "glute-med".
  public let id: String
  /// What it is called in plain words.
  public let name: String
  public let latin: String
  public let relation: Relation
  /// The site under which it lies: where the ball is pressed.
  public let region: String
  /// How long a spot is held where the person does not say: in seconds.
  public let defaultSeconds: Int

  /// Above the pain, then below it.
  public static let all = [
    TargetDescription(
      id: "erector-mid", name: "mid-back erector", latin: "longissimus thoracis", relation: .above,
      region: "mid-back",
      defaultSeconds: 60),
    TargetDescription(
      id: "ql", name: "side of the waist", latin: "quadratus lumborum", relation: .above, region: "low-back",
      defaultSeconds: 45),
    TargetDescription(
      id: "glute-max", name: "back pocket", latin: "gluteus maximus", relation: .below, region: "buttock",
      defaultSeconds: 60),
    TargetDescription(
      id: "glute-med", name: "upper outer buttock", latin: "gluteus medius", relation: .below,
      region: "buttock",
      defaultSeconds: 60),
    TargetDescription(
      id: "glute-min", name: "deep outer buttock", latin: "gluteus minimus", relation: .below,
      region: "buttock",
      defaultSeconds: 45),
    TargetDescription(
      id: "tfl", name: "front pocket", latin: "tensor fasciae latae", relation: .below, region: "hip",
      defaultSeconds: 45),
  ]

  /// Nil: none of the catalogue.
  public static func named(_ id: String) -> TargetDescription? { all.first { bytewiseEqual($0.id, id) } }
}
