import UnknotEngine

/// Something else that may help or hurt, to be recorded.
public struct FactorEntry: Sendable {
  /// "walk", "heat", "medication", …
  public var kind: String
  /// A duration (`30m`), or a number with a unit (`400mg`), or a bare number.
  public var amount: String?
  /// What exactly it is, at most 100 characters.
  public var label: String?
  /// Nil: now.
  public var at: Moment?
  /// How exactly the time is known: "exact", "approx", "day". Nil: exactly.
  public var precision: String?
  /// The person's own words for it: letters, digits, `-`, `_` and `.`, at most 60 characters each.
  public var tags: [String] = []
  /// At most 10,000 characters.
  public var note: String?

  /// - Parameter kind: a word of `Words.factors`; it is checked when the entry is recorded.
  public init(kind: String) { self.kind = kind }
}

extension JournalTransaction {
  /// A name of the person's own stands for what it was given to the last time: `ibuprofen` for 400 mg of it.
  fileprivate func completed(_ entry: FactorEntry) throws -> FactorEntry {
    guard entry.label == nil, (try? Words.factors.check(entry.kind)) == nil else { return entry }
    let earlier = try records(
      .factor, RecordFilter(limit: 1000), fields: [.kind, .label, .amount, .unit]
    ).first {
      $0.text(.label).map { bytewiseEqualIgnoringCase($0, entry.kind.trimmed) } ?? false
    }
    guard let earlier, let kind = earlier.text(.kind) else {
      // A word that is mistyped, or a medicine that is not known yet.
      guard Words.factors.words.nearest(to: entry.kind) == nil else { return entry }
      throw KitError(
        .invalidValue, "\(entry.kind) is not a factor, and nothing has been recorded by that name",
        hint:
          "the first time, say what it is. A medicine: \(.factorByKind, of: entry.kind); anything else: \(.otherFactor, of: entry.kind)"
      )
    }
    var completed = entry
    (completed.kind, completed.label) = (kind, earlier.text(.label))
    if entry.amount == nil, let amount = earlier.text(.amount) {
      completed.amount = amount + (earlier.text(.unit) ?? "")
    }
    return completed
  }
}

extension Journal {
  /// Records something else that may help or hurt. A kind that is none stands for the newest one with that label, and for
  /// its amount where none is said.
  ///
  /// - Throws: `KitError` of the kind `invalidValue` where a word, the amount, a text or the time is not allowed.
  public func recordFactor(_ entry: FactorEntry) throws(KitError) -> Written {
    try check(entry.at)
    let at = entry.at ?? now
    return try write("factor") { session in
      let entry = try session.completed(entry)
      var fields: [FieldName: Value] = [
        FieldName(.at): at.value, FieldName(.kind): .text(try Words.factors.check(entry.kind)),
        FieldName(.precision): .text(try Words.precisions.check(entry.precision ?? "exact")),
      ]
      if let amount = entry.amount {
        let (number, unit) = try Amount.read(amount)
        fields[FieldName(.amount)] = .text(number)
        if let unit { fields[FieldName(.unit)] = .text(unit) }
      }
      if let label = entry.label {
        guard !label.trimmed.isEmpty else { throw KitError(.invalidValue, "the label is empty") }
        fields[FieldName(.label)] = .text(
          try FieldDescription.checked(label.trimmed, "label", most: FieldDescription.maximumName))
      }
      fields.merge(try session.texts([(.note, entry.note)])) { $1 }
      fields.merge(try session.tags(entry.tags)) { $1 }
      return try session.written([try session.create(.factor, fields)])
    }
  }

  /// The week's PEG: average pain, and how much it interfered with enjoyment of life and general activity, 0–10 each.
  public func recordPEG(pain: Int, enjoyment: Int, activity: Int, note: String? = nil) throws(KitError)
    -> Written
  {
    let now = self.now
    return try write("peg") { session in
      let today = try session.today().day
      var fields: [FieldName: Value] = [
        FieldName(.at): now.value, FieldName(.kind): .text("peg"), FieldName(.precision): .text("exact"),
        FieldName(.periodEnd): .integer(Int64(today.number)),
      ]
      for (name, score) in [("pain", pain), ("enjoyment", enjoyment), ("activity", activity)] {
        fields[FieldName(name)] = .integer(try FieldDescription.rating(String(score), name))
      }
      fields.merge(try session.texts([(.note, note)])) { $1 }
      return try session.written([try session.create(.assessment, fields)])
    }
  }

  // MARK: Balls and spots

  ///
  /// - Parameters:
  ///   - name: what the person calls it.
  ///   - assignments: `FIELD=VALUE`, each.
  public func addBall(_ name: String, _ assignments: [String] = []) throws(KitError) -> Written {
    try write("ball add") { session in
      var fields = try session.values(of: "name", name, .ball, nil)
      fields.merge(try session.assigned(assignments, .ball)) { $1 }
      return try session.written([try session.create(.ball, fields)])
    }
  }

  /// A ball is gone: it keeps its place in what was done with it.
  public func retireBall(_ ball: String) throws(KitError) -> Written {
    return try write("ball retire") { session in
      let record = try session.ball(ball)
      let today = try session.today().day
      let changed = try session.edit(record, [FieldName(.retired): .integer(Int64(today.number))])
      return try session.written(changed ? [record.id] : [])
    }
  }

  /// A point that was found once and is known for the next time.
  ///
  /// - Parameters:
  ///   - place: `TARGET[/SIDE]`.
  ///   - label: what the person calls it; nil: nothing.
  ///   - assignments: `FIELD=VALUE` for what else is known of it.
  public func addSpot(_ place: String, label: String?, _ assignments: [String] = []) throws(KitError)
    -> Written
  {
    let place = try PlaceText(target: place)
    return try write("spot add") { session in
      let today = try session.today().day
      var fields: [FieldName: Value] = [
        FieldName(.target): .text(place.place), FieldName(.state): .text("active"),
        FieldName(.foundOn): .integer(Int64(today.number)),
      ]
      if let side = place.side { fields[FieldName(.side)] = .text(side) }
      if let label { fields.merge(try session.values(of: "label", label, .spot, nil)) { $1 } }
      fields.merge(try session.assigned(assignments, .spot)) { $1 }
      return try session.written([try session.create(.spot, fields)])
    }
  }

  /// Marks a spot as retired: it is kept, and no longer counts when targets are suggested.
  ///
  /// - Parameter spot: the id of its record.
  public func retireSpot(_ spot: String) throws(KitError) -> Written {
    try write("spot retire") { session in
      let record = try session.record(spot, type: .spot)
      let changed = try session.edit(record, [FieldName(.state): .text("retired")])
      return try session.written(changed ? [record.id] : [])
    }
  }

  // MARK: Tags

  ///
  /// - Parameters:
  ///   - id: of the record.
  ///   - changes: `+TAG` adds, `-TAG` takes away; a bare word adds.
  public func tag(_ id: String, _ changes: [String]) throws(KitError) -> Written {
    try write("tag") { session in
      let record = try session.record(id)
      var fields: [FieldName: Value] = [:]
      for change in changes {
        let isRemoved = change.hasPrefix("-")
        let word = change.hasPrefix("-") || change.hasPrefix("+") ? String(change.dropFirst()) : change
        let tag = try FieldDescription.tag(word, "tags")
        fields[FieldName(.tags, key: tag)] = isRemoved ? .removed : .present
        if !isRemoved { try session.warnOfNearTags(tag) }
      }
      guard !fields.isEmpty else { throw KitError(.usage, "no tag given", hint: "write +TAG or -TAG") }
      return try session.written(try session.edit(record, fields) ? [record.id] : [])
    }
  }

  /// Every tag in use, most used first.
  public func tags() throws(KitError) -> [(tag: String, count: Int)] {
    try read { session in
      try session.tagCounts().sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
    }
  }
}

extension JournalTransaction {
  func tagCounts() throws -> [String: Int] {
    var counts: [String: Int] = [:]
    for type in RecordType.all {
      for record in try records(type, fields: [.tags]) {
        for member in record.members(of: .tags) { counts[member.key, default: 0] += 1 }
      }
    }
    return counts
  }
}

extension JournalWriter {
  func assigned(_ assignments: [String], _ type: RecordType) throws -> [FieldName: Value] {
    var fields: [FieldName: Value] = [:]
    for assignment in assignments {
      guard let sign = assignment.firstIndex(of: "=") else {
        throw KitError(.usage, "\(assignment) is not FIELD=VALUE")
      }
      let text = String(assignment[assignment.index(after: sign)...])
      fields.merge(try values(of: String(assignment[..<sign]), text, type, nil)) { $1 }
    }
    return fields
  }

  func tags(_ tags: [String]) throws -> [FieldName: Value] {
    var fields: [FieldName: Value] = [:]
    for tag in tags {
      let tag = try FieldDescription.tag(tag, "tags")
      try warnOfNearTags(tag)
      fields[FieldName(.tags, key: tag)] = .present
    }
    return fields
  }

  /// A new tag that differs by a letter from one in use is most likely that one.
  fileprivate func warnOfNearTags(_ tag: String) throws {
    let known = try reader.keys(of: "tags")
    guard !known.contains(where: { bytewiseEqual($0, tag) }), let near = known.nearest(to: tag),
      near.count > 3
    else { return }
    notices.add(.warning, "\(tag) is a new tag; there is \(near) already")
  }
}

/// An amount as people write it: `30m`, `400mg`, `2`.
enum Amount {
  static func read(_ text: String) throws(KitError) -> (number: String, unit: String?) {
    // A time as people say it; days and weeks are no amount of what was done.
    let time = TimeExpression.amount(text.trimmed.lowercased())
    let compact = time.hasSuffix("m") || time.hasSuffix("h") || time.hasSuffix("s") ? time : text.trimmed
    let digits = compact.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let unit = String(compact.dropFirst(digits.count)).trimmed
    guard !digits.isEmpty else {
      throw KitError(.invalidValue, "\(text) is not an amount", hint: "write 30m, 400mg or 2")
    }
    if let seconds = try? DurationText.seconds(compact) {
      // Minutes are what people count exercise in.
      return seconds % 60 == 0 ? (String(seconds / 60), "min") : (String(seconds), "s")
    }
    let number = try FieldDescription.decimal(String(digits), "amount")
    guard !unit.isEmpty else { return (number, nil) }
    guard unit.unicodeScalars.allSatisfy({ $0.properties.isAlphabetic || "%µ/".unicodeScalars.contains($0) })
    else { throw KitError(.invalidValue, "\(text) is not an amount", hint: "write 30m, 400mg or 2") }
    return (number, try FieldDescription.checked(unit, "unit", most: 20))
  }
}
