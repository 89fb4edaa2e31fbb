import UnknotEngine

/// What was recorded and may be a sign that needs a doctor, and that no safety check has answered: nobody who made one knew of it.
/// Which clock was ahead does not matter.
struct UnansweredSigns {
  /// What is older says nothing of today, and what was written about it is not looked for.
  static let longestLookedBack = 42 * Moment.millisecondsPerDay

  private let session: JournalTransaction
  private let checks: SafetyChecks
  private let now: Int64

  init(_ session: JournalTransaction) throws {
    self.session = session
    checks = try SafetyChecks(session)
    now = session.journal.nowMilliseconds
  }

  /// What a press was stopped for, of the latest sessions: too much discomfort is not among them, which only asks for less
  /// pressure.
  func stopSign() throws -> String? {
    for record in try session.records(.session, RecordFilter(limit: 100), fields: [.startedAt]) {
      for bout in try session.children(.bout, of: record.id, fields: [.stopSign]) {
        let sign = try unanswered(.stopSign, of: bout, at: record.moment(.startedAt)).compactMap(\.text).first
        { $0 != "discomfort" }
        if let sign { return sign }
      }
    }
    return nil
  }

  /// A severe rating of the last day.
  func severeScore() throws -> Int64? {
    let since = now - Moment.millisecondsPerDay
    let ratings = try session.records(
      .pain, RecordFilter(since: since, limit: 200), fields: [.at, .score, .scale, .context])
    for rating in ratings where rating[.context] != .text(Catalogue.pastWeek) {
      guard let at = rating.moment(.at)?.milliseconds, at > since, let score = try newScore(of: rating),
        score >= Catalogue.severeScore
      else { continue }
      return score
    }
    return nil
  }

  /// In words; what is said to be new came after the check, if there is one.
  func pointer() throws -> String? {
    if let sign = try stopSign() {
      return "a press was stopped for \(Words.stopSignName(sign)) since the check"
    }
    if !checks.isEmpty,
      try session.openEpisodes().contains(where: { try !checks.answer($0.id, of: $0.createdAt) })
    {
      return "a new episode since the last check"
    }
    let first = now - Self.longestLookedBack
    let ratings = try session.records(
      .pain, RecordFilter(since: first, limit: 1000),
      fields: [.at, .score, .scale, .site, .tags, .quality, .context])
    if let rise = try rise(in: ratings) { return rise }
    for rating in ratings {
      if let word = try tellingWord(in: rating, at: rating.moment(.at)) {
        return word == "tingling"
          ? "tingling was rated since the check" : "a rating was tagged \(word) since the check"
      }
    }
    for record in try session.records(
      .session, RecordFilter(since: first, limit: 1000), fields: [.startedAt, .tags])
    {
      if let word = try tellingWord(in: record, at: record.moment(.startedAt)) {
        return "a session was tagged \(word) since the check"
      }
    }
    return nil
  }

  private func rise(in ratings: [StoredRecord]) throws -> String? {
    let scores = ratings.compactMap {
      rating -> (rating: StoredRecord, at: Int64, score: Int64, isOfWeek: Bool)? in
      guard let at = rating.moment(.at)?.milliseconds, let score = rating.rating(.score),
        rating[.scale] != .text("vas100")
      else { return nil }
      return (rating, at, score, rating[.context] == .text(Catalogue.pastWeek))
    }
    for (index, new) in scores.enumerated() {
      guard let score = try newScore(of: new.rating) else { continue }
      if score >= Catalogue.severeScore { return "a rating of \(score) since the check" }
      if new.isOfWeek { continue }
      let day = scores[index...].prefix { new.at - $0.at <= Moment.millisecondsPerDay }
      let before = day.filter { $0.rating[.site] == new.rating[.site] && !$0.isOfWeek }
      if let lowest = before.map(\.score).min(), new.score - lowest >= 3 {
        return "since the check, the pain rose by \(new.score - lowest) within a day"
      }
    }
    return nil
  }

  /// The greatest that is not decided against; nil: all was answered.
  private func newScore(of rating: StoredRecord) throws -> Int64? {
    guard rating[.scale] != .text("vas100") else { return nil }
    return try unanswered(.score, of: rating, at: rating.moment(.at))
      .compactMap { $0.number(in: 0...10) }.max()
  }

  /// It may have been written later than its record.
  private func tellingWord(in record: StoredRecord, at moment: Moment?) throws -> String? {
    try record.fields.compactMap { name, field -> String? in
      guard field.visible != .removed, let word = SafetyChecklist.tellingWord(name) else { return nil }
      return try isUnanswered(field, at: moment) ? word : nil
    }.min()
  }

  /// Of values that are not decided between, each may be the sign.
  private func unanswered(_ key: FieldKey, of record: StoredRecord, at moment: Moment?) throws -> [Value] {
    let name = FieldName(key)
    guard let field = record.fields[name] else { return [] }
    if field.isInConflict,
      let conflict = try session.reader.conflict(ConflictKey(record: record.id, field: name))
    {
      return try conflict.candidates.filter {
        try !checks.answer($0.id, of: moment?.milliseconds ?? $0.recordedAt)
      }.map(\.value)
    }
    return try isUnanswered(field, at: moment) ? [field.visible] : []
  }

  private func isUnanswered(_ field: StoredField, at moment: Moment?) throws -> Bool {
    try field.entries.contains { try !checks.answer($0.dot, of: moment?.milliseconds ?? $0.recordedAt) }
  }
}
