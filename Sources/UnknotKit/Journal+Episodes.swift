import UnknotEngine

/// How long an episode has lasted (`Schema/facts.md`).
public enum EpisodeStage: String, Sendable {
  /// Less than six weeks.
  case acute
  /// Less than twelve weeks.
  case subacute
  /// Twelve weeks or longer.
  case persistent

  /// - Parameter days: since its onset.
  public init(days: Int) { self = days < 42 ? .acute : days < 84 ? .subacute : .persistent }
}

extension Journal {
  /// Opens an episode of pain; what is recorded from then on at that site belongs to it.
  public func openEpisode(
    _ place: PlaceText? = nil, onset: Moment? = nil, precision: String? = nil, trigger: String? = nil,
    firstEver: Bool? = nil
  ) throws(KitError) -> Written {
    try check(onset)
    let onset = onset ?? now
    return try write("episode open") { session in
      let place = try place ?? session.profile().usualPlace
      let site = place.place
      if let open = try session.openEpisode(at: onset, place) {
        throw KitError(
          .invalidValue, "an episode of \(site) is open already: \(session.shortID(open))",
          hint: "close it first, with \(.closeEpisode)")
      }
      var fields: [FieldName: Value] = [
        FieldName(.onset): onset.value, FieldName(.site): .text(site),
        FieldName(.precision): .text(try Words.precisions.check(precision ?? "exact")),
      ]
      if let side = place.side { fields[FieldName(.side)] = .text(side) }
      if let firstEver { fields[FieldName(.firstEver)] = .integer(firstEver ? 1 : 0) }
      fields.merge(try session.texts([(.trigger, trigger)])) { $1 }
      session.notices.add(
        .hint, "a new episode is a good time for \(.safetyCheck): it asks for the signs that need a doctor")
      return try session.written([try session.create(.episode, fields)])
    }
  }

  /// Closes the open episode, or the one of that id.
  public func closeEpisode(_ id: String? = nil, at: Moment? = nil) throws(KitError) -> Written {
    try check(at)
    let at = at ?? now
    return try write("episode close") { session in
      let record: StoredRecord
      if let id {
        record = try session.record(id, type: .episode)
      } else {
        let open = try session.openEpisodes()
        guard let only = open.first else { throw KitError(.notFound, "no episode is open") }
        guard open.count == 1 else {
          throw KitError(
            .notFound, "\(open.count) episodes are open",
            hint: "say which: \(open.map { session.shortID($0.id) }.joined(separator: " or "))")
        }
        guard let whole = try session.record(only.id) else { throw KitError(.notFound, "no episode is open") }
        record = whole
      }
      let changed = try session.edit(record, [FieldName(.endedAt): at.value])
      return try session.written(changed ? [record.id] : [])
    }
  }
}

extension JournalTransaction {
  /// The day that an episode ended on; nil while it is open.
  func lastDay(ofEpisode record: StoredRecord) throws -> LocalDay? {
    try record.moment(.endedAt).map { try day(of: $0) }
  }

  /// The same, where one of its repeats may have been ended instead.
  func lastDay(ofEpisode record: StoredRecord, _ repeats: Repeats) throws -> LocalDay? {
    if let day = try lastDay(ofEpisode: record) { return day }
    for case let other? in try (repeats.uncounted[record.id] ?? []).map({ try self.record($0) }) {
      if let day = try lastDay(ofEpisode: other) { return day }
    }
    return nil
  }

  /// With their sites and times.
  func openEpisodes() throws -> [StoredRecord] {
    let repeats = try repeats(of: .episode)
    return try records(.episode, fields: [.site, .onset, .endedAt]).filter {
      try $0[.endedAt] == .null && !repeats.contains($0.id) && lastDay(ofEpisode: $0, repeats) == nil
    }
  }

  /// The episode that something at that time and place belongs to.
  func openEpisode(at: Moment, _ place: PlaceText?) throws -> Dot? {
    let site = Value.text(try place?.place ?? profile().usualPlace.place)
    return try openEpisodes().first { episode in
      guard episode[.site] == site, let onset = episode.moment(.onset) else { return false }
      return onset.milliseconds <= at.milliseconds
    }?.id
  }
}
