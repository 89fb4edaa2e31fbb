import UnknotEngine

/// Two records that look like one thing that was recorded twice.
public struct DuplicatePair: Sendable {
  /// The one that was made first.
  public let first: JournalRecord
  /// The one that was made later.
  public let second: JournalRecord
  /// Both were imported from the same record of another program: they are one for certain.
  public let hasSameOrigin: Bool

  /// An object with `first` and `second`, each a record as JSON, and `same_origin`.
  public var json: JSONValue {
    .object([("first", first.json), ("second", second.json), ("same_origin", .bool(hasSameOrigin))])
  }
}

extension Journal {
  /// Probable duplicates: reported, never merged by themselves. A record is in one pair at most.
  ///
  /// - Parameter since: only of what happened from then on; nil: of everything.
  public func duplicates(since: Moment? = nil) throws(KitError) -> [DuplicatePair] {
    try duplicates(since: since) { try $0.array() }
  }

  /// The same one by one.
  public func duplicates<T>(
    since: Moment? = nil, _ body: (JournalSequence<DuplicatePair>) throws -> T
  ) throws(KitError) -> T {
    try read { session in
      let pairs = try session.duplicates(since: since)
      return try body(
        JournalSequence { each in
          for pair in pairs {
            try each(
              DuplicatePair(
                first: try session.show(pair.first), second: try session.show(pair.second),
                hasSameOrigin: pair.hasSameOrigin))
          }
        })
    }
  }

  /// How many pairs `duplicates` lists.
  public func duplicateCount(since: Moment? = nil) throws(KitError) -> Int {
    try read { try $0.duplicates(since: since).count }
  }

  /// Keeps the one, takes from the other what it lacks, and removes the other: one operation, that `undo` takes back.
  public func mergeDuplicates(_ kept: String, _ other: String) throws(KitError) -> Written {
    try write("dupes merge") { session in
      let (kept, other) = try session.pair(kept, other)
      try session.checkHidesNothing(other, kept)
      try session.merge(other, into: kept)
      return try session.written([kept.id])
    }
  }

  /// Merges every pair that has the same origin, the later one into the earlier one: one operation.
  public func mergeSameOrigin() throws(KitError) -> Written {
    try write("dupes merge") { session in
      var written: [Dot] = []
      // Of three that are one, the third makes a pair once the first two are merged.
      while case let pairs = try session.duplicates(since: nil).filter(\.hasSameOrigin), !pairs.isEmpty {
        for pair in pairs {
          guard let kept = try session.record(pair.first), let other = try session.record(pair.second) else {
            continue
          }
          try session.merge(other, into: kept)
          if !written.contains(kept.id) { written.append(kept.id) }
        }
      }
      return try session.written(written)
    }
  }

  /// Says that the two are two. It travels, and the pair is listed no more. Where another device merges the two without knowing
  /// of it, the one that it removes is in conflict until somebody decides.
  public func dismissDuplicate(_ first: String, _ second: String) throws(KitError) -> Written {
    try write("dupes dismiss") { session in
      let (first, second) = try session.pair(first, second)
      guard try !session.distinctPairs().contains([first.id, second.id]) else {
        return try session.written([])
      }
      let id = try session.create(
        .distinct,
        [FieldName(.first): .reference(first.id), FieldName(.second): .reference(second.id)])
      for record in [first, second] { try session.keep(record) }
      return try session.written([id])
    }
  }
}

extension JournalWriter {
  fileprivate func pair(_ one: String, _ other: String) throws -> (StoredRecord, StoredRecord) {
    let (one, other) = (try record(one), try record(other))
    guard one.id != other.id else { throw KitError(.invalidValue, "both are the same record") }
    guard bytewiseEqual(one.kind, other.kind) else {
      throw KitError(
        .invalidValue, "\(withArticle(one.kind)) and \(withArticle(other.kind)) cannot be merged")
    }
    guard RecordType.named(one.kind)?.isMergeable == true else {
      throw KitError(.invalidValue, "records of type \(one.kind) are not merged")
    }
    guard one.isVisible, other.isVisible else {
      throw KitError(.invalidValue, "one of them was removed", hint: "\(.restore) brings it back")
    }
    return (one, other)
  }

  /// A sign, or a severe rating, is not gone because a person takes the record for another one.
  fileprivate func checkHidesNothing(_ other: StoredRecord, _ kept: StoredRecord) throws {
    if bytewiseEqual(kept.kind, RecordType.check.name), kept[.outcome] != other[.outcome] {
      throw KitError(.invalidValue, "the two checks found different things: they are two")
    }
    guard bytewiseEqual(kept.kind, RecordType.pain.name),
      let gone = other.rating(.score), gone >= Catalogue.severeScore, gone > kept.rating(.score) ?? 0
    else { return }
    throw KitError(
      .invalidValue, "a severe rating of \(gone) would go, and a lesser one stay",
      hint: "merge them the other way round: the one that is named first stays")
  }

  fileprivate func merge(_ other: StoredRecord, into kept: StoredRecord) throws {
    // Always a change of the one that stays: where another device removes that one in favour of this one, the two
    // meet in a conflict, and neither is gone unseen.
    var values = lacking(kept, of: other)
    values[FieldName(.merged, key: other.id.description)] = .present
    _ = try edit(kept, values)
    if bytewiseEqual(kept.kind, RecordType.session.name) {
      try copy(.bout, matching: RecordType.bout.fieldsOfOneInASession, other, kept)
      try copy(.pain, matching: RecordType.pain.fieldsOfOneInASession, other, kept)
    }
    if bytewiseEqual(kept.kind, RecordType.routine.name) {
      try copy(.step, matching: RecordType.step.fieldsOfOne, other, kept)
    }
    try redirect(from: other, to: kept)
    _ = try remove(other)
  }

  /// What the other says and the kept one does not.
  private func lacking(_ kept: StoredRecord, of other: StoredRecord) -> [FieldName: Value] {
    other.fields.mapValues(\.visible).filter { name, value in
      guard value != .null, value != .removed else { return false }
      let own = kept.fields[name]?.visible ?? .null
      return own == .null || (name.isMapKey && own == .removed)
    }
  }

  /// What the kept one lacks: whole children, and what those that are the same do not say.
  private func copy(
    _ type: RecordType, matching fields: [FieldKey], _ other: StoredRecord, _ kept: StoredRecord
  ) throws {
    var own = try reader.children(of: kept.id, in: type.name, includeRemoved: false)
    for child in try reader.children(of: other.id, in: type.name, includeRemoved: false) {
      if let index = own.firstIndex(where: { isSame($0, child, fields) }) {
        let match = own.remove(at: index)
        _ = try edit(match, lacking(match, of: child))
        tellLeftOut(child, match)
        continue
      }
      _ = try create(type, parent: kept.id, copying: child)
    }
  }

  private func isSame(_ own: StoredRecord, _ other: StoredRecord, _ fields: [FieldKey]) -> Bool {
    fields.allSatisfy { field in
      own[field] == other[field] || field == .context && (own[field] == .null || other[field] == .null)
    }
  }

  /// Two ratings of one question stay one.
  private func tellLeftOut(_ other: StoredRecord, _ kept: StoredRecord) {
    guard let one = kept[.score].number(in: 0...100), let two = other[.score].number(in: 0...100),
      one != two
    else { return }
    notices.add(
      .warning,
      "of two ratings of one question, \(one) is kept and \(two) is left out")
  }

  /// What referred to the one that goes refers to the one that stays.
  private func redirect(from other: StoredRecord, to kept: StoredRecord) throws {
    for type in RecordType.all where type != .distinct {
      let names = type.fields.filter { $0.kind == .reference(kept.kind) && !$0.isParent }.map(\.name)
      guard !names.isEmpty else { continue }
      var found: [Dot] = []
      try reader.scan(type.name, fields: names.map { FieldName($0) }) {
        if $0.values.contains(.reference(other.id)) { found.append($0.id) }
      }
      for record in try found.compactMap({ try reader.record($0) }) {
        var values: [FieldName: Value] = [:]
        for name in names where record[name] == .reference(other.id) {
          values[FieldName(name)] = .reference(kept.id)
        }
        _ = try edit(record, values)
      }
    }
  }
}
