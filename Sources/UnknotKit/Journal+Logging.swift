import UnknotEngine

/// A bout or a step as a person writes it: `TARGET[/SIDE]:DURATION[@SURFACE]`.
public struct BoutText: Hashable, Sendable {
  /// A word of `Catalogue.targets`.
  public let target: String
  /// A word of `Catalogue.sides`; nil: none was written.
  public let side: String?
  /// How long it lasts, from 1 to 1800.
  public let seconds: Int
  /// A word of `Catalogue.surfaces`; nil: none was written.
  public let surface: String?

  /// - Throws: `KitError` of the kind `invalidValue` where the duration is missing, or a part is not allowed.
  public init(_ text: String) throws(KitError) {
    guard let colon = text.firstIndex(of: ":") else {
      throw KitError(
        .invalidValue, "\(text) has no duration",
        hint: "write TARGET[/SIDE]:DURATION[@SURFACE], as in ql/left:45s@wall")
    }
    let place = try PlaceText(target: String(text[..<colon]))
    target = place.place
    side = place.side
    let rest = text[text.index(after: colon)...].split(
      separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    seconds = try FieldDescription.boutSeconds(String(rest.first ?? ""))
    surface = rest.count == 2 ? try Catalogue.surfaces.check(String(rest[1])) : nil
  }

  /// A bout each for left and right where it says both.
  var sides: [BoutText] {
    guard side.map({ bytewiseEqual($0, "both") }) ?? false else { return [self] }
    return ["left", "right"].map { BoutText(target: target, side: $0, seconds: seconds, surface: surface) }
  }

  init(target: String, side: String?, seconds: Int, surface: String?) {
    self.target = target
    self.side = side
    self.seconds = seconds
    self.surface = surface
  }

  var fields: [FieldName: Value] {
    var fields: [FieldName: Value] = [
      FieldName(.target): .text(target), FieldName(.seconds): .integer(Int64(seconds)),
    ]
    if let side { fields[FieldName(.side)] = .text(side) }
    if let surface { fields[FieldName(.surface)] = .text(surface) }
    return fields
  }
}

/// `SITE[/SIDE]` or `TARGET[/SIDE]`.
public struct PlaceText: Hashable, Sendable {
  /// A word of `Catalogue.sites` or of `Catalogue.targets`, depending on how it was read.
  public let place: String
  /// A word of `Catalogue.sides`; nil: none was written.
  public let side: String?

  /// Reads `SITE[/SIDE]`, or what people write for it: `lower back`, `right`, `low back right`, `lb/r`.
  ///
  /// - Parameters:
  ///   - text: what the person wrote.
  ///   - usual: which site a side alone is of.
  /// - Throws: `KitError` of the kind `invalidValue` where a word is not known.
  public init(site text: String, usual: String = Catalogue.defaultSite) throws(KitError) {
    let written = text.split { $0 == " " || $0 == "/" || $0 == "," }.map(String.init)
    guard !written.contains(where: { ["chest", "heart", "breast"].contains($0.lowercased()) }) else {
      throw KitError(
        .invalidValue, "\(text): this log is of the back, not of the chest",
        hint:
          "pain in the chest that is new, above all with short breath, sweating or pain in an arm, is an emergency: call for "
          + "help now")
    }
    // `left side of my back`
    let little = written.filter { !["side", "sides", "of", "my", "the"].contains($0.lowercased()) }
    let words = little.isEmpty ? written : little
    let sides = words.filter { (try? Catalogue.sides.check($0)) != nil }
    guard sides.count == 1, words.count > 1 || !text.contains("/") else {
      try self.init(text, Catalogue.sites)
      return
    }
    let site = words.filter { (try? Catalogue.sides.check($0)) == nil }.joined(separator: "-")
    self.init(
      place: site.isEmpty ? usual : try Catalogue.sites.check(site), side: try Catalogue.sides.check(sides[0])
    )
  }

  /// Reads `TARGET[/SIDE]`.
  ///
  /// - Throws: `KitError` of the kind `invalidValue` where a word is not known.
  public init(target text: String) throws(KitError) { try self.init(text, Catalogue.targets) }

  init(_ text: String, _ words: WordList) throws(KitError) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    place = try words.check(parts.first ?? "")
    side = parts.count == 2 ? try Catalogue.sides.check(parts[1]) : nil
  }

  init(place: String, side: String?) { (self.place, self.side) = (place, side) }

  /// For people to read: "low back, left".
  public var words: String { Catalogue.siteName(place) + (side.map { ", \($0)" } ?? "") }
}

/// A session to be logged after it was done.
public struct SessionEntry: Sendable {
  /// When it began. Nil: it has just ended.
  public var at: Moment?
  /// How exactly that is known: "exact", "approx", "day".
  public var precision: String?
  /// The routine that was done, by id or name, or a default routine's id. Without bouts it is logged as it stands, all of it.
  public var routine: String?
  /// In the order in which they were done: at least one where no routine is named, 3 hours in all at most. Side "both" is logged as two bouts.
  public var bouts: [BoutText]
  /// The ratings when it began and when it ended, 0–10.
  public var before: Int?
  /// The rating when it ended.
  public var after: Int?
  /// What the two ratings are of; an open episode of that site is written into the session. Nil: the usual place.
  public var site: PlaceText?
  /// The ball that was used, by id or name.
  public var ball: String?
  /// The person's own words for it: letters, digits, `-`, `_` and `.`, at most 60 characters each.
  public var tags: [String] = []
  /// At most 10,000 characters.
  public var note: String?
  /// Why a target was worked on that the profile forbids.
  public var overrideReason: String?

  /// Only the bouts are known; what else is known is set afterwards.
  public init(bouts: [BoutText]) { self.bouts = bouts }
}

extension Journal {
  /// Reads where it hurts, as a person writes it; a side alone is of the usual site.
  ///
  /// - Throws: `KitError` of the kind `invalidValue` where a word is not known.
  public func place(_ text: String) throws(KitError) -> PlaceText {
    try PlaceText(site: text, usual: try profile().usualPlace.place)
  }

  /// One session with its bouts, and the ratings around it.
  public func logSession(_ entry: SessionEntry) throws(KitError) -> Written {
    try check(entry.at)
    let now = self.now
    return try write("log") { session in
      let content = try session.content(of: entry)
      let total = Int64(content.seconds) * 1000
      guard total <= 3 * 3_600_000 else {
        throw KitError(.invalidValue, "a session lasts 3 hours at most", hint: "log it as two")
      }
      let start = entry.at ?? Moment(milliseconds: now.milliseconds - total, in: self.zone)
      let isHere = start == Moment(milliseconds: start.milliseconds, in: self.zone)
      // Of a session over which the clocks changed, each end has its own offset.
      let end =
        isHere
        ? Moment(milliseconds: start.milliseconds + total, in: self.zone)
        : Moment(milliseconds: start.milliseconds + total, offsetMinutes: start.offsetMinutes)
      let hasEnded = end.milliseconds <= now.milliseconds + 120_000
      var fields: [FieldName: Value] = [
        FieldName(.startedAt): start.value, FieldName(.source): .text("manual"),
        FieldName(.precision): .text(try Words.precisions.check(entry.precision ?? "exact")),
      ]
      if hasEnded {
        fields[FieldName(.endedAt)] = end.value
        fields[FieldName(.status)] = SessionStatus.done.value
      }
      if let routine = content.routine { fields[FieldName(.routine)] = .reference(routine) }
      if let guide = content.guide { fields[FieldName(.guide)] = .text(guide) }
      if let ball = entry.ball { fields[FieldName(.ball)] = .reference(try session.ball(ball).id) }
      fields.merge(try session.texts([(.note, entry.note), (.overrideReason, entry.overrideReason)])) {
        $1
      }
      fields.merge(try session.tags(entry.tags)) { $1 }
      if let episode = try session.openEpisode(at: start, entry.site) {
        fields[FieldName(.episode)] = .reference(episode)
      }
      if let (plan, slot) = try session.slotToFill(at: start) {
        fields[FieldName(.plan)] = .reference(plan)
        fields[FieldName(.slot)] = .text(slot)
      }
      let id = try session.create(.session, fields)
      var written = [id]
      for bout in content.bouts { _ = try session.create(.bout, parent: id, bout.fields) }
      for (score, context, at) in [
        (entry.before, "before", start), (entry.after, "after", hasEnded ? end : now),
      ] {
        guard let score else { continue }
        var rating = PainEntry(score: score, site: entry.site, at: at)
        rating.context = context
        rating.precision = entry.precision
        written.append(try session.rate(rating, at: at, parent: id))
      }
      return try session.written(written)
    }
  }

  /// The same, said in one line.
  public func logSession(
    at: Moment? = nil, routine: String? = nil, bouts: [BoutText], before: Int? = nil, after: Int? = nil,
    site: PlaceText? = nil, note: String? = nil
  ) throws(KitError) -> Written {
    var entry = SessionEntry(bouts: bouts)
    (entry.at, entry.routine, entry.before, entry.after) = (at, routine, before, after)
    (entry.site, entry.note) = (site, note)
    return try logSession(entry)
  }

  /// One pain rating, 0–10, said in one line. Nil stands for what it stands for in `PainEntry`.
  public func ratePain(
    _ score: Int, site: PlaceText? = nil, at: Moment? = nil, context: String? = nil, note: String? = nil
  ) throws(KitError) -> Written {
    var entry = PainEntry(score: score, site: site, at: at)
    (entry.context, entry.note) = (context, note)
    return try ratePain(entry)
  }

  /// One pain rating, 0–10.
  public func ratePain(_ entry: PainEntry) throws(KitError) -> Written {
    try check(entry.at)
    let at = entry.at ?? now
    return try write("pain") { session in
      try session.written([try session.rate(entry, at: at, parent: nil)])
    }
  }
}

/// What was done in a session.
private struct SessionContent {
  let bouts: [BoutText]
  /// Of the person's own routines.
  var routine: Dot?
  /// The id of a default one.
  var guide: String?
  var seconds: Int { bouts.reduce(0) { $0 + $1.seconds } }
}

extension JournalTransaction {
  fileprivate func content(of entry: SessionEntry) throws -> SessionContent {
    let bouts = entry.bouts.flatMap(\.sides)
    guard let name = entry.routine else {
      guard !bouts.isEmpty else {
        throw KitError(.usage, "a session needs a bout", hint: "add \(.bout), or name a routine")
      }
      return SessionContent(bouts: bouts)
    }
    guard bouts.isEmpty else {
      if let standard = Catalogue.defaultRoutines.first(where: { bytewiseEqual($0.id, name) }) {
        return SessionContent(bouts: bouts, guide: standard.id)
      }
      return SessionContent(bouts: bouts, routine: try routine(name).id)
    }
    var request = GuidedRequest()
    (request.routine, request.side, request.overrideReason) = (name, entry.site?.side, entry.overrideReason)
    let (title, steps, routine, guide) = try steps(of: request, isSurfaceChosen: true)
    guard !steps.isEmpty else {
      throw KitError(
        .safetyStop, "your profile forbids every target of \(title)", hint: "\(.profile) shows the list")
    }
    return SessionContent(
      bouts: steps.map {
        BoutText(target: $0.target, side: $0.side, seconds: $0.seconds, surface: $0.surface)
      }, routine: routine, guide: guide)
  }
}

/// A pain rating to be made.
public struct PainEntry: Sendable {
  /// 0 (none) to 10 (worst imaginable).
  public var score: Int
  /// Nil: the usual place.
  public var site: PlaceText?
  /// Nil: now.
  public var at: Moment?
  /// How exactly that is known: "exact", "approx", "day".
  public var precision: String?
  /// When, in relation to a session.
  public var context: String?
  /// Which pain: now, or the average, the worst or the least of the last 24 hours.
  public var aspect: String?
  /// What it feels like: words of `Words.qualities`.
  public var qualities: [String] = []
  /// What makes it worse: words of `Words.aggravations`.
  public var aggravations: [String] = []
  /// The person's own words for it: letters, digits, `-`, `_` and `.`, at most 60 characters each.
  public var tags: [String] = []
  /// At most 10,000 characters.
  public var note: String?

  /// What else is known is set afterwards.
  public init(score: Int, site: PlaceText? = nil, at: Moment? = nil) {
    self.score = score
    self.site = site
    self.at = at
  }
}

extension Moment {
  var value: Value { .time(milliseconds: milliseconds, offsetMinutes: offsetMinutes) }
}

extension JournalWriter {
  func rate(_ entry: PainEntry, at: Moment, parent: Dot?) throws -> Dot {
    let place = try entry.site ?? profile().usualPlace
    let context = try entry.context.map { try Catalogue.contexts.check($0) } ?? "spontaneous"
    var fields: [FieldName: Value] = [
      FieldName(.at): at.value,
      FieldName(.precision): .text(try Words.precisions.check(entry.precision ?? "exact")),
      FieldName(.score): .integer(try FieldDescription.rating(String(entry.score), "score")),
      FieldName(.site): .text(place.place),
      FieldName(.context): .text(context),
    ]
    if let side = place.side { fields[FieldName(.side)] = .text(side) }
    if let aspect = entry.aspect { fields[FieldName(.aspect)] = .text(try Words.aspects.check(aspect)) }
    for word in entry.qualities {
      fields[FieldName(.quality, key: try Words.qualities.check(word))] = .present
    }
    for word in entry.aggravations {
      fields[FieldName(.aggravatedBy, key: try Words.aggravations.check(word))] = .present
    }
    fields.merge(try texts([(.note, entry.note)])) { $1 }
    fields.merge(try tags(entry.tags)) { $1 }
    if let episode = try openEpisode(at: at, place) {
      fields[FieldName(.episode)] = .reference(episode)
    }
    return try create(.pain, parent: parent, fields)
  }

  /// Free texts of a record that is made; nil ones are left out.
  func texts(_ texts: [(field: FieldKey, text: String?)]) throws -> [FieldName: Value] {
    var fields: [FieldName: Value] = [:]
    for (field, text) in texts {
      guard let text else { continue }
      fields[FieldName(field)] = .text(
        try FieldDescription.checked(text, field.rawValue, most: FieldDescription.maximumText))
    }
    return fields
  }
}
