import UnknotCausality

/// A vector clock by the lines of this file: of each, how deep it goes. It is closed: with a change it has all that lead
/// to it in its family, so that a change is covered iff its own line's entry says so.
struct LineClock: Hashable {
  private(set) var entries: [Int64: Int64] = [:]

  init() {}

  /// As stored: (line, depth) pairs as varints.
  init(_ bytes: [UInt8]) throws {
    for key in try Self.keys(bytes) { self[key.line] = key.depth }
  }

  subscript(line: Int64) -> Int64 {
    get { entries[line] ?? 0 }
    set { entries[line] = newValue == 0 ? nil : newValue }
  }

  func covers(_ key: ChangeKey) -> Bool { self[key.line] >= key.depth }

  func covers(_ other: LineClock) -> Bool { other.entries.allSatisfy { self[$0.key] >= $0.value } }

  mutating func merge(_ other: LineClock) {
    for (line, depth) in other.entries where depth > self[line] { entries[line] = depth }
  }

  /// The lines on which the other goes to another depth, ascending.
  func differing(from other: LineClock) -> [Int64] {
    Set(entries.keys).union(other.entries.keys).filter { self[$0] != other[$0] }.sorted()
  }

  var keys: [ChangeKey] {
    entries.sorted { $0.key < $1.key }.map { ChangeKey(line: $0.key, depth: $0.value) }
  }

  var bytes: [UInt8] { Self.bytes(keys) }

  static func bytes(_ keys: [ChangeKey]) -> [UInt8] {
    var writer = ByteWriter()
    for key in keys {
      writer.unsigned(UInt64(key.line))
      writer.unsigned(UInt64(key.depth))
    }
    return writer.bytes
  }

  static func keys(_ bytes: [UInt8]) throws -> [ChangeKey] {
    var reader = ByteReader(bytes)
    var keys: [ChangeKey] = []
    while !reader.isAtEnd {
      let (line, depth) = (try reader.unsigned(), try reader.unsigned())
      guard line <= UInt64(ChangeKey.maximumLine), depth <= UInt64(ChangeKey.maximumDepth) else {
        throw MalformedBytes("clock entry out of range")
      }
      keys.append(ChangeKey(line: Int64(line), depth: Int64(depth)))
    }
    return keys
  }
}

extension NameTree {
  /// A clock that covers these changes and all that lead to them in their families.
  func closure(of keys: some Sequence<ChangeKey>) -> LineClock {
    var clock = LineClock()
    for key in keys {
      var key = key
      while key.depth > clock[key.line] {
        clock[key.line] = key.depth
        guard let parent = self[key.line]?.parent else { break }
        key = parent
      }
    }
    return clock
  }

  /// The last changes of a family that a clock covers: none of them leads to another. Names play no part in it.
  func heads(ofFamily root: Int64, in clock: LineClock) -> [ChangeKey] {
    guard isForked(root) else {
      return clock[root] > 0 ? [ChangeKey(line: root, depth: clock[root])] : []
    }
    let family =
      clock.entries.count < family(root).count
      ? clock.entries.keys.filter { self.root(of: $0) == root } : family(root).filter { clock[$0] > 0 }
    var last = Set(family.map { ChangeKey(line: $0, depth: clock[$0]) })
    for line in family {
      if let parent = self[line]?.parent { last.remove(parent) }
    }
    return last.sorted()
  }

  /// The entries of a closed clock by what they are called.
  func vectorClock(_ clock: LineClock) -> VectorClock {
    var named = VectorClock()
    for (line, depth) in clock.entries {
      for dot in names(on: line, upTo: depth) where dot.seq > named[dot.actor] { named[dot.actor] = dot.seq }
    }
    return named
  }

  /// What is held of an actor and of those that came before, as far as a clock in names says.
  func lineClock(_ clock: VectorClock) -> LineClock {
    closure(of: clock.entries.compactMap { actor, seq in key(of: Dot(actor, seq)) })
  }
}

/// What every change of a record has to know of it.
struct RecordOrigin {
  let record: ChangeKey
  /// Of the creating change.
  let shape: StoredShape
  let parent: ChangeKey?
}
