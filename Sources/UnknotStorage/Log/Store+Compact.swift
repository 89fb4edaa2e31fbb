import GRDB
import UnknotCausality

/// What compaction forgot, or would forget.
public struct Compaction: Sendable {
  /// How many changes these are.
  public let changes: Int
  /// Of the changes' own content; the file shrinks by about as much.
  public let bytes: Int64
  /// Devices that are not known to hold everything: what they lack is kept.
  public let heldBackBy: [String]
}

extension Store {
  /// Says that nobody waits for a device any more, or that it is back. It travels with the next files; a retired
  /// device that sends something new is back by that.
  ///
  /// - Returns: false when it was so already.
  package func setRetired(_ device: DeviceID, _ isRetired: Bool) throws -> Bool {
    try transaction { door in
      guard let number = try door.reader.number(of: device), let row = try door.reader.device(number),
        row.isRetired != isRetired
      else { return false }
      try door.setRetired(number, isRetired)
      return true
    }
  }

  /// Forgets changes that every device which is not retired is known to hold, of which no entry is left in any
  /// register, and that were overwritten before `cutoff`. Records, also removed ones, and conflicts stay as they are;
  /// what goes is older values in a record's history, and the undo of operations before the cutoff.
  ///
  /// - Parameters:
  ///   - cutoff: in ms since 1970 UTC by the writers' clocks.
  ///   - dryRun: says what would be forgotten and changes nothing.
  package func compact(
    before cutoff: Int64, dryRun: Bool, isCancelled: (() -> Bool)? = nil
  ) throws -> Compaction {
    let result = try transaction(keeps: !dryRun, isCancelled: isCancelled) { try $0.compact(before: cutoff) }
    if !dryRun, result.changes > 0 {
      // Where the disk is too full for it, the file keeps the room for what comes next.
      try? writable().vacuum()
    }
    return result
  }
}

extension Door {
  fileprivate func compact(before cutoff: Int64) throws -> Compaction {
    let (stable, heldBackBy) = try reader.stability()
    let forgettable = try reader.forgettable(before: cutoff, stable)
    var bytes: Int64 = 0
    // While all is still here.
    let runs = try reader.runs(of: forgettable).map { run in
      let hashes = try run.map { try reader.hash(at: $0) }
      try storeCheckpoint(hashes[hashes.count - 1], at: run.upperBound)
      // By forgotten changes nothing before them can be proven.
      let before = reader.lines.tree.before(run.lowerBound)
      if before.depth > 0 { try storeCheckpoint(reader.hash(at: before), at: before) }
      return (keys: run, hashes: hashes.flatMap { $0 })
    }
    for (run, hashes) in runs {
      bytes +=
        try statements["SELECT total(length(body) + 24) FROM change WHERE key BETWEEN ? AND ?"]
        .bind(run.lowerBound, at: 1).bind(run.upperBound, at: 2).first { $0.integer(0) } ?? 0
      try statements[
        """
        DELETE FROM entry WHERE spent = 1 AND (record, key) IN
        (SELECT subject, key FROM change WHERE key BETWEEN ? AND ?)
        """
      ].bind(run.lowerBound, at: 1).bind(run.upperBound, at: 2).run()
      try statements["DELETE FROM change WHERE key BETWEEN ? AND ?"]
        .bind(run.lowerBound, at: 1).bind(run.upperBound, at: 2).run()
      try noteForgotten(run, hashes)
    }
    try statements["DELETE FROM operation WHERE recorded_at < ?"].bind(cutoff, at: 1).run()
    reader.recentHashes = [:]
    return Compaction(changes: forgettable.count, bytes: bytes, heldBackBy: heldBackBy)
  }

  func noteForgotten(_ run: ClosedRange<ChangeKey>, _ hashes: [UInt8]) throws {
    try statements["INSERT INTO forgotten (first, last, hashes) VALUES (?, ?, ?)"].bind(run.lowerBound, at: 1)
      .bind(run.upperBound, at: 2).bind(hashes, at: 3).run()
  }
}

extension StoreReader {
  /// What every device holds, and who is known to lack something.
  fileprivate func stability() throws -> (LineClock, heldBackBy: [String]) {
    let held = lines.held
    var stable = held
    var heldBackBy: [String] = []
    for device in try devices() where !device.isThis && !device.isRetired {
      let known = try acknowledged(device.number)
      if !known.covers(held) { heldBackBy.append(device.name) }
      for (line, depth) in stable.entries { stable[line] = min(depth, known[line]) }
    }
    return (stable, heldBackBy)
  }

  /// In ascending order.
  fileprivate func forgettable(before cutoff: Int64, _ stable: LineClock) throws -> [ChangeKey] {
    // Changes of operations that can still be undone are kept.
    var kept: [ClosedRange<ChangeKey>] = []
    try statements["SELECT first, last FROM operation WHERE recorded_at >= ?"].bind(cutoff, at: 1)
      .eachRow { row in
        guard row.key(0) <= row.key(1) else {
          throw StorageError.damaged("an operation is malformed")
        }
        kept.append(row.key(0)...row.key(1))
      }
    var candidates: [LogHead] = []
    try statements[
      """
      SELECT \(LogHead.columns) FROM change WHERE recorded_at < ? AND subject <> 0
      AND key NOT IN (SELECT key FROM entry WHERE spent = 0) ORDER BY key
      """
    ].bind(cutoff, at: 1).eachRow { candidates.append(LogHead($0)) }
    var regressions: [Int64: [Regression]] = [:]
    return try candidates.filter { row in
      guard try names.shape(row.shape).shape.action != .create, stable.covers(row.key),
        !kept.contains(where: { $0.contains(row.key) })
      else { return false }
      let line = row.key.line
      if regressions[line] == nil { regressions[line] = try self.regressions(of: line) }
      return try (regressions[line] ?? []).allSatisfy { try $0.allowsForgetting(row.key, self) }
        && isOverwritten(row, before: cutoff)
    }.map(\.key)
  }

  /// Where an actor wrote from a form that was opened before its last changes: what such a change overwrites it need
  /// not have seen all of, since it covers the actor's own changes and not what those had seen. Were they forgotten,
  /// what they had overwritten would come up again where only their hashes are known.
  private struct Regression {
    /// nil: anything may have been written so.
    let key: ChangeKey?
    let context: WriterContext

    func allowsForgetting(_ earlier: ChangeKey, _ session: StoreReader) throws -> Bool {
      guard let key else { return false }
      guard earlier < key else { return true }
      return try session.context(of: earlier).all.allSatisfy { family in
        family.heads.allSatisfy { context.covers($0, session.lines.tree) }
      }
    }
  }

  private func regressions(of line: Int64) throws -> [Regression] {
    // Among branches it takes more to tell what a context lacks: there one such form is enough.
    let tree = lines.tree
    let family = tree.family(tree.root(of: line))
    var regressions: [Regression] = []
    for member in family {
      let start = ChangeKey(line: member, depth: tree[member]?.start ?? 0)
      var context =
        try member == line || family.count == 1
        ? WriterContext(after: start) : foreignContext(at: tree[member]?.parent ?? start)
      try statements["SELECT key, heads FROM context WHERE key BETWEEN ? AND ? ORDER BY key"]
        .bind(start + 1, at: 1).bind(ChangeKey(line: member, depth: ChangeKey.maximumDepth), at: 2)
        .eachRow { row in
          let before = context
          for family in tree.families(try LineClock.keys(row.bytes(1))) { context.replace(family, tree) }
          context.previous = tree.before(row.key(0))
          if before.all.contains(where: { !$0.heads.allSatisfy { context.covers($0, tree) } }) {
            regressions.append(Regression(key: family.count == 1 ? row.key(0) : nil, context: context))
          }
        }
    }
    return regressions
  }

  /// Whether all that a change wrote was overwritten before then. What it wrote to presence, its own and its
  /// parents', has left no entry: that is enough.
  private func isOverwritten(_ row: LogHead, before cutoff: Int64) throws -> Bool {
    guard let record = row.subject else { return false }
    let later = try writes(to: record).filter { $0.key != row.key && $0.recordedAt < cutoff }
    return try names.shape(row.shape).fieldNumbers.allSatisfy { field in
      try later.contains { other in
        try names.shape(other.shape).fieldNumbers.contains(field)
          && context(of: other.key).covers(row.key, lines.tree)
      }
    }
  }

  /// Runs of one line's changes, none longer than a file has in one piece.
  fileprivate func runs(of keys: [ChangeKey]) -> [ClosedRange<ChangeKey>] {
    var runs: [ClosedRange<ChangeKey>] = []
    for key in keys {
      if let last = runs.last, last.upperBound + 1 == key, last.count < Self.pieceCount {
        runs[runs.count - 1] = last.lowerBound...key
      } else {
        runs.append(key...key)
      }
    }
    return runs
  }
}
