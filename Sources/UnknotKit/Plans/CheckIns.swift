import UnknotEngine

/// How often the person is asked how much it hurts.
///
/// A score asked for every day may do harm in acute back pain, and a weekly one does none that was seen (`evidence`): a day's
/// score is asked for where the plan says so, or where the pain has lasted for twelve weeks; else one of the past week.
public enum CheckInFrequency: String, Sendable {
  /// Once a day.
  case daily
  /// Once a week, for the week.
  case weekly

  /// What is known of daily scores in acute back pain, and how weakly: to be shown to whoever chooses them
  /// (Ferrari 2015, doi 10.1007/s00296-014-3082-3; Kongsted 2021, doi 10.1186/s12998-021-00393-2).
  public static let evidence =
    "In one small trial of acute back pain (58 people, not blinded), fewer of those who scored their pain every day had recovered "
    + "after three months: 52 % against 79 %. Weekly scores did no harm in a study of 2,892 people that was not randomised."
}

/// What is asked of the person, and whether it was answered.
public struct CheckInStatus: Sendable {
  /// Why it is asked so often.
  public enum Reason: String, Sendable {
    /// The plan in force says so.
    case plan
    /// An episode has lasted for twelve weeks or longer.
    case persistent
    /// Neither.
    case usual
  }

  /// How often.
  public let frequency: CheckInFrequency
  /// Why.
  public let reason: Reason
  /// Whether today was checked in, or, where that is asked weekly, one of the last seven days.
  public let isDone: Bool
  /// Whether today has a rating of context `scheduled`, asked for or not.
  public let hasCheckedInToday: Bool
  /// The day of the newest rating of a past week; nil: there is none.
  public let lastWeekRating: LocalDay?

  /// An object with `how_often`, `why`, `done` and `last_week_rating`, which is null where there is none.
  public var json: JSONValue {
    .object([
      ("how_often", .string(frequency.rawValue)), ("why", .string(reason.rawValue)), ("done", .bool(isDone)),
      ("last_week_rating", lastWeekRating.map { .string($0.description) } ?? .null),
    ])
  }
}

extension Journal {
  /// How often the person is asked how much it hurts, and whether that was answered.
  public func checkIn() throws(KitError) -> CheckInStatus {
    try read { session in
      let today = try session.today().day
      let (frequency, reason) = try session.checkInFrequency()
      let usual = try session.profile().usualPlace.place
      let week = try session.lastWeekRatings(1, until: today, site: usual).last?.day
      let hasCheckedIn = try session.hasCheckedIn()
      let isDone = frequency == .daily ? hasCheckedIn : week.map { $0 > today.adding(-7) } ?? false
      return CheckInStatus(
        frequency: frequency, reason: reason, isDone: isDone, hasCheckedInToday: hasCheckedIn,
        lastWeekRating: week)
    }
  }

  /// Records the weekly check-in: how the past week was.
  ///
  /// - Parameters:
  ///   - score: how much it hurt on average, 0–10.
  ///   - activity: how much that got in the way of what the person does, 0–10: the third of the PEG's questions; nil: not asked.
  ///   - site: where; nil: the usual place.
  ///   - at: when it was said; nil: now.
  ///   - precision: how exactly that is known: a word of `Words.precisions`; nil: exactly.
  public func rateWeek(
    _ score: Int, activity: Int? = nil, _ site: PlaceText? = nil, at: Moment? = nil, precision: String? = nil
  ) throws(KitError) -> Written {
    try check(at)
    let time = at ?? now
    return try write("check-in") { session in
      var entry = PainEntry(score: score, site: site)
      entry.context = Catalogue.pastWeek
      entry.precision = precision
      var written = [try session.rate(entry, at: time, parent: nil)]
      if let activity {
        let fields: [FieldName: Value] = [
          FieldName(.at): time.value, FieldName(.kind): .text("activity"),
          FieldName(.precision): .text(try Words.precisions.check(precision ?? "exact")),
          FieldName(.periodEnd): .integer(Int64(try session.day(of: time).number)),
          FieldName(.activity): .integer(try FieldDescription.rating(String(activity), "activity")),
        ]
        written.append(try session.create(.assessment, fields))
      }
      return try session.written(written)
    }
  }
}

extension JournalTransaction {
  /// How often is asked, and why.
  func checkInFrequency() throws -> (frequency: CheckInFrequency, reason: CheckInStatus.Reason) {
    let today = try today().day
    if let plan = PlanSlots.inForce(try plans(), on: today), let record = try reader.record(plan.id),
      let said = record.text(.checkIn).flatMap(CheckInFrequency.init)
    {
      return (said, .plan)
    }
    return try isPersistent(on: today) ? (.daily, .persistent) : (.weekly, .usual)
  }

  /// Whether an episode that is open has lasted for twelve weeks.
  func isPersistent(on day: LocalDay) throws -> Bool {
    try openEpisodes().contains { episode in
      guard let onset = episode.moment(.onset) else { return false }
      return EpisodeStage(days: day.number - (try self.day(of: onset)).number) == .persistent
    }
  }

  /// Whether today's check-in was done: a rating of context `scheduled`.
  fileprivate func hasCheckedIn() throws -> Bool {
    let today = try today().day
    let (since, _) = LocalDay.instants(from: today, to: nil)
    let usual = Value.text(try profile().usualPlace.place)
    let fields: Set<FieldKey> = [.context, .at, .localDay, .site]
    return try records(.pain, RecordFilter(since: since), fields: fields).contains {
      try $0[.context] == .text("scheduled") && $0[.site] == usual && day(of: $0) == today
    }
  }
}
