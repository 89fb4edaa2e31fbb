import UnknotCausality

extension Importer {
  /// Takes in what a damaged file's chain proves, as a file of that content would be taken in.
  ///
  /// - Returns: how many changes were new, and what is not proven.
  package func take(_ log: SalvagedLog) throws -> (applied: UInt64, unproven: [UnprovenChanges]) {
    let (applied, unproven) = try log.withProven(isHeld: isHeld) { proven, base in
      // Where nobody can tell what it is a journal of, it is one of its own.
      if !log.journalIDs.isEmpty { try adopt(journalIDs: log.journalIDs) }
      return try take(everythingOf: proven, after: base)
    }
    return (applied, notHeld(unproven))
  }

  /// Writes anew what a damaged file proves beyond what it has lost, and what therefore could not be taken in: under other
  /// names, as changes of this device. To be called once nothing else gives any more.
  ///
  /// - Returns: how many changes were written, and what is lost for good.
  package func takePastGaps(of log: SalvagedLog) throws -> (written: UInt64, lost: [UnprovenChanges]) {
    let (written, lost) = try log.withProof(isHeld: isHeld) { try PastGaps(self, $0).run() }
    return (written, notHeld(lost))
  }

  /// What was put together is no import that could be taken back as one.
  package func forgetOperations() throws { try statements["DELETE FROM operation"].run() }

  private func isHeld(_ root: ActorID, _ depth: Int64, _ hash: [UInt8]) throws -> Bool {
    guard let line = lines.tree.root(of: root) else { return false }
    return try reader.find(root: line, depth: depth, hash: hash) != nil
  }

  private func notHeld(_ ranges: [UnprovenChanges]) -> [UnprovenChanges] {
    let held = reader.clock
    return ranges.compactMap { range in
      let seq = held[range.last.actor]
      guard seq < range.last.seq else { return nil }
      return range.beyond(seq)
    }
  }

  /// Takes in all changes of another log, as a file of them would be taken in.
  ///
  /// - Parameter base: it begins after these.
  /// - Returns: how many were new.
  func take(everythingOf other: StoreReader, after base: [ClockEntry] = []) throws -> UInt64 {
    let known = try other.devices()
    guard let writer = known.first(where: \.isThis)?.id else {
      throw StorageError.damaged("the journal does not know its own device")
    }
    let devices = known.map {
      RemoteDevice(
        id: $0.id, name: $0.name, nameRevision: $0.nameRevision, actors: $0.actors, entries: [],
        epoch: $0.epoch, isRetired: $0.isRetired, retiredRevision: $0.retiredRevision)
    }
    let tree = other.lines.tree
    let history = SentHistory(
      actors: tree.actorIDs.compactMap { tree.actor($0) }.sorted { $0.id < $1.id }.map {
        SentActor(actor: $0.id, root: $0.root, depth: UInt64($0.depth))
      }, base: base, tip: try other.entries())
    try hear(of: devices, others: [], from: writer)
    return try take(history) { known, apply in try other.forEachRun(after: known, apply) }
  }

  /// What it was put together from was sealed: its own files are as well.
  package func seal(fromEpoch epoch: Int64) throws { try door.seal(fromEpoch: epoch, beginsAnew: false) }

  /// The new journal is that device's, as a restored backup is: it writes under a new name, and what others believe of it
  /// counts anew. To be called while it has no name of its own that anybody knows.
  package func become(_ id: DeviceID) throws {
    guard let known = try reader.number(of: id), known != 1, let device = try reader.device(known) else {
      return
    }
    let name = try reader.name(known)
    try statements["UPDATE line SET device = 1 WHERE device = ?"].bind(known, at: 1).run()
    try statements["DELETE FROM acknowledgement WHERE device = ?"].bind(known, at: 1).run()
    try statements["DELETE FROM device WHERE number = ?"].bind(known, at: 1).run()
    try statements[
      """
      UPDATE device SET id = ?, name = ?, name_revision = ?, retired = ?, retired_revision = ? WHERE number = 1
      """
    ].bind(id.bytes, at: 1).bind(name, at: 2).bind(device.nameRevision, at: 3)
      .bind(device.isRetired ? 1 : 0, at: 4).bind(device.retiredRevision, at: 5).run()
    try door.beginEpoch(after: device.epoch)
  }
}
