import UnknotEngine

// What a record must and should be: an error forbids it, a notice only tells.
extension JournalWriter {
  func check(_ draft: Draft) throws {
    if let name = draft.type.timeField, draft.writes(name), let moment = draft.moment(name) {
      try journal.check(moment)
    }
    switch draft.type {
    case .session:
      try checkSession(draft)
      checkTellingWords(draft)
    case .bout: try checkBout(draft)
    case .pain:
      try checkPain(draft)
      checkTellingWords(draft)
    case .episode: try checkEnd(draft, .onset, "an episode")
    case .assessment: try checkAssessment(draft)
    case .plan: try checkPlan(draft)
    case .profile: try checkProfile(draft)
    default: break
    }
  }

  private func checkEnd(_ draft: Draft, _ start: FieldKey, _ what: String) throws {
    guard draft.writes(start, .endedAt), let start = draft.moment(start), let end = draft.moment(.endedAt)
    else { return }
    guard end.milliseconds >= start.milliseconds else {
      return try contradiction(KitError(.invalidValue, "\(what) cannot end before it began"))
    }
  }

  /// What no command writes, but two devices did that each changed one of two fields.
  private func contradiction(_ error: KitError) throws {
    guard contradictions != nil else { throw error }
    contradictions?.append(error)
  }

  // MARK: Sessions

  static var hour: Int64 { 3_600_000 }

  private func checkSession(_ draft: Draft) throws {
    guard draft.writes(.startedAt, .endedAt), let start = draft.moment(.startedAt) else { return }
    try checkEnd(draft, .startedAt, "a session")
    let end = draft.moment(.endedAt) ?? start
    let length = end.milliseconds - start.milliseconds
    guard length <= 3 * Self.hour else {
      return try contradiction(
        KitError(
          .invalidValue, "a session lasts 3 hours at most", hint: "edit started_at and ended_at together"))
    }
    if length > Self.hour {
      notices.add(
        .warning, "this session lasts \(DurationText.text(length / 1000)): an hour is more than it needs")
    }
    if draft.moment(.endedAt) != nil { try checkLength(of: draft.id, from: start, to: end) }
    try checkOverlap(draft, start, end)
  }

  /// Two sessions at once, and more than two a day.
  private func checkOverlap(_ draft: Draft, _ start: Moment, _ end: Moment) throws {
    guard !notices.isSilent else { return }
    let own = try reader.devices().first(where: \.isThis)?.actors ?? []
    let day = Moment.millisecondsPerDay
    let near = try records(
      .session, RecordFilter(since: start.milliseconds - day, until: end.milliseconds + day),
      fields: [.startedAt, .endedAt, .localDay]
    ).filter { $0.id != draft.id }
    let overlapping = near.compactMap { other -> (id: Dot, start: Moment)? in
      guard own.contains(other.id.actor), let begun = other.moment(.startedAt) else { return nil }
      let over = other.moment(.endedAt)?.milliseconds ?? begun.milliseconds
      let overlaps = begun.milliseconds < end.milliseconds && start.milliseconds < over
      return overlaps ? (other.id, begun) : nil
    }
    if let first = overlapping.min(by: { ($0.start.milliseconds, $0.id) < ($1.start.milliseconds, $1.id) }) {
      let others =
        overlapping.count == 1
        ? "another session of this device:"
        : "\(overlapping.count) other sessions of this device, the first of them"
      let time = first.start.readable(now: journal.now)
      notices.add(.warning, "it overlaps with \(others) \(shortID(first.id)) of \(time)")
    }
    let today = try self.day(of: start)
    // One that was begun and left before anything was pressed is none.
    let sameDay =
      try near.filter {
        try self.day(of: $0) == today && !children(.bout, of: $0.id, fields: [.outcome]).isEmpty
      }.count + 1
    if sameDay > 2 {
      notices.add(.warning, "the \(ordinal(sameDay)) session of that day: once or twice a day is the advice")
    }
  }

  // MARK: Bouts

  private func checkBout(_ draft: Draft) throws {
    let seconds = draft.number(.seconds) ?? 0
    let isSkipped = draft[.outcome] == BoutOutcome.skipped.value
    if seconds == 0, !isSkipped, draft[.outcome] != BoutOutcome.stopped.value {
      throw KitError(.invalidValue, "a bout lasts from 1s to 30m")
    }
    if draft.writes(.seconds), seconds > 120 {
      notices.add(
        .warning,
        "\(DurationText.text(seconds)) on one spot: 30 to 90 seconds are usual, move on after two minutes")
    }
    guard let id = draft.text(.target), let target = TargetDescription.named(id) else { return }
    if draft.id == nil, !isSkipped {
      if draft.text(.side) == nil {
        notices.add(.warning, "\(target.id) is on both sides of the body: say which, as in \(target.id)/left")
      }
      try checkContraindications(draft, target)
      try checkLength(draft, seconds)
    }
    if !isSkipped, draft.id == nil || draft.writes(.spot) { try checkSpot(draft) }
    if draft.writes(.discomfortPeak, .stopSign),
      draft.number(.discomfortPeak) ?? 0 >= 8 || draft.text(.stopSign) != nil
    {
      notices.add(
        .warning, "that is more than a ball should do: stop there for today, and see \(.safetyCheck)")
    }
    if draft.id == nil || draft.writes(.surface, .ball) { try checkSurface(draft) }
  }

  private func checkContraindications(_ draft: Draft, _ target: TargetDescription) throws {
    // What was imported was done: nothing is to be forbidden any more.
    guard !isCopying else { return }
    let side = draft.text(.side)
    let place = side.map { "\(target.id)/\($0)" } ?? target.id
    for found in try profile().contraindications where found.covers(target, side: side) {
      guard found.blocks else {
        notices.add(
          .hint,
          "\(place): your profile says \(found.item): \(found.caution ?? "ask somebody who knows first")")
        continue
      }
      let session = try draft.parent.flatMap { try reader.record($0) }
      guard case .text = session?[.overrideReason] else {
        throw KitError(
          .safetyStop, "\(place) is not to be pressed: your profile says \(found.item)",
          hint: "\(.profile) shows the list; \(.loggingAllTheSame) logs it anyway")
      }
    }
  }

  /// The same spot more than three times a day.
  private func checkSpot(_ draft: Draft) throws {
    guard !notices.isSilent else { return }
    guard let spot = draft.reference(.spot), let parent = draft.parent.flatMap({ try? reader.record($0) }),
      let start = parent.moment(.startedAt)?.milliseconds
    else { return }
    let near = try records(
      .session,
      RecordFilter(since: start - Moment.millisecondsPerDay, until: start + Moment.millisecondsPerDay),
      fields: [.startedAt, .localDay]
    ).filter { try self.day(of: $0) == self.day(of: parent) }
    let others = try near.flatMap { try children(.bout, of: $0.id, fields: [.spot]) }
    let count = others.count { $0.id != draft.id && $0[.spot] == .reference(spot) } + 1
    if count > 3 {
      notices.add(.warning, "the \(ordinal(count)) time on that spot today: give it a rest until tomorrow")
    }
  }

  /// What the bouts take is not more than their session, by a tenth.
  private func checkLength(of session: Dot?, from start: Moment, to end: Moment, with seconds: Int64 = 0)
    throws
  {
    guard let session, !notices.isSilent else { return }
    let bouts = try children(.bout, of: session, fields: [.seconds])
    let total = bouts.reduce(seconds) { total, bout in
      total + (bout[.seconds].number(in: 0...1800) ?? 0)
    }
    let length = (end.milliseconds - start.milliseconds) / 1000
    if total > length + length / 10 {
      notices.add(
        .warning, "the bouts take \(DurationText.text(total)), the session only \(DurationText.text(length))")
    }
  }

  private func checkLength(_ draft: Draft, _ seconds: Int64) throws {
    guard !notices.isSilent else { return }
    guard let session = try draft.parent.flatMap({ try reader.record($0) }),
      let start = session.moment(.startedAt), let end = session.moment(.endedAt)
    else { return }
    try checkLength(of: session.id, from: start, to: end, with: seconds)
  }

  private func checkSurface(_ draft: Draft) throws {
    guard !notices.isSilent else { return }
    guard let surface = draft.text(.surface) else { return }
    if bytewiseEqual(surface, "wall"), let ball = draft.reference(.ball).flatMap({ try? reader.record($0) }),
      ball[.onRope] != .integer(1)
    {
      notices.add(.hint, "on a wall a ball on a rope stays where it is and need not be picked up")
    }
    if bytewiseEqual(surface, "floor"), try profile().floorIsFine == false {
      notices.add(
        .hint, "your profile says that the floor does not suit you: every target can be done on a wall")
    }
  }

  // MARK: Ratings

  private func checkPain(_ draft: Draft) throws {
    let isVisual = draft.text(.scale).map { bytewiseEqual($0, "vas100") } ?? false
    let score = draft.number(.score) ?? 0
    if !isVisual, score > 10 { _ = try FieldDescription.rating(String(score), "score") }
    try checkPair(draft)
    guard draft.id == nil || draft.writes(.score) else { return }
    try checkWeek(draft)
    guard !isVisual, !notices.isSilent, (0...10).contains(score) else { return }
    if score >= Catalogue.severeScore {
      notices.add(.hint, "that is severe: \(.safetyCheck) asks for the signs that need a doctor")
    } else if let at = draft.moment(.at), let site = draft.text(.site) {
      let day = try records(
        .pain,
        RecordFilter(since: at.milliseconds - Moment.millisecondsPerDay, until: at.milliseconds, limit: 50),
        fields: [.site, .scale, .score])
      let lowest = day.compactMap { rating -> Int64? in
        guard rating.id != draft.id, rating[.site] == .text(site), rating[.scale] != .text("vas100"),
          let score = rating.rating(.score)
        else { return nil }
        return score
      }.min()
      if let lowest, score - lowest >= 3 {
        notices.add(
          .hint,
          "\(score - lowest) points above the lowest rating of the 24 hours before (\(lowest)): \(.safetyCheck) asks for the signs that need a doctor"
        )
        try askOfSession(before: at)
      }
    }
  }

  /// Soreness on the next day is nothing unusual; more pain after a session is what a clinician wants to know of.
  private func askOfSession(before moment: Moment) throws {
    let now = moment.milliseconds
    let sessions = try records(
      .session, RecordFilter(since: now - 36 * Self.hour, until: now, limit: 1), fields: [.adverse])
    guard let session = sessions.first, session[.adverse] == .null else { return }
    notices.add(.hint, "if that came from your last session: \(.adverse, of: shortID(session.id))")
  }

  /// Words that point to a sign are answered at once.
  private func checkTellingWords(_ draft: Draft) {
    let words = draft.written.filter { $0.value == .present }.keys.compactMap(SafetyChecklist.tellingWord)
    guard let word = words.min() else { return }
    notices.add(.hint, "\(word) can be a sign that needs a doctor: \(.safetyCheck) asks for those signs")
  }

  /// What is compared before and after a session is of one place and one scale.
  private func checkPair(_ draft: Draft) throws {
    guard !notices.isSilent else { return }
    guard draft.id == nil || draft.writes(.site, .side, .scale, .context), let parent = draft.parent,
      let opposite = draft.text(.context).flatMap({ ["before": "after", "after": "before"][$0] })
    else { return }
    let others = try children(.pain, of: parent, fields: [.context, .site, .side, .scale]).filter {
      $0.id != draft.id && $0[.context] == .text(opposite)
    }
    let isPaired = others.contains { other in
      [FieldKey.site, .side, .scale].allSatisfy { other[$0] == draft[$0] }
    }
    if !others.isEmpty, !isPaired {
      notices.add(
        .warning, "the rating \(opposite) this session is of another place: the two are not compared")
    }
  }

  /// A rating around a session is made within 30 minutes of it, else it is one like any other.
  func context(_ wanted: String, at: Moment, around session: StoredRecord) -> String {
    guard let start = session.moment(.startedAt)?.milliseconds else { return wanted }
    let end = session.moment(.endedAt)?.milliseconds ?? start
    let half = Self.hour / 2
    let isNear =
      switch wanted {
      case "before": (start - half...start + 120_000).contains(at.milliseconds)
      case "after": at.milliseconds >= start && at.milliseconds <= max(end, start) + half
      default: true
      }
    if isNear { return wanted }
    notices.add(
      .warning, "rated over half an hour from the session: kept as spontaneous, not as \(wanted)")
    return "spontaneous"
  }

  /// A rating of a whole week is asked for once.
  private func checkWeek(_ draft: Draft) throws {
    guard draft.id == nil, !notices.isSilent, draft[.context] == .text("past-week"),
      let at = draft.moment(.at)
    else { return }
    try warnOfSameWeek(.pain, at, [.context, .site, .side]) { other in
      [FieldKey.context, .site, .side].allSatisfy { other[$0] == draft[$0] }
    }
  }

  private func warnOfSameWeek(
    _ type: RecordType, _ at: Moment, _ fields: Set<FieldKey>, _ isSame: (StoredRecord) -> Bool
  ) throws {
    let day = try day(of: at)
    let week = day.adding(-day.weekday)
    let near = try records(
      type,
      RecordFilter(
        since: at.milliseconds - 8 * Moment.millisecondsPerDay,
        until: at.milliseconds + 8 * Moment.millisecondsPerDay),
      fields: fields.union([.at, .localDay]))
    guard try near.contains(where: { try isSame($0) && (week..<week.adding(7)).contains(self.day(of: $0)) })
    else { return }
    notices.add(.warning, "this week is already rated: one rating covers all of it")
  }

  // MARK: The rest

  private func checkAssessment(_ draft: Draft) throws {
    if draft.text(.kind).map({ bytewiseEqual($0, "peg") }) ?? false {
      let items = [FieldKey.pain, .enjoyment, .activity].filter { draft.number($0) != nil }
      guard items.count == 3 else {
        throw KitError(
          .invalidValue, "a PEG has three answers: pain, enjoyment, activity", hint: "write \(.peg)")
      }
    } else if draft.text(.kind).map({ bytewiseEqual($0, "activity") }) ?? false {
      guard draft.number(.activity) != nil else {
        throw KitError(.invalidValue, "an assessment of activity has one answer, 0 to 10: activity")
      }
    } else {
      guard draft.number(.change) != nil else {
        throw KitError(.invalidValue, "a PGIC has one answer, 1 to 7: change")
      }
    }
    // How much the pain got in the way comes with a rating of a place, which says it.
    guard draft.id == nil, !notices.isSilent, draft[.kind] != .text("activity"), let at = draft.moment(.at)
    else { return }
    try warnOfSameWeek(.assessment, at, [.kind]) { $0[.kind] == draft[.kind] }
  }

  private func checkPlan(_ draft: Draft) throws {
    if let stored = draft.stored, draft.written.keys.contains(where: { bytewiseEqual($0.field, "slots") }),
      case .integer(let from) = stored[.fromDay],
      from < Int64(try today().day.number)
    {
      throw KitError(
        .invalidValue, "a plan's slots cannot change once it has begun: that would alter its past",
        hint: "\(.newPlan) begins a new one")
    }
    guard let from = draft.number(.fromDay), let until = draft.number(.untilDay) else { return }
    // A plan that is replaced on its first day ends the day before it.
    guard until >= from - 1 else {
      return try contradiction(KitError(.invalidValue, "a plan cannot end before it begins"))
    }
  }

  private func checkProfile(_ draft: Draft) throws {
    guard let start = draft.number(.dayStart) else { return }
    guard (0...720).contains(start) else {
      throw KitError(.invalidValue, "a day begins between 00:00 and 12:00")
    }
  }
}

func ordinal(_ number: Int) -> String {
  switch (number % 10, number % 100) {
  case (1, let last) where last != 11: "\(number)st"
  case (2, let last) where last != 12: "\(number)nd"
  case (3, let last) where last != 13: "\(number)rd"
  default: "\(number)th"
  }
}
