import UnknotCausality

// What is shown of a record is proven first: a bit that the disk has turned round is not to be read as a pain of another
// day. The chain is followed between the two hashes around a change that the journal keeps, which are 64 changes apart as
// a rule; what was proven once is not proven again in the same transaction.

extension StoreReader {
  /// To be called before anything that a change says is shown.
  ///
  /// - Throws: `StorageError.damaged` where it, or one between the same two kept hashes, is not what was written.
  func expectProven(_ key: ChangeKey) throws {
    let state = try lines.state(of: key)
    let block = Self.block(of: key)
    guard !provenBlocks.contains(block) else { return }
    let start = ChangeKey(
      line: key.line,
      depth: max(
        state.parent?.depth ?? 0, (key.depth - 1) / Self.checkpointDistance * Self.checkpointDistance))
    let (position, hash) = try nearestHash(before: start, of: state)
    let proof = ChainProof(self, state, after: position, hash: hash)
    try statements["\(LogRow.select) WHERE key BETWEEN ? AND ? ORDER BY key"]
      .bind(position + 1, at: 1).bind(state.last, at: 2).eachRowWhile { statement in
        let row = LogRow(statement)
        while row.key > proof.position + 1 {
          guard let gap = try gap(at: proof.position + 1) else {
            throw StorageError.damaged("changes are missing from the log")
          }
          let rest = max(gap.keys.lowerBound, proof.position + 1)...gap.keys.upperBound
          try proof.expect(proof.add(forgotten: rest, gap.hashes))
        }
        try proof.expect(proof.add(row))
        return proof.proven < key
      }
    guard proof.proven >= key else { throw StorageError.damaged("changes are missing from the log") }
    // One that is still growing is proven again.
    let end = ChangeKey(line: key.line, depth: start.depth + Self.checkpointDistance)
    guard proof.proven >= min(end, state.last) else { return }
    if provenBlocks.count >= 1 << 15 { provenBlocks.removeAll(keepingCapacity: true) }
    provenBlocks.insert(block)
  }

  private static func block(of key: ChangeKey) -> ChangeKey {
    ChangeKey(line: key.line, depth: (key.depth - 1) / checkpointDistance)
  }

  /// A change that is held, to be shown.
  func shownChange(at key: ChangeKey) throws -> LogRow {
    try expectProven(key)
    return try heldChange(at: key)
  }
}
