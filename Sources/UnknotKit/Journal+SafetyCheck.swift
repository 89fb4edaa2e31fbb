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
      try session.standingCheck().map { StandingSign(tier: $0.tier, check: try session.show($0.check)) }
    }
  }

  /// A sign that a later check did not find any more, and that no doctor has examined, as far as was said; nil: there is none, or
  /// it was found more than six weeks ago. Not to be taken for cleared: who asks a doctor about it does well.
  public func unexaminedSign() throws(KitError) -> StandingSign? {
    let first = now.milliseconds - JournalTransaction.longestLookedBack
    return try read { session in
      // One that stands is told of by itself.
      let checks = try SafetyChecks(session)
      guard try checks.standing() == nil, let sign = try checks.unexamined(since: first) else { return nil }
      return StandingSign(tier: sign.tier, check: try session.show(sign.check))
    }
  }

  /// What a press was stopped for since the newest check, or ever where there is none; nil: none was.
  public func stopSignSinceCheck() throws(KitError) -> String? {
    try read { session in
      let last = try session.records(.check, RecordFilter(limit: 1), fields: [.at]).first?.moment(.at)
      return try session.stopSign(since: last?.milliseconds ?? .min)
    }
  }

  /// Why nobody should be sent to the ball now, in words; nil: nothing speaks against it.
  public func reasonNotToPress() throws(KitError) -> String? {
    if let sign = try standingSign() { return "a safety check found a sign: \(sign.tier.advice)" }
    if let sign = try stopSignSinceCheck() { return "a press was stopped for \(Words.stopSignName(sign))" }
    if try hasHurtTooMuchToday() {
      return "a press was stopped today because it hurt too much: leave it for today"
    }
    let now = self.now.milliseconds
    return try read { session in
      let last = try session.records(.check, RecordFilter(limit: 1), fields: [.at]).first?.moment(.at)
      let (since, check) = (now - JournalTransaction.day, last?.milliseconds ?? .min)
      let ratings = try session.records(
        .pain, RecordFilter(since: since, limit: 200), fields: [.at, .score, .scale, .context])
      for rating in ratings where rating[.scale] != .text("vas100") && rating[.context] != .text("past-week")
      {
        guard let score = rating.rating(.score), score >= Catalogue.severeScore,
          let at = rating.moment(.at)?.milliseconds, at > since,
          at > check || session.wasWritten(.score, of: rating, after: check)
        else { continue }
        return "a rating of \(score) is severe"
      }
      return nil
    }
  }

  /// The one place that keeps somebody from the ball. Beginning and resuming a guided session ask it themselves; ask it before
  /// anything that leads to one.
  ///
  /// - Parameter despiteWarning: the person knows of it. After a sign of an emergency, that does not count.
  /// - Throws: `KitError` of the kind `safetyStop`, with what there is to do.
  public func stopIfUnsafe(despiteWarning: Bool) throws(KitError) {
    let sign = try standingSign()
    guard !despiteWarning || sign?.tier == .emergency, let reason = try reasonNotToPress() else { return }
    let anyway: Advice = "to begin anyway: \(.despiteSigns)"
    if let sign {
      let gone: Advice =
        "it is record \(sign.check.shortID); if the signs are gone: \(.safetyCheckWithoutSigns)"
      throw KitError(.safetyStop, reason, hint: sign.tier == .emergency ? gone : "\(gone); \(anyway)")
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
        if bouts.contains(where: { $0.createdAt > now - 86_400_000 && $0[.stopSign] == .text("discomfort") })
        {
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
      guard let last = try session.lastCheck() else { return "no check so far" }
      if let pointer = try session.signPointer(since: last, now: now) { return pointer }
      if now - last > 42 * JournalTransaction.day, try !session.openEpisodes().isEmpty {
        return "an episode is open; no check for six weeks"
      }
      return nil
    }
  }

  /// What was recorded since the last check, or ever where there is none, and may be a sign that needs a doctor, in words;
  /// nil: nothing was.
  public func signPointer() throws(KitError) -> String? {
    let now = self.now.milliseconds
    return try read { session in try session.signPointer(since: try session.lastCheck(), now: now) }
  }
}

extension JournalTransaction {
  func standingCheck() throws -> (tier: SafetyChecklist.Tier, check: Dot)? {
    try SafetyChecks(self).standing()
  }

  static let day: Int64 = 86_400_000
  /// What is older says nothing of today, and what was written about it is not looked for.
  fileprivate static let longestLookedBack = 42 * day

  fileprivate func lastCheck() throws -> Int64? {
    try records(.check, RecordFilter(limit: 1), fields: [.at]).first?.moment(.at)?.milliseconds
  }

  fileprivate func signPointer(since check: Int64?, now: Int64) throws -> String? {
    let last = check ?? .min
    if let sign = try stopSign(since: last) {
      return "a press was stopped for \(Words.stopSignName(sign)) since the check"
    }
    if check != nil, try openEpisodes().contains(where: { $0.createdAt > last }) {
      return "a new episode since the last check"
    }
    let first = now - Self.longestLookedBack
    let ratings = try records(
      .pain, RecordFilter(since: first, limit: 1000),
      fields: [.at, .score, .scale, .site, .tags, .quality, .context])
    if let rise = rise(in: ratings, since: last) { return rise }
    for rating in ratings {
      if let word = tellingWord(in: rating, since: last) {
        return word == "tingling"
          ? "tingling was rated since the check" : "a rating was tagged \(word) since the check"
      }
    }
    for session in try records(.session, RecordFilter(since: first, limit: 1000), fields: [.tags]) {
      if let word = tellingWord(in: session, since: last) {
        return "a session was tagged \(word) since the check"
      }
    }
    return nil
  }

  private func rise(in ratings: [StoredRecord], since last: Int64) -> String? {
    let scores = ratings.compactMap {
      rating -> (at: Int64, isNew: Bool, site: Value, score: Int64, isOfWeek: Bool)? in
      guard let at = rating.moment(.at), let score = rating.rating(.score), rating[.scale] != .text("vas100")
      else { return nil }
      let isNew = at.milliseconds > last || wasWritten(.score, of: rating, after: last)
      return (
        at.milliseconds, isNew, rating[.site], score, rating[.context] == .text(Catalogue.pastWeek)
      )
    }
    for (index, rating) in scores.enumerated() where rating.isNew {
      if rating.score >= Catalogue.severeScore { return "a rating of \(rating.score) since the check" }
      if rating.isOfWeek { continue }
      let day = scores[index...].prefix { rating.at - $0.at <= Self.day }
      if let lowest = day.filter({ $0.site == rating.site && !$0.isOfWeek }).map(\.score).min(),
        rating.score - lowest >= 3
      {
        return "since the check, the pain rose by \(rating.score - lowest) within a day"
      }
    }
    return nil
  }

  /// Also where it is about an earlier time, or was corrected.
  fileprivate func wasWritten(_ field: FieldKey, of record: StoredRecord, after time: Int64) -> Bool {
    record.fields[FieldName(field)]?.entries.contains { $0.recordedAt > time } ?? false
  }

  /// When the word was written counts: it may be about an older record.
  private func tellingWord(in record: StoredRecord, since last: Int64) -> String? {
    record.fields.compactMap { name, field in
      field.visible != .removed && field.entries.contains { $0.recordedAt > last }
        ? SafetyChecklist.tellingWord(name) : nil
    }.min()
  }

  /// Of the latest sessions: too much discomfort is not among them, which only asks for less pressure.
  fileprivate func stopSign(since time: Int64) throws -> String? {
    for session in try records(.session, RecordFilter(limit: 100), fields: []) {
      for bout in try children(.bout, of: session.id, fields: [.stopSign])
      where wasWritten(.stopSign, of: bout, after: time) {
        if let sign = bout.text(.stopSign), sign != "discomfort" { return sign }
      }
    }
    return nil
  }
}
