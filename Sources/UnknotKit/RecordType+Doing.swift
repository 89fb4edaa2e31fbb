// What a person does: sessions with their bouts, routines with their steps, plans.
extension RecordType {
  /// A set of bouts that were done one after the other.
  public static let session = RecordType(
    "session", plural: "sessions", child: "bout", event: .startedAt, mergeable: true,
    [
      FieldDescription(.startedAt, .time, required: true), FieldDescription(.endedAt, .time),
      FieldDescription(.status, .word(Words.sessionStates)),
      FieldDescription(.source, .word(Words.sources)),
      FieldDescription(.routine, .reference("routine")),
      // The default routine that was done.
      FieldDescription(.guide, .name),
      // The side that hurt when it began: what a routine's "painful" stood for.
      FieldDescription(.painfulSide, .word(Catalogue.sides)),
      FieldDescription(.plan, .reference("plan")),
      // The slot of the plan that it fills: "2026-05-14/am".
      FieldDescription(.slot, .name),
      FieldDescription(.surface, .word(Catalogue.surfaces)),
      FieldDescription(.ball, .reference("ball")),
      FieldDescription(.episode, .reference("episode")),
      FieldDescription(.adverse, .word(Words.adverse)),
      FieldDescription(.adverseSeverity, .rating),
      FieldDescription(.adverseResolvedAt, .time),
      // Why a target was worked on that the person's own list forbids.
      FieldDescription(.overrideReason, .text),
      FieldDescription(.note, .text),
    ])
  /// One timed press on one target and side; it belongs to a session.
  public static let bout = RecordType(
    "bout", plural: "bouts", mergeable: true,
    [
      FieldDescription(.session, .reference("session"), required: true, parent: true),
      FieldDescription(.target, .word(Catalogue.targets), required: true),
      FieldDescription(.side, .word(Catalogue.sides)),
      FieldDescription(.surface, .word(Catalogue.surfaces)),
      FieldDescription(.seconds, .duration, required: true),
      FieldDescription(.plannedSeconds, .duration),
      FieldDescription(.reps, .number(1...20)),
      FieldDescription(.technique, .word(Words.techniques)),
      FieldDescription(.spot, .reference("spot")),
      FieldDescription(.ball, .reference("ball")),
      FieldDescription(.outcome, .word(Words.outcomes)),
      FieldDescription(.skipReason, .name),
      FieldDescription(.stopSign, .word(Words.stopSigns)),
      FieldDescription(.discomfortStart, .rating), FieldDescription(.discomfortPeak, .rating),
      FieldDescription(.discomfortEnd, .rating),
      FieldDescription(.release, .word(Catalogue.releases)),
      // Where it was felt, away from the pressed point.
      FieldDescription(.referredTo, .set(Catalogue.sites)),
      FieldDescription(.note, .text), FieldDescription(.order, .order),
    ])
  /// A named list of steps to go through.
  public static let routine = RecordType(
    "routine", plural: "routines", child: "step", mergeable: true,
    [
      FieldDescription(.name, .name, required: true), FieldDescription(.note, .text),
      FieldDescription(.archived, .flag),
    ])
  /// What a routine says to do: a bout to come. It belongs to a routine.
  public static let step = RecordType(
    "step", plural: "steps", mergeable: true,
    [
      FieldDescription(.routine, .reference("routine"), required: true, parent: true),
      FieldDescription(.target, .word(Catalogue.targets), required: true),
      FieldDescription(.side, .word(Catalogue.stepSides)),
      FieldDescription(.surface, .word(Catalogue.surfaces)),
      FieldDescription(.seconds, .duration, required: true),
      FieldDescription(.reps, .number(1...20)),
      FieldDescription(.restSeconds, .number(0...600)),
      FieldDescription(.technique, .word(Words.techniques)),
      FieldDescription(.spot, .reference("spot")),
      FieldDescription(.ball, .reference("ball")),
      FieldDescription(.discomfortCap, .rating),
      FieldDescription(.optional, .flag),
      FieldDescription(.note, .text), FieldDescription(.order, .order),
    ])
  /// Its slots are derived from it, never stored; only exceptions are.
  public static let plan = RecordType(
    "plan", plural: "plans", mergeable: true,
    [
      FieldDescription(.kind, .word(Words.planKinds), required: true),
      FieldDescription(.routine, .reference("routine")),
      FieldDescription(.fromDay, .day, required: true),
      // The last day; a change of plan ends the one before and begins another.
      FieldDescription(.untilDay, .day),
      FieldDescription(.reviewDay, .day),
      // Without it, the stage of the episode says how often is asked.
      FieldDescription(.checkIn, .word(Words.checkIns)),
      FieldDescription(.slots, .map(.slots)),
      FieldDescription(.exceptions, .map(.exceptions)),
      FieldDescription(.pauses, .map(.pauses)),
      // A trial's two arms, its blocks as they were drawn once from the seed, and what is compared.
      FieldDescription(.armA, .name), FieldDescription(.armB, .name),
      FieldDescription(.seed, .number(0...4_294_967_295)),
      FieldDescription(.blocks, .map(.blocks)),
      FieldDescription(.outcome, .word(Words.trialOutcomes)),
      FieldDescription(.note, .text),
    ])
  /// Something else that may help or hurt: a co-intervention.
  public static let factor = RecordType(
    "factor", plural: "factors", event: .at, mergeable: true,
    [
      FieldDescription(.at, .time, required: true),
      FieldDescription(.kind, .word(Words.factors), required: true),
      FieldDescription(.amount, .decimal), FieldDescription(.unit, .name),
      FieldDescription(.label, .name), FieldDescription(.note, .text),
    ])
}
