import Testing
import UnknotCausality

/// The rule by itself, in the words of `merge.md`: each row of a table is one of its sentences.
@Suite struct MergeRuleTests {
  private static func dot(_ actor: UInt8, _ seq: UInt64) -> Dot {
    let bytes = [UInt8](repeating: 0, count: ActorID.byteCount - 1) + [actor]
    guard let actor = ActorID(bytes) else { preconditionFailure("16 bytes are an actor") }
    return Dot(actor, seq)
  }

  private static func entry(_ actor: UInt8, _ seq: UInt64, at time: Int64, _ value: Value) -> RegisterEntry {
    RegisterEntry(dot: dot(actor, seq), recordedAt: time, value: value)
  }

  struct Shown: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let rule: MergeRule
    let entries: [RegisterEntry]
    /// The place of the entry that is shown.
    let shown: Int
    let isInConflict: Bool
  }

  static let shown: [Shown] = [
    Shown(
      testDescription: "one entry is shown", rule: .latest, entries: [entry(1, 1, at: 5, .integer(1))],
      shown: 0, isInConflict: false),
    Shown(
      testDescription: "the greatest recorded_at is shown", rule: .latest,
      entries: [entry(2, 9, at: 5, .integer(1)), entry(1, 1, at: 6, .integer(2))], shown: 1,
      isInConflict: true),
    Shown(
      testDescription: "of one time, the greatest actor", rule: .latest,
      entries: [entry(2, 1, at: 5, .integer(1)), entry(1, 9, at: 5, .integer(2))], shown: 0,
      isInConflict: true),
    Shown(
      testDescription: "of one actor, the greatest seq", rule: .latest,
      entries: [entry(1, 2, at: 5, .integer(1)), entry(1, 10, at: 5, .integer(2))], shown: 1,
      isInConflict: true),
    Shown(
      testDescription: "equal values written concurrently are no conflict", rule: .latest,
      entries: [entry(1, 1, at: 5, .text("a")), entry(2, 1, at: 6, .text("a"))], shown: 1,
      isInConflict: false),
    Shown(
      testDescription: "values are compared as bytes", rule: .latest,
      entries: [entry(1, 1, at: 5, .text("é")), entry(2, 1, at: 6, .text("e\u{301}"))], shown: 1,
      isInConflict: true),
    Shown(
      testDescription: "an emptied field is a value like others", rule: .latest,
      entries: [entry(1, 1, at: 5, .text("a")), entry(2, 1, at: 6, .null)], shown: 1, isInConflict: true),
    Shown(
      testDescription: "presence: true wins over a later delete", rule: .somethingWins,
      entries: [entry(1, 1, at: 5, .present), entry(2, 1, at: 6, .removed)], shown: 0, isInConflict: true),
    Shown(
      testDescription: "two deletes are no conflict", rule: .somethingWins,
      entries: [entry(1, 1, at: 5, .removed), entry(2, 1, at: 6, .removed)], shown: 1, isInConflict: false),
    Shown(
      testDescription: "a key of a map: of two that are written, the latest", rule: .somethingWins,
      entries: [
        entry(1, 1, at: 7, .null), entry(2, 1, at: 5, .text("a")), entry(3, 1, at: 6, .text("b")),
      ], shown: 2, isInConflict: true),
  ]

  @Test(arguments: shown)
  func shows(_ row: Shown) {
    // Any device computes the same one: the order of arrival plays no part.
    for entries in row.entries.permutations {
      let register = Register(entries, rule: row.rule)
      #expect(register.entries.first == row.entries[row.shown])
      #expect(register.isInConflict == row.isInConflict)
    }
  }

  @Test func fieldsAndPresenceHaveTheirRules() {
    #expect(FieldName("score").rule == .latest)
    #expect(FieldName.presence.rule == .somethingWins)
    #expect(FieldName("tag", key: "sharp").rule == .somethingWins)
  }

  /// A name costs something to find out: it is asked only where times are equal.
  @Test func namesBreakTiesAlone() throws {
    struct Asked: Error {}
    let early = Self.entry(1, 1, at: 5, .integer(1))
    let late = Self.entry(2, 1, at: 6, .integer(2))
    #expect(try MergeRule.latest.prefers(late, to: early) { _ in throw Asked() })
    #expect(throws: Asked.self) { try MergeRule.latest.prefers(late, to: late) { _ in throw Asked() } }
  }
}

/// The cases that Riak's dotted version vectors are tested with (`dvvset.erl` of basho/riak_core: `update_test`,
/// `sync_test`, `syn_update_test`), as facts: which values a register holds after those writes. There, a write is given
/// what its client had read; here, what its writer had seen.
@Suite struct DottedVersionVectorTests {
  /// A write of a register: by which actor, its number, and what its writer had seen of each.
  struct Write: Hashable, Sendable {
    let actor: String
    let seq: Int
    let value: String
    let seen: [String: Int]

    init(_ actor: String, _ seq: Int, _ value: String, seen: [String: Int] = [:]) {
      self.actor = actor
      self.seq = seq
      self.value = value
      self.seen = seen
    }

    func hadSeen(_ other: Write) -> Bool { seen[other.actor, default: 0] >= other.seq }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let writes: [Write]
    let values: [String]
  }

  private static let v1 = Write("a", 1, "v1")
  private static let v2 = Write("a", 2, "v2", seen: ["a": 1])

  static let cases: [Case] = [
    Case(testDescription: "update: a first write", writes: [v1], values: ["v1"]),
    Case(testDescription: "update: what was read is replaced", writes: [v1, v2], values: ["v2"]),
    Case(
      testDescription: "update: by another server",
      writes: [v1, v2, Write("b", 1, "v3", seen: ["a": 2])], values: ["v3"]),
    Case(
      testDescription: "update: with an older reading, by another server",
      writes: [v1, v2, Write("b", 1, "v4", seen: ["a": 1])], values: ["v2", "v4"]),
    Case(
      testDescription: "update: with an older reading, by the same server",
      writes: [v1, v2, Write("a", 3, "v5", seen: ["a": 1])], values: ["v2", "v5"]),
    Case(
      testDescription: "sync: an empty one changes nothing", writes: [v1, v1], values: ["v1"]),
    Case(
      testDescription: "sync: two that know nothing of each other", writes: [v1, Write("b", 1, "v2")],
      values: ["v1", "v2"]),
    Case(
      testDescription: "sync: two equal values after one reading",
      writes: [v1, v2, Write("b", 1, "v3", seen: ["a": 2]), Write("c", 1, "v3", seen: ["a": 2])],
      values: ["v3", "v3"]),
    Case(
      testDescription: "Mary writes twice without reading, Peter writes having read the first",
      writes: [v1, Write("a", 2, "v2"), Write("a", 3, "v3", seen: ["a": 1])], values: ["v2", "v3"]),
  ]

  /// In whatever order writes arrive: one by one at a register, or all at once.
  @Test(arguments: cases)
  func holds(_ row: Case) {
    let writes = Array(Set(row.writes))
    for order in writes.permutations {
      #expect(MergeRule.standing(order) { $0.hadSeen($1) }.map(\.value).sorted() == row.values)
    }
    // One by one only in an order that is causally closed.
    for order in writes.permutations where order.isCausal {
      var register: [Write] = []
      for write in order {
        register = MergeRule.split(register, byWriteThatHadSeen: write.hadSeen).concurrent + [write]
      }
      #expect(register.map(\.value).sorted() == row.values)
    }
  }
}

extension [DottedVersionVectorTests.Write] {
  fileprivate var isCausal: Bool {
    indices.allSatisfy { place in !self[place...].dropFirst().contains { self[place].hadSeen($0) } }
  }
}

extension Array {
  fileprivate var permutations: [[Element]] {
    guard count > 1 else { return [self] }
    return indices.flatMap { place in
      var rest = self
      let element = rest.remove(at: place)
      return rest.permutations.map { [element] + $0 }
    }
  }
}
