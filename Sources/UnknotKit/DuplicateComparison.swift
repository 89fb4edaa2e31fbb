import UnknotCausality
import UnknotStorage

/// A record that may be one with others of its kind. What is read of it is read once.
final class DuplicateCandidate {
  let id: Dot
  /// In ms.
  let time: Int64
  let likeness: [Value]
  let origin: Value
  /// Of those that are one, the one with the most is counted.
  let weight: Int
  private var known: StoredRecord?
  private var targets: Set<Value>?
  private var seen: [SeenContext]?

  init(id: Dot, time: Int64, likeness: [Value], origin: Value, weight: Int) {
    (self.id, self.time, self.likeness, self.origin, self.weight) = (id, time, likeness, origin, weight)
  }

  init(_ record: StoredRecord, time: Int64, likeness: [Value]) {
    (id, self.time, self.likeness, origin, weight) = (record.id, time, likeness, record["origin"], 0)
    known = record
  }

  func isWithin(_ window: Int64, of earlier: DuplicateCandidate) -> Bool {
    let (gap, overflow) = time.subtractingReportingOverflow(earlier.time)
    return !overflow && gap <= window
  }

  func record(_ session: JournalTransaction) throws -> StoredRecord? {
    if known == nil { known = try session.record(id) }
    return known
  }

  /// What was pressed in it.
  func targets(_ session: JournalTransaction) throws -> Set<Value> {
    if let targets { return targets }
    let bouts = try session.reader.children(of: id, in: RecordType.bout.name, includeRemoved: false)
    let found = Set(bouts.map { $0["target"] })
    targets = found
    return found
  }

  /// Itself, and what was merged into it.
  func parts(_ session: JournalTransaction) throws -> [Dot] {
    [id] + (try record(session)?.members(of: "merged").compactMap { try? session.dot($0.key) } ?? [])
  }

  /// What the writers of its parts had seen.
  func seen(_ session: JournalTransaction, _ changes: SeenChanges) throws -> [SeenContext] {
    if let seen { return seen }
    let found = try parts(session).map { try changes.context(of: $0) }
    seen = found
    return found
  }
}

/// Tells whether two records of a kind can be one thing that was recorded twice.
struct DuplicateComparison {
  /// With so many others a record is compared, of so many it can be made, and no more.
  static let most = 100

  private let type: RecordType
  private let session: JournalTransaction
  private let distinct: Set<Set<Dot>>
  private let changes: SeenChanges

  init(_ type: RecordType, _ session: JournalTransaction, distinct: Set<Set<Dot>>) {
    (self.type, self.session, self.distinct) = (type, session, distinct)
    changes = SeenChanges(session.reader)
  }

  /// Nobody said that they are two, and neither was made by who had seen a part of the other: causality says what can
  /// be one.
  func canBeOne(_ one: DuplicateCandidate, _ other: DuplicateCandidate) throws -> Bool {
    // What one actor wrote is one history.
    guard one.id.actor != other.id.actor, !distinct.contains([one.id, other.id]) else { return false }
    let (ofOne, ofOther) = (try one.parts(session), try other.parts(session))
    guard ofOne.count <= Self.most, ofOther.count <= Self.most else { return false }
    let bySameActor = ofOne.contains { part in ofOther.contains { $0.actor == part.actor } }
    guard !bySameActor else { return false }
    return try !one.seen(session, changes).contains { ofOther.contains(where: $0.covers) }
      && !other.seen(session, changes).contains { ofOne.contains(where: $0.covers) }
  }

  /// The same: and what they say is alike as well.
  func areOne(_ one: DuplicateCandidate, _ other: DuplicateCandidate) throws -> Bool {
    guard one.likeness == other.likeness, try canBeOne(one, other) else { return false }
    switch type {
    case .bout: return false
    case .session: return try !one.targets(session).isDisjoint(with: other.targets(session))
    case .pain:
      guard let first = try one.record(session), let second = try other.record(session) else { return false }
      // Nor are the ratings of two sessions that are two.
      if let parent = first.parent, let other = second.parent, distinct.contains([parent, other]) {
        return false
      }
      // Before a session, after it and at the day's check-in are three questions.
      let (asked, other) = (first["context"], second["context"])
      return asked == .null || other == .null || asked == other
    default: return true
    }
  }
}
