import UnknotCausality
import UnknotStorage

/// A bout or a step as a person writes it: `TARGET[/SIDE]:DURATION[@SURFACE]`.
public struct BoutText: Hashable, Sendable {
  public let target: String
  public let side: String?
  public let seconds: Int
  public let surface: String?

  public init(_ text: String) throws(KitError) {
    guard let colon = text.firstIndex(of: ":") else {
      throw KitError(
        .invalidValue, "\(text) has no duration",
        hint: "write TARGET[/SIDE]:DURATION[@SURFACE], as in ql/left:45s@wall")
    }
    let place = try PlaceText(String(text[..<colon]), Catalogue.targets)
    target = place.place
    side = place.side
    let rest = text[text.index(after: colon)...].split(
      separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    seconds = try FieldDescription.boutSeconds(String(rest.first ?? ""))
    surface = rest.count == 2 ? try Catalogue.surfaces.check(String(rest[1])) : nil
  }

  var fields: [FieldName: Value] {
    var fields: [FieldName: Value] = [
      FieldName("target"): .text(target), FieldName("seconds"): .integer(Int64(seconds)),
    ]
    if let side { fields[FieldName("side")] = .text(side) }
    if let surface { fields[FieldName("surface")] = .text(surface) }
    return fields
  }
}

/// `SITE[/SIDE]` or `TARGET[/SIDE]`.
public struct PlaceText: Hashable, Sendable {
  public let place: String
  public let side: String?

  public init(site text: String) throws(KitError) { try self.init(text, Catalogue.sites) }

  init(_ text: String, _ words: WordList) throws(KitError) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    place = try words.check(parts.first ?? "")
    side = parts.count == 2 ? try Catalogue.sides.check(parts[1]) : nil
  }
}

extension Journal {
  /// One session with its bouts, and the ratings around it.
  ///
  /// - Parameters:
  ///   - at: when it began. Nil: it has just ended.
  ///   - routine: the routine that was done, by id or name.
  ///   - before: the rating when it began; `after`: when it ended.
  public func logSession(
    at: Moment? = nil, routine: String? = nil, bouts: [BoutText], before: Int? = nil, after: Int? = nil,
    site: PlaceText? = nil, note: String? = nil
  ) throws(KitError) -> Written {
    guard !bouts.isEmpty else {
      throw KitError(.usage, "a session needs a bout", hint: "add --bout TARGET[/SIDE]:DURATION[@SURFACE]")
    }
    let total = Int64(bouts.reduce(0) { $0 + $1.seconds }) * 1000
    guard total <= 3 * 3_600_000 else {
      throw KitError(.invalidValue, "a session lasts 3 hours at most", hint: "log it as two")
    }
    if let at { try times.check(at, at.rfc3339) }
    let now = self.now
    let start = at ?? Moment(milliseconds: now.milliseconds - total, in: zone)
    let isHere = start == Moment(milliseconds: start.milliseconds, in: zone)
    // Of a session over which the clocks changed, each end has its own offset.
    let end =
      isHere
      ? Moment(milliseconds: start.milliseconds + total, in: zone)
      : Moment(milliseconds: start.milliseconds + total, offsetMinutes: start.offsetMinutes)
    let hasEnded = end.milliseconds <= now.milliseconds + 120_000
    return try write("log") { session in
      var fields: [FieldName: Value] = [FieldName("started_at"): start.value]
      if hasEnded { fields[FieldName("ended_at")] = end.value }
      if let routine { fields[FieldName("routine")] = .reference(try session.routine(routine).id) }
      if let note {
        fields[FieldName("note")] = .text(
          try FieldDescription.checked(note, "note", most: FieldDescription.maximumText))
      }
      let id = try session.reader.create(RecordType.session.name, parent: nil, fields)
      var written = [id]
      var order: String?
      for bout in bouts {
        order = try OrderKey.between(order, nil)
        _ = try session.reader.create(
          RecordType.bout.name, parent: id,
          bout.fields.merging([FieldName("order"): .text(order ?? "")]) { $1 })
      }
      for (score, context, moment) in [(before, "before", start), (after, "after", hasEnded ? end : now)] {
        guard let score else { continue }
        written.append(
          try session.rate(score, site, at: moment, context: context, note: nil, parent: id))
      }
      return try session.written(written)
    }
  }

  /// One pain rating, 0–10.
  public func ratePain(
    _ score: Int, site: PlaceText? = nil, at: Moment? = nil, context: String? = nil, note: String? = nil
  ) throws(KitError) -> Written {
    if let at { try times.check(at, at.rfc3339) }
    let at = at ?? now
    return try write("pain") { session in
      let context = try context.map { try Catalogue.contexts.check($0) } ?? "spontaneous"
      return try session.written([
        try session.rate(score, site, at: at, context: context, note: note, parent: nil)
      ])
    }
  }
}

extension Moment {
  var value: Value { .time(milliseconds: milliseconds, offsetMinutes: offsetMinutes) }
}

extension JournalTransaction where Reader == StoreWriter {
  fileprivate func rate(
    _ score: Int, _ site: PlaceText?, at: Moment, context: String, note: String?, parent: Dot?
  ) throws -> Dot {
    var fields: [FieldName: Value] = [
      FieldName("at"): at.value,
      FieldName("score"): .integer(try FieldDescription.rating(String(score), "score")),
      FieldName("site"): .text(site?.place ?? Catalogue.defaultSite), FieldName("context"): .text(context),
    ]
    if let side = site?.side { fields[FieldName("side")] = .text(side) }
    if let note {
      fields[FieldName("note")] = .text(
        try FieldDescription.checked(note, "note", most: FieldDescription.maximumText))
    }
    return try reader.create(RecordType.pain.name, parent: parent, fields)
  }
}
