import UnknotCausality
import UnknotChangeset
package import UnknotStorage

/// A file that is to be merged.
private struct WaitingFile {
  let file: ChangesetFile
  /// What does not fit of a folder is left where it is; a file that was named is taken in, or nothing is.
  let isOfFolder: Bool
}

/// What became of a file.
private struct Outcome {
  /// Among the files that were to be merged.
  let position: Int
  let result: Result<ImportedFile, SyncError>
}

/// Of a folder nothing fits.
private struct NothingFits: Error {
  let outcomes: [Outcome]
}

/// What became of files that were merged in one transaction.
private struct Merged {
  /// In the order in which they were taken in, then those that do not fit.
  var outcomes: [Outcome]
  var undone: [Operation] = []
  var conflictsNew = 0
  var conflictsWaiting = 0
  var forks: [ForkNote] = []
}

/// What became of the files of a shared folder.
struct FolderImport {
  /// In the order in which they were given.
  let results: [Result<ImportedFile, SyncError>]
  let conflictsNew: Int
  let forks: [ForkNote]
}

extension Synchronizer {
  /// Merges files, in the order in which they need each other, in one transaction: all that were named, or nothing. Of
  /// a folder what fits is taken in, and the rest is named. The one thing that a refused file can leave behind is the
  /// note that this device held more once (`SyncError.changesMissing`).
  ///
  /// - Parameters:
  ///   - conflicts: calls back with each register that counts as in conflict; asked before and after.
  ///   - progress: called after every few thousand changes.
  package func importFiles(
    _ sources: [ChangesetSource], _ options: MergeOptions = MergeOptions(),
    conflicts: (StoreReader, (ConflictKey) throws -> Void) throws -> Void = { try $0.forEachConflict($1) },
    isCancelled: (() -> Bool)? = nil, progress: ProgressReport? = nil
  ) throws -> ImportResult {
    if !options.isDryRun { try store.settleIdentity() }
    var leftOut: [LeftOutFile] = []
    let files = try verified(sources, options, isCancelled, &leftOut)
    if !options.isDryRun, let willMerge = options.willMerge {
      let held = try store.read { $0.clock }
      let counts = files.map { VectorClock($0.file.header.tip).changeCount(beyond: held) }
      let count = counts.reduce(0) { $0.addingReportingOverflow($1).overflow ? .max : $0 + $1 }
      if !held.isEmpty { try willMerge(count) }
    }
    let merged = try merge(files, options, Sealing(store), conflicts, isCancelled, progress)
    var taken: [ImportedFile] = []
    for outcome in merged.outcomes {
      switch outcome.result {
      case .success(let file): taken.append(file)
      case .failure(let reason):
        leftOut.append(LeftOutFile(name: files[outcome.position].file.name, reason: reason))
      }
    }
    if taken.isEmpty, let first = leftOut.first { throw first.reason }
    return ImportResult(
      files: taken, leftOut: leftOut, undone: merged.undone, conflictsNew: merged.conflictsNew,
      conflictsWaiting: merged.conflictsWaiting, forks: merged.forks)
  }

  /// Merges what fits of files that were verified, in one transaction.
  ///
  /// - Parameter sealing: by what it is seen who has signed them; nil: by the keys of this replica.
  /// - Returns: what became of each, in their order.
  func importFiles(
    ofFolder files: [ChangesetFile], _ options: MergeOptions, _ sealing: Sealing? = nil,
    conflicts: (StoreReader, (ConflictKey) throws -> Void) throws -> Void = { _, _ in },
    isCancelled: (() -> Bool)? = nil
  ) throws -> FolderImport {
    let merged = try merge(
      files.map { WaitingFile(file: $0, isOfFolder: true) }, options, sealing ?? Sealing(store), conflicts,
      isCancelled, nil)
    return FolderImport(
      results: merged.outcomes.sorted { $0.position < $1.position }.map(\.result),
      conflictsNew: merged.conflictsNew, forks: merged.forks)
  }

  /// Others go on sending what starts after what this device has lost, unless it tells them.
  private func noteLoss(_ refusal: SyncError, _ file: ChangesetFile) throws {
    guard case .changesMissing(_, _, isLoss: true) = refusal else { return }
    try SyncError.translating(file: file.name) {
      let devices = try file.header.remoteDevices(nil)
      try store.importing { try $0.noteLoss(devices, of: file.header.history) }
    }
  }

  /// Every byte of every file is checked before the journal is touched.
  private func verified(
    _ sources: [ChangesetSource], _ options: MergeOptions, _ isCancelled: (() -> Bool)?,
    _ leftOut: inout [LeftOutFile]
  ) throws -> [WaitingFile] {
    var files: [WaitingFile] = []
    let keys = try Sealing(store).keys
    for source in sources {
      switch source.place {
      case .stream(let name, let read):
        let source = try FileSource(
          stream: name, nonce: nonce(), folder: options.temporaryFolder, limit: options.growthLimit ?? .max
        ) {
          if isCancelled?() == true { throw StorageError.interrupted }
          return try read($0)
        }
        files.append(WaitingFile(file: try ChangesetFile(source, keys), isOfFolder: false))
      case .path(let path):
        let (paths, isFolder) = try FolderListing.files(at: path, of: [.changeset, .sealed])
        for path in paths {
          if isCancelled?() == true { throw StorageError.interrupted }
          do {
            let file = try ChangesetFile(FileSource(path), keys)
            files.append(WaitingFile(file: file, isOfFolder: isFolder))
          } catch let error as SyncError where isFolder {
            leftOut.append(LeftOutFile(name: path.name, reason: error))
          }
        }
      }
    }
    return files
  }

  /// - Throws: `SyncError` where one that was named does not fit.
  private func merge(
    _ files: [WaitingFile], _ options: MergeOptions, _ sealing: Sealing,
    _ conflicts: (StoreReader, (ConflictKey) throws -> Void) throws -> Void,
    _ isCancelled: (() -> Bool)?, _ progress: ProgressReport?
  ) throws -> Merged {
    var merged: Merged
    var refused: (file: ChangesetFile, reason: SyncError)?
    do {
      merged = try mergeWholly(files, options, sealing, conflicts, isCancelled, progress, &refused)
    } catch let nothing as NothingFits {
      merged = Merged(outcomes: nothing.outcomes)
    } catch let error as SyncError {
      if !options.isDryRun, let refused { try noteLoss(refused.reason, refused.file) }
      throw error
    }
    for outcome in merged.outcomes where !options.isDryRun {
      // What was taken in is taken in, whatever becomes of the note.
      if case .failure(let reason) = outcome.result { try? noteLoss(reason, files[outcome.position].file) }
    }
    return merged
  }

  private func mergeWholly(
    _ files: [WaitingFile], _ options: MergeOptions, _ sealing: Sealing,
    _ conflicts: (StoreReader, (ConflictKey) throws -> Void) throws -> Void,
    _ isCancelled: (() -> Bool)?, _ progress: ProgressReport?,
    _ refused: inout (file: ChangesetFile, reason: SyncError)?
  ) throws -> Merged {
    try store.importing(keeps: !options.isDryRun, isCancelled: isCancelled) { importer in
      var waiting = Array(files.enumerated())
      let total = files.reduce(UInt64(0)) { $0 + $1.file.header.changeCount }
      var done: UInt64 = 0
      var conflictsBefore: Set<ConflictKey> = []
      try conflicts(importer.reader) { conflictsBefore.insert($0) }
      var outcomes: [Outcome] = []
      var takesAny = false
      var known: [ChangesetHeader] = []
      while !waiting.isEmpty {
        // A journal without changes takes over the id of the first file: a refused one may fit after another.
        // Of what nobody vouches for, not even what it says of this device counts.
        let next = try waiting.firstIndex {
          try refusal(of: $0.element.file, sealing, importer, options) == nil
            && fits($0.element.file.header, importer, options)
        }
        guard let next else {
          outcomes += try refusals(of: waiting, sealing, importer, options, &refused)
          break
        }
        let position = waiting[next].offset
        let (file, isOfFolder) = (waiting[next].element.file, waiting[next].element.isOfFolder)
        waiting.remove(at: next)
        func takeIn() throws -> ImportedFile {
          try take(file, into: importer, sealing, options) { count in
            done += count
            try progress?(Progress(done: min(done, total), total: total))
          }
        }
        do {
          let imported = try isOfFolder ? importer.wholly(takeIn) : takeIn()
          if imported.changesApplied == 0 { known.append(file.header) }
          takesAny = true
          outcomes.append(Outcome(position: position, result: .success(imported)))
        } catch let error as SyncError where isOfFolder {
          outcomes.append(Outcome(position: position, result: .failure(error)))
        }
      }
      if !takesAny, !outcomes.isEmpty { throw NothingFits(outcomes: outcomes) }
      var (conflictsNew, conflictsWaiting) = (0, 0)
      try conflicts(importer.reader) {
        conflictsWaiting += 1
        if !conflictsBefore.contains($0) { conflictsNew += 1 }
      }
      return Merged(
        outcomes: outcomes, undone: try importer.undoneImports(of: known.map(\.history)),
        conflictsNew: conflictsNew, conflictsWaiting: conflictsWaiting, forks: try importer.forks)
    }
  }

  /// What is left where none of them fits.
  ///
  /// - Throws: why one does not that was named.
  private func refusals(
    of waiting: [(offset: Int, element: WaitingFile)], _ sealing: Sealing, _ importer: Importer,
    _ options: MergeOptions, _ refused: inout (file: ChangesetFile, reason: SyncError)?
  ) throws -> [Outcome] {
    func reason(_ file: ChangesetFile) throws -> SyncError {
      try refusal(of: file, sealing, importer, options) ?? misfit(file, importer, options)
    }
    if let named = waiting.first(where: { !$0.element.isOfFolder })?.element.file {
      let reason = try reason(named)
      refused = (named, reason)
      throw reason
    }
    return try waiting.map { Outcome(position: $0.offset, result: .failure(try reason($0.element.file))) }
  }

  /// Why a file does not count; nil: it does.
  private func refusal(
    of file: ChangesetFile, _ sealing: Sealing, _ importer: Importer, _ options: MergeOptions
  ) throws -> SyncError? {
    do {
      try sealing.check(file, takesOpen: options.takesOpen, importer.reader.deviceTrust())
      return nil
    } catch let error as SyncError {
      return error
    }
  }

  /// A stranger's file is not looked into.
  private func fits(
    _ header: ChangesetHeader, _ importer: Importer, _ options: MergeOptions
  ) throws -> Bool {
    try importer.accepts(journalIDs: header.journalIDs, join: options.joins)
      && importer.missing(header.base, of: header.history).isEmpty
  }

  private func misfit(
    _ file: ChangesetFile, _ importer: Importer, _ options: MergeOptions
  ) throws -> SyncError {
    let name = file.name
    guard try importer.accepts(journalIDs: file.header.journalIDs, join: options.joins) else {
      return .otherJournal(file: name)
    }
    let isLoss = try SyncError.translating(file: name) {
      try !options.isDryRun
        && importer.hasLost(file.header.remoteDevices(nil), of: file.header.history)
    }
    return .changesMissing(file: name, missing: try missing(before: file.header, importer), isLoss: isLoss)
  }

  /// What the file starts after and the journal does not hold.
  private func missing(before header: ChangesetHeader, _ importer: Importer) throws -> [MissingRange] {
    let roots = Dictionary(
      header.branches.map { ($0.actor, $0.root) }, uniquingKeysWith: { first, _ in first })
    var names: [ActorID: String] = [:]
    for device in header.devices {
      for actor in device.actors where names[actor] == nil { names[actor] = device.name }
    }
    let held = importer.reader.clock
    return try importer.missing(header.base, of: header.history).map { entry in
      MissingRange(
        device: names[roots[entry.dot.actor] ?? entry.dot.actor] ?? entry.dot.actor.description,
        actor: entry.dot.actor, from: min(held[entry.dot.actor], entry.dot.seq - 1) + 1, to: entry.dot.seq)
    }
  }

  private func take(
    _ file: ChangesetFile, into importer: Importer, _ sealing: Sealing, _ options: MergeOptions,
    _ progress: (UInt64) throws -> Void
  ) throws -> ImportedFile {
    try SyncError.translating(file: file.name) {
      let header = file.header
      let before = try importer.usedBytes
      func checkGrowth() throws {
        guard let limit = options.growthLimit,
          try Int64(clamping: importer.usedBytes) - Int64(clamping: before) > limit
        else { return }
        throw SyncError.tooLarge(file: file.name, limit: limit)
      }
      try importer.adopt(journalIDs: header.journalIDs)
      guard let writer = DeviceID(header.writer) else { throw InvalidChange("the writer has no id") }
      let devices = try header.remoteDevices(file.closing == .open ? nil : sealing)
      let history = header.history
      try importer.noteClaims(devices, of: history)
      try importer.hear(
        of: devices, others: history.actors.filter { $0.actor == $0.root }.map(\.actor), from: writer)
      let applied = try importer.take(history) { known, apply in
        try file.read(skipping: known) { sent in
          try apply(sent.run, sent.follows)
          try checkGrowth()
        } afterBlock: {
          try progress($0)
        }
      }
      try importer.acknowledge(devices, of: history, from: writer)
      try checkGrowth()
      return ImportedFile(
        name: file.name, writer: devices.first { $0.id == writer }?.name ?? "", changesApplied: applied,
        changesKnown: header.changeCount - applied)
    }
  }
}

extension ChangesetHeader {
  /// Every actor that the file's changes may name.
  var history: SentHistory {
    let branching = Dictionary(branches.map { ($0.actor, $0) }, uniquingKeysWith: { first, _ in first })
    var actors = Set(extraActors).union((base + tip).map(\.dot.actor))
    for device in devices { actors.formUnion(device.actors + device.clock.map(\.dot.actor)) }
    for branch in branches { actors.formUnion([branch.actor, branch.root]) }
    return SentHistory(
      actors: actors.sorted().map { actor in
        SentActor(actor: actor, root: branching[actor]?.root ?? actor, depth: branching[actor]?.depth ?? 0)
      }, base: base, tip: tip)
  }

  /// - Parameter sealing: what certificates are seen by, of a file that somebody who counts has signed; nil: what it says of
  ///   keys counts for nothing.
  fileprivate func remoteDevices(_ sealing: Sealing?) throws -> [RemoteDevice] {
    let branching = Set(branches.map(\.actor))
    return try devices.map { device in
      guard let id = DeviceID(device.id), let revision = Int64(exactly: device.nameRevision),
        let epoch = Int64(exactly: device.epoch),
        let retiredRevision = Int64(exactly: device.retiredRevision),
        let keyEpoch = Int64(exactly: device.keys?.epoch ?? 0),
        let lostEpoch = Int64(exactly: device.lostEpoch)
      else { throw InvalidChange("a device has no id") }
      return RemoteDevice(
        id: id, name: device.name, nameRevision: revision,
        actors: device.actors.filter { !branching.contains($0) }, entries: device.clock, epoch: epoch,
        isRetired: device.isRetired, retiredRevision: retiredRevision,
        keys: device.keys.flatMap { keys in
          // Who vouches for a device has the secret for it. What cannot be seen is not believed.
          sealing?.isCertified(keys, device.id) == true
            ? CertifiedKeys(
              signer: keys.signer, recipient: keys.recipient, epoch: keyEpoch, certificate: keys.certificate)
            : nil
        }, lostEpoch: sealing == nil ? 0 : lostEpoch)
    }
  }
}
