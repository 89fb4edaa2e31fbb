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
  /// How long a spot is held where the person does not say: in seconds.
  public let defaultSeconds: Int

  /// Above the pain, then below it.
  public static let all = [
    TargetDescription(
      id: "erector-mid", name: "mid-back erector", latin: "longissimus thoracis", relation: .above,
      defaultSeconds: 60),
    TargetDescription(
      id: "ql", name: "side of the waist", latin: "quadratus lumborum", relation: .above, defaultSeconds: 45),
    TargetDescription(
      id: "glute-max", name: "back pocket", latin: "gluteus maximus", relation: .below, defaultSeconds: 60),
    TargetDescription(
      id: "glute-med", name: "upper outer buttock", latin: "gluteus medius", relation: .below,
      defaultSeconds: 60),
    TargetDescription(
      id: "glute-min", name: "deep outer buttock", latin: "gluteus minimus", relation: .below,
      defaultSeconds: 45),
    TargetDescription(
      id: "tfl", name: "front pocket", latin: "tensor fasciae latae", relation: .below, defaultSeconds: 45),
  ]
}
