/// Actor → highest seq seen. An actor that is absent stands at 0.
public struct VectorClock: Hashable, Sendable {
  /// The highest seq seen of each actor; never 0.
  public private(set) var entries: [ActorID: UInt64]

  /// Entries with seq 0 are left out.
  public init(_ entries: [ActorID: UInt64] = [:]) {
    self.entries = entries.filter { $0.value > 0 }
  }

  /// Whether no change of any actor was seen.
  public var isEmpty: Bool { entries.isEmpty }

  /// The highest seq seen of an actor; 0 where none was seen. Setting 0 takes the entry away.
  public subscript(actor: ActorID) -> UInt64 {
    get { entries[actor] ?? 0 }
    set { entries[actor] = newValue == 0 ? nil : newValue }
  }

  /// Whether the change of that name has been seen.
  public func covers(_ dot: Dot) -> Bool { self[dot.actor] >= dot.seq }

  /// Whether everything the other clock has seen has been seen.
  public func covers(_ other: VectorClock) -> Bool {
    other.entries.allSatisfy { self[$0.key] >= $0.value }
  }

  /// Adds what the other clock has seen: of each actor, the higher seq counts.
  public mutating func merge(_ other: VectorClock) {
    for (actor, seq) in other.entries where seq > self[actor] { entries[actor] = seq }
  }

  /// Entry by entry the smaller: what both have seen.
  public func intersection(_ other: VectorClock) -> VectorClock {
    VectorClock(entries.mapValuesWithKey { min($1, other[$0]) })
  }

  /// How many changes this clock has seen that the other has not.
  public func changeCount(beyond other: VectorClock) -> UInt64 {
    entries.reduce(0) { $0 + ($1.value > other[$1.key] ? $1.value - other[$1.key] : 0) }
  }

  /// In actor order, so that whatever is made from a clock is the same everywhere.
  public var sorted: [Dot] {
    entries.map { Dot($0.key, $0.value) }.sorted()
  }
}

extension Dictionary {
  fileprivate func mapValuesWithKey<T>(_ transform: (Key, Value) -> T) -> [Key: T] {
    [Key: T](uniqueKeysWithValues: map { ($0.key, transform($0.key, $0.value)) })
  }
}
