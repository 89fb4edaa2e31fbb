import UnknotCausality

// What the writer of a change had seen, put together from where it moved.

extension StoreReader {
  /// From the line's next change on, its context is another: stored once, before that change is applied.
  ///
  /// - Parameter moved: the families in which it differs from the one before.
  func moveContext(of state: LineState, to context: LineClock, moved: [FamilyHeads]) throws {
    let isFirst = state.parent?.depth == state.depth
    guard !moved.isEmpty || isFirst else { return }
    let previous = state.parent.flatMap { isFirst ? $0 : nil } ?? state.last
    let stored =
      isFirst
      ? familyHeads(
        context.entries.keys.map { lines.tree.root(of: $0) }, in: context, after: previous) : moved
    for key in stored.flatMap(\.heads) {
      guard let other = lines[key.line], key.depth <= other.depth, key.line != state.number else {
        throw InvalidChange("a context names changes that do not come before it")
      }
      // Its hash is part of this change's hash: keep it where it is found at once.
      try storeCheckpoint(try hash(at: key), at: key)
    }
    // A family of which nothing is left; a line's first change has its whole context, and says nothing of those.
    let heads = stored.flatMap { family in
      !family.heads.isEmpty ? family.heads : isFirst ? [] : [ChangeKey(line: family.root, depth: 0)]
    }
    if !heads.isEmpty {
      try statements["INSERT INTO context (key, heads) VALUES (?, ?)"]
        .bind(state.last + 1, at: 1).bind(LineClock.bytes(heads), at: 2).run()
    }
    lines.moveContext(of: state, to: context)
  }

  func storeCheckpoint(_ hash: [UInt8], at key: ChangeKey) throws {
    try statements.insertCheckpoint.get().bind(key, at: 1).bind(hash, at: 2).run()
  }

  func movedHeads(at key: ChangeKey) throws -> [ChangeKey]? {
    try statements["SELECT heads FROM context WHERE key = ?"].bind(key, at: 1)
      .first { try LineClock.keys($0.bytes(0)) }
  }

  /// The families that stored heads speak of.
  func families(_ heads: [ChangeKey]) -> [FamilyHeads] {
    var families: [Int64: [ChangeKey]] = [:]
    for key in heads {
      families[lines.tree.root(of: key.line), default: []] += key.depth == 0 ? [] : [key]
    }
    return families.sorted { $0.key < $1.key }.map { FamilyHeads(root: $0.key, heads: $0.value) }
  }

  /// The context of a change: what its writer had seen, the writer's own changes included.
  ///
  /// - Parameter earlier: that of a change of the same line before it, or of itself, where it is known.
  func context(of key: ChangeKey, after earlier: (key: ChangeKey, clock: LineClock)? = nil) throws
    -> LineClock
  {
    let tree = lines.tree
    let start = ChangeKey(line: key.line, depth: tree[key.line]?.start ?? 0)
    let parents = tree.closure(of: tree[key.line]?.parent.map { [$0] } ?? [])
    var context = earlier?.clock ?? parents
    try statements["SELECT heads FROM context WHERE key BETWEEN ? AND ? ORDER BY key"]
      .bind((earlier?.key ?? start) + 1, at: 1).bind(key, at: 2)
      .eachRow { row in
        for family in families(try LineClock.keys(row.bytes(0))) {
          context.replace(family, tree)
          if family.root == tree.root(of: key.line) { context.merge(parents) }
        }
      }
    context[key.line] = key.depth - 1 > start.depth ? key.depth - 1 : 0
    return context
  }

  /// The context of the change, as far as it is of other lines; nothing where a family begins.
  func foreignContext(at key: ChangeKey) throws -> LineClock {
    guard key.depth > 0 else { return LineClock() }
    let state = try lines.state(of: key)
    if state.depth == key.depth { return try lines.context(of: state) }
    var context = try context(of: key)
    context[state.number] = 0
    return context
  }
}

extension LineClock {
  mutating func replace(_ family: FamilyHeads, _ tree: NameTree) {
    if tree.isForked(family.root) {
      remove { tree.root(of: $0) == family.root }
    } else {
      self[family.root] = 0
    }
    merge(tree.closure(of: family.heads))
  }
}
