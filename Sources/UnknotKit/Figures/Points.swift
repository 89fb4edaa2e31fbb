import UnknotEngine

/// A rating as figures need it; on the 0–10 scale, of the pain now.
struct PainPoint {
  let id: Dot
  /// In ms.
  let time: Int64
  let day: LocalDay
  let score: Int
  let side: String?
  let context: String?
  let session: Dot?
  let isBackfilled: Bool
  let isApproximate: Bool
  /// In ms, by the clock of the device that made it.
  let recordedAt: Int64
}

struct SessionPoint {
  let id: Dot
  /// In ms.
  let start: Int64
  let end: Int64?
  let day: LocalDay
  let status: String?
  /// One that was left before anything was pressed is no session of a count; what went wrong in it is told all the same.
  var isPressed: Bool { status != SessionStatus.abandoned.rawValue }
  var adverse: String?
  let isBackfilled: Bool
  let recordedAt: Int64
  /// Sessions that are probably this one, recorded on another device.
  var repeats: [Dot] = []
  /// As when two devices have each changed one of the times.
  var endsBeforeItBegan = false
}

struct BoutPoint {
  let id: Dot
  var session: Dot
  let target: String
  let side: String?
  let seconds: Int
  let discomfortStart: Int?
  let discomfortEnd: Int?
  let spot: Dot?
  let referredTo: [String]
  /// Of a copy, what it was copied from.
  let origin: Value
  /// What copies of one bout in one session have in common.
  fileprivate var copyKey: [Value] { [.reference(session), origin] }

  /// As in `RecordType.fieldsOfOneInASession`.
  fileprivate var likeness: [AnyHashable] { [target, side, seconds] }
}

extension JournalTransaction {
  /// What was recorded later than half an hour after it was over was recorded from memory.
  private static var live: Int64 { 1_800_000 }

  /// - Parameter first: when an imported record was first recorded.
  private func isLate(_ record: ScannedRecord, end: Int64, first: Value) -> Bool {
    var recorded = record.createdAt
    if case .time(let at, _) = first { recorded = at }
    let (later, overflow) = recorded.subtractingReportingOverflow(end)
    return !overflow && later > Self.live
  }

  private func text(_ value: Value) -> String? { value.text }

  private func number(_ value: Value, in range: ClosedRange<Int64>) -> Int? {
    value.number(in: range).map { Int($0) }
  }

  /// Ratings of a site on the 0–10 scale of the pain now, the oldest first. Those of a whole week are not among them.
  ///
  /// - Parameter inOrder: false where any order will do.
  func eachRating(
    _ range: FigureRange, inOrder: Bool = true, _ body: (PainPoint) throws -> Void
  ) throws {
    let (since, until) = range.instants
    let repeats = try repeats(of: .pain, since: since, until: until)
    try eachRatingOfAnyTime(range, [.site: .equals(range.site)], inOrder: inOrder) {
      if $0.context != Catalogue.pastWeek, !repeats.contains($0.id) { try body($0) }
    }
  }

  /// Whether there is a rating of a day before that one, of whatever kind. The newest are looked at first, and no more than needed.
  func isRated(_ site: String, before day: LocalDay) throws -> Bool {
    var isRated = false
    let until = LocalDay.instants(from: nil, to: day.adding(-1)).until
    try reader.forEachRecord(in: RecordType.pain.name, RecordFilter(until: until)) {
      isRated = try $0[.site] == .text(site) && self.day(of: $0) < day
      return !isRated
    }
    return isRated
  }

  /// Ratings of a site and its past week on the 0–10 scale, the oldest first.
  func weekRatings(_ range: FigureRange) throws -> [PainPoint] {
    var ratings: [PainPoint] = []
    try eachRatingOfAnyTime(
      range, [.site: .equals(range.site), .context: .equals(Catalogue.pastWeek)], inOrder: true
    ) {
      ratings.append($0)
    }
    // To look for repeats takes longer than all else, and few ratings are of a week.
    guard let first = ratings.first else { return [] }
    let repeats = try repeats(of: .pain, since: first.time, until: range.instants.until)
    return ratings.filter { !repeats.contains($0.id) }
  }

  /// The last of them, the oldest first.
  ///
  /// - Parameter count: at most so many.
  func lastWeekRatings(_ count: Int, until last: LocalDay, site: String) throws -> ArraySlice<PainPoint> {
    // They are found among the newest, as a rule.
    let some = try weekRatings(FigureRange(since: last.adding(-70), until: last, site: site)).suffix(count)
    return some.count == count ? some : try weekRatings(FigureRange(until: last, site: site)).suffix(count)
  }

  /// What was recorded twice is twice among them.
  private func eachRatingOfAnyTime(
    _ range: FigureRange, _ conditions: [FieldKey: ScanCondition], inOrder: Bool,
    _ body: (PainPoint) throws -> Void
  ) throws {
    let fields: [FieldKey] = [
      .score, .scale, .side, .aspect, .context, .localDay, .precision, .firstRecordedAt,
      .at,
    ]
    let (since, until) = range.instants
    try reader.scan(
      RecordType.pain.name, fields: fields.map { FieldName($0) },
      where: Dictionary(uniqueKeysWithValues: conditions.map { (FieldName($0.key), $0.value) }), since: since,
      until: until, inOrder: inOrder
    ) {
      let values = $0.values
      guard values[8].moment != nil, let score = number(values[0], in: 0...10) else { return }
      guard values[1] == .null || values[1] == .text("nrs11"), values[3] == .null || values[3] == .text("now")
      else { return }
      let day = try day(frozen: values[5], time: values[8], createdAt: $0.createdAt)
      guard range.contains(day) else { return }
      try body(
        PainPoint(
          id: $0.id, time: $0.time, day: day, score: score, side: text(values[2]), context: text(values[4]),
          session: $0.parent, isBackfilled: isLate($0, end: $0.time, first: values[7]),
          isApproximate: values[6] != .null && values[6] != .text("exact"), recordedAt: $0.createdAt))
    }
  }

  /// The oldest first; running ones left out.
  func sessionPoints(_ range: FigureRange) throws -> [SessionPoint] {
    let fields: [FieldKey] = [
      .endedAt, .localDay, .status, .adverse, .firstRecordedAt, .startedAt,
    ]
    let (since, until) = range.instants
    let repeats = try repeats(of: .session, since: since, until: until)
    var (points, adverse) = ([SessionPoint](), [Dot: (id: Dot, kind: String)]())
    try reader.scan(
      RecordType.session.name, fields: fields.map { FieldName($0) }, since: since, until: until
    ) {
      let values = $0.values
      let day = try day(frozen: values[1], time: values[5], createdAt: $0.createdAt)
      guard range.contains(day), values[5].moment != nil, values[2] != SessionStatus.running.value else {
        return
      }
      if let counted = repeats.counted[$0.id] {
        // What went wrong is not left out; of several, for all devices the same one is told.
        if let kind = text(values[3]), (adverse[counted]?.id).map({ [id = $0.id] in id < $0 }) ?? true {
          adverse[counted] = ($0.id, kind)
        }
        return
      }
      let (start, ended) = ($0.time, values[0].moment?.milliseconds)
      let end = ended.flatMap { $0 >= start ? $0 : nil }
      points.append(
        SessionPoint(
          id: $0.id, start: $0.time, end: end, day: day, status: text(values[2]),
          adverse: text(values[3]), isBackfilled: isLate($0, end: end ?? $0.time, first: values[4]),
          recordedAt: $0.createdAt,
          repeats: repeats.uncounted[$0.id] ?? [], endsBeforeItBegan: ended != nil && end == nil))
    }
    for index in points.indices where points[index].adverse == nil {
      points[index].adverse = adverse[points[index].id]?.kind
    }
    return points
  }

  /// What was pressed in those sessions: skipped ones left out. Of their repeats, what they lack, as it would be if
  /// the two were merged.
  func boutPoints(_ sessions: [SessionPoint]) throws -> [BoutPoint] {
    let repeats = sessions.flatMap { session in session.repeats.map { (of: session.id, id: $0) } }
    let points = try bouts(of: Set(sessions.map(\.id) + repeats.map(\.id)))
    guard !repeats.isEmpty else { return points }
    // By their ids: for all devices the same.
    var ofSession = Dictionary(grouping: points.sorted { $0.id < $1.id }) { $0.session }
    for (session, id) in repeats {
      var unmatched = (ofSession[session] ?? []).reduce(into: [:]) { $0[$1.likeness, default: 0] += 1 }
      for var bout in ofSession.removeValue(forKey: id) ?? [] {
        if let count = unmatched[bout.likeness], count > 0 {
          unmatched[bout.likeness] = count - 1
        } else {
          bout.session = session
          ofSession[session, default: []].append(bout)
        }
      }
    }
    return sessions.flatMap { ofSession[$0.id] ?? [] }
  }

  private func bouts(of wanted: Set<Dot>) throws -> [BoutPoint] {
    guard !wanted.isEmpty else { return [] }
    let fields: [FieldKey] = [
      .target, .side, .seconds, .discomfortStart, .discomfortEnd, .spot, .outcome, .origin,
    ]
    let sites = Catalogue.sites.words
    let names = fields.map { FieldName($0) } + sites.map { FieldName(.referredTo, key: $0) }
    var points: [BoutPoint] = []
    try reader.scan(RecordType.bout.name, fields: names, of: wanted) {
      let values = $0.values
      guard let session = $0.parent, let target = text(values[0]),
        let seconds = number(values[2], in: 1...1800), values[6] != BoutOutcome.skipped.value
      else { return }
      var spot: Dot?
      if case .reference(let dot) = values[5] { spot = dot }
      let referred = zip(sites, values.dropFirst(fields.count)).filter { $0.1 != .null && $0.1 != .removed }
      points.append(
        BoutPoint(
          id: $0.id, session: session, target: target, side: text(values[1]), seconds: seconds,
          discomfortStart: number(values[3], in: 0...10), discomfortEnd: number(values[4], in: 0...10),
          spot: spot, referredTo: referred.map(\.0), origin: values[7]))
    }
    // Two devices that merged the same two sessions have each copied the same bouts.
    let copies = Dictionary(grouping: points.filter { $0.origin != .null }, by: \.copyKey).filter {
      $0.value.count > 1
    }
    guard !copies.isEmpty else { return points }
    let comparison = DuplicateComparison(.bout, reader, distinct: try distinctPairs())
    var counted: [[Value]: [DuplicateCandidate]] = [:]
    var left: Set<Dot> = []
    // By their ids: for all devices the same, and in the order in which each actor wrote.
    for point in copies.values.joined().sorted(by: { $0.id < $1.id }) {
      let copy = DuplicateCandidate(id: point.id, time: 0, likeness: [], origin: point.origin, weight: 0)
      try comparison.prepare(copy)
      let others = counted[point.copyKey] ?? []
      if try others.contains(where: { try comparison.canBeOne($0, copy) }) {
        left.insert(point.id)
      } else if others.count < DuplicateComparison.most {
        counted[point.copyKey, default: []].append(copy)
      }
    }
    return points.filter { !left.contains($0.id) }
  }
}
