import UnknotEngine

/// What was probably recorded twice: figures count it once, until somebody merges the two or says that they are two.
struct Repeats {
  /// Those that are not counted, and in whose place each would be.
  private(set) var counted: [Dot: Dot] = [:]
  /// Of each that is counted, those that are not; the oldest first.
  private(set) var uncounted: [Dot: [Dot]] = [:]

  func contains(_ id: Dot) -> Bool { counted[id] != nil }

  /// All that are one with it; itself left out.
  func others(_ id: Dot) -> Set<Dot> {
    let first = counted[id] ?? id
    return Set((uncounted[first] ?? []) + [first]).subtracting([id])
  }

  /// One of the same origin at another time, as another zone makes of a table without one.
  fileprivate mutating func add(_ candidate: DuplicateCandidate, besides first: DuplicateCandidate) {
    let place = counted[first.id] ?? first.id
    counted[candidate.id] = place
    uncounted[place, default: []].append(candidate.id)
  }

  fileprivate mutating func add(_ group: [DuplicateCandidate]) {
    guard group.count > 1,
      let first = group.max(by: { ($0.weight, $1.time, $1.id) < ($1.weight, $0.time, $0.id) })
    else { return }
    for other in group where other.id != first.id {
      counted[other.id] = first.id
      uncounted[first.id, default: []].append(other.id)
    }
  }
}

extension JournalTransaction {
  /// Of those that are one, the earliest is counted; of ratings the highest, so that the worst is never left out; of
  /// sessions one that was done. Running sessions are not compared.
  ///
  /// - Parameters:
  ///   - type: of which something happened or was found at a time.
  ///   - since: in ms; what is before it is compared as far as it can be one with what is after it.
  ///   - until: in ms.
  func repeats(of type: RecordType, since: Int64? = nil, until: Int64? = nil) throws -> Repeats {
    // What one actor has written is a repeat of nothing.
    guard reader.actors().count > 1 else { return Repeats() }
    var search = RepeatSearch(
      window: type.duplicateWindow,
      comparison: DuplicateComparison(type, reader, distinct: try distinctPairs())
    )
    let names = type.fieldsOfOne
    // Of what the kind has: for any other field, each record would be read whole.
    let weighed: [FieldKey] = type == .session ? [.status] : type == .pain ? [.score] : []
    let fields = (names + [.origin] + weighed).map { FieldName($0) }
    // Those that are near each other one by one begin, for people, within the day before.
    let begin =
      type.duplicateWindow == nil ? nil : since?.subtractingReportingOverflow(Moment.millisecondsPerDay)
    try reader.scan(
      type.name, fields: fields, since: begin.map { $0.overflow ? .min : $0.partialValue }, until: until
    ) {
      let values = Array($0.values.prefix(names.count))
      var weight = 0
      switch (type, weighed.isEmpty ? Value.null : $0.values[names.count + 1]) {
      case (.session, SessionStatus.running.value): return
      case (.session, let status):
        weight = status == SessionStatus.abandoned.value ? 0 : status == SessionStatus.partial.value ? 1 : 2
      // One that no figure uses stands in the place of none.
      case (.pain, let score): weight = score.number(in: 0...10).map { Int($0) } ?? -1
      default: break
      }
      try search.take(
        DuplicateCandidate(
          id: $0.id, time: $0.time, likeness: try likeness(type, values, createdAt: $0.createdAt),
          origin: $0.values[names.count].short, weight: weight))
    }
    try search.finish()
    return search.found
  }
}

/// Goes through records in the order of time, and keeps those in mind that the next ones can be one with.
private struct RepeatSearch {
  private let window: Int64?
  private let comparison: DuplicateComparison
  private(set) var found = Repeats()
  /// Groups of what is one, with the earliest in front.
  private var recent: [[DuplicateCandidate]] = []
  /// The first of each origin; so many, and no more.
  private var ofOrigin: [Value: DuplicateCandidate] = [:]
  private static let mostOrigins = 100_000
  // Of one time they come in any order: what is one is for all devices the same.
  private var ofOneTime: [DuplicateCandidate] = []

  init(window: Int64?, comparison: DuplicateComparison) {
    (self.window, self.comparison) = (window, comparison)
  }

  mutating func take(_ candidate: DuplicateCandidate) throws {
    if let first = ofOneTime.first, first.time != candidate.time { try compareAll() }
    ofOneTime.append(candidate)
  }

  mutating func finish() throws {
    try compareAll()
    for group in recent { found.add(group) }
    recent = []
  }

  private mutating func compareAll() throws {
    for candidate in ofOneTime.sorted(by: { $0.id < $1.id }) { try compare(candidate) }
    ofOneTime = []
  }

  private mutating func compare(_ candidate: DuplicateCandidate) throws {
    if let window {
      let isPast = { (group: [DuplicateCandidate]) in !candidate.isWithin(window, of: group[0]) }
      for group in recent where isPast(group) { found.add(group) }
      recent.removeAll(where: isPast)
    }
    let index = try recent.firstIndex { group in
      try group.count < DuplicateComparison.most && group.allSatisfy { try isOne($0, candidate) }
    }
    if let index { return recent[index].append(candidate) }
    if candidate.origin != .null {
      if let first = ofOrigin[candidate.origin] {
        if try comparison.canBeOne(first, candidate) { return found.add(candidate, besides: first) }
      } else if ofOrigin.count < Self.mostOrigins {
        ofOrigin[candidate.origin] = candidate
      }
    }
    recent.append([candidate])
    // A bound for files that bring thousands of one time.
    if recent.count > DuplicateComparison.most { found.add(recent.removeFirst()) }
  }

  private func isOne(_ one: DuplicateCandidate, _ other: DuplicateCandidate) throws -> Bool {
    let hasSameOrigin = one.origin != .null && one.origin == other.origin
    return hasSameOrigin ? try comparison.canBeOne(one, other) : try comparison.areOne(one, other)
  }
}
