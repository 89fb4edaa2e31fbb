/// A set of bouts, done one after the other.
public struct Session: TypedRecord {
  /// It shows records of the type `session`.
  public static var type: RecordType { .session }

  /// In full: stable for ever.
  public let id: String
  /// When the first bout began.
  public var startedAt: Moment
  /// Nil where it was not over when it was logged.
  public var endedAt: Moment?
  /// "running", "done", "partial" or "abandoned"; nil of one that was not over when it was logged.
  public var status: String?
  /// The day that it belongs to, as days began when it was logged.
  public let localDay: LocalDay?
  /// How exactly its time is known: "exact", "approx" or "day"; nil: it was not said.
  public let precision: String?
  /// The id of the routine that was done.
  public var routine: String?
  /// The default routine that was done, by name.
  public var guide: String?
  /// "left" or "right": the side that hurt when it began.
  public var painfulSide: String?
  /// The id of the plan that it is done for.
  public var plan: String?
  /// The slot of the plan that it fills: the day and the slot's name, "2026-05-14/am".
  public var slot: String?
  /// What the ball was pressed against, where all bouts share it: a word of `Catalogue.surfaces`.
  public var surface: String?
  /// The id of the ball that was used.
  public var ball: String?
  /// The id of the episode that it falls into.
  public var episode: String?
  /// What went wrong: a word of `Words.adverse`.
  public var adverse: String?
  /// How bad that was, 0–10.
  public var adverseSeverity: Int?
  /// When that was over.
  public var adverseResolvedAt: Moment?
  /// Why a target was worked on that the person's own list forbids.
  public var overrideReason: String?
  /// At most 10,000 characters.
  public var note: String?
  /// The person's own words for it, in the order of their bytes.
  public var tags: [String]
  /// In the order in which they were done. Each is edited by itself.
  public let bouts: [Bout]

  /// - Returns: nil where the record is of another type, or lacks its beginning.
  public init?(_ record: JournalRecord) {
    guard record.isOf(Self.type), let startedAt = record[.startedAt].moment else { return nil }
    id = record.id
    self.startedAt = startedAt
    endedAt = record[.endedAt].moment
    status = record[.status].text
    localDay = record[.localDay].day
    precision = record[.precision].text
    routine = record[.routine].reference
    guide = record[.guide].text
    painfulSide = record[.painfulSide].text
    plan = record[.plan].reference
    slot = record[.slot].text
    surface = record[.surface].text
    ball = record[.ball].reference
    episode = record[.episode].reference
    adverse = record[.adverse].text
    adverseSeverity = record[.adverseSeverity].number
    adverseResolvedAt = record[.adverseResolvedAt].moment
    overrideReason = record[.overrideReason].text
    note = record[.note].text
    tags = record[.tags].keys
    bouts = record.children.compactMap { Bout($0) }
  }

  /// What can be edited, each as `FIELD=VALUE` takes it.
  public var texts: [FieldKey: String] {
    [FieldKey: String](
      texts: [
        .status: status, .routine: routine, .guide: guide, .painfulSide: painfulSide, .plan: plan,
        .slot: slot, .surface: surface, .ball: ball, .episode: episode, .adverse: adverse,
        .overrideReason: overrideReason, .note: note,
      ],
      numbers: [.adverseSeverity: adverseSeverity],
      moments: [.startedAt: startedAt, .endedAt: endedAt, .adverseResolvedAt: adverseResolvedAt])
  }

  /// Its sets, by field.
  public var sets: [FieldKey: [String]] { [.tags: tags] }
}

/// One timed press on one target and side.
public struct Bout: TypedRecord {
  /// It shows records of the type `bout`.
  public static var type: RecordType { .bout }

  /// In full: stable for ever.
  public let id: String
  /// The id of the session that it is part of.
  public let session: String?
  /// A word of `Catalogue.targets`.
  public var target: String
  /// A word of `Catalogue.sides`.
  public var side: String?
  /// A word of `Catalogue.surfaces`.
  public var surface: String?
  /// How long it was pressed: from 1 to 1800; 0 of one that was skipped.
  public var seconds: Int
  /// How long it was to be, in a guided session.
  public var plannedSeconds: Int?
  /// From 1 to 20.
  public var repetitions: Int?
  /// A word of `Words.techniques`.
  public var technique: String?
  /// "done", "skipped" or "stopped"; nil of one that was logged by hand.
  public var outcome: String?
  /// Why it was skipped.
  public var skipReason: String?
  /// What it was stopped for: a word of `Words.stopSigns`.
  public var stopSign: String?
  /// The id of the tender spot that was pressed.
  public var spot: String?
  /// The id of the ball that was used.
  public var ball: String?
  /// How much pressing it hurt when it began, 0–10.
  public var discomfortStart: Int?
  /// The most that it hurt, 0–10.
  public var discomfortPeak: Int?
  /// How much it hurt when it ended, 0–10.
  public var discomfortEnd: Int?
  /// The sites where it was felt, away from the pressed point.
  public var referredTo: [String]
  /// "none", "partial" or "full": whether the muscle let go.
  public var release: String?
  /// At most 10,000 characters.
  public var note: String?
  /// The person's own words for it, in the order of their bytes.
  public var tags: [String]

  /// - Returns: nil where the record is of another type, or lacks its target or duration.
  public init?(_ record: JournalRecord) {
    guard record.isOf(Self.type), let target = record[.target].text, let seconds = record[.seconds].number
    else { return nil }
    id = record.id
    session = record[.session].reference
    self.target = target
    side = record[.side].text
    surface = record[.surface].text
    self.seconds = seconds
    plannedSeconds = record[.plannedSeconds].number
    repetitions = record[.reps].number
    technique = record[.technique].text
    outcome = record[.outcome].text
    skipReason = record[.skipReason].text
    stopSign = record[.stopSign].text
    spot = record[.spot].reference
    ball = record[.ball].reference
    discomfortStart = record[.discomfortStart].number
    discomfortPeak = record[.discomfortPeak].number
    discomfortEnd = record[.discomfortEnd].number
    referredTo = record[.referredTo].keys
    release = record[.release].text
    note = record[.note].text
    tags = record[.tags].keys
  }

  /// What can be edited, each as `FIELD=VALUE` takes it.
  public var texts: [FieldKey: String] {
    [FieldKey: String](
      texts: [
        .target: target, .side: side, .surface: surface, .technique: technique, .outcome: outcome,
        .skipReason: skipReason, .stopSign: stopSign, .spot: spot, .ball: ball, .release: release,
        .note: note,
      ],
      numbers: [
        .seconds: seconds, .plannedSeconds: plannedSeconds, .reps: repetitions,
        .discomfortStart: discomfortStart, .discomfortPeak: discomfortPeak, .discomfortEnd: discomfortEnd,
      ])
  }

  /// Its sets, by field.
  public var sets: [FieldKey: [String]] { [.referredTo: referredTo, .tags: tags] }
}
