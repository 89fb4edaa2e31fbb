import UnknotCausality
import UnknotStorage

/// What a write of a small history does. There is one visit, made by the first write, and at most one part of it.
///
/// `at` is the field by which visits are listed. It is there from the start, and two writes may give it the same value
/// or two, with the same clock or with one ahead: all that decides between concurrent writes. `note` is not there from
/// the start; its values, and those of `place`, are always new ones, so that two concurrent writes are a conflict.
enum ScopeKind: String, CaseIterable {
  case create
  case at
  case atLate = "at-late"
  case atOwn = "at-own"
  case atOwnLate = "at-own-late"
  case note
  case delete
  case restore
  case add
  case move
  case deletePart = "delete-part"
  case restorePart = "restore-part"

  /// Milliseconds. Only among writes to `at` does a clock decide anything that is looked at again, by the order in
  /// which visits are listed and by whether an edit would change anything: the others' clocks are all the same.
  var recordedAt: Int64 { 1_700_000_000_000 + (self == .atLate || self == .atOwnLate ? 1000 : 0) }

  var action: Shape.Action {
    switch self {
    case .create, .add: .create
    case .delete, .deletePart: .delete
    default: .edit
    }
  }

  var isOfPart: Bool { [.add, .move, .deletePart, .restorePart].contains(self) }

  /// - Parameter dot: of the change, from which new values are made.
  func fields(_ dot: Dot) -> [FieldName: Value] {
    let number = Int64(dot.actor.bytes[0]) * 10 + Int64(dot.seq)
    func time(_ minutes: Int64) -> Value { .time(milliseconds: minutes * 60_000, offsetMinutes: 60) }
    return switch self {
    case .create: ["at": time(0)].named
    case .at, .atLate: ["at": time(1)].named
    case .atOwn, .atOwnLate: ["at": time(number)].named
    case .note: ["note": .text("n\(number)")].named
    case .add: ["place": .text("a0"), "size": .integer(1)].named
    case .move: ["place": .text("a\(number)")].named
    case .delete, .restore, .deletePart, .restorePart: [:]
    }
  }

  /// - Returns: whether anything was written.
  func perform(_ writer: StoreWriter, _ dot: Dot, visit: Dot?, part: Dot?) throws -> Bool {
    guard let visit else {
      return try self == .create && writer.create("visit", parent: nil, fields(dot)) == dot
    }
    if self == .add { return try writer.create("part", parent: visit, fields(dot)) == dot }
    guard let record = isOfPart ? part : visit else { return false }
    return switch self {
    case .create, .add: false
    case .delete, .deletePart: try writer.delete(record)
    case .restore, .restorePart: try writer.restore(record)
    default: try writer.edit(record, fields(dot))
    }
  }

  /// What `merge.md` says of whether that is written by one who holds this.
  func isWritten(_ model: Model, at clock: VectorClock, _ dot: Dot, visit: Dot?, part: Dot?) -> Bool {
    guard let visit else { return self == .create }
    guard self != .create, self != .add, let record = isOfPart ? part : visit else { return self == .add }
    if fields(dot).isEmpty {
      let presence = model.presence(record, at: clock)
      return presence.isInConflict || presence.visible != (action == .delete ? .removed : .present)
    }
    return fields(dot).contains { name, value in
      let register = model.register(record, name, at: clock)
      return register.isInConflict || register.visible != value
    }
  }
}

/// One write, with everything that its writer had seen. The same write is part of many histories.
struct ScopeWrite {
  /// a, b, c: 0, 1, 2, in the order of the actors' bytes.
  let device: Int
  /// Numbers of the writes that its writer had seen, its own among them, ascending; each has a smaller number than
  /// this one.
  let past: [Int]
  let kind: ScopeKind
  let write: Model.Write
  /// As its writer's journal gives it away.
  let delivery: ScopeDelivery
  let visit: Dot
  /// nil in the eyes of one who has not heard of a part.
  let part: Dot?

  var isAboutPart: Bool { kind == .add }
}

/// The whole of a failure's report: for each write its device, which of the writes before it in the text it had seen
/// (by their places, from 1), and its kind. `b:create a1:at b1:delete c123:note` is four writes.
struct ScopeText {
  var items: [(device: Int, past: [Int], kind: ScopeKind)] = []

  private static let letters: [Character] = ["a", "b", "c"]

  init(_ history: [Int], of writes: [ScopeWrite]) {
    let sorted = history.sorted()
    items = sorted.map { number in
      let write = writes[number]
      return (write.device, write.past.compactMap { sorted.firstIndex(of: $0) }, write.kind)
    }
  }

  init?(_ text: String) {
    for item in text.split(separator: " ") {
      let halves = item.split(separator: ":", maxSplits: 1)
      guard halves.count == 2, let letter = halves[0].first,
        let kind = ScopeKind(rawValue: String(halves[1])),
        let device = Self.letters.firstIndex(of: letter)
      else { return nil }
      let past = halves[0].dropFirst().compactMap(\.wholeNumberValue).map { $0 - 1 }
      guard past.allSatisfy({ items.indices.contains($0) }) else { return nil }
      items.append((device, past.sorted(), kind))
    }
  }

  var text: String {
    items.map { item in
      "\(Self.letters[item.device])\(item.past.map { String($0 + 1) }.joined()):\(item.kind.rawValue)"
    }.joined(separator: " ")
  }
}
