import UnknotCausality
import UnknotStorage

/// Two records of different devices that look like one thing that was recorded twice.
public struct DuplicatePair: Sendable {
  /// The one that was made first.
  public let first: JournalRecord
  public let second: JournalRecord

  public var json: JSONValue { .object([("first", first.json), ("second", second.json)]) }
}

extension Journal {
  /// Probable duplicates: reported, never merged by themselves.
  ///
  /// - Parameter since: only of what happened from then on; nil: of everything.
  public func duplicates(since: Moment? = nil) throws(KitError) -> [DuplicatePair] {
    try read { session in
      try session.duplicates(since: since).map {
        DuplicatePair(first: try session.show($0.0), second: try session.show($0.1))
      }
    }
  }

  /// Keeps the one, takes from the other what it lacks, and removes the other: one operation, that `undo` takes back.
  public func mergeDuplicates(_ kept: String, _ other: String) throws(KitError) -> Written {
    try write("dupes merge") { session in
      let (kept, other) = try session.pair(kept, other)
      try session.merge(other, into: kept)
      return try session.written([kept.id])
    }
  }

  /// Says that the two are two. It travels, and the pair is listed no more.
  public func dismissDuplicate(_ first: String, _ second: String) throws(KitError) -> Written {
    try write("dupes dismiss") { session in
      let (first, second) = try session.pair(first, second)
      guard try !session.distinctPairs().contains([first.id, second.id]) else {
        return try session.written([])
      }
      let id = try session.create(
        .distinct,
        [FieldName("first"): .reference(first.id), FieldName("second"): .reference(second.id)])
      return try session.written([id])
    }
  }
}

extension JournalTransaction {
  fileprivate func distinctPairs() throws -> Set<Set<Dot>> {
    Set(
      try reader.records(in: RecordType.distinct.name, RecordFilter()).compactMap { record in
        guard case .reference(let first) = record["first"], case .reference(let second) = record["second"]
        else { return nil }
        return [first, second]
      })
  }

  /// Each record is compared with those of the five minutes after it alone, in the order of their times.
  fileprivate func duplicates(since: Moment?) throws -> [(StoredRecord, StoredRecord)] {
    let distinct = try distinctPairs()
    var owners: [ActorID: Int] = [:]
    for (number, device) in try reader.devices().enumerated() {
      for actor in device.actors { owners[actor] = number }
    }
    var found: [(StoredRecord, StoredRecord)] = []
    for type in [RecordType.session, .pain, .factor, .episode, .ball, .spot] {
      let timed = try reader.records(in: type.name, RecordFilter(since: since?.milliseconds)).map {
        (time(of: $0, type), $0)
      }
      .sorted { $0.0 < $1.0 }
      for (index, (time, record)) in timed.enumerated() {
        for (later, other) in timed[(index + 1)...] {
          let (gap, overflow) = later.subtractingReportingOverflow(time)
          guard !overflow, gap <= 300_000 else { break }
          let isOfOne =
            record.id.actor == other.id.actor
            || owners[record.id.actor].map { $0 == owners[other.id.actor] } ?? false
          guard !isOfOne, !distinct.contains([record.id, other.id]), try lookAlike(record, other, type)
          else { continue }
          found.append(record.createdAt <= other.createdAt ? (record, other) : (other, record))
        }
      }
    }
    return found
  }

  private func time(of record: StoredRecord, _ type: RecordType) -> Int64 {
    if let name = type.timeField, case .time(let milliseconds, _) = record[name] { return milliseconds }
    return record.createdAt
  }

  private func lookAlike(_ one: StoredRecord, _ other: StoredRecord, _ type: RecordType) throws -> Bool {
    func same(_ fields: String...) -> Bool { fields.allSatisfy { one[$0] == other[$0] } }
    switch type {
    case .session: return try !targets(one).isDisjoint(with: targets(other))
    case .pain:
      // What was rated before and after one session is two ratings.
      let contexts = [one["context"], other["context"]]
      return same("site", "side", "aspect")
        && !(contexts.contains(.text("before")) && contexts.contains(.text("after")))
    case .factor: return same("kind")
    case .episode: return same("site")
    case .ball: return same("name")
    default: return same("target", "side", "label")
    }
  }

  private func targets(_ session: StoredRecord) throws -> Set<Value> {
    Set(
      try reader.children(of: session.id, in: RecordType.bout.name, includeRemoved: false).map {
        $0["target"]
      })
  }
}

extension JournalTransaction where Reader == StoreWriter {
  fileprivate func pair(_ one: String, _ other: String) throws -> (StoredRecord, StoredRecord) {
    let (one, other) = (try record(one), try record(other))
    guard one.id != other.id else { throw KitError(.invalidValue, "both are the same record") }
    guard bytewiseEqual(one.table, other.table) else {
      throw KitError(.invalidValue, "a \(one.table) and a \(other.table) are not one thing")
    }
    guard one.isVisible, other.isVisible else {
      throw KitError(.invalidValue, "one of them was removed", hint: "unknot restore brings it back")
    }
    return (one, other)
  }

  fileprivate func merge(_ other: StoredRecord, into kept: StoredRecord) throws {
    // Always a change of the one that stays: where another device removes that one in favour of this one, the two
    // meet in a conflict, and neither is gone unseen.
    var values: [FieldName: Value] = [FieldName("merged", key: other.id.description): .present]
    for (name, register) in other.fields {
      guard let value = register.visible, value != .null, value != .removed else { continue }
      let own = kept.fields[name]?.visible ?? .null
      if own == .null || (name.isMapKey && own == .removed) { values[name] = value }
    }
    _ = try edit(kept, values)
    if bytewiseEqual(kept.table, RecordType.session.name) {
      try copy(.bout, matching: ["target", "side", "seconds"], other, kept)
      try copy(.pain, matching: ["score", "site", "side", "context"], other, kept)
    }
    _ = try reader.delete(other.id)
  }

  /// What the kept one lacks. Its values were checked where they were written.
  private func copy(
    _ type: RecordType, matching fields: [String], _ other: StoredRecord, _ kept: StoredRecord
  ) throws {
    var own = try reader.children(of: kept.id, in: type.name, includeRemoved: false)
    for child in try reader.children(of: other.id, in: type.name, includeRemoved: false) {
      if let index = own.firstIndex(where: { record in fields.allSatisfy { record[$0] == child[$0] } }) {
        own.remove(at: index)
        continue
      }
      let values = child.fields.compactMapValues(\.visible).filter {
        $0.value != .null && $0.value != .removed
      }
      _ = try reader.create(type.name, parent: kept.id, values)
    }
  }
}
