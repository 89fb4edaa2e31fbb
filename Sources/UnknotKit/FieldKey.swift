import UnknotEngine

/// A field of a record, of whatever type: what `RecordType.fields` declares, so that none is mistyped. The raw values are
/// the names that changes carry and JSON shows, for ever.
public enum FieldKey: String, CaseIterable, Sendable, Codable, CustomStringConvertible {
  case acknowledged
  case acquired
  case activity
  case adverse
  case adverseResolvedAt = "adverse_resolved_at"
  case adverseSeverity = "adverse_severity"
  case aggravatedBy = "aggravated_by"
  case amount
  case archived
  case armA = "arm_a"
  case armB = "arm_b"
  case aspect
  case at
  case ball
  case blocks
  case change
  case checklistVersion = "checklist_version"
  case context
  case contraindications
  case dayStart = "day_start"
  case diameterMm = "diameter_mm"
  case discomfortCap = "discomfort_cap"
  case discomfortEnd = "discomfort_end"
  case discomfortPeak = "discomfort_peak"
  case discomfortStart = "discomfort_start"
  case endedAt = "ended_at"
  case enjoyment
  case episode
  case exceptions
  case feltIn = "felt_in"
  case firmness
  case first
  case firstEver = "first_ever"
  case firstRecordedAt = "first_recorded_at"
  case floorOk = "floor_ok"
  case madeUp = "made_up"
  case foundOn = "found_on"
  case fromDay = "from_day"
  case guide
  case homemade
  case items
  case kind
  case label
  case landmark
  case localDay = "local_day"
  case locale
  case mapX = "map_x"
  case mapY = "map_y"
  case marksWall = "marks_wall"
  case material
  case merged
  case name
  case note
  case onRope = "on_rope"
  case onset
  case optional
  case order
  case origin
  case outcome
  case overrideReason = "override_reason"
  case pain
  case painfulSide = "painful_side"
  case pauses
  case periodEnd = "period_end"
  case plan
  case plannedSeconds = "planned_seconds"
  case precision
  case preferSurface = "prefer_surface"
  case quality
  case referredTo = "referred_to"
  case release
  case reps
  case restSeconds = "rest_seconds"
  case retired
  case reviewDay = "review_day"
  case checkIn = "check_in"
  case routine
  case scale
  case score
  case second
  case seconds
  case seed
  case session
  case setSize = "set_size"
  case side
  case site
  case skipReason = "skip_reason"
  case slot
  case slots
  case source
  case spot
  case startedAt = "started_at"
  case state
  case status
  case stopSign = "stop_sign"
  case storeSafetyAnswers = "store_safety_answers"
  case subZone = "sub_zone"
  case surface
  case tags
  case target
  case technique
  case trigger
  case unit
  case untilDay = "until_day"
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
