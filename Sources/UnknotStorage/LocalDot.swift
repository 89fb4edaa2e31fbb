import UnknotCausality

/// A dot as this file stores it: the actor's number in the upper 23 bits, the seq in the lower 40.
typealias LocalDot = Int64

enum Packing {
  static let seqBits: Int64 = 40
  static let seqMask: Int64 = (1 << seqBits) - 1
  static let maximumActor: Int64 = (1 << 22) - 1

  static func dot(_ actor: Int64, _ seq: Int64) -> LocalDot { actor << seqBits | seq }
  static func actor(_ dot: LocalDot) -> Int64 { dot >> seqBits }
  static func seq(_ dot: LocalDot) -> Int64 { dot & seqMask }
}

/// A vector clock by the numbers of this file, as stored: (actor, seq) pairs as varints in actor order.
struct LocalClock: Hashable {
  private(set) var entries: [Int64: Int64] = [:]

  init() {}

  init(_ bytes: [UInt8]) throws {
    for (actor, seq) in try Self.pairs(bytes) { self[actor] = seq }
  }

  init(_ pairs: [(actor: Int64, seq: Int64)]) { change(pairs) }

  subscript(actor: Int64) -> Int64 {
    get { entries[actor] ?? 0 }
    set { entries[actor] = newValue == 0 ? nil : newValue }
  }

  func covers(_ dot: LocalDot) -> Bool { self[Packing.actor(dot)] >= Packing.seq(dot) }

  func covers(_ other: LocalClock) -> Bool { other.entries.allSatisfy { self[$0.key] >= $0.value } }

  mutating func change(_ delta: [(actor: Int64, seq: Int64)]) {
    for (actor, seq) in delta { self[actor] = seq }
  }

  /// The entries in which the other differs, in actor order; seq 0 where it has none.
  func delta(to other: LocalClock) -> [(actor: Int64, seq: Int64)] {
    Set(entries.keys).union(other.entries.keys).filter { self[$0] != other[$0] }.sorted()
      .map { ($0, other[$0]) }
  }

  var bytes: [UInt8] { Self.bytes(entries.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }) }

  static func bytes(_ pairs: [(actor: Int64, seq: Int64)]) -> [UInt8] {
    var writer = ByteWriter()
    for (actor, seq) in pairs {
      writer.unsigned(UInt64(actor))
      writer.unsigned(UInt64(seq))
    }
    return writer.bytes
  }

  static func pairs(_ bytes: [UInt8]) throws -> [(actor: Int64, seq: Int64)] {
    var reader = ByteReader(bytes)
    var pairs: [(Int64, Int64)] = []
    while !reader.isAtEnd {
      guard let actor = Int64(exactly: try reader.unsigned()), let seq = Int64(exactly: try reader.unsigned())
      else { throw MalformedBytes("clock entry out of range") }
      pairs.append((actor, seq))
    }
    return pairs
  }
}

/// What every change of a record has to know of it.
struct RecordOrigin {
  let record: LocalDot
  /// The number of the creating change's shape.
  let shape: Int64
  /// The number of its table.
  let table: Int64
  /// 0 without one.
  let parent: LocalDot
}
