/// The lines of one journal and what their changes are called (`merge.md`, "One actor, one history").
///
/// The changes of one actor form a family: a line as long as nobody copied the journal, a tree otherwise. A **line** is a
/// piece of it as it arrived in this journal; a change that follows one in the middle of a line begins a new line. Names
/// are a function of the tree alone: where two or more changes follow one, the one with the smallest hash keeps the
/// actor and counts on; each other begins an actor that is called by the first 16 bytes of its hash, and counts from 1.
/// So two journals with the same changes use the same names, whatever their lines are. Nothing is stored by its name:
/// when a fork becomes known, this value answers otherwise, and no row changes.
public struct NameTree: Sendable {
  /// A piece of a family's history as it arrived here.
  public struct Line: Sendable {
    /// The line on which the family begins.
    public let root: Int64
    /// The actor with which the family begins; nil on other lines.
    public let actor: ActorID?
    /// The change that it goes on from; nil for the root.
    public let parent: ChangeKey?
    /// The depth of its last change; of a root that has none, 0.
    public fileprivate(set) var last: Int64

    /// How many changes of its family come before its own.
    public var start: Int64 { parent?.depth ?? 0 }
  }

  /// Changes of one actor that lie on one line.
  public typealias Piece = ClosedRange<ChangeKey>

  /// An actor of this journal.
  public struct Actor: Sendable {
    /// The name by which its changes are called in this journal now.
    public let id: ActorID
    /// The family's first actor.
    public let root: ActorID
    /// How many changes of its family come before its own.
    public let depth: Int64
    /// Its last change; at `depth` where it has none.
    public let last: ChangeKey

    /// How many changes it has: the seq of its last one, or 0.
    public var seq: Int64 { last.depth - depth }
  }

  /// By number, from 1.
  private var lines: [Line] = []
  /// By line, the depths after which its own changes are called by another actor than before, ascending: where what goes on
  /// from there on another line keeps the name.
  private var breaks: [Int64: [Int64]] = [:]
  private var roots: [ActorID: Int64] = [:]
  /// After a change that more than one follows, and where a family begins more than once: the one that keeps the name.
  private var keepsName: [ChangeKey: ChangeKey] = [:]
  /// Changes that follow a point, by the name that they give where they do not keep the one before.
  private var starts: [ActorID: ChangeKey] = [:]
  /// Their hashes, of which the names are the first 16 bytes.
  private var startHashes: [ChangeKey: [UInt8]] = [:]
  /// By root; only of families with more than one line.
  private var families: [Int64: [Int64]] = [:]

  /// A tree without lines.
  public init() {}

  /// How many lines there are; they are numbered from 1 to this.
  public var count: Int { lines.count }

  /// The line of that number; nil where there is none.
  public subscript(line: Int64) -> Line? {
    line >= 1 && line <= lines.count ? lines[Int(line) - 1] : nil
  }

  private func at(_ line: Int64) -> Line {
    guard let line = self[line] else { preconditionFailure("a key is of a line that the tree has") }
    return line
  }

  private func breaks(of line: Int64) -> [Int64] { breaks[line] ?? [] }

  // MARK: Growing

  /// The line on which a new family begins.
  ///
  /// - Returns: nil where an actor is called so already.
  public mutating func addRoot(_ actor: ActorID, last: Int64 = 0) -> Int64? {
    guard roots[actor] == nil, starts[actor] == nil else { return nil }
    lines.append(Line(root: Int64(lines.count) + 1, actor: actor, parent: nil, last: last))
    roots[actor] = Int64(lines.count)
    return Int64(lines.count)
  }

  /// A line that begins with one more change after `parent`, which another follows already on its own line.
  ///
  /// - Parameters:
  ///   - hash: of the line's first change, 32 bytes.
  ///   - beside: of the change that follows `parent` on its own line.
  /// - Returns: nil where one of the two would be called as something else is.
  public mutating func addBranch(
    after parent: ChangeKey, hash: [UInt8], beside: [UInt8], last: Int64? = nil
  ) -> Int64? {
    guard let own = self[parent.line], parent.depth >= own.start, parent.depth < own.last,
      parent.depth > own.start || own.parent == nil, let name = ActorID(hash[..<ActorID.byteCount])
    else { return nil }
    let next = parent + 1
    guard roots[name] == nil, starts[name] == nil else { return nil }
    if keepsName[parent] == nil {
      guard let besideName = ActorID(beside[..<ActorID.byteCount]), roots[besideName] == nil,
        starts[besideName] == nil, besideName != name
      else { return nil }
      keepsName[parent] = next
      starts[besideName] = next
      startHashes[next] = beside
    }

    let number = Int64(lines.count) + 1
    let first = ChangeKey(line: number, depth: parent.depth + 1)
    lines.append(Line(root: own.root, actor: nil, parent: parent, last: last ?? first.depth))
    families[own.root, default: [own.root]].append(number)
    starts[name] = first
    startHashes[first] = hash
    if let kept = keepsName[parent], hash.lexicographicallyPrecedes(startHashes[kept] ?? []) {
      keepsName[parent] = first
      if kept == next {
        let place = breaks(of: parent.line).place(of: parent.depth)
        breaks[parent.line, default: []].insert(parent.depth, at: place)
      }
    }
    return number
  }

  /// One more change, or several, at the end of a line.
  public mutating func extend(_ line: Int64, to last: Int64) {
    precondition(last >= at(line).last, "a line only grows")
    lines[Int(line) - 1].last = last
  }

  // MARK: Families

  /// The line on which a line's family begins: itself for a root, and for a number that is no line's.
  public func root(of line: Int64) -> Int64 { self[line]?.root ?? line }

  /// The actor with which a line's family begins.
  public func rootActor(of line: Int64) -> ActorID? { self[root(of: line)]?.actor }

  /// Whether the line's family has more than one line.
  public func isForked(_ line: Int64) -> Bool { families[root(of: line)] != nil }

  /// The lines of a family, in the order in which they came.
  public func family(_ root: Int64) -> [Int64] { families[root] ?? [root] }

  /// The change before this one; at depth 0 where it is a family's first.
  public func before(_ key: ChangeKey) -> ChangeKey {
    let line = at(key.line)
    guard key.depth == line.start + 1, let parent = line.parent else { return key - 1 }
    return parent
  }

  /// The change at a depth on the way to this one; at depth 0, the root's line.
  public func ancestor(of key: ChangeKey, atDepth depth: Int64) -> ChangeKey {
    precondition(depth >= 0 && depth <= key.depth, "an ancestor is not deeper")
    var number = key.line
    while let parent = at(number).parent, parent.depth >= depth { number = parent.line }
    return ChangeKey(line: number, depth: depth)
  }

  /// Whether the one change leads to the other. A change leads to itself, and depth 0 to its whole family.
  public func isAncestor(_ key: ChangeKey, of other: ChangeKey) -> Bool {
    guard root(of: key.line) == root(of: other.line), key.depth <= other.depth else { return false }
    return key.line == other.line || ancestor(of: other, atDepth: key.depth) == key
  }

  /// The change that follows on the same line.
  public func next(_ key: ChangeKey) -> ChangeKey? { key.depth < at(key.line).last ? key + 1 : nil }

  /// Of several changes that follow one, that with this hash; nil also where fewer than two follow.
  public func follower(of key: ChangeKey, hash: [UInt8]) -> ChangeKey? {
    guard let follower = ActorID(hash[..<ActorID.byteCount]).flatMap({ starts[$0] }),
      before(follower) == key, startHashes[follower] == hash
    else { return nil }
    return follower
  }

  /// The hash of a change that is one of several after the same; nil for every other.
  public func startHash(of key: ChangeKey) -> [UInt8]? { startHashes[key] }

  /// Whether more than one change follows this one; at depth 0, whether the family begins more than once.
  public func isPoint(_ key: ChangeKey) -> Bool { keepsName[key] != nil }

  // MARK: Names

  /// What a change is called; at depth 0 the family's first actor with seq 0.
  public func name(of key: ChangeKey) -> Dot? {
    guard var line = self[key.line] else { return nil }
    if let actor = line.actor, breaks.isEmpty { return Dot(actor, UInt64(key.depth)) }
    var number = key.line
    var depth = key.depth
    while true {
      let breaks = breaks(of: number)
      let place = breaks.place(of: depth)
      if place > 0 { return begun(by: ChangeKey(line: number, depth: breaks[place - 1] + 1), at: key) }
      guard let parent = line.parent else { break }
      let first = ChangeKey(line: number, depth: parent.depth + 1)
      if keepsName[parent] != first { return begun(by: first, at: key) }
      (number, depth) = (parent.line, parent.depth)
      line = at(number)
    }
    return line.actor.map { Dot($0, UInt64(key.depth)) }
  }

  private func begun(by first: ChangeKey, at key: ChangeKey) -> Dot? {
    startHashes[first].flatMap { ActorID($0[..<ActorID.byteCount]) }.map {
      Dot($0, UInt64(key.depth - first.depth + 1))
    }
  }

  /// The change of that name; nil where it is not held.
  public func key(of name: Dot) -> ChangeKey? {
    guard let begins = begins(name.actor), let seq = Int64(exactly: name.seq), seq >= 1,
      seq <= ChangeKey.maximumDepth - begins.depth
    else { return nil }
    return path(from: begins, to: begins.depth + seq).first { $0.upperBound.depth == begins.depth + seq }?
      .upperBound
  }

  /// The change after which an actor counts from 1, on the line on which its first change lies or would lie.
  private func begins(_ actor: ActorID) -> ChangeKey? {
    if let root = roots[actor] {
      let begin = ChangeKey(line: root, depth: 0)
      return breaks(of: root).first == 0 ? keepsName[begin].map { $0 - 1 } : begin
    }
    guard let first = starts[actor], keepsName[before(first)] != first else { return nil }
    return first - 1
  }

  /// The pieces of an actor's changes, in order, up to a depth of the family.
  private func path(from begins: ChangeKey, to depth: Int64) -> [Piece] {
    var pieces: [Piece] = []
    var before = begins
    while before.depth < depth {
      let line = at(before.line)
      let breaks = breaks(of: before.line)
      let place = breaks.place(of: before.depth + 1)
      let end = place < breaks.count ? breaks[place] : line.last
      if min(end, depth) > before.depth {
        pieces.append(before + 1...ChangeKey(line: before.line, depth: min(end, depth)))
      }
      guard end < depth, place < breaks.count,
        let kept = keepsName[ChangeKey(line: before.line, depth: end)]
      else { break }
      before = kept - 1
    }
    return pieces
  }

  /// The pieces of an actor's changes, in order; nil for one that the journal has never heard of.
  public func pieces(of actor: ActorID) -> [Piece]? {
    begins(actor).map { path(from: $0, to: ChangeKey.maximumDepth) }
  }

  /// The actor of that name, with how far its changes go; nil where the journal has never heard of it.
  public func actor(_ id: ActorID) -> Actor? {
    guard let begins = begins(id), let root = rootActor(of: begins.line) else { return nil }
    let last = path(from: begins, to: ChangeKey.maximumDepth).last?.upperBound ?? begins
    return Actor(id: id, root: root, depth: begins.depth, last: last)
  }

  /// The line on which an actor's family begins.
  public func root(of actor: ActorID) -> Int64? {
    roots[actor] ?? begins(actor).map { root(of: $0.line) }
  }

  /// In no order; also those without a change.
  public var actorIDs: [ActorID] {
    Array(roots.keys) + starts.keys.filter { roots[$0] == nil && begins($0) != nil }
  }

  /// Of each line the changes from which on it is called by another actor, the first one included, and what they are called.
  public var firstNames: [(first: ChangeKey, name: Dot)] {
    lines.indices.flatMap { index -> [(ChangeKey, Dot)] in
      let number = Int64(index) + 1
      let starts = Set(breaks(of: number) + [lines[index].start])
      return starts.sorted().compactMap { depth in
        let first = ChangeKey(line: number, depth: depth + 1)
        return name(of: first).map { (first, $0) }
      }
    }
  }

  /// The last change of each actor on a line up to a depth.
  public func names(on line: Int64, upTo depth: Int64) -> [Dot] {
    guard let own = self[line] else { return [] }
    let ends = breaks(of: line).prefix { $0 < depth }.filter { $0 > own.start } + [depth]
    return ends.compactMap { name(of: ChangeKey(line: line, depth: $0)) }.filter { $0.seq > 0 }
  }
}

extension [Int64] {
  /// How many of the ascending numbers are smaller.
  package func place(of number: Int64) -> Int {
    var range = 0..<count
    while !range.isEmpty {
      let middle = (range.lowerBound + range.upperBound) / 2
      if self[middle] < number {
        range = middle + 1..<range.upperBound
      } else {
        range = range.lowerBound..<middle
      }
    }
    return range.lowerBound
  }
}
