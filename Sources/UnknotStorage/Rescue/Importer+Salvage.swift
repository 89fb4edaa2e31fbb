import UnknotCausality

extension Importer {
  /// Takes in what a damaged file's chain proves, as a file of that content would be taken in.
  ///
  /// - Returns: how many changes were new, and what is not proven.
  package func take(_ log: SalvagedLog) throws -> (applied: UInt64, unproven: [UnprovenChanges]) {
    let (applied, unproven) = try log.withProven(isHeld: { root, depth, hash in
      guard let line = self.lines.tree.root(of: root) else { return false }
      return try self.reader.find(root: line, depth: depth, hash: hash) != nil
    }) { proven, base in
      let devices = try proven.devices().map {
        RemoteDevice(
          id: $0.id, name: $0.name, nameRevision: $0.nameRevision, actors: $0.actors, entries: [],
          epoch: $0.epoch, isRetired: $0.isRetired, retiredRevision: $0.retiredRevision)
      }
      guard let writer = try proven.devices().first(where: \.isThis)?.id else {
        throw StorageError.damaged("the journal does not know its own device")
      }
      let tree = proven.lines.tree
      let history = SentHistory(
        actors: tree.actorIDs.compactMap { tree.actor($0) }.sorted { $0.id < $1.id }.map {
          SentActor(actor: $0.id, root: $0.root, depth: UInt64($0.depth))
        }, base: base, tip: try proven.entries())
      try adopt(journalIDs: log.journalIDs)
      try hear(of: devices, others: [], from: writer)
      return try take(history) { known, apply in
        try proven.forEachRun(after: known, apply)
      }
    }
    let held = reader.clock
    return (
      applied,
      unproven.compactMap { range in
        let seq = held[range.last.actor]
        guard seq < range.last.seq else { return nil }
        let first = range.first.actor == range.last.actor ? max(range.first.seq, seq + 1) : 1
        return UnprovenChanges(
          device: range.device, first: Dot(range.last.actor, first), last: range.last,
          found: min(range.found, Int64(range.last.seq - first + 1)))
      }
    )
  }
}
