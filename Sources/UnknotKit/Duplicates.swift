import UnknotCausality
import UnknotStorage

/// Two records that are probably one, the one that was made first in front.
struct ProbableDuplicate {
  let first: StoredRecord
  let second: StoredRecord
  let hasSameOrigin: Bool
}

// Causality says what can be one thing: who had seen a record and then made another one made two.
extension JournalTransaction {
  /// Pairs that were said to be two.
  func distinctPairs() throws -> Set<Set<Dot>> {
    Set(
      try reader.records(in: RecordType.distinct.name, RecordFilter()).compactMap { record in
        guard case .reference(let first) = record["first"], case .reference(let second) = record["second"]
        else { return nil }
        return [first, second]
      })
  }

  func duplicates(since: Moment?) throws -> [ProbableDuplicate] {
    let distinct = try distinctPairs()
    var found: [ProbableDuplicate] = []
    for type in RecordType.all where type.isMergeable {
      let records = try self.records(type, since: since?.milliseconds)
      found += try duplicates(of: type, among: records, distinct: distinct)
    }
    return found
  }

  /// - Parameter records: of one kind.
  func duplicates(
    of type: RecordType, among records: [StoredRecord], distinct: Set<Set<Dot>>
  ) throws -> [ProbableDuplicate] {
    let byOrigin = try pairs(
      among: records, distinct: distinct, by: { $0["origin"] == .null ? nil : [$0["origin"]] })
    var paired = Set(byOrigin.flatMap { [$0.0.id, $0.1.id] })
    let rest = records.filter { !paired.contains($0.id) }
    let alike = try pairs(
      among: rest, distinct: distinct, within: type.duplicateWindow, by: { try likeness($0, type) },
      where: { try isOne($0, $1, type) })
    paired.formUnion(alike.flatMap { [$0.0.id, $0.1.id] })
    func duplicate(_ pair: (StoredRecord, StoredRecord), hasSameOrigin: Bool) -> ProbableDuplicate {
      let isInOrder = (pair.0.createdAt, pair.0.id) <= (pair.1.createdAt, pair.1.id)
      return ProbableDuplicate(
        first: isInOrder ? pair.0 : pair.1, second: isInOrder ? pair.1 : pair.0, hasSameOrigin: hasSameOrigin)
    }
    return byOrigin.map { duplicate($0, hasSameOrigin: true) }
      + alike.map { duplicate($0, hasSameOrigin: false) }
  }

  /// Of a kind that belongs to another, all; they are few.
  private func records(_ type: RecordType, since: Int64?) throws -> [StoredRecord] {
    guard type.parent?.isRequired == true, let parent = type.parentName else {
      return try reader.records(in: type.name, RecordFilter(since: since))
    }
    return try reader.records(in: parent, RecordFilter(since: since)).flatMap {
      try reader.children(of: $0.id, in: type.name, includeRemoved: false)
    }
  }

  /// Records with the same likeness, each in one pair at most, with the nearest in time.
  ///
  /// - Parameter window: how far apart in ms the two can be; nil: any time.
  private func pairs(
    among records: [StoredRecord], distinct: Set<Set<Dot>>, within window: Int64? = nil,
    by likeness: (StoredRecord) throws -> [Value]?,
    where isOne: (StoredRecord, StoredRecord) throws -> Bool = { _, _ in true }
  ) throws -> [(StoredRecord, StoredRecord)] {
    var groups: [[Value]: [(time: Int64, record: StoredRecord)]] = [:]
    for record in records {
      guard let key = try likeness(record) else { continue }
      groups[key, default: []].append((time(of: record), record))
    }
    var pairs: [(StoredRecord, StoredRecord)] = []
    for group in groups.values where group.count > 1 {
      let timed = group.sorted { ($0.time, $0.record.id) < ($1.time, $1.record.id) }
      var paired: Set<Dot> = []
      for (index, (time, record)) in timed.enumerated() where !paired.contains(record.id) {
        // A bound for files that bring thousands of one name.
        for (later, other) in timed[(index + 1)...].prefix(100) where !paired.contains(other.id) {
          let (gap, overflow) = later.subtractingReportingOverflow(time)
          if let window, overflow || gap > window { break }
          guard try areUnaware(record.id, other.id), !distinct.contains([record.id, other.id]),
            try isOne(record, other)
          else { continue }
          paired.formUnion([record.id, other.id])
          pairs.append((record, other))
          break
        }
      }
    }
    return pairs.sorted { (time(of: $1.0), $1.0.id) < (time(of: $0.0), $0.0.id) }
  }

  private func time(of record: StoredRecord) -> Int64 {
    if let name = RecordType.named(record.table)?.timeField, case .time(let milliseconds, _) = record[name] {
      return milliseconds
    }
    return record.createdAt
  }

  /// Neither had seen the other when it was made.
  func areUnaware(_ one: Dot, _ other: Dot) throws -> Bool {
    // What one actor wrote is one history.
    guard one.actor != other.actor else { return false }
    return try !reader.hasSeen(one, other) && !reader.hasSeen(other, one)
  }

  /// What two records of one thing have in common.
  ///
  /// - Parameter values: of `type.fieldsOfOne`, in their order.
  func likeness(_ type: RecordType, _ values: [Value], createdAt: Int64) throws -> [Value] {
    guard type == .assessment else { return values }
    // Of one week: it asks about the last one.
    let day = try day(frozen: values[1], time: values[2], createdAt: createdAt)
    return [values[0], .integer(Int64(day.adding(-day.weekday).number))]
  }

  private func likeness(_ record: StoredRecord, _ type: RecordType) throws -> [Value] {
    try likeness(type, type.fieldsOfOne.map { record[$0] }, createdAt: record.createdAt)
      + (type == .plan ? record.members(of: "slots").map { Value.text($0.key) } : [])
      + (type == .step ? [record.parent.map { Value.reference($0) } ?? .null] : [])
  }

  /// What the fields that are the same do not tell.
  func isOne(_ one: StoredRecord, _ other: StoredRecord, _ type: RecordType) throws -> Bool {
    // Whoever had seen what was merged into it had seen a part of it.
    let ofOne = [one.id] + merged(one)
    let ofOther = [other.id] + merged(other)
    if ofOne.count + ofOther.count > 2 {
      guard try ofOne.allSatisfy({ part in try ofOther.allSatisfy { try areUnaware(part, $0) } }) else {
        return false
      }
    }
    switch type {
    case .session: return try !targets(one).isDisjoint(with: targets(other))
    case .pain:
      // Before a session, after it and at the day's check-in are three questions.
      return one["context"] == .null || other["context"] == .null || one["context"] == other["context"]
    default: return true
    }
  }

  private func merged(_ record: StoredRecord) -> [Dot] {
    record.members(of: "merged").compactMap { try? dot($0.key) }
  }

  private func targets(_ session: StoredRecord) throws -> Set<Value> {
    Set(
      try reader.children(of: session.id, in: RecordType.bout.name, includeRemoved: false).map {
        $0["target"]
      })
  }
}

extension RecordType {
  /// How far apart in ms two records of one thing can be: what happened is one within five minutes, what is kept is
  /// one whenever it was written down, nil.
  var duplicateWindow: Int64? {
    switch self {
    case .session, .pain, .factor, .check: 300_000
    case .episode: 86_400_000
    default: nil
    }
  }

  /// In which two records of one thing are equal.
  var fieldsOfOne: [String] {
    switch self {
    case .session: []
    case .pain: ["site", "side", "aspect", "scale"]
    case .factor: ["kind"]
    case .check: ["outcome"]
    case .episode: ["site"]
    case .assessment: ["kind", "local_day", "at"]
    case .plan: ["kind", "from_day", "arm_a", "arm_b"]
    case .spot: ["target", "side", "label"]
    case .step: ["target", "side", "seconds"]
    default: ["name"]
    }
  }

  /// In which two bouts, or two ratings, of two sessions that are one are the same.
  var fieldsOfOneInASession: [String] {
    self == .bout ? ["target", "side", "seconds"] : ["score", "site", "side", "context"]
  }
}
