import GRDB
import UnknotCausality

/// What compaction forgot, or would forget.
public struct Compaction: Sendable {
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
  public func setRetired(_ device: DeviceID, _ isRetired: Bool) throws -> Bool {
    try transaction { session in
      guard let number = try session.number(of: device), let row = try session.device(number),
        row.isRetired != isRetired
      else { return false }
      try session.setRetired(number, isRetired)
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
  public func compact(before cutoff: Int64, dryRun: Bool) throws -> Compaction {
    let result = try transaction(keeps: !dryRun) { try $0.compact(before: cutoff) }
    if !dryRun, result.changes > 0 {
      // Where the disk is too full for it, the file keeps the room for what comes next.
      try? queue.vacuum()
    }
    return result
  }
}

extension StoreReader {
  fileprivate func compact(before cutoff: Int64) throws -> Compaction {
    let (stable, heldBackBy) = try stability()
    let forgettable = try forgettable(before: cutoff, stable)
    var bytes: Int64 = 0
    // While all is still here.
    let runs = try runs(of: forgettable).map { run in
      let hashes = try run.map { try hash(at: $0) }
      try storeCheckpoint(hashes[hashes.count - 1], at: run.upperBound)
      return (dots: run, hashes: hashes.flatMap { $0 })
    }
    for (run, hashes) in runs {
      bytes +=
        try statements["SELECT total(length(body) + 24) FROM change WHERE dot BETWEEN ? AND ?"]
        .bind(run.lowerBound, at: 1).bind(run.upperBound, at: 2).first { $0.integer(0) } ?? 0
      try statements[
        """
        DELETE FROM entry WHERE spent = 1 AND (record, dot) IN
        (SELECT subject, dot FROM change WHERE dot BETWEEN ? AND ?)
        """
      ].bind(run.lowerBound, at: 1).bind(run.upperBound, at: 2).run()
      try statements["DELETE FROM change WHERE dot BETWEEN ? AND ?"]
        .bind(run.lowerBound, at: 1).bind(run.upperBound, at: 2).run()
      try noteForgotten(run, hashes)
    }
    try statements["DELETE FROM operation WHERE recorded_at < ?"].bind(cutoff, at: 1).run()
    recentHashes = [:]
    return Compaction(changes: forgettable.count, bytes: bytes, heldBackBy: heldBackBy)
  }

  /// What every device holds, and who is known to lack something.
  private func stability() throws -> (LocalClock, heldBackBy: [String]) {
    let held = LocalClock(names.actors.values.map { ($0.number, $0.seq) })
    var stable = held
    var heldBackBy: [String] = []
    for device in try devices() where !device.isThis && !device.isRetired {
      let known = try acknowledged(device.number)
      if !known.covers(held) { heldBackBy.append(device.name) }
      for (actor, seq) in stable.entries { stable[actor] = min(seq, known[actor]) }
    }
    return (stable, heldBackBy)
  }

  /// In ascending order.
  private func forgettable(before cutoff: Int64, _ stable: LocalClock) throws -> [LocalDot] {
    // Changes of operations that can still be undone are kept.
    var kept: [ClosedRange<LocalDot>] = []
    try statements["SELECT dot, last FROM operation WHERE recorded_at >= ?"].bind(cutoff, at: 1)
      .eachRow { row in
        guard row.integer(0) <= row.integer(1) else {
          throw StorageError.damaged("an operation is malformed")
        }
        kept.append(row.integer(0)...row.integer(1))
      }
    var candidates: [LogHead] = []
    try statements[
      """
      SELECT dot, shape, subject, recorded_at, begins FROM change WHERE recorded_at < ? AND subject <> 0
      AND dot NOT IN (SELECT dot FROM entry WHERE spent = 0) ORDER BY dot
      """
    ].bind(cutoff, at: 1).eachRow { candidates.append(LogHead($0)) }
    var regressions: [Int64: [Regression]] = [:]
    return try candidates.filter { row in
      guard try names.shape(row.shape).shape.action != .create, stable.covers(row.dot),
        !kept.contains(where: { $0.contains(row.dot) })
      else { return false }
      let actor = Packing.actor(row.dot)
      if regressions[actor] == nil { regressions[actor] = try self.regressions(of: actor) }
      return try (regressions[actor] ?? []).allSatisfy { try $0.allowsForgetting(row.dot, self) }
        && isOverwritten(row, before: cutoff)
    }.map(\.dot)
  }

  /// Where an actor wrote from a form that was opened before its last changes: what such a change overwrites it need
  /// not have seen all of, since it covers the actor's own changes and not what those had seen. Were they forgotten,
  /// what they had overwritten would come up again where only their hashes are known.
  private struct Regression {
    /// nil: anything may have been written so.
    let dot: LocalDot?
    let context: LocalClock

    func allowsForgetting(_ earlier: LocalDot, _ session: StoreReader) throws -> Bool {
      guard let dot else { return false }
      guard earlier < dot else { return true }
      var seen = try session.context(of: earlier)
      seen[Packing.actor(earlier)] = 0
      return context.covers(seen)
    }
  }

  private func regressions(of actor: Int64) throws -> [Regression] {
    guard let state = names.actors[actor] else { return [] }
    // Among branches it takes more to tell what a context lacks: there one such form is enough.
    let family = names.families[state.root] ?? []
    var regressions: [Regression] = []
    for member in family {
      let first = Packing.dot(member, 1)
      var context =
        try member == actor || family.count == 1 ? LocalClock() : foreignContext(at: before(first))
      try statements["SELECT dot, entries FROM context WHERE dot BETWEEN ? AND ? ORDER BY dot"]
        .bind(first, at: 1).bind(Packing.dot(member, Int64(Dot.maximumSeq)), at: 2).eachRow { row in
          let delta = try LocalClock.pairs(row.bytes(1))
          let goesBack = delta.contains { $0.seq < context[$0.actor] }
          context.change(delta)
          if goesBack {
            regressions.append(Regression(dot: family.count == 1 ? row.integer(0) : nil, context: context))
          }
        }
    }
    return regressions
  }

  /// Whether all that a change wrote was overwritten before then. What it wrote to presence, its own and its
  /// parents', has left no entry: that is enough.
  private func isOverwritten(_ row: LogHead, before cutoff: Int64) throws -> Bool {
    let later = try writes(to: row.subject).filter { $0.dot != row.dot && $0.recordedAt < cutoff }
    return try names.shape(row.shape).fieldNumbers.allSatisfy { field in
      try later.contains { other in
        try names.shape(other.shape).fieldNumbers.contains(field) && context(of: other.dot).covers(row.dot)
      }
    }
  }

  /// Runs of one actor's changes, none longer than a file has in one piece.
  private func runs(of dots: [LocalDot]) -> [ClosedRange<LocalDot>] {
    var runs: [ClosedRange<LocalDot>] = []
    for dot in dots {
      if let last = runs.last, last.upperBound + 1 == dot, last.count < Self.pieceCount {
        runs[runs.count - 1] = last.lowerBound...dot
      } else {
        runs.append(dot...dot)
      }
    }
    return runs
  }

  func noteForgotten(_ run: ClosedRange<LocalDot>, _ hashes: [UInt8]) throws {
    try statements["INSERT INTO forgotten (first, last, hashes) VALUES (?, ?, ?)"].bind(run.lowerBound, at: 1)
      .bind(run.upperBound, at: 2).bind(hashes, at: 3).run()
  }
}
