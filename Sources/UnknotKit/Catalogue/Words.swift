/// The words of the fields that take one of a few. The catalogue's own (targets, sites, sides) are in `Catalogue`.
public enum Words {
  /// How exactly somebody knows when it was.
  public static let precisions = WordList(name: "precision", words: ["exact", "approx", "day"])

  public static let sessionStates = WordList(
    name: "status", words: ["running", "done", "partial", "abandoned"])
  public static let sources = WordList(name: "source", words: ["timer", "manual", "import"])
  /// What went wrong after a session.
  public static let adverse = WordList(
    name: "adverse event", words: ["bruise", "more-pain", "nerve-sign", "dizzy", "other"])

  public static let techniques = WordList(name: "technique", words: ["hold", "slow-roll", "hold-move"])
  public static let outcomes = WordList(name: "outcome", words: ["done", "skipped", "stopped"])
  /// What ends a bout at once.
  public static let stopSigns = WordList(
    name: "stop sign",
    words: ["sharp", "electric", "shooting", "tingling", "numbness", "discomfort", "dizzy", "nausea"])

  public static let scales = WordList(name: "scale", words: ["nrs11", "vas100"])
  /// Which pain a rating is of.
  public static let aspects = WordList(name: "aspect", words: ["now", "average24", "worst24", "least24"])
  public static let qualities = WordList(
    name: "quality",
    words: ["ache", "stiff", "sharp", "burning", "shooting", "throbbing", "tingling"])
  public static let aggravations = WordList(
    name: "aggravation", words: ["sitting", "standing", "lying", "bending", "lifting", "other"])

  public static let spotStates = WordList(name: "state", words: ["active", "quiet", "retired"])
  public static let ballKinds = WordList(
    name: "kind of ball", words: ["lacrosse", "tennis", "rubber", "peanut", "spiky", "other"])
  public static let planKinds = WordList(name: "kind of plan", words: ["course", "maintenance", "trial"])
  /// What a trial compares: the change within sessions, or the next morning's rating.
  public static let trialOutcomes = WordList(name: "outcome", words: ["change", "next-day"])
  /// Why a slot was not due.
  public static let excuses = WordList(name: "reason", words: ["sick", "travel", "flare", "rest", "other"])
  public static let factors = WordList(
    name: "factor",
    words: [
      "strength", "core", "mobility", "walk", "posture-break", "heat", "cold", "foam-roll", "medication",
      "therapist", "rest", "other",
    ])
  public static let assessments = WordList(name: "kind of assessment", words: ["peg", "pgic"])
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
