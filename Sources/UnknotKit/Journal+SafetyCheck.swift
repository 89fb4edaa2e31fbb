import UnknotEngine

/// A safety check after which somebody should see a doctor first.
public struct StandingSign: Sendable {
  /// `.emergency`: nothing is guided; or `.urgent`: whoever knows that may go on.
  public let tier: SafetyChecklist.Tier
  /// Its record.
  public let check: JournalRecord
}

extension Journal {
  /// Records that the safety questions were answered, and what came of it.
  ///
  /// - Parameters:
  ///   - answers: ids of the checklist's items that are so; empty: none is. They are kept only where the profile says so.
  ///   - examined: whether a doctor has examined the sign that stood before: it is asked where none is there any more, and a
  ///     clinician reads it. Nil: not said.
  /// - Throws: of the kind `usage` where it is said of a sign that is there.
  public func recordCheck(
    _ answers: [String], examined: Bool? = nil
  ) throws(KitError) -> (written: Written, outcome: SafetyChecklist.Tier?) {
    guard examined == nil || answers.isEmpty else {
      throw KitError(
        .usage, "a sign is there: what a doctor has examined is asked once it is gone",
        hint: "record the signs alone")
    }
    let checklist = SafetyChecklist.current
    let words = WordList(name: "sign", words: checklist.items.map(\.id))
    var checked: [String] = []
    for answer in answers { checked.append(try words.check(answer)) }
    let outcome = checklist.outcome(of: checked)
    let now = self.now
    let written = try write("check") { session in
      var fields: [FieldName: Value] = [
        FieldName(.at): now.value, FieldName(.precision): .text("exact"),
        FieldName(.checklistVersion): .integer(Int64(checklist.version)),
        FieldName(.outcome): .text(outcome?.rawValue ?? "clear"),
      ]
      if let examined { fields[FieldName(.examined)] = .integer(examined ? 1 : 0) }
      if try session.profile().keepsAnswers {
        for id in checked { fields[FieldName(.items, key: id)] = .present }
      }
      return try session.written([try session.create(.check, fields)])
    }
    return (written, outcome)
  }

  /// The worst that a check has found since one that found nothing. It stands until a check without any sign: that fewer are
  /// named later does not mean that it is gone.
  public func standingSign() throws(KitError) -> StandingSign? {
    try read { session in
      try SafetyChecks(session).standing().map {
        StandingSign(tier: $0.tier, check: try session.show($0.check))
      }
    }
  }

  /// A sign that a later check did not find any more, and that no doctor has examined, as far as was said; nil: there is none, or
  /// it was found more than six weeks ago. Not to be taken for cleared: who asks a doctor about it does well.
  public func unexaminedSign() throws(KitError) -> StandingSign? {
    let first = now.milliseconds - UnansweredSigns.longestLookedBack
    return try read { session in
      // One that stands is told of by itself.
      let checks = try SafetyChecks(session)
      guard try checks.standing() == nil, let sign = try checks.unexamined(since: first) else { return nil }
      return StandingSign(tier: sign.tier, check: try session.show(sign.check))
    }
  }

  /// What a press was stopped for that no check has answered; nil: none was.
  public func unansweredStopSign() throws(KitError) -> String? {
    try read { session in try UnansweredSigns(session).stopSign() }
  }

  /// Why nobody should be sent to the ball now, in words; nil: nothing speaks against it.
  public func reasonNotToPress() throws(KitError) -> String? {
    if let sign = try standingSign() { return "a safety check found a sign: \(sign.tier.advice)" }
    if let sign = try unansweredStopSign() { return "a press was stopped for \(Words.stopSignName(sign))" }
    if try hasHurtTooMuchToday() {
      return "a press was stopped today because it hurt too much: leave it for today"
    }
    return try read { session in
      try UnansweredSigns(session).severeScore().map { "a rating of \($0) is severe" }
    }
  }

  /// The one place that keeps somebody from the ball. Beginning and resuming a guided session ask it themselves; ask it before
  /// anything that leads to one.
  ///
  /// - Parameters:
  ///   - despiteWarning: the person knows of it. After a sign of an emergency, that does not count.
  ///   - end: how a session that was begun before can be ended; nil: none was.
  /// - Throws: `KitError` of the kind `safetyStop`, with what there is to do.
  public func stopIfUnsafe(despiteWarning: Bool, toEnd end: Advice.Way? = nil) throws(KitError) {
    let sign = try standingSign()
    guard !despiteWarning || sign?.tier == .emergency, let reason = try reasonNotToPress() else { return }
    let ending: Advice? = end.map { "to end the session that was begun: \($0)" }
    let anyway: Advice =
      ending.map { "to go on anyway: \(.despiteSigns); \($0)" } ?? "to begin anyway: \(.despiteSigns)"
    if let sign {
      let gone: Advice =
        "it is record \(sign.check.shortID); if the signs are gone: \(.safetyCheckWithoutSigns)"
      let ends = ending.map { "\(gone); \($0)" as Advice } ?? gone
      throw KitError(.safetyStop, reason, hint: sign.tier == .emergency ? ends : "\(gone); \(anyway)")
    }
    throw KitError(
      .safetyStop, "no ball for now: \(reason)",
      hint: try hasHurtTooMuchToday() ? anyway : "if there is no sign: \(.safetyCheckWithoutSigns); \(anyway)"
    )
  }

  /// A press of today was stopped because it hurt too much. That is no sign, and no check ends it: the day does.
  public func hasHurtTooMuchToday() throws(KitError) -> Bool {
    let now = self.now.milliseconds
    return try read { session in
      let today = try session.today().day
      for record in try session.records(.session, RecordFilter(limit: 20), fields: [.startedAt, .localDay])
      where try session.day(of: record) == today {
        let bouts = try session.children(.bout, of: record.id, fields: [.stopSign])
        if bouts.contains(where: {
          $0.createdAt > now - Moment.millisecondsPerDay && $0[.stopSign] == .text("discomfort")
        }) {
          return true
        }
      }
      return false
    }
  }

  /// Why the safety questions should be asked now; nil: they need not.
  public func safetyCheckReason() throws(KitError) -> String? {
    let now = self.now.milliseconds
    return try read { session in
      let newest = try session.records(.check, RecordFilter(limit: 1), fields: [.at]).first
      guard let last = newest?.moment(.at)?.milliseconds else { return "no check so far" }
      if let pointer = try UnansweredSigns(session).pointer() { return pointer }
      if now - last > 42 * Moment.millisecondsPerDay, try !session.openEpisodes().isEmpty {
        return "an episode is open; no check for six weeks"
      }
      return nil
    }
  }

  /// What was recorded and may be a sign that needs a doctor, and no check has answered, in words; nil: nothing was.
  public func signPointer() throws(KitError) -> String? {
    try read { session in try UnansweredSigns(session).pointer() }
  }
}
