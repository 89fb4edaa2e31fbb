/// The words of the fields that take one of a few. The catalogue's own (targets, sites, sides) are in `Catalogue`.
public enum Words {
  /// How exactly somebody knows when it was.
  public static let precisions = WordList(name: "precision", words: ["exact", "approx", "day"])

  /// How a session stands.
  public static let sessionStates = WordList(name: "status", words: SessionStatus.allCases.map(\.rawValue))
  /// How a session came into the log: guided by the timer, logged by hand or imported.
  public static let sources = WordList(name: "source", words: ["timer", "manual", "import"])
  /// What went wrong after a session.
  public static let adverse = WordList(
    name: "adverse event", words: ["bruise", "more-pain", "nerve-sign", "dizzy", "other"])

  /// How the ball is used in a bout or in a routine's step.
  public static let techniques = WordList(name: "technique", words: ["hold", "slow-roll", "hold-move"])
  /// How a bout ended.
  public static let outcomes = WordList(name: "outcome", words: BoutOutcome.allCases.map(\.rawValue))
  /// What a sign is called in a sentence: "stopped for electric pain".
  ///
  /// - Parameter word: of `stopSigns`; others are their own names.
  public static func stopSignName(_ word: String) -> String {
    [
      "sharp": "sharp pain", "electric": "electric pain", "shooting": "shooting pain",
      "other": "another sign",
    ][word] ?? word
  }

  /// "more pain": a word of `adverse` as a person reads it.
  public static func adverseName(_ word: String) -> String {
    [
      "more-pain": "more pain", "nerve-sign": "a sign of a nerve", "dizzy": "dizziness", "bruise": "a bruise",
    ][word]
      ?? word
  }

  /// What ends a bout at once.
  public static let stopSigns = WordList(
    name: "stop sign",
    words: [
      "sharp", "electric", "shooting", "tingling", "numbness", "discomfort", "dizzy", "nausea", "other",
    ])

  /// What a rating is out of: `nrs11` is 0–10, `vas100` is 0–100. A rating that names none is on the 0–10 scale.
  public static let scales = WordList(name: "scale", words: ["nrs11", "vas100"])
  /// Which pain a rating is of.
  public static let aspects = WordList(name: "aspect", words: ["now", "average24", "worst24", "least24"])
  /// What the pain feels like; a rating can have several.
  public static let qualities = WordList(
    name: "quality",
    words: ["ache", "stiff", "sharp", "burning", "shooting", "throbbing", "tingling"])
  /// What makes the pain worse; a rating can have several.
  public static let aggravations = WordList(
    name: "aggravation", words: ["sitting", "standing", "lying", "bending", "lifting", "other"])

  /// How it stands with a remembered point. A retired one no longer counts when targets are suggested.
  public static let spotStates = WordList(name: "state", words: ["active", "quiet", "retired"])
  /// What sort of ball it is.
  public static let ballKinds = WordList(
    name: "kind of ball", words: ["lacrosse", "tennis", "rubber", "peanut", "spiky", "other"])
  /// A course is a week unless another end is said, maintenance is open-ended, a trial compares two arms.
  public static let planKinds = WordList(name: "kind of plan", words: ["course", "maintenance", "trial"])
  /// What a trial compares: the change within sessions, or the next morning's rating.
  public static let trialOutcomes = WordList(name: "outcome", words: ["change", "next-day"])
  /// How often a plan asks how much it hurts.
  public static let checkIns = WordList(name: "check-in", words: ["daily", "weekly"])
  /// Why a slot was not due.
  public static let excuses = WordList(name: "reason", words: ["sick", "travel", "flare", "rest", "other"])
  /// What else is done that may help or hurt.
  public static let factors = WordList(
    name: "factor",
    words: [
      "strength", "core", "mobility", "walk", "posture-break", "heat", "cold", "foam-roll", "medication",
      "therapist", "rest", "other",
    ])
  /// Which questions were asked: `peg` the week's three, `pgic` how much has changed over a course.
  public static let assessments = WordList(name: "kind of assessment", words: ["peg", "pgic", "activity"])
  /// What a safety check came to: `clear` is without any sign, the others are the worst sign's tier.
  public static let checkOutcomes = WordList(
    name: "outcome", words: ["clear", "routine", "urgent", "emergency"])
  /// What speaks against pressing a ball somewhere: the first two block it, the others ask for advice first.
  public static let contraindications = WordList(
    name: "contraindication",
    words: [
      "fracture", "open-wound", "clot", "bone-infection", "inflamed", "ossification", "osteoporosis",
      "blood-thinner", "pregnancy", "numb-skin", "surgery", "hip-replacement", "cancer",
    ])
}
