import UnknotEngine

/// A field of a record, of whatever type: what `RecordType.fields` declares, so that none is mistyped. The raw values are
/// the names that changes carry and JSON shows, for ever.
public enum FieldKey: String, CaseIterable, Sendable, Codable, CustomStringConvertible {
  /// Of a safety check: whether the person has said that they read its advice.
  case acknowledged
  /// The day on which a ball was got.
  case acquired
  /// 0–10: how much the pain got in the way of activities, over a week.
  case activity
  /// What went wrong in a session: a word of `Words.adverse`.
  case adverse
  /// When that was over.
  case adverseResolvedAt = "adverse_resolved_at"
  /// 0–10: how bad it was.
  case adverseSeverity = "adverse_severity"
  /// What makes a pain worse: words of `Words.aggravations`.
  case aggravatedBy = "aggravated_by"
  /// Of a factor, how much, as a decimal text; `unit` says of what.
  case amount
  /// Whether a routine is kept, but no longer offered.
  case archived
  /// The first way of pressing that a trial compares.
  case armA = "arm_a"
  /// The second one.
  case armB = "arm_b"
  /// Which pain of a day a rating is of, such as the worst: a word of `Words.aspects`.
  case aspect
  /// When it happened.
  case at
  /// The ball that was used, or is to be.
  case ball
  /// A trial's blocks: the first day of each, with the way that was drawn for it.
  case blocks
  /// 1–7: how the person says that they have changed, 4 being not at all.
  case change
  /// The version of the safety questions that were asked.
  case checklistVersion = "checklist_version"
  /// When a rating was made, in relation to a session: a word of `Catalogue.contexts`.
  case context
  /// What speaks against pressing, and where, each with the day since when.
  case contraindications
  /// When the person's day begins: minutes after midnight.
  case dayStart = "day_start"
  /// A ball's diameter in mm, 20–200.
  case diameterMm = "diameter_mm"
  /// 0–10: how much a step of a routine may hurt.
  case discomfortCap = "discomfort_cap"
  /// 0–10: how much the place hurt at the end of a press.
  case discomfortEnd = "discomfort_end"
  /// 0–10: the most that it hurt.
  case discomfortPeak = "discomfort_peak"
  /// 0–10: how much it hurt at the beginning.
  case discomfortStart = "discomfort_start"
  /// When a session or an episode ended.
  case endedAt = "ended_at"
  /// 0–10: how much the pain got in the way of enjoying life, over a week.
  case enjoyment
  /// The episode of pain that it belongs to.
  case episode
  /// Whether a doctor has examined the sign that an earlier check found, as the person says.
  case examined
  /// What happened to single slots of a plan: by day and slot, such as excused.
  case exceptions
  /// Where a press on a spot is felt: words of `Catalogue.sites`.
  case feltIn = "felt_in"
  /// 1 (soft) to 5 (hard).
  case firmness
  /// One of two records that are two.
  case first
  /// Whether an episode is the first of the person's life.
  case firstEver = "first_ever"
  /// When an imported record was first recorded, in the program that it comes from.
  case firstRecordedAt = "first_recorded_at"
  /// Whether the person can lie on the floor.
  case floorOk = "floor_ok"
  /// Whether the journal is a demonstration: everything in it is made up.
  case madeUp = "made_up"
  /// The day on which a spot was found.
  case foundOn = "found_on"
  /// A plan's first day.
  case fromDay = "from_day"
  /// The id of a routine that everybody has, after which a session went.
  case guide
  /// Whether a ball is homemade.
  case homemade
  /// The signs that were there at a safety check, where the person wants that kept.
  case items
  /// Which kind of factor, plan, ball or assessment it is.
  case kind
  /// The person's own name for it.
  case label
  /// How to find a spot.
  case landmark
  /// The person's day that its time belongs to, as it was when that was written: days since 1970-01-01.
  case localDay = "local_day"
  /// The person's language and region.
  case locale
  /// Where a spot lies on the drawn body, 0–1000 from the left.
  case mapX = "map_x"
  /// The same, 0–1000 from the top.
  case mapY = "map_y"
  /// Whether a ball leaves marks on a wall.
  case marksWall = "marks_wall"
  /// What a ball is made of.
  case material
  /// Ids of records that were found to be the same, and were merged into this one.
  case merged
  /// What the person calls it.
  case name
  /// The person's words, at most 10,000 characters.
  case note
  /// Whether a ball hangs on a rope or in a sock.
  case onRope = "on_rope"
  /// When an episode began.
  case onset
  /// Whether a step of a routine may be left out.
  case optional
  /// Its place among its siblings: a text, compared by its bytes.
  case order
  /// What an imported record was called where it comes from.
  case origin
  /// How a press, a trial or a safety check ended: a word of its kind.
  case outcome
  /// Why a target was pressed that the profile forbids.
  case overrideReason = "override_reason"
  /// 0–10: the average pain, over a week.
  case pain
  /// The side that hurt when a session began.
  case painfulSide = "painful_side"
  /// A plan's pauses: the first day of each, with its last, or `open`.
  case pauses
  /// The last day of the week that an assessment is about.
  case periodEnd = "period_end"
  /// The plan that a session filled a slot of.
  case plan
  /// How long a press was meant to be, in seconds.
  case plannedSeconds = "planned_seconds"
  /// How exactly a time is known: a word of `Words.precisions`.
  case precision
  /// What the person likes to press on: a word of `Catalogue.surfaces`.
  case preferSurface = "prefer_surface"
  /// What a pain is like: words of `Words.qualities`.
  case quality
  /// Where else a press was felt: words of `Catalogue.sites`.
  case referredTo = "referred_to"
  /// How far a spot let go: a word of `Catalogue.releases`.
  case release
  /// How often, 1–20.
  case reps
  /// The rest after a step, 0–600 seconds.
  case restSeconds = "rest_seconds"
  /// The day since when a ball is gone.
  case retired
  /// The day on which to look at a plan again.
  case reviewDay = "review_day"
  /// How often a plan asks how much it hurts: a word of `Words.checkIns`.
  case checkIn = "check_in"
  /// The routine that it was done by, or that a step belongs to.
  case routine
  /// A rating's scale: 0–10, or 0–100 for `vas100`.
  case scale
  /// How much it hurts, on its scale.
  case score
  /// The other of two records that are two.
  case second
  /// How long was pressed, or is to be, in seconds: at most 1,800.
  case seconds
  /// What a trial's order was drawn from, 0 to 2³² − 1.
  case seed
  /// The session that a press or a rating belongs to.
  case session
  /// How many balls there are of a kind.
  case setSize = "set_size"
  /// A word of `Catalogue.sides`; of a step also `painful`.
  case side
  /// Where on the body: a word of `Catalogue.sites`.
  case site
  /// Why a press was left out or ended early.
  case skipReason = "skip_reason"
  /// Which slot of a plan a session filled.
  case slot
  /// A plan's slots, by name or time, each with its days.
  case slots
  /// Whether a session was led, logged afterwards or imported: a word of `Words.sources`.
  case source
  /// The tender spot that is pressed.
  case spot
  /// When a session began.
  case startedAt = "started_at"
  /// Whether a spot is still tender: a word of `Words.spotStates`.
  case state
  /// Whether a session runs, or how it ended: a word of `Words.sessionStates`.
  case status
  /// What a press was stopped for: a word of `Words.stopSigns`.
  case stopSign = "stop_sign"
  /// Whether the answers to the safety questions are kept.
  case storeSafetyAnswers = "store_safety_answers"
  /// Which part of a muscle: a word of `Catalogue.subZones`.
  case subZone = "sub_zone"
  /// What holds the ball: a word of `Catalogue.surfaces`.
  case surface
  /// The person's own words for it.
  case tags
  /// The muscle: a word of `Catalogue.targets`.
  case target
  /// How it is pressed: a word of `Words.techniques`.
  case technique
  /// What an episode began with, in the person's words.
  case trigger
  /// What `amount` is counted in.
  case unit
  /// A plan's last day.
  case untilDay = "until_day"
  /// The person's time zone, by its name.
  case zone

  /// The field's name, as changes carry it.
  public var description: String { rawValue }
}

extension FieldName {
  init(_ key: FieldKey) { self.init(key.rawValue) }

  /// One key of a set or a map.
  init(_ field: FieldKey, key: String) { self.init(field.rawValue, key: key) }
}

extension StoredRecord {
  subscript(field: FieldKey) -> Value { self[field.rawValue] }

  func members(of field: FieldKey) -> [(key: String, value: Value)] { members(of: field.rawValue) }
}

extension StoreReader {
  /// A record with some of its fields.
  func record(_ id: Dot, fields: Set<FieldKey>) throws -> StoredRecord? {
    try record(id, fields: Set(fields.map(\.rawValue)))
  }

  /// What belongs to a record, with some of its fields, in order.
  func children(
    of parent: Dot, in type: RecordType, includeRemoved: Bool, fields: Set<FieldKey>
  ) throws -> [StoredRecord] {
    try children(
      of: parent, in: type.name, includeRemoved: includeRemoved, fields: Set(fields.map(\.rawValue)))
  }
}
