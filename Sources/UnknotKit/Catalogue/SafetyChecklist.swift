import UnknotEngine

/// The questions that tell when a doctor is needed and not a ball (`Schema/facts.md`; composite of public triage
/// pages, in the project's own words).
public struct SafetyChecklist: Hashable, Sendable {
  /// How soon a sign needs a doctor, the most urgent first.
  public enum Tier: String, Hashable, Sendable, CaseIterable {
    /// At once.
    case emergency
    /// Within days.
    case urgent
    /// A visit is to be booked.
    case routine

    /// What somebody with a sign of this tier is told to do.
    public var advice: String {
      switch self {
      case .emergency: "Stop. Seek emergency care now."
      case .urgent: "See a doctor within days, and do not press a ball into the area meanwhile."
      case .routine: "Book a visit to a doctor or a physiotherapist."
      }
    }
  }

  /// A sign that is asked about.
  public struct Item: Hashable, Sendable, Identifiable {
    /// The word for the sign: "fever". No two of a checklist are alike.
    public let id: String
    /// How soon it needs a doctor.
    public let tier: Tier
    /// The sign as a person reads it.
    public let text: String
  }

  /// Which checklist it is; every recorded check says its number.
  public let version: Int
  /// All signs, the most urgent tier first.
  public let items: [Item]

  /// The sign of that id; nil: none of this checklist.
  public func item(_ id: String) -> Item? { items.first { bytewiseEqual($0.id, id) } }

  /// What the answers amount to: the worst of them, nil where none was chosen.
  public func outcome(of ids: [String]) -> Tier? {
    let tiers = ids.compactMap { item($0)?.tier }
    return Tier.allCases.first { tiers.contains($0) }
  }

  /// The checklist that is asked now.
  public static let current = SafetyChecklist(
    version: 2,
    items: [
      Item(
        id: "saddle-numbness", tier: .emergency,
        text: "New numbness or tingling around the genitals, the anus or the inner thighs."),
      Item(
        id: "bladder", tier: .emergency,
        text: "New trouble starting, feeling or holding urine, or controlling the bowel."),
      Item(
        id: "sexual-numbness", tier: .emergency, text: "New numbness or loss of function in sexual activity."),
      Item(
        id: "both-legs", tier: .emergency,
        text: "Pain, weakness or numbness in both legs, or a leg that gets weaker."),
      Item(
        id: "accident", tier: .emergency, text: "It began with a serious accident or a fall from a height."),
      // It can be the heart, the lung or the large artery.
      Item(
        id: "breathless", tier: .emergency,
        text: "Pain in the chest or the upper back, with shortness of breath."),
      Item(id: "fever", tier: .urgent, text: "Fever, or feeling ill with it."),
      Item(id: "weight-loss", tier: .urgent, text: "Losing weight without a reason."),
      Item(id: "past-cancer", tier: .urgent, text: "Cancer, now or in the past."),
      Item(
        id: "fragile-bones", tier: .urgent,
        text: "Osteoporosis or long use of steroids, most of all after a fall, even a slight one."),
      Item(
        id: "weak-immunity", tier: .urgent, text: "A weakened immune system, or drugs injected into a vein."),
      Item(id: "night-pain", tier: .urgent, text: "Pain at night that no position relieves."),
      Item(id: "deformity", tier: .urgent, text: "A new change in the shape of the spine."),
      Item(id: "first-onset", tier: .urgent, text: "The first back pain ever, before 20 or after 50."),
      Item(id: "one-leg", tier: .urgent, text: "Increasing numbness or weakness in one leg."),
      Item(id: "no-better", tier: .routine, text: "No better after four to six weeks, or getting worse."),
      Item(
        id: "below-knee", tier: .routine,
        text: "Pain below the knee with tingling, for more than six weeks."),
    ])

  /// The tags that mean one of these signs may be there.
  public static let tellingTags = ["leg-pain", "numb", "numbness", "weak", "weakness", "tingle", "tingling"]
  /// The qualities of pain that mean it.
  public static let tellingQualities = ["tingling"]

  /// The word in a field that means one of these signs may be there; nil: it has none.
  static func tellingWord(_ field: FieldName) -> String? {
    guard let word = field.key else { return nil }
    let telling =
      bytewiseEqual(field.field, FieldKey.tags.rawValue)
      ? tellingTags : bytewiseEqual(field.field, FieldKey.quality.rawValue) ? tellingQualities : []
    return telling.first { bytewiseEqual($0, word) }
  }
}
