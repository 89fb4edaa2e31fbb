import UnknotEngine

/// What somebody who is asked for advice wants to know within a minute.
public struct ClinicianFigures: Sendable {
  /// One week's PEG: pain, enjoyment of life and general activity, each rated 0–10.
  public struct PEG: Sendable {
    /// The local day of the assessment.
    public let day: LocalDay
    /// Mean of the three, 0–10, not rounded.
    public let score: Double
  }

  /// What one safety check came to.
  public struct Check: Sendable {
    /// The local day of the check.
    public let day: LocalDay
    /// "clear", "routine", "urgent" or "emergency".
    public let outcome: String
    /// Of one without a sign: whether a doctor has examined the one before, as said in a check since then. Nil: not said.
    public let examined: Bool?
  }

  /// Something that went wrong in a session, or after it.
  public struct Adverse: Sendable {
    /// The session's local day.
    public let day: LocalDay
    /// As the session has it: "bruise", "more-pain", "nerve-sign", "dizzy" or "other"; or the sign that a press was stopped for, a
    /// word of `Words.stopSigns`; or "stopped", where none was said.
    public let kind: String
    /// Whether a press was stopped for it.
    public let isStop: Bool
  }

  /// How long one muscle was pressed on one side.
  public struct Pressed: Sendable {
    /// A word of `Catalogue.targets`.
    public let target: String
    /// "left", "right" or "midline"; nil: not said.
    public let side: String?
    /// Of the bouts in the range.
    public let minutes: Double
  }

  /// The days that were asked for; both ends are set, also where they were not said.
  public let range: FigureRange
  /// The person's local day on which this was computed.
  public let today: LocalDay
  /// The last four weeks, or the range.
  public let weeks: WeekFigures.Week
  /// The four weeks before those.
  public let before: WeekFigures.Week
  /// The newest episode.
  public let episode: EpisodeFigures.Row?
  /// How many episodes of the site began before `episode`, however long ago.
  public let earlierEpisodes: Int
  /// Over `range`, with the slots up to today.
  public let adherence: AdherenceFigures
  /// Over `range`.
  public let effect: EffectFigures
  /// The last six up to the end of `range`, the oldest first; also those from before it begins.
  public let peg: [PEG]
  /// Ratings of a whole week, 0–10, each with the day on which it was given: the last six up to the end of `range`, the oldest
  /// first; also those from before it begins.
  public let weekRatings: [DatedRating]
  /// How often the person is asked now.
  public let checkIn: CheckInFrequency
  /// The newest one up to the end of `range`, also from before it begins; nil: none was made.
  public let check: Check?
  /// A sign that stands now, whatever the range: nobody has said that it is gone.
  public let standing: SafetyChecklist.Tier?
  /// What checks in `range` came to that was not clear, and how often: a later one without a sign does not undo them.
  public let signs: [(word: String, count: Int)]
  /// Which signs those were, where the person has them kept (`Profile.keepsAnswers`): words of the checklist, and how often.
  public let namedSigns: [(word: String, count: Int)]
  /// Of the sessions in `range`, in the order of time.
  public let adverse: [Adverse]
  /// Sessions in `range` that the person has tagged with a word that begins with "adverse", in the order of time.
  public let tagged: [(word: String, day: LocalDay)]
  /// The longest first.
  public let pressed: [Pressed]
  /// How the pain felt, as ratings of the site in `range` say, and how many of them; the commonest first.
  public let qualities: [(word: String, count: Int)]
  /// What made it worse, likewise.
  public let aggravations: [(word: String, count: Int)]
  /// The highest rating of the worst pain of a day ("worst24") in `range`: it is no rating of a moment, and in no median. Nil: none.
  public let worst: DatedRating?
  /// On which side it hurt, as ratings of the site in `range` say, and how many of them; the commonest first.
  public let sides: [(word: String, count: Int)]
  /// Other places that were rated in `range`, each with its side ("knee/left"), how often, and the highest rating; the commonest first.
  public let elsewhere: [(word: String, count: Int, highest: Int)]
  /// How it felt at those other places; the commonest first.
  public let qualitiesElsewhere: [(word: String, count: Int)]
  /// The last seven days of `weeks`, where those are more.
  public let lastDays: WeekFigures.Week?
  /// Medicines that were logged in `range`, by their labels with the amount ("ibuprofen 400 mg"), and how often; the commonest
  /// first.
  public let medications: [(word: String, count: Int)]
  /// What the profile says now, each as it is written there: "fracture/low-back/left".
  public let contraindications: [String]
  /// Over `range`; duplicates and conflicts are those of the whole journal.
  public let quality: QualityFigures
}

extension Journal {
  /// Sums up the log for an appointment.
  ///
  /// - Parameter range: without a first day, the last 28 days up to its end or to today.
  /// - Throws: of the kind `usage` where the range ends before it begins.
  public func clinician(_ range: FigureRange) throws(KitError) -> ClinicianFigures {
    let today = try read { try $0.today().day }
    let last = range.until ?? today
    let first = range.since ?? last.adding(-27)
    guard first <= last else { throw KitError(.usage, "the range ends before it begins") }
    var range = range
    (range.since, range.until) = (first, last)
    let adherence = try self.adherence(range)
    let effect = try self.effect(range)
    let quality = try self.quality(range)
    let length = last.number - first.number + 1
    return try read { session in
      let (episodes, count) = try session.episodeRows(FigureRange(until: last, site: range.site), newest: 1)
      return ClinicianFigures(
        range: range, today: today, weeks: try session.week(first...last, range.site),
        before: try session.week(first.adding(-length)...first.adding(-1), range.site),
        episode: episodes.last, earlierEpisodes: max(0, count - 1), adherence: adherence,
        effect: effect, peg: try session.pegScores(until: last).suffix(6),
        weekRatings: try session.lastWeekRatings(6, until: last, site: range.site).map {
          DatedRating(day: $0.day, score: $0.score)
        }, checkIn: try session.checkInFrequency().frequency,
        check: try session.lastCheck(until: last), standing: try SafetyChecks(session).standing()?.tier,
        signs: try session.signs(range), namedSigns: try session.namedSigns(range),
        adverse: try session.adverse(range),
        tagged: try session.taggedAdverse(range),
        pressed: try session.pressed(range),
        qualities: try session.members(of: .quality, range),
        aggravations: try session.members(of: .aggravatedBy, range),
        worst: try session.worst(range), sides: try session.sides(range),
        elsewhere: try session.elsewhere(range),
        qualitiesElsewhere: try session.members(of: .quality, range, elsewhere: true),
        lastDays: length > 7 ? try session.week(last.adding(-6)...last, range.site) : nil,
        medications: try session.medications(range),
        contraindications: try session.profile().contraindications.map(\.text), quality: quality)
    }
  }
}

extension JournalTransaction {
  /// What sessions say, and what presses were stopped for: each once for a session.
  fileprivate func adverse(_ range: FigureRange) throws -> [ClinicianFigures.Adverse] {
    let points = try sessionPoints(range)
    var counted: [Dot: Dot] = [:]
    for point in points { for id in [point.id] + point.repeats { counted[id] = point.id } }
    var stops: [Dot: Set<String>] = [:]
    let fields = [FieldKey.outcome, .stopSign].map { FieldName($0) }
    try reader.scan(RecordType.bout.name, fields: fields, of: Set(counted.keys)) {
      guard let session = $0.parent.flatMap({ counted[$0] }) else { return }
      if case .text(let sign) = $0.values[1] {
        stops[session, default: []].insert(sign)
      } else if $0.values[0] == BoutOutcome.stopped.value {
        stops[session, default: []].insert("stopped")
      }
    }
    return points.flatMap { point in
      let said = point.adverse.map { ClinicianFigures.Adverse(day: point.day, kind: $0, isStop: false) }
      return (said.map { [$0] } ?? [])
        + (stops[point.id] ?? []).sorted().map {
          ClinicianFigures.Adverse(day: point.day, kind: $0, isStop: true)
        }
    }
  }

  /// Who tags a session so means it, whatever the field says.
  fileprivate func taggedAdverse(_ range: FigureRange) throws -> [(word: String, day: LocalDay)] {
    let (since, until) = range.instants
    let sessions = try records(
      .session, RecordFilter(since: since, until: until), fields: [.tags, .localDay, .startedAt])
    return try sessions.reversed().flatMap { session -> [(word: String, day: LocalDay)] in
      let day = try day(of: session)
      guard range.contains(day) else { return [] }
      return session.members(of: .tags).filter {
        $0.key.lowercased().hasPrefix("adverse") && $0.value != .removed
      }
      .map { ($0.key, day) }
    }
  }

  fileprivate func pressed(_ range: FigureRange) throws -> [ClinicianFigures.Pressed] {
    let bouts = try boutPoints(try sessionPoints(range))
    return Dictionary(grouping: bouts) { [$0.target, $0.side] }.compactMap { key, bouts in
      key[0].map { target in
        ClinicianFigures.Pressed(
          target: target, side: key[1], minutes: Double(bouts.reduce(0) { $0 + $1.seconds }) / 60)
      }
    }.sorted { ($1.minutes, $0.target, $0.side ?? "") < ($0.minutes, $1.target, $1.side ?? "") }
  }

  /// How many ratings of the site say each word of that map.
  fileprivate func members(
    of field: FieldKey, _ range: FigureRange, elsewhere: Bool = false
  ) throws -> [(word: String, count: Int)] {
    let (since, until) = range.instants
    let repeats = try repeats(of: .pain, since: since, until: until)
    let ratings = try records(
      .pain, RecordFilter(since: since, until: until), fields: [.site, .localDay, .at, field])
    return Self.counted(
      try ratings.filter {
        try ($0[.site] == .text(range.site)) != elsewhere && !repeats.contains($0.id)
          && range.contains(day(of: $0))
      }.flatMap { $0.members(of: field).map(\.key) })
  }

  fileprivate func worst(_ range: FigureRange) throws -> DatedRating? {
    let (since, until) = range.instants
    return try records(
      .pain, RecordFilter(since: since, until: until),
      fields: [.site, .aspect, .scale, .score, .localDay, .at]
    ).compactMap { rating -> DatedRating? in
      guard rating[.site] == .text(range.site), rating[.aspect] == .text("worst24"),
        rating[.scale] != .text("vas100"), let score = rating.rating(.score)
      else { return nil }
      let day = try day(of: rating)
      return range.contains(day) ? DatedRating(day: day, score: Int(score)) : nil
    }.max { ($0.score, $1.day) < ($1.score, $0.day) }
  }

  /// Sides of the ratings that the page counts: of the pain at a moment.
  fileprivate func sides(_ range: FigureRange) throws -> [(word: String, count: Int)] {
    var sides: [String] = []
    try eachRating(range, inOrder: false) { if let side = $0.side { sides.append(side) } }
    return Self.counted(sides)
  }

  /// The places of other ratings.
  fileprivate func elsewhere(_ range: FigureRange) throws -> [(word: String, count: Int, highest: Int)] {
    let (since, until) = range.instants
    let repeats = try repeats(of: .pain, since: since, until: until)
    let ratings = try records(
      .pain, RecordFilter(since: since, until: until), fields: [.site, .side, .score, .scale, .localDay, .at])
    var highest: [String: Int] = [:]
    let places = try ratings.compactMap { rating -> String? in
      guard let site = rating.text(.site), !bytewiseEqual(site, range.site), !repeats.contains(rating.id),
        rating[.scale] != .text("vas100"), let score = rating.rating(.score),
        try range.contains(day(of: rating))
      else { return nil }
      let place = rating.text(.side).map { "\(site)/\($0)" } ?? site
      highest[place] = max(highest[place] ?? 0, Int(score))
      return place
    }
    return Self.counted(places).map { ($0.word, $0.count, highest[$0.word] ?? 0) }
  }

  fileprivate func medications(_ range: FigureRange) throws -> [(word: String, count: Int)] {
    let (since, until) = range.instants
    let repeats = try repeats(of: .factor, since: since, until: until)
    let factors = try records(
      .factor, RecordFilter(since: since, until: until),
      fields: [.kind, .label, .amount, .unit, .localDay, .at])
    return Self.counted(
      try factors.filter {
        try $0[.kind] == .text("medication") && !repeats.contains($0.id) && range.contains(day(of: $0))
      }.map { factor in
        [factor.text(.label) ?? "not named", factor.text(.amount), factor.text(.unit)].compactMap(\.self)
          .joined(separator: " ")
      })
  }

  private static func counted(_ words: [String]) -> [(word: String, count: Int)] {
    Dictionary(words.map { ($0, 1) }, uniquingKeysWith: +).map { ($0.key, $0.value) }
      .sorted { ($1.count, $0.word) < ($0.count, $1.word) }
  }

  /// The oldest first.
  fileprivate func pegScores(until last: LocalDay) throws -> [ClinicianFigures.PEG] {
    var scores: [ClinicianFigures.PEG] = []
    let names = ["pain", "enjoyment", "activity", "local_day", "kind", "at"].map { FieldName($0) }
    let repeats = try repeats(of: .assessment)
    try reader.scan(RecordType.assessment.name, fields: names) {
      guard !repeats.contains($0.id) else { return }
      let items = $0.values.prefix(3).compactMap { value -> Double? in
        if case .integer(let number) = value, (0...10).contains(number) { Double(number) } else { nil }
      }
      guard items.count == 3, $0.values[4] == .text("peg"), let score = Summary.mean(items) else { return }
      let day = try day(frozen: $0.values[3], time: $0.values[5], createdAt: $0.createdAt)
      if day <= last { scores.append(ClinicianFigures.PEG(day: day, score: score)) }
    }
    return scores
  }

  fileprivate func signs(_ range: FigureRange) throws -> [(word: String, count: Int)] {
    var found: [String] = []
    let fields = [FieldKey.outcome, .localDay, .at].map { FieldName($0) }
    try reader.scan(RecordType.check.name, fields: fields) {
      guard case .text(let outcome) = $0.values[0], outcome != "clear" else { return }
      let day = try day(frozen: $0.values[1], time: $0.values[2], createdAt: $0.createdAt)
      if range.contains(day) { found.append(outcome) }
    }
    return Self.counted(found)
  }

  fileprivate func namedSigns(_ range: FigureRange) throws -> [(word: String, count: Int)] {
    let (since, until) = range.instants
    let checks = try records(
      .check, RecordFilter(since: since, until: until), fields: [.items, .localDay, .at])
    return Self.counted(
      try checks.filter { try range.contains(day(of: $0)) }.flatMap { check in
        check.members(of: .items).filter { $0.value != .removed }.map(\.key)
      })
  }

  fileprivate func lastCheck(until last: LocalDay) throws -> ClinicianFigures.Check? {
    var found: ClinicianFigures.Check?
    var hasSign = false
    let fields = [FieldKey.outcome, .localDay, .at, .examined].map { FieldName($0) }
    try reader.scan(RecordType.check.name, fields: fields) {
      guard case .text(let outcome) = $0.values[0] else { return }
      let day = try day(frozen: $0.values[1], time: $0.values[2], createdAt: $0.createdAt)
      guard day <= last else { return }
      let said: Bool? = if case .integer(let flag) = $0.values[3] { flag != 0 } else { nil }
      if outcome != "clear" { hasSign = true }
      // Where there was no sign, nobody has examined one. What was said of one sign is not said of the next.
      let isAbout = outcome == "clear" && hasSign
      let examined = isAbout ? said ?? (found?.outcome == "clear" ? found?.examined : nil) : nil
      found = ClinicianFigures.Check(day: day, outcome: outcome, examined: examined)
    }
    return found
  }
}
