import UnknotCausality

// Where what writers have seen moves.

extension Door {
  /// From the line's next change on, its context is another: stored once, before that change is applied.
  ///
  /// - Parameter moved: the families in which it differs from the one before.
  func moveContext(of state: LineState, to context: WriterContext, moved: [FamilyHeads]) throws {
    let isFirst = state.parent?.depth == state.depth
    guard !moved.isEmpty || isFirst else { return }
    let stored = isFirst ? context.all : moved
    for key in stored.flatMap(\.heads) {
      guard let other = lines[key.line], key.depth <= other.depth, key.line != state.number else {
        throw InvalidChange("a context names changes that do not come before it")
      }
      // Its hash is part of this change's hash: keep it where it is found at once.
      try storeCheckpoint(try reader.hash(at: key), at: key)
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
}
