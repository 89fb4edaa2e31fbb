import UnknotCausality

// What the writer of a change had seen, put together from where it moved.

extension StoreReader {
  func movedHeads(at key: ChangeKey) throws -> [ChangeKey]? {
    try statements["SELECT heads FROM context WHERE key = ?"].bind(key, at: 1)
      .first { try LineClock.keys($0.bytes(0)) }
  }

  /// The context of a change: what its writer had seen, the writer's own changes included.
  ///
  /// - Parameter earlier: that of a change of the same line before it, or of itself, where it is known.
  func context(of key: ChangeKey, after earlier: (key: ChangeKey, context: WriterContext)? = nil) throws
    -> WriterContext
  {
    let tree = lines.tree
    let previous = tree.before(key)
    let start = ChangeKey(line: key.line, depth: tree[key.line]?.start ?? 0)
    var context = earlier?.context ?? WriterContext(after: previous)
    context.previous = previous
    try statements["SELECT heads FROM context WHERE key BETWEEN ? AND ? ORDER BY key"]
      .bind((earlier?.key ?? start) + 1, at: 1).bind(key, at: 2)
      .eachRow { row in
        for family in tree.families(try LineClock.keys(row.bytes(0))) { context.replace(family, tree) }
      }
    return context
  }

  /// The context of the change, for what follows it: its own history is not part of it. Nothing where a family begins.
  func foreignContext(at key: ChangeKey) throws -> WriterContext {
    guard key.depth > 0 else { return WriterContext(after: key) }
    let state = try lines.state(of: key)
    var context = try state.depth == key.depth ? lines.context(of: state) : context(of: key)
    context.previous = key
    return context
  }
}
