import UnknotCausality
import UnknotChangeset
import UnknotStorage

extension Synchronizer {
  /// Writes what a device may lack, as far as it is known: what it has not acknowledged.
  ///
  /// - Parameters:
  ///   - target: the file, which must not exist yet; nil: a file of a random name in `folder`.
  ///   - device: the name of the receiver; nil: whatever any known device may lack.
  ///   - full: everything, also to nobody in particular.
  public func export(
    to target: String?, folder: String, for device: String?, full: Bool, progress: ProgressReport? = nil
  ) throws -> ExportResult {
    var told: [Device] = []
    let result = try store.read { session in
      let base = full ? VectorClock() : try self.base(for: device, session)
      let tip = session.clock
      let changes = tip.changeCount(beyond: base)
      // What this device holds is news too, until the other is known to have heard of it; and that it was heard.
      // Whoever never sent a file here hears of it through those who did.
      let receivers = try receivers(device, session).filter { device != nil || $0.lastImport != nil }
      let isNews = !tip.isEmpty && (full || receivers.contains { !$0.hasHeard || !$0.isTold })
      guard changes > 0 || isNews else {
        return ExportResult(file: nil, changes: 0, bytes: 0, base: base, tip: tip)
      }
      let path = target ?? "\(folder)/unknot-\(nonce()).unknot"
      var file = try FileTarget(path: path, nonce: nonce())
      do {
        try write(session, after: base, progress) { try file.write($0) }
        try file.commit()
      } catch {
        file.discard()
        throw error
      }
      if !full { told = receivers }
      return ExportResult(file: path, changes: changes, bytes: file.bytes, base: base, tip: tip)
    }
    store.noteTold(told)
    if result.file != nil { store.narrowNote() }
    return result
  }

  /// The bytes of a changeset with everything that `base` does not cover.
  func write(
    _ session: StoreReader, after base: VectorClock, _ progress: ProgressReport?,
    to sink: @escaping ([UInt8]) throws -> Void
  ) throws {
    let devices = try session.devices()
    guard let own = devices.first(where: \.isThis) else {
      throw StorageError.damaged("the journal does not know its own device")
    }
    let baseEntries = try base.sorted.map { dot in
      guard let hash = try session.hash(of: dot) else {
        throw StorageError.damaged("an acknowledgement names a change that is not held")
      }
      return ClockEntry(dot, hash)
    }
    let tip = try session.entries()
    var header = ChangesetHeader(
      journalIDs: try session.journalIDs, writer: own.id.bytes, base: baseEntries, tip: tip,
      devices: devices.map { device in
        DeviceState(
          id: device.id.bytes, name: device.name, nameRevision: UInt64(device.nameRevision),
          actors: device.actors, clock: device.entries, epoch: UInt64(device.epoch),
          isRetired: device.isRetired, retiredRevision: UInt64(device.retiredRevision))
      },
      changeCount: VectorClock(tip).changeCount(beyond: base), extraActors: [],
      branches: try session.branches().map { Branch(actor: $0.actor, root: $0.root, depth: $0.depth) })
    header.leaveOutLargeClocks()
    var writer = try ChangesetWriter(header, sink: sink)
    var done: UInt64 = 0
    var next: UInt64 = 0
    try session.forEachRun(after: base) { run, follows in
      try writer.append(run, follows: follows)
      done += run.count
      guard done >= next else { return }
      next = done + UInt64(Self.changesBetweenReports)
      try progress?(Progress(done: done, total: header.changeCount))
    }
    try writer.finish()
  }

  /// What the receiver is known to hold, as far as it is held here too. Without a receiver: what every known device
  /// holds.
  private func base(for device: String?, _ session: StoreReader) throws -> VectorClock {
    let receivers = try receivers(device, session)
    guard let first = receivers.first else { return VectorClock() }
    return receivers.dropFirst().reduce(first.clock) { $0.intersection($1.clock) }
  }

  /// The devices of that name: two may bear one. Without a name: all that are waited for.
  private func receivers(_ device: String?, _ session: StoreReader) throws -> [Device] {
    let others = try session.devices().filter { !$0.isThis }
    guard let device else { return others.filter { !$0.isRetired } }
    let named = others.filter { bytewiseEqual($0.name, device) }
    guard !named.isEmpty else { throw SyncError.noSuchDevice(device, known: others.map(\.name)) }
    return named
  }
}
