import UnknotEngine

/// A record that may be one with others of its kind. What is asked of it is read once, and no more of it is kept.
final class DuplicateCandidate {
  let id: Dot
  /// In ms.
  let time: Int64
  let likeness: [Value]
  let origin: Value
  /// Of those that are one, the one with the most is counted.
  let weight: Int
  fileprivate var details: Details?
  fileprivate var seen: [SeenContext]?

  fileprivate struct Details {
    /// Itself, and what was merged into it.
    let parts: [Dot]
    let parent: Dot?
    /// What a rating was asked for.
    let context: Value
    /// What was pressed in a session.
    let targets: Set<Value>
  }

  init(id: Dot, time: Int64, likeness: [Value], origin: Value, weight: Int) {
    (self.id, self.time, self.likeness, self.origin, self.weight) = (id, time, likeness, origin, weight)
  }

  func isWithin(_ window: Int64, of earlier: DuplicateCandidate) -> Bool {
    let (gap, overflow) = time.subtractingReportingOverflow(earlier.time)
    return !overflow && gap <= window
  }
}

/// Tells whether two records of a kind can be one thing that was recorded twice.
final class DuplicateComparison {
  /// With so many others a record is compared, of so many it can be made, and no more.
  static let most = 100

  private let type: RecordType
  private let reader: StoreReader
  private let distinct: Set<Set<Dot>>
  private let changes: SeenChanges
  private lazy var actors = Dictionary(reader.actors().map { ($0.description, $0) }) { first, _ in first }

  init(_ type: RecordType, _ reader: StoreReader, distinct: Set<Set<Dot>>) {
    (self.type, self.reader, self.distinct) = (type, reader, distinct)
    changes = SeenChanges(reader)
  }

  /// Reads what is to be asked of it: where many are compared in another order than the one in which they were written.
  func prepare(_ candidate: DuplicateCandidate) throws { _ = try seen(candidate) }

  /// Nobody said that they are two, and neither was made by who had seen a part of the other: causality says what can
  /// be one.
  func canBeOne(_ one: DuplicateCandidate, _ other: DuplicateCandidate) throws -> Bool {
    // What one actor wrote is one history.
    guard one.id.actor != other.id.actor else { return false }
    let (first, second) = (try details(one), try details(other))
    guard first.parts.count <= Self.most, second.parts.count <= Self.most else { return false }
    for part in first.parts {
      for other in second.parts where part.actor == other.actor || distinct.contains([part, other]) {
        return false
      }
    }
    // Nor are parts of two that are two.
    if let parent = first.parent, let other = second.parent, distinct.contains([parent, other]) {
      return false
    }
    guard let seenByOne = try seen(one), let seenByOther = try seen(other) else { return false }
    return !seenByOne.contains { second.parts.contains(where: $0.covers) }
      && !seenByOther.contains { first.parts.contains(where: $0.covers) }
  }

  /// The same: and what they say is alike as well.
  func areOne(_ one: DuplicateCandidate, _ other: DuplicateCandidate) throws -> Bool {
    guard one.likeness == other.likeness, try canBeOne(one, other) else { return false }
    let (first, second) = (try details(one), try details(other))
    switch type {
    case .bout: return false
    case .session: return !first.targets.isDisjoint(with: second.targets)
    // Before a session, after it and at the day's check-in are three questions.
    case .pain: return first.context == .null || second.context == .null || first.context == second.context
    default: return true
    }
  }

  private func details(_ candidate: DuplicateCandidate) throws -> DuplicateCandidate.Details {
    if let details = candidate.details { return details }
    let record = try reader.record(candidate.id, fields: [.merged, .context])
    var targets: Set<Value> = []
    if type == .session {
      let bouts = try reader.children(
        of: candidate.id, in: .bout, includeRemoved: false, fields: [.target])
      targets = Set(bouts.map { $0[.target] })
    }
    let members = record?.members(of: .merged).prefix(Self.most + 1) ?? []
    let merged = members.compactMap { Dot(wholeID: $0.key, actors) }
    let details = DuplicateCandidate.Details(
      parts: [candidate.id] + merged, parent: record?.parent, context: record?[.context] ?? .null,
      targets: targets)
    candidate.details = details
    return details
  }

  /// What the writers of its parts had seen.
  private func seen(_ candidate: DuplicateCandidate) throws -> [SeenContext]? {
    if let seen = candidate.seen { return seen }
    var found: [SeenContext] = []
    for part in try details(candidate).parts {
      guard let context = try changes.context(of: part) else { return nil }
      found.append(context)
    }
    candidate.seen = found
    return found
  }
}
