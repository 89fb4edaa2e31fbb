import Testing
import UnknotCausality

/// Names are a function of the tree of changes alone (`merge.md`, "One actor, one history"): random trees, that arrive in
/// random orders, against a brute-force model that knows neither lines nor keys.
@Suite struct NameTreeTests {
  /// A family's changes: each after one before it, or where the family begins.
  private struct Change {
    let parent: Int?
    let hash: [UInt8]
  }

  private struct Model {
    let root: ActorID
    let changes: [Change]

    init(_ generator: inout RandomSource) {
      root = generator.actor()
      var changes: [Change] = []
      let twig = generator.pick(4)
      for number in 0..<(1 + generator.pick(40)) {
        // Mostly in a line, so that branches have a length; now and then from the start.
        var parent =
          number == 0 || generator.pick(12) == 0
          ? nil : generator.pick(3) < twig ? number - 1 : generator.pick(number)
        if number > 0, parent == nil, generator.pick(3) > 0 { parent = number - 1 }
        changes.append(Change(parent: parent, hash: generator.bytes(32)))
      }
      self.changes = changes
    }

    func name(_ change: Int) -> Dot {
      let parent = changes[change].parent
      let siblings = changes.indices.filter { changes[$0].parent == parent }
      let kept = siblings.min { changes[$0].hash.lexicographicallyPrecedes(changes[$1].hash) }
      guard kept == change, let before = parent.map(name) ?? Dot(root, 0) as Dot? else {
        return Dot(ActorID(changes[change].hash[..<16])!, 1)
      }
      return Dot(before.actor, before.seq + 1)
    }

    func leads(_ change: Int, to other: Int) -> Bool {
      change == other || changes[other].parent.map { leads(change, to: $0) } ?? false
    }

    /// An order in which none comes before the one that it follows.
    func order(_ generator: inout RandomSource) -> [Int] {
      var left = Set(changes.indices)
      var order: [Int] = []
      while !left.isEmpty {
        let ready = left.filter { changes[$0].parent.map { !left.contains($0) } ?? true }.sorted()
        let next = ready[generator.pick(ready.count)]
        left.remove(next)
        order.append(next)
      }
      return order
    }
  }

  /// Takes a family in as a journal does: what follows a line's last change joins it.
  private func arrive(_ model: Model, _ order: [Int], _ tree: inout NameTree) throws -> [Int: ChangeKey] {
    let added = tree.addRoot(model.root)
    let root = try #require(added)
    var keys: [Int: ChangeKey] = [:]
    for change in order {
      let parent = model.changes[change].parent.map { keys[$0] } ?? ChangeKey(line: root, depth: 0)
      let before = try #require(parent)
      guard let next = tree.next(before) else {
        tree.extend(before.line, to: before.depth + 1)
        keys[change] = before + 1
        continue
      }
      let beside = try #require(keys.first { $0.value == next }?.key)
      let branch = tree.addBranch(
        after: before, hash: model.changes[change].hash, beside: model.changes[beside].hash)
      let line = try #require(branch)
      keys[change] = ChangeKey(line: line, depth: before.depth + 1)
    }
    return keys
  }

  @Test(arguments: 0..<300)
  func namesAreThoseOfTheModel(seed: UInt64) throws {
    var generator = RandomSource(state: seed)
    let models = (0..<(1 + generator.pick(2))).map { _ in Model(&generator) }
    for _ in 0..<3 {
      var tree = NameTree()
      var known: Set<ActorID> = []
      for model in models {
        let keys = try arrive(model, model.order(&generator), &tree)
        known.insert(model.root)
        for change in model.changes.indices {
          let key = try #require(keys[change])
          let name = model.name(change)
          known.insert(name.actor)
          #expect(tree.name(of: key) == name)
          #expect(tree.key(of: name) == key)
          #expect(tree.rootActor(of: key.line) == model.root)
          let before = model.changes[change].parent.flatMap { keys[$0] }
          #expect(before == nil ? tree.before(key).depth == 0 : tree.before(key) == before)
          for other in model.changes.indices {
            let there = try #require(keys[other])
            #expect(tree.isAncestor(key, of: there) == model.leads(change, to: other))
          }
        }
        // Each actor's changes, piece by piece, are those that the model calls by it.
        for actor in Set(model.changes.indices.map { model.name($0).actor }) {
          let pieces = try #require(tree.pieces(of: actor))
          #expect(
            pieces.flatMap { Array($0) }
              == model.changes.indices.filter { model.name($0).actor == actor }
              .sorted { model.name($0) < model.name($1) }.map { keys[$0] })
          let whole = try #require(tree.actor(actor))
          #expect(whole.seq == Int64(pieces.reduce(0) { $0 + $1.count }) && whole.root == model.root)
          #expect(tree.key(of: Dot(actor, UInt64(whole.seq) + 1)) == nil)
        }
      }
      #expect(Set(tree.actorIDs) == known)
      #expect(tree.actorIDs.count == tree.count)
    }
  }

  @Test func whatIsNotThereHasNoName() throws {
    var generator = RandomSource(state: 7)
    var tree = NameTree()
    #expect(tree.name(of: ChangeKey(line: 1, depth: 1)) == nil)
    let actor = generator.actor()
    #expect(tree.key(of: Dot(actor, 1)) == nil)
    let added = tree.addRoot(actor)
    let line = try #require(added)
    let again = tree.addRoot(actor)
    #expect(again == nil)
    #expect(tree.key(of: Dot(actor, 1)) == nil)
    tree.extend(line, to: 3)
    #expect(tree.key(of: Dot(actor, 0)) == nil)
    #expect(tree.key(of: Dot(actor, Dot.maximumSeq)) == nil)
    #expect(tree.key(of: Dot(actor, .max)) == nil)
    // A line begins in the middle of another, and nobody is called as something else is.
    let (hash, beside) = (generator.bytes(32), generator.bytes(32))
    var branches: [Int64?] = []
    let cases: [(ChangeKey, [UInt8])] = [
      (ChangeKey(line: line, depth: 3), beside), (ChangeKey(line: 9, depth: 1), beside),
      (ChangeKey(line: line, depth: 1), hash), (ChangeKey(line: line, depth: 1), beside),
      (ChangeKey(line: line, depth: 1), beside),
    ]
    for (parent, other) in cases {
      branches.append(tree.addBranch(after: parent, hash: hash, beside: other))
    }
    #expect(branches == [nil, nil, nil, 2, nil])
    #expect(tree.count == 2)
  }
}

/// SplitMix64: a seed is the whole of a failure's report.
private struct RandomSource {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func pick(_ count: Int) -> Int { Int(next() % UInt64(count)) }
  mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }
  mutating func actor() -> ActorID {
    guard let actor = ActorID(bytes(ActorID.byteCount)) else { preconditionFailure("16 bytes are an actor") }
    return actor
  }
}
