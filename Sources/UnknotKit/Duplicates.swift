import Crypto
import UnknotEngine

/// Two records that are probably one, the one that was made first in front.
struct ProbableDuplicate {
  let first: Dot
  let second: Dot
  let hasSameOrigin: Bool
}

// Causality says what can be one thing: who had seen a record and then made another one made two.
extension JournalTransaction {
  /// Pairs that were said to be two.
  func distinctPairs() throws -> Set<Set<Dot>> {
    Set(
      try records(.distinct, fields: [.first, .second]).compactMap { record in
        guard case .reference(let first) = record[.first], case .reference(let second) = record[.second]
        else { return nil }
        return [first, second]
      })
  }

  func duplicates(since: Moment?) throws -> [ProbableDuplicate] {
    // What one actor has written is a repeat of nothing.
    guard reader.actors().count > 1 else { return [] }
    let distinct = try distinctPairs()
    var found: [ProbableDuplicate] = []
    for type in RecordType.all where type.isMergeable {
      found += try duplicates(of: type, since: since?.milliseconds, distinct: distinct)
    }
    return found
  }

  private func duplicates(
    of type: RecordType, since: Int64?, distinct: Set<Set<Dot>>
  ) throws -> [ProbableDuplicate] {
    let comparison = DuplicateComparison(type, reader, distinct: distinct)
    let all = try candidates(type, since: since)
    let byOrigin = try pairs(
      among: all.filter { $0.origin != .null }, by: { [$0.origin] }, where: comparison.canBeOne)
    let paired = Set(byOrigin.flatMap { [$0.0.id, $0.1.id] })
    let alike = try pairs(
      among: near(all, type.duplicateWindow).filter { !paired.contains($0.id) }, within: type.duplicateWindow,
      by: \.likeness, where: comparison.areOne)
    func duplicate(
      _ pair: (DuplicateCandidate, DuplicateCandidate), hasSameOrigin: Bool
    ) throws -> ProbableDuplicate? {
      guard let one = try reader.record(pair.0.id, fields: []),
        let other = try reader.record(pair.1.id, fields: [])
      else { return nil }
      let isInOrder = (one.createdAt, one.id) <= (other.createdAt, other.id)
      return ProbableDuplicate(
        first: isInOrder ? one.id : other.id, second: isInOrder ? other.id : one.id,
        hasSameOrigin: hasSameOrigin)
    }
    return try byOrigin.compactMap { try duplicate($0, hasSameOrigin: true) }
      + alike.compactMap { try duplicate($0, hasSameOrigin: false) }
  }

  /// Those that have another one within the window: of ratings of ten years, few.
  ///
  /// - Parameter all: in the order of time.
  private func near(_ all: [DuplicateCandidate], _ window: Int64?) -> [DuplicateCandidate] {
    guard let window else { return all }
    return all.indices.filter { index in
      index > 0 && all[index].isWithin(window, of: all[index - 1])
        || index + 1 < all.count && all[index + 1].isWithin(window, of: all[index])
    }.map { all[$0] }
  }

  /// What is compared of each record, and no more of it: there can be many, with long texts.
  private func candidates(_ type: RecordType, since: Int64?) throws -> [DuplicateCandidate] {
    var found: [DuplicateCandidate] = []
    let names = type.fieldsOfOne
    let fields = (names + [.origin]).map { FieldName($0) }
    // A session has many bouts that are like each other; only copies of the same one are one.
    let condition: [FieldName: ScanCondition] = type == .bout ? [FieldName(.origin): .isSet] : [:]
    try reader.scan(type.name, fields: fields, where: condition, since: since) {
      let origin = $0.values[names.count].short
      var likeness = try likeness(type, Array($0.values.prefix(names.count)), createdAt: $0.createdAt)
      if type == .step { likeness.append($0.parent.map { .reference($0) } ?? .null) }
      if type == .plan {
        likeness +=
          try reader.record($0.id, fields: [.slots])?.members(of: .slots).map { Value.text($0.key) } ?? []
      }
      found.append(
        DuplicateCandidate(id: $0.id, time: $0.time, likeness: likeness, origin: origin, weight: 0))
    }
    return found
  }

  /// Records that are the same by `key`, each in one pair at most, with the nearest in time.
  ///
  /// - Parameter window: how far apart in ms the two can be; nil: any time.
  private func pairs(
    among candidates: [DuplicateCandidate], within window: Int64? = nil,
    by key: (DuplicateCandidate) -> [Value],
    where isOne: (DuplicateCandidate, DuplicateCandidate) throws -> Bool
  ) throws -> [(DuplicateCandidate, DuplicateCandidate)] {
    var pairs: [(DuplicateCandidate, DuplicateCandidate)] = []
    for group in Dictionary(grouping: candidates, by: key).values where group.count > 1 {
      let timed = group.sorted { ($0.time, $0.id) < ($1.time, $1.id) }
      var paired: Set<Dot> = []
      for (index, one) in timed.enumerated() where !paired.contains(one.id) {
        // A bound for files that bring thousands of one name.
        for other in timed[(index + 1)...].prefix(DuplicateComparison.most) where !paired.contains(other.id) {
          if let window, !other.isWithin(window, of: one) { break }
          guard try isOne(one, other) else { continue }
          paired.formUnion([one.id, other.id])
          pairs.append((one, other))
          break
        }
      }
    }
    return pairs.sorted { ($1.1.time, $1.1.id) < ($0.1.time, $0.1.id) }
  }

  /// What two records of one thing have in common.
  ///
  /// - Parameter values: of `type.fieldsOfOne`, in their order.
  func likeness(_ type: RecordType, _ values: [Value], createdAt: Int64) throws -> [Value] {
    guard type == .assessment else { return values.map(\.short) }
    // Of one week: it asks about the last one.
    let day = try day(frozen: values[1], time: values[2], createdAt: createdAt)
    return [values[0].short, .integer(Int64(day.adding(-day.weekday).number))]
  }
}

extension RecordType {
  /// How far apart in ms two records of one thing can be: what happened is one within five minutes, what is kept is
  /// one whenever it was written down, nil.
  var duplicateWindow: Int64? {
    switch self {
    case .session, .pain, .factor, .check: 300_000
    case .episode: Moment.millisecondsPerDay
    default: nil
    }
  }

  /// In which two records of one thing are equal.
  var fieldsOfOne: [FieldKey] {
    switch self {
    case .session: []
    case .pain: [.site, .side, .aspect, .scale]
    case .factor: [.kind, .label]
    case .check: [.outcome]
    case .episode: [.site]
    case .assessment: [.kind, .localDay, .at]
    case .plan: [.kind, .fromDay, .armA, .armB]
    case .spot: [.target, .side, .label]
    case .step, .bout: [.target, .side, .seconds]
    default: [.name]
    }
  }

  /// In which two bouts, or two ratings, of two sessions that are one are the same.
  var fieldsOfOneInASession: [FieldKey] {
    self == .bout ? [.target, .side, .seconds] : [.site, .side, .aspect, .scale, .context]
  }
}

extension Value {
  /// Equal for what is equal, and never long: to be compared with many.
  var short: Value {
    guard case .text(let text) = self, text.utf8.count > 64 else { return self }
    return .bytes(Array(SHA256.hash(data: Array(text.utf8))))
  }
}
