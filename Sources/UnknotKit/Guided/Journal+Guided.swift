import UnknotEngine

/// What a guided session is to be made of.
public struct GuidedRequest: Sendable {
  /// A routine's name or id, or a default routine's id; nil: the quick one.
  public var routine: String?
  /// "floor", "wall" or "chair", for all steps; nil: each step's own, and where a default routine names none,
  /// one that suits the profile.
  public var surface: String?
  /// The ball that is used, by id or name.
  public var ball: String?
  /// The side that hurts; nil: that of the latest rating of the lower back.
  public var side: String?
  /// Why targets are worked on that the profile forbids; nil: they are left out.
  public var overrideReason: String?
  /// The person knows why they should not be pressing now (`Journal.reasonNotToPress`), and begins all the same.
  public var despiteWarning = false

  /// Asks for the quick routine: set what is to be otherwise.
  public init() {}
}

/// A session that has begun.
public struct GuidedBeginning: Sendable {
  /// To be shown and saved from now on. Its record is in the journal already.
  public let session: GuidedSession
  /// What the person should know: for example, which targets are left out because the profile forbids them.
  public let notices: [Notice]
}

extension Journal {
  /// The session that runs: this device's, or else another's.
  public func runningSession() throws(KitError) -> (record: JournalRecord, isOwn: Bool)? {
    try read { session in
      let own = try session.reader.devices().first(where: \.isThis)?.actors ?? []
      let running = try session.records(.session, RecordFilter(limit: 200), fields: [.status])
        .filter { $0[.status] == SessionStatus.running.value }.map(\.id)
      guard let found = running.first(where: { own.contains($0.actor) }) ?? running.first else { return nil }
      return (try session.show(found), own.contains(found.actor))
    }
  }

  /// Begins a session: its record says that it runs.
  ///
  /// - Throws: `KitError` of the kind `safetyStop` where nobody should be sent to the ball now; nothing is recorded then.
  public func beginGuided(_ request: GuidedRequest) throws(KitError) -> GuidedBeginning {
    try stopIfUnsafe(despiteWarning: request.despiteWarning)
    let now = self.now
    return try write("start") { session in
      var request = request
      let isChosen = request.surface != nil
      if !isChosen, let today = try session.surfaceToday(now) {
        request.surface = today.surface
        session.notices.add(.hint, "on the \(today.surface): \(today.why)")
      }
      let (title, steps, routine, guide) = try session.steps(of: request, isSurfaceChosen: isChosen)
      var fields: [FieldName: Value] = [
        FieldName(.startedAt): now.value, FieldName(.status): SessionStatus.running.value,
        FieldName(.source): .text("timer"), FieldName(.precision): .text("exact"),
      ]
      if let routine { fields[FieldName(.routine)] = .reference(routine) }
      if let guide { fields[FieldName(.guide)] = .text(guide) }
      if let side = try session.painfulSide(request) { fields[FieldName(.painfulSide)] = .text(side) }
      if let surface = request.surface {
        fields[FieldName(.surface)] = .text(try Catalogue.surfaces.check(surface))
      }
      if let ball = request.ball { fields[FieldName(.ball)] = .reference(try session.ball(ball).id) }
      if let episode = try session.openEpisode(at: now, nil) {
        fields[FieldName(.episode)] = .reference(episode)
      }
      fields.merge(try session.texts([(.overrideReason, request.overrideReason)])) { $1 }
      guard !steps.isEmpty else {
        throw KitError(
          .safetyStop, "nothing is left to do: your profile forbids every target of \(title)",
          hint: "\(.profile) shows the list")
      }
      if let (plan, slot) = try session.slotToFill(at: now) {
        fields[FieldName(.plan)] = .reference(plan)
        fields[FieldName(.slot)] = .text(slot)
      }
      let id = try session.create(.session, fields)
      return GuidedBeginning(
        session: GuidedSession(session: id.description, title: title, steps: steps),
        notices: session.notices.all)
    }
  }

  /// A running session goes on, from what was saved of it or, where that is lost, from its records.
  ///
  /// - Parameters:
  ///   - record: of the session that runs.
  ///   - saved: as it was saved last; of another session it is not looked at.
  ///   - despiteWarning: the person knows of what has come to speak against it since it began.
  /// - Throws: `KitError` of the kind `safetyStop` where nobody should be sent to the ball now.
  public func resumeGuided(
    _ record: JournalRecord, saved: GuidedSession?, despiteWarning: Bool = false
  ) throws(KitError) -> GuidedSession {
    try stopIfUnsafe(despiteWarning: despiteWarning, toEnd: .endSession)
    return try left(record, saved: saved)
  }

  /// Ends a session that was left, without leading anybody to the ball: what was done of it is kept, also what only was saved.
  /// Nothing speaks against it, whatever a check has found.
  ///
  /// - Parameters:
  ///   - record: of the session that runs.
  ///   - saved: as it was saved last; of another session it is not looked at.
  /// - Throws: `KitError` of the kind `invalidValue` where it is over.
  public func endGuided(_ record: JournalRecord, saved: GuidedSession?) throws(KitError) -> [Notice] {
    guard try show(record.id)[.status].value == SessionStatus.running.value else {
      throw KitError(.invalidValue, "the session \(record.shortID) is over")
    }
    var guided = try left(record, saved: saved)
    guided.endUnasked()
    return try write(&guided)
  }

  /// As it was left.
  private func left(_ record: JournalRecord, saved: GuidedSession?) throws(KitError) -> GuidedSession {
    try read { session in
      let id = try session.record(record.id).id
      let found = try session.guidedRecords(of: id)
      if var saved, saved.isSound, bytewiseEqual(saved.session, record.id) {
        saved.leave()
        saved.compare(records: found.bouts.count + found.ratings.count)
        return saved
      }
      var request = GuidedRequest()
      request.routine = record[.routine].reference ?? record[.guide].text
      // The record does not say whether the person chose it or the day did: what the profile says of a place counts.
      request.surface = record[.surface].text
      request.side = record[.painfulSide].text
      request.overrideReason = record[.overrideReason].text
      let (title, steps, _, _) = try session.steps(of: request, isSurfaceChosen: false)
      var guided = GuidedSession(session: record.id, title: title, steps: steps)
      guided.goOn(
        after: found.bouts.map(GuidedSession.BoutDone.init),
        hasRatedBefore: found.ratings.contains { $0[.context] == .text("before") },
        records: found.bouts.count + found.ratings.count)
      return guided
    }
  }

  /// Writes what has happened in a guided session and was not written yet, as one operation.
  public func write(_ guided: inout GuidedSession) throws(KitError) -> [Notice] {
    guard !guided.unwritten.isEmpty else { return [] }
    let (now, unwritten, id) = (self.now, guided.unwritten, guided.session)
    let (notices, records) = try write("start") { session in
      let record = try session.record(id, type: .session)
      for effect in unwritten {
        switch effect {
        case .bout(let bout): try session.write(bout, of: record)
        case .rating(let context, let score):
          var place = try session.profile().usualPlace
          if bytewiseEqual(place.place, Catalogue.defaultSite) {
            let painful = record.text(.painfulSide)
            place = PlaceText(place: place.place, side: try painful ?? session.usualSide())
          }
          var entry = PainEntry(score: score, site: place, at: now)
          entry.context = context
          _ = try session.rate(entry, at: now, parent: record.id)
        case .end(let status):
          let end = try session.end(of: record, now)
          _ = try session.edit(
            record, [FieldName(.status): status.value, FieldName(.endedAt): end.value])
        }
      }
      let found = try session.guidedRecords(of: record.id)
      return (session.notices.all, found.bouts.count + found.ratings.count)
    }
    guided.hasWritten(records: records)
    return notices
  }
}

extension JournalTransaction {
  /// A session's bouts and ratings; removed ones were written, too.
  fileprivate func guidedRecords(of session: Dot) throws -> (bouts: [StoredRecord], ratings: [StoredRecord]) {
    (
      try children(
        .bout, of: session, includeRemoved: true,
        fields: [.target, .side, .surface, .seconds, .outcome]),
      try children(.pain, of: session, includeRemoved: true, fields: [.context])
    )
  }
}

extension GuidedSession.BoutDone {
  /// As far as it tells where to go on.
  fileprivate init(_ record: StoredRecord) {
    func text(_ field: FieldKey) -> String? { if case .text(let text) = record[field] { text } else { nil } }
    var seconds = 0
    if case .integer(let number) = record[.seconds] { seconds = Int(clamping: number) }
    self.init(
      step: GuidedStep(
        target: text(.target) ?? "", side: text(.side), surface: text(.surface), seconds: seconds),
      seconds: seconds, outcome: text(.outcome).flatMap(BoutOutcome.init) ?? .done, skipReason: nil,
      stopSign: nil,
      discomfortStart: nil,
      discomfortEnd: nil)
  }
}

extension JournalTransaction {
  /// What the day asks for, and why; nil: whatever the steps say.
  fileprivate func surfaceToday(_ now: Moment) throws -> SurfaceOfDay? {
    let profile = try profile()
    let latest = try latestRating(of: profile.usualPlace.place)
    let isOfToday = latest.map { now.milliseconds - $0.at <= Moment.millisecondsPerDay } ?? false
    return SurfaceOfDay.choose(
      contraindications: profile.contraindications.filter { $0.place == nil }, arm: try surfaceOfTrial(),
      rating: isOfToday ? latest?.score : nil, floorIsFine: profile.floorIsFine)
  }

  /// Today's arm of the trial that runs, where it is a surface.
  func surfaceOfTrial() throws -> String? {
    let day = try today().day
    guard let arm = PlanSlots.inForce(try plans(), on: day)?.arm(on: day) else { return nil }
    return Catalogue.surfaces.words.first { bytewiseEqual($0, arm) }
  }
}

extension JournalWriter {
  /// Now, or, of one that was left and finished much later, when its last bout was written.
  fileprivate func end(of session: StoredRecord, _ now: Moment) throws -> Moment {
    guard let begun = session.moment(.startedAt) else { return now }
    let start = begun.milliseconds
    let latest = start + 3 * Self.hour
    guard now.milliseconds > latest else { return now.milliseconds < start ? begun : now }
    let bouts = try children(.bout, of: session.id, fields: [])
    let last = bouts.map(\.createdAt).filter { $0 >= start && $0 <= latest }.max() ?? start
    return Moment(milliseconds: last, offsetMinutes: begun.offsetMinutes)
  }

  fileprivate func write(_ bout: GuidedSession.BoutDone, of session: StoredRecord) throws {
    var fields: [FieldName: Value] = [
      FieldName(.target): .text(bout.step.target), FieldName(.seconds): .integer(Int64(bout.seconds)),
      FieldName(.plannedSeconds): .integer(Int64(bout.step.seconds)),
      FieldName(.outcome): bout.outcome.value, FieldName(.technique): .text("hold"),
    ]
    for (field, text) in [
      (FieldKey.side, bout.step.side), (.surface, bout.step.surface), (.skipReason, bout.skipReason),
      (.stopSign, bout.stopSign),
    ] {
      if let text { fields[FieldName(field)] = .text(text) }
    }
    if let spot = bout.step.spot { fields[FieldName(.spot)] = .reference(try record(spot, type: .spot).id) }
    if case .reference(let ball) = session[.ball] { fields[FieldName(.ball)] = .reference(ball) }
    let ratings = [(FieldKey.discomfortStart, bout.discomfortStart), (.discomfortEnd, bout.discomfortEnd)]
    for (field, number) in ratings { if let number { fields[FieldName(field)] = .integer(Int64(number)) } }
    if let start = bout.discomfortStart, let end = bout.discomfortEnd {
      fields[FieldName(.discomfortPeak)] = .integer(Int64(max(start, end)))
      // To half of it or less: it let go.
      let release = end * 2 <= start ? "full" : end < start ? "partial" : "none"
      if start > 0 { fields[FieldName(.release)] = .text(release) }
    }
    _ = try create(.bout, parent: session.id, fields)
  }
}
