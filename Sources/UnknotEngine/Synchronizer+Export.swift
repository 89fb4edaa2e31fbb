import UnknotCausality
import UnknotChangeset
import UnknotPlatform
import UnknotSealing
import UnknotStorage

extension Synchronizer {
  /// Writes what a device may lack, as far as it is known: what it has not acknowledged.
  ///
  /// - Parameter full: everything, also what is held by all, or by nobody in particular.
  package func export(
    to target: ExportTarget, for receiver: Receiver, full: Bool = false, isCancelled: (() -> Bool)? = nil,
    progress: ProgressReport? = nil
  ) throws -> ExportResult {
    var told: [Device] = []
    try store.settleIdentity()
    let sealing = try Sealing(store)
    let ending = try sealing.fileEnding()
    let result = try store.read(isCancelled: isCancelled) { session in
      let receivers = try receivers(receiver, session)
      let base = full ? VectorClock() : base(of: receivers)
      let tip = session.clock
      let changes = tip.changeCount(beyond: base)
      // What this device holds is news too, until the other is known to have heard of it; and that it was heard.
      // Whoever never sent a file here hears of it through those who did.
      let waiting = receivers.filter { receiver != .everyone || $0.lastImport != nil }
      let isNews =
        !tip.isEmpty && (full || waiting.contains { !$0.hasHeard || !$0.isTold })
      guard changes > 0 || isNews else {
        return ExportResult(file: nil, changes: 0, bytes: 0, base: base, tip: tip)
      }
      let path =
        switch target {
        case .file(let path): path
        case .folder(let folder): "\(folder)/unknot-\(nonce())\(ending)"
        }
      let file: NewFile
      do {
        file = try NewFile(path, nonce: nonce())
        try write(session, sealing, after: base, progress) {
          if isCancelled?() == true { throw StorageError.interrupted }
          try file.write($0)
        }
        try file.commit()
      } catch let error as NewFileError {
        throw SyncError(error, path)
      }
      if !full { told = waiting }
      return ExportResult(file: path, changes: changes, bytes: file.bytes, base: base, tip: tip)
    }
    store.noteTold(told)
    if result.file != nil { store.narrowNote() }
    return result
  }

  /// The bytes of a changeset with everything that `base` does not cover; sealed, where this replica's files are.
  ///
  /// - Parameter base: nil: no changes, only who holds what. Everybody can take that in.
  /// - Throws: `SyncError.noKey`.
  func write(
    _ session: StoreReader, _ sealing: Sealing, after base: VectorClock?, _ progress: ProgressReport?,
    to sink: @escaping ([UInt8]) throws -> Void
  ) throws {
    guard let current = try sealing.current() else {
      return try write(session, nil, nil, after: base, progress, to: sink)
    }
    let randomBytes = store.environment.randomBytes
    var sealed = try AgeWriter(
      for: [.recipient(current.secret.identity.recipient)], randomBytes: randomBytes, output: sink)
    let seal = ChangesetWriter.Seal(
      signer: current.device.signer, sign: current.device.sign, padded: Padme.size(of:))
    try write(session, current, seal, after: base, progress) { try sealed.write($0) }
    try sealed.finish()
  }

  private func write(
    _ session: StoreReader, _ current: (device: DeviceSecret, secret: JournalSecret)?,
    _ seal: ChangesetWriter.Seal?, after base: VectorClock?, _ progress: ProgressReport?,
    to sink: @escaping ([UInt8]) throws -> Void
  ) throws {
    let header = try header(
      session, current, after: base, kind: base.map { $0.isEmpty ? .snapshot : .changes } ?? .note)
    var writer = try ChangesetWriter(header, seal: seal, sink: sink)
    var done: UInt64 = 0
    var next: UInt64 = 0
    try session.forEachRun(after: base ?? session.clock) { run, follows in
      try writer.append(run, follows: follows)
      done += run.count
      guard done >= next else { return }
      next = done + UInt64(Self.changesBetweenReports)
      try progress?(Progress(done: done, total: header.changeCount))
    }
    try writer.finish()
  }

  /// - Parameter base: nil: it has no changes.
  private func header(
    _ session: StoreReader, _ current: (device: DeviceSecret, secret: JournalSecret)?,
    after base: VectorClock?, kind: ChangesetKind, secrets: [JournalSecret] = []
  ) throws -> ChangesetHeader {
    let trust = try current == nil ? [:] : session.deviceTrust()
    let devices = try session.devices()
    guard let own = devices.first(where: \.isThis) else {
      throw StorageError.damaged("the journal does not know its own device")
    }
    let baseEntries = try (base ?? VectorClock()).sorted.map { dot in
      guard let hash = try session.hash(of: dot) else {
        throw StorageError.damaged("an acknowledgement names a change that is not held")
      }
      return ClockEntry(dot, hash)
    }
    let tip = try base == nil ? [] : session.entries()
    var header = ChangesetHeader(
      journalIDs: try session.journalIDs, writer: own.id.bytes, base: baseEntries, tip: tip,
      devices: devices.map { device in
        DeviceState(
          id: device.id.bytes, name: device.name, nameRevision: UInt64(device.nameRevision),
          actors: device.actors, clock: device.entries, epoch: UInt64(device.epoch),
          isRetired: device.isRetired, retiredRevision: UInt64(device.retiredRevision),
          keys: device.isThis
            ? current.map { $0.device.keys(of: device.id.bytes, $0.secret) }
            : trust[device.id.bytes]?.keys.map { DeviceKeys($0) },
          lostEpoch: UInt64(clamping: trust[device.id.bytes]?.lostEpoch ?? 0))
      },
      changeCount: VectorClock(tip).changeCount(beyond: base ?? VectorClock()), extraActors: [],
      branches: try session.branches().map { Branch(actor: $0.actor, root: $0.root, depth: $0.depth) },
      kind: kind, keyEpoch: current?.secret.epoch ?? 0,
      secrets: secrets.map { EpochSecret(epoch: $0.epoch, identity: $0.identity.secret) })
    header.leaveOutLargeClocks()
    return header
  }

  /// The bytes of a file of keys, for those alone whom they are for.
  func writeKeys(
    _ session: StoreReader, _ keys: KeyFile, for targets: [AgeTarget],
    to sink: @escaping ([UInt8]) throws -> Void
  ) throws {
    guard let secret = keys.current else { throw SyncError.notSealing }
    let header = try header(
      session, (keys.device, secret), after: nil, kind: .keys, secrets: keys.secrets)
    var sealed = try AgeWriter(for: targets, randomBytes: store.environment.randomBytes, output: sink)
    let seal = ChangesetWriter.Seal(
      signer: keys.device.signer, sign: keys.device.sign, padded: Padme.size(of:))
    var writer = try ChangesetWriter(header, seal: seal) { try sealed.write($0) }
    try writer.finish()
    try sealed.finish()
  }

  /// What all of them are known to hold, as far as it is held here too.
  func base(of receivers: [Device]) -> VectorClock {
    guard let first = receivers.first else { return VectorClock() }
    return receivers.dropFirst().reduce(first.clock) { $0.intersection($1.clock) }
  }

  private func receivers(_ receiver: Receiver, _ session: StoreReader) throws -> [Device] {
    let others = try session.devices().filter { !$0.isThis }
    switch receiver {
    case .everyone: return others.filter { !$0.isRetired }
    case .device(let name):
      let named = others.filter { bytewiseEqual($0.name, name) }
      guard !named.isEmpty else { throw SyncError.noSuchDevice(name, known: others.map(\.name)) }
      return named
    }
  }
}

extension SyncError {
  init(_ error: NewFileError, _ path: String) {
    self =
      error.reason.map { .cannotWrite(file: path, reason: $0) } ?? .targetExists(file: path)
  }
}

extension DeviceKeys {
  fileprivate init(_ known: CertifiedKeys) {
    self.init(
      signer: known.signer, recipient: known.recipient, epoch: UInt64(clamping: known.epoch),
      certificate: known.certificate)
  }
}
