extension Catalogue {
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
      "PMC9434898 (17 trials): people bear more pressure; rated pain is not clearly lower"
    ),
    ("what speaks against it", "doi 10.3390/jcm10225360 (37 experts)"),
    ("what a meaningful change is", "Ostelo 2008: 2 points or 30 %"),
    ("how pain eases by itself", "Pengel 2003; Costa 2012"),
  ]

  /// A site of the body.
  public struct Site: Hashable, Sendable, Identifiable {
    /// The word that records hold: "low-back".
    public let id: String
    /// What it is called in plain words: "low back".
    public let name: String
    /// Whether there is one on the left and one on the right.
    public let hasSides: Bool
  }

  /// What is known of each word of `sites`, in the same order.
  public static let siteDescriptions = [
    Site(id: "low-back", name: "low back", hasSides: false),
    Site(id: "mid-back", name: "mid back", hasSides: false),
    Site(id: "upper-back", name: "upper back", hasSides: false),
    Site(id: "neck", name: "neck", hasSides: false),
    Site(id: "shoulder", name: "shoulder", hasSides: true),
    Site(id: "buttock", name: "buttock", hasSides: true),
    Site(id: "sacrum", name: "sacrum", hasSides: false),
    Site(id: "tailbone", name: "tailbone", hasSides: false),
    Site(id: "hip", name: "hip", hasSides: true),
    Site(id: "groin", name: "groin", hasSides: true),
    Site(id: "thigh", name: "thigh", hasSides: true),
    Site(id: "knee", name: "knee", hasSides: true),
    Site(id: "calf", name: "calf", hasSides: true),
    Site(id: "ankle", name: "ankle", hasSides: true),
    Site(id: "foot", name: "foot", hasSides: true),
  ]
}
