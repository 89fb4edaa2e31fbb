// What a person does: sessions with their bouts, routines with their steps, plans.
extension RecordType {
  public static let session = RecordType(
    "session", plural: "sessions", child: "bout", event: "started_at", mergeable: true,
    [
      FieldDescription("started_at", .time, required: true), FieldDescription("ended_at", .time),
      FieldDescription("status", .word(Words.sessionStates)),
      FieldDescription("source", .word(Words.sources)),
      FieldDescription("routine", .reference("routine")),
      // The default routine that was done.
      FieldDescription("guide", .name),
      // The side that hurt when it began: what a routine's "painful" stood for.
      FieldDescription("painful_side", .word(Catalogue.sides)),
      FieldDescription("plan", .reference("plan")),
      // The slot of the plan that it fills: "2026-05-14/am".
      FieldDescription("slot", .name),
      FieldDescription("surface", .word(Catalogue.surfaces)),
      FieldDescription("ball", .reference("ball")),
      FieldDescription("episode", .reference("episode")),
      FieldDescription("adverse", .word(Words.adverse)),
      FieldDescription("adverse_severity", .rating),
      FieldDescription("adverse_resolved_at", .time),
      // Why a target was worked on that the person's own list forbids.
      FieldDescription("override_reason", .text),
      FieldDescription("note", .text),
    ])
  public static let bout = RecordType(
    "bout", plural: "bouts", mergeable: true,
    [
      FieldDescription("session", .reference("session"), required: true, parent: true),
      FieldDescription("target", .word(Catalogue.targets), required: true),
      FieldDescription("side", .word(Catalogue.sides)),
      FieldDescription("surface", .word(Catalogue.surfaces)),
      FieldDescription("seconds", .duration, required: true),
      FieldDescription("planned_seconds", .duration),
      FieldDescription("reps", .number(1...20)),
      FieldDescription("technique", .word(Words.techniques)),
      FieldDescription("spot", .reference("spot")),
      FieldDescription("ball", .reference("ball")),
      FieldDescription("outcome", .word(Words.outcomes)),
      FieldDescription("skip_reason", .name),
      FieldDescription("stop_sign", .word(Words.stopSigns)),
      FieldDescription("discomfort_start", .rating), FieldDescription("discomfort_peak", .rating),
      FieldDescription("discomfort_end", .rating),
      FieldDescription("release", .word(Catalogue.releases)),
      // Where it was felt, away from the pressed point.
      FieldDescription("referred_to", .set(Catalogue.sites)),
      FieldDescription("note", .text), FieldDescription("order", .order),
    ])
  public static let routine = RecordType(
    "routine", plural: "routines", child: "step", mergeable: true,
    [
      FieldDescription("name", .name, required: true), FieldDescription("note", .text),
      FieldDescription("archived", .flag),
    ])
  public static let step = RecordType(
    "step", plural: "steps", mergeable: true,
    [
      FieldDescription("routine", .reference("routine"), required: true, parent: true),
      FieldDescription("target", .word(Catalogue.targets), required: true),
      FieldDescription("side", .word(Catalogue.stepSides)),
      FieldDescription("surface", .word(Catalogue.surfaces)),
      FieldDescription("seconds", .duration, required: true),
      FieldDescription("reps", .number(1...20)),
      FieldDescription("rest_seconds", .number(0...600)),
      FieldDescription("technique", .word(Words.techniques)),
      FieldDescription("spot", .reference("spot")),
      FieldDescription("ball", .reference("ball")),
      FieldDescription("discomfort_cap", .rating),
      FieldDescription("optional", .flag),
      FieldDescription("note", .text), FieldDescription("order", .order),
    ])
  /// Its slots are derived from it, never stored; only exceptions are.
  public static let plan = RecordType(
    "plan", plural: "plans", mergeable: true,
    [
      FieldDescription("kind", .word(Words.planKinds), required: true),
      FieldDescription("routine", .reference("routine")),
      FieldDescription("from_day", .day, required: true),
      // The last day; a change of plan ends the one before and begins another.
      FieldDescription("until_day", .day),
      FieldDescription("review_day", .day),
      FieldDescription("slots", .map(.slots)),
      FieldDescription("exceptions", .map(.exceptions)),
      FieldDescription("pauses", .map(.pauses)),
      // A trial's two arms, its blocks as they were drawn once from the seed, and what is compared.
      FieldDescription("arm_a", .name), FieldDescription("arm_b", .name),
      FieldDescription("seed", .number(0...4_294_967_295)),
      FieldDescription("blocks", .map(.blocks)),
      FieldDescription("outcome", .word(Words.trialOutcomes)),
      FieldDescription("note", .text),
    ])
  /// Something else that may help or hurt: a co-intervention.
  public static let factor = RecordType(
    "factor", plural: "factors", event: "at", mergeable: true,
    [
      FieldDescription("at", .time, required: true),
      FieldDescription("kind", .word(Words.factors), required: true),
      FieldDescription("amount", .decimal), FieldDescription("unit", .name),
      FieldDescription("label", .name), FieldDescription("note", .text),
    ])
}
