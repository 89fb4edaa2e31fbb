// What a person says of the pain.
extension RecordType {
  /// A pain rating; it can belong to a session that it was made around.
  public static let pain = RecordType(
    "pain", plural: "pain", event: .at, mergeable: true,
    [
      FieldDescription(.at, .time, required: true),
      FieldDescription(.score, .score, required: true),
      // None: the 0–10 scale.
      FieldDescription(.scale, .word(Words.scales)),
      FieldDescription(.site, .word(Catalogue.sites), required: true),
      FieldDescription(.side, .word(Catalogue.sides)),
      FieldDescription(.aspect, .word(Words.aspects)),
      FieldDescription(.context, .word(Catalogue.contexts)),
      FieldDescription(.quality, .set(Words.qualities)),
      FieldDescription(.aggravatedBy, .set(Words.aggravations)),
      FieldDescription(.session, .reference("session"), parent: true),
      FieldDescription(.episode, .reference("episode")),
      FieldDescription(.note, .text),
    ])
  /// The week's PEG, or a course's PGIC.
  public static let assessment = RecordType(
    "assessment", plural: "assessments", event: .at, mergeable: true,
    [
      FieldDescription(.at, .time, required: true),
      FieldDescription(.kind, .word(Words.assessments), required: true),
      FieldDescription(.periodEnd, .day),
      FieldDescription(.pain, .rating), FieldDescription(.enjoyment, .rating),
      FieldDescription(.activity, .rating),
      // PGIC: 1 very much better … 7 very much worse.
      FieldDescription(.change, .number(1...7)),
      FieldDescription(.note, .text),
    ])
  /// That the safety questions were answered, and what came of it; the answers only where the person wants that.
  public static let check = RecordType(
    "check", plural: "checks", event: .at, mergeable: true,
    [
      FieldDescription(.at, .time, required: true),
      FieldDescription(.checklistVersion, .number(1...1_000_000), required: true),
      FieldDescription(.outcome, .word(Words.checkOutcomes), required: true),
      FieldDescription(.acknowledged, .flag),
      FieldDescription(.examined, .flag),
      FieldDescription(.items, .set(nil)),
      FieldDescription(.note, .text),
    ])
  /// A bout of back pain: more than a day of it, with a month without before and after.
  public static let episode = RecordType(
    "episode", plural: "episodes", event: .onset, mergeable: true,
    [
      FieldDescription(.onset, .time, required: true), FieldDescription(.endedAt, .time),
      FieldDescription(.site, .word(Catalogue.sites), required: true),
      FieldDescription(.side, .word(Catalogue.sides)),
      FieldDescription(.trigger, .text), FieldDescription(.firstEver, .flag),
      FieldDescription(.note, .text),
    ])
}
