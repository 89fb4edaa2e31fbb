import UnknotCausality
import UnknotStorage

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

  fileprivate mutating func add(_ id: Dot, in place: Dot) {
    counted[id] = place
    uncounted[place, default: []].append(id)
  }
}

/// A record that is compared with those after it.
private struct Candidate {
  let id: Dot
  let time: Int64
  let likeness: [Value]
  let origin: Value
}

extension JournalTransaction {
  /// The earliest of those that are one is counted. Running sessions are not compared.
  ///
  /// - Parameters:
  ///   - type: of which something happened or was found at a time.
  ///   - since: in ms; what is before it is compared as far as it can be one with what is after it.
  ///   - until: in ms.
  func repeats(of type: RecordType, since: Int64? = nil, until: Int64? = nil) throws -> Repeats {
    var search = RepeatSearch(type: type, session: self)
    // What one device has written is a repeat of nothing.
    guard reader.actors().count > 1 else { return search.found }
    search.distinct = try distinctPairs()
    let names = type.fieldsOfOne
    let fields = (names + ["origin", "status"]).map { FieldName($0) }
    // A chain of records that are near each other begins somewhere within the day before.
    let begin = type.duplicateWindow == nil ? nil : since?.subtractingReportingOverflow(86_400_000)
    try reader.scan(
      type.name, fields: fields, since: begin.map { $0.overflow ? .min : $0.partialValue }, until: until
    ) {
      guard type != .session || $0.values[names.count + 1] != .text("running") else { return }
      let values = Array($0.values.prefix(names.count))
      try search.take(
        Candidate(
          id: $0.id, time: $0.time, likeness: try likeness(type, values, createdAt: $0.createdAt),
          origin: $0.values[names.count]))
    }
    try search.finish()
    return search.found
  }
}

/// Goes through records in the order of time, and keeps those in mind that the next ones can be one with.
private struct RepeatSearch {
  let type: RecordType
  let session: JournalTransaction
  var distinct: Set<Set<Dot>> = []
  private(set) var found = Repeats()
  private var recent: [Candidate] = []
  // Of one time they come in any order: which one is counted is for all devices the same.
  private var ofOneTime: [Candidate] = []

  init(type: RecordType, session: JournalTransaction) {
    self.type = type
    self.session = session
  }

  mutating func take(_ candidate: Candidate) throws {
    if let first = ofOneTime.first, first.time != candidate.time { try finish() }
    ofOneTime.append(candidate)
  }

  mutating func finish() throws {
    for candidate in ofOneTime.sorted(by: { $0.id < $1.id }) { try compare(candidate) }
    ofOneTime = []
  }

  private mutating func compare(_ candidate: Candidate) throws {
    if let window = type.duplicateWindow {
      recent.removeAll {
        let (gap, overflow) = candidate.time.subtractingReportingOverflow($0.time)
        return overflow || gap > window
      }
    }
    // A bound for files that bring thousands of one time.
    if let first = try recent.suffix(100).first(where: { try isOne($0, candidate) }) {
      found.add(candidate.id, in: first.id)
    } else {
      recent.append(candidate)
    }
  }

  private func isOne(_ one: Candidate, _ other: Candidate) throws -> Bool {
    let hasSameOrigin = one.origin != .null && one.origin == other.origin
    guard hasSameOrigin || one.likeness == other.likeness, try session.areUnaware(one.id, other.id),
      !distinct.contains([one.id, other.id])
    else { return false }
    guard !hasSameOrigin else { return true }
    // What had seen one of those that are one with it is another thing.
    for id in found.uncounted[one.id] ?? [] where try !session.areUnaware(id, other.id) { return false }
    guard let one = try session.record(one.id), let other = try session.record(other.id) else { return false }
    return try session.isOne(one, other, type)
  }
}
