import UnknotEngine

extension Journal {
  /// What to work on: targets in order, with reasons.
  ///
  /// - Parameter place: where it hurts; nil: where the latest rating of the lower back says.
  public func suggest(_ place: PlaceText? = nil) throws(KitError) -> (
    site: String, side: String?, ranked: [Suggestion], left: [(target: String, reason: String)]
  ) {
    let now = self.now
    return try read { session in
      let site = place?.place ?? Catalogue.defaultSite
      let latest = try session.latestRating(of: site)
      let profile = try session.profile()
      var input = SuggestionInput(
        site: site, side: try place == nil ? session.latestSide(of: site) : place?.side)
      if let latest, now.milliseconds - latest.at <= Moment.millisecondsPerDay { input.rating = latest.score }
      input.floorIsFine = profile.floorIsFine
      input.arm = try session.surfaceOfTrial()
      input.preferredSurface = profile.preferredSurface
      input.contraindications = profile.contraindications
      input.history = try session.targetHistories(site: site)
      let (ranked, left) = Suggester.suggest(input)
      return (site, input.side, ranked, left)
    }
  }
}

extension JournalTransaction {
  /// The newest rating of a site at a moment, on the 0–10 scale.
  func latestRating(of site: String) throws -> (score: Int, at: Int64)? {
    let fields: Set<FieldKey> = [.site, .scale, .score, .at, .context]
    for record in try records(.pain, RecordFilter(limit: 200), fields: fields) {
      guard record[.site] == .text(site), record[.scale] != .text("vas100"),
        record[.context] != .text(Catalogue.pastWeek), let score = record.rating(.score),
        let at = record.moment(.at)
      else { continue }
      return (Int(score), at.milliseconds)
    }
    return nil
  }

  /// The side of the newest rating of a site that names one: a check-in without a side says nothing of it.
  func latestSide(of site: String) throws -> String? {
    for record in try records(.pain, RecordFilter(limit: 200), fields: [.site, .side])
    where record[.site] == .text(site) {
      if let side = record.text(.side) { return side }
    }
    return nil
  }

  /// What the person's latest thousand sessions and all spots say of each target.
  func targetHistories(site: String) throws -> [String: TargetHistory] {
    var histories: [String: TargetHistory] = [:]
    let repeats = try repeats(of: .session)
    var sessions: [(time: Int64, id: Dot)] = []
    try reader.scan(RecordType.session.name, fields: []) { sessions.append(($0.time, $0.id)) }
    let latest = sessions.sorted { ($0.time, $0.id) < ($1.time, $1.id) }.suffix(1000).map(\.id)
    let fields: [FieldName] = [
      FieldName(.target), FieldName(.outcome), FieldName(.referredTo, key: site), FieldName(.discomfortStart),
      FieldName(.discomfortEnd), FieldName(.release),
    ]
    let pressed = Set(latest.filter { !repeats.contains($0) })
    try reader.scan(RecordType.bout.name, fields: fields, of: pressed) { bout in
      let values = bout.values
      guard case .text(let target) = values[0], values[1] != BoutOutcome.skipped.value else { return }
      var own = histories[target] ?? TargetHistory()
      if values[2] != .null, values[2] != .removed { own.feltThere += 1 }
      if let start = values[3].number(in: 0...10), let end = values[4].number(in: 0...10) {
        own.measured += 1
        own.relief += Int(start - end)
      }
      if case .text(let release) = values[5], !bytewiseEqual(release, "none") { own.released += 1 }
      histories[target] = own
    }
    for spot in try records(.spot, fields: [.target, .state, .feltIn]) {
      guard case .text(let target) = spot[.target], spot[.state] != .text("retired"),
        spot.members(of: .feltIn).contains(where: { bytewiseEqual($0.key, site) })
      else { continue }
      histories[target, default: TargetHistory()].feltThere += 1
    }
    return histories
  }
}
