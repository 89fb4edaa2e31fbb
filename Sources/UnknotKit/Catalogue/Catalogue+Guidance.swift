extension Catalogue {
  /// Counts up when the catalogue's content changes.
  public static let version = 1

  /// Not a medical device: shown wherever the product says what to do.
  public static let disclaimer =
    "Unknot is a wellness log, not a medical device. It does not diagnose or treat anything."

  /// How to press, whatever the target.
  public static let generalCard = [
    "Warm up with two minutes of walking.",
    "Put the ball on the muscle, never on the spine or on another bone.",
    "Move a few centimetres at a time until a spot is tender, then hold still; do not grind.",
    "Breathe out slowly. A discomfort of 4 to 6 is enough; ease off at 7.",
    "When it fades to about half, move on. After two minutes move on anyway.",
    "Both sides, the sorer one last.",
    "Stop at once at anything sharp, electric, shooting or tingling, at numbness, dizziness or nausea.",
    "Soreness for a day or so afterwards is usual; if it lasts longer than two, be lighter or use the wall.",
  ]

  /// Other muscles that will follow; nothing can be logged for them yet.
  public static let planned: [(id: String, name: String)] = [
    ("foot-sole", "sole of the foot"), ("calf", "calf"), ("upper-back", "upper back"),
    ("shoulder-girdle", "shoulder girdle"), ("neck", "back of the neck"),
  ]

  /// Where the catalogue's facts come from, by what they are about.
  public static let sources: [(topic: String, source: String)] = [
    ("how long a spot is held", "bhk 11/1 (review of 55 papers on self-massage): 30–120 s, 1–3 times"),
    (
      "holding still or rolling",
      "PMC6358529: a held press raised the pressure threshold, slow rolling did not"
    ),
    (
      "whether it helps",
      "PMC9434898 (17 trials): more pressure is borne, self-rated pain is not clearly less"
    ),
    ("what speaks against it", "doi 10.3390/jcm10225360 (37 experts)"),
    ("what a meaningful change is", "Ostelo 2008: 2 points or 30 %"),
    ("how pain eases by itself", "Pengel 2003; Costa 2012"),
  ]

  /// A site of the body.
  public struct Site: Hashable, Sendable, Identifiable {
    /// From where one looks at the body to see a site.
    public enum View: String, Hashable, Sendable {
      case back
      case front
      case side
    }
    /// The word that records hold: "low-back".
    public let id: String
    /// What it is called in plain words: "low back".
    public let name: String
    /// From where it is seen best.
    public let view: View
    /// Whether there is one on the left and one on the right.
    public let hasSides: Bool
  }

  /// What is known of each word of `sites`, in the same order.
  public static let siteDescriptions = [
    Site(id: "low-back", name: "low back", view: .back, hasSides: false),
    Site(id: "mid-back", name: "mid back", view: .back, hasSides: false),
    Site(id: "upper-back", name: "upper back", view: .back, hasSides: false),
    Site(id: "neck", name: "neck", view: .back, hasSides: false),
    Site(id: "shoulder", name: "shoulder", view: .back, hasSides: true),
    Site(id: "buttock", name: "buttock", view: .back, hasSides: true),
    Site(id: "sacrum", name: "sacrum", view: .back, hasSides: false),
    Site(id: "tailbone", name: "tailbone", view: .back, hasSides: false),
    Site(id: "hip", name: "hip", view: .side, hasSides: true),
    Site(id: "groin", name: "groin", view: .front, hasSides: true),
    Site(id: "thigh", name: "thigh", view: .side, hasSides: true),
    Site(id: "knee", name: "knee", view: .front, hasSides: true),
    Site(id: "calf", name: "calf", view: .back, hasSides: true),
    Site(id: "ankle", name: "ankle", view: .side, hasSides: true),
    Site(id: "foot", name: "foot", view: .side, hasSides: true),
  ]
}
