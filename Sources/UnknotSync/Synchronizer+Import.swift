import UnknotCausality
import UnknotChangeset
public import UnknotStorage

/// A file that is to be merged, its checksum verified.
private struct VerifiedFile {
  let source: FileSource
  let header: ChangesetHeader
  /// What does not fit of a folder is left where it is; a file that was named is taken in, or nothing is.
  let isOfFolder: Bool
}

/// Of a folder: thrown to begin anew without it.
private struct DoesNotFit: Error {
  let file: String
  let reason: SyncError
}

extension Synchronizer {
  /// Merges files, in the order in which they need each other, in one transaction: all that were named, or nothing. Of
  /// a folder what fits is taken in, and the rest is named. The one thing that a refused file can leave behind is the
  /// note that this device held more once (`SyncError.changesMissing`).
  ///
  /// - Parameters:
  ///   - paths: files, folders (the changeset files in them), `-` for standard input.
  ///   - conflicts: calls back with each register that counts as in conflict; asked before and after.
  ///   - progress: called after every few thousand changes, and while standard input is waited for.
  public func importFiles(
    _ paths: [String], _ options: MergeOptions = MergeOptions(),
    conflicts: (StoreReader, (ConflictKey) throws -> Void) throws -> Void = { try $0.forEachConflict($1) },
    progress: ProgressReport? = nil
  ) throws -> ImportResult {
    var leftOut: [LeftOutFile] = []
    let all = try verified(paths, options, progress, &leftOut)
    var files = all
    while true {
      do {
        let result = try merge(files, options, conflicts, leftOut, progress)
        // What was taken in is taken in, whatever becomes of the note.
        if !options.isDryRun { for file in result.leftOut { try? noteLoss(file.reason, all) } }
        if result.files.isEmpty, let first = result.leftOut.first { throw first.reason }
        return result
      } catch let misfit as DoesNotFit {
        leftOut.append(LeftOutFile(name: misfit.file, reason: misfit.reason))
        files.removeAll { $0.source.name.utf8.elementsEqual(misfit.file.utf8) }
      } catch let error as SyncError {
        if !options.isDryRun { try noteLoss(error, all) }
        throw error
      }
    }
  }

  /// Others go on sending what starts after what this device has lost, unless it tells them.
  private func noteLoss(_ refusal: SyncError, _ files: [VerifiedFile]) throws {
    guard case .changesMissing(let name, _, isLoss: true) = refusal,
      let file = files.first(where: { $0.source.name.utf8.elementsEqual(name.utf8) })
    else { return }
    try SyncError.translating(file: name) {
      let devices = try file.header.remoteDevices()
      try store.importing { try $0.noteLoss(devices, of: file.header.history) }
    }
  }

  /// Every byte of every file is checked before the journal is touched.
  private func verified(
    _ paths: [String], _ options: MergeOptions, _ progress: ProgressReport?, _ leftOut: inout [LeftOutFile]
  ) throws -> [VerifiedFile] {
    var files: [VerifiedFile] = []
    for path in paths {
      let (names, isFolder) = try FileSource.files(at: path)
      for name in names {
        do {
          let source = try FileSource(
            name, nonce: nonce(), folder: options.temporaryFolder,
            limit: options.growthLimit ?? .max
          ) { try progress?(Progress(done: 0, total: 0)) }
          let header = try SyncError.translating(file: name) {
            try ChangesetReader.verify(source: source.reader())
          }
          files.append(VerifiedFile(source: source, header: header, isOfFolder: isFolder))
        } catch let error as SyncError where isFolder {
          leftOut.append(LeftOutFile(name: name, reason: error))
        }
      }
    }
    return files
  }

  private func merge(
    _ verified: [VerifiedFile], _ options: MergeOptions,
    _ conflicts: (StoreReader, (ConflictKey) throws -> Void) throws -> Void, _ leftOut: [LeftOutFile],
    _ progress: ProgressReport?
  ) throws -> ImportResult {
    try store.importing(keeps: !options.isDryRun) { importer in
      var (waiting, leftOut) = (verified, leftOut)
      let total = verified.reduce(UInt64(0)) { $0 + $1.header.changeCount }
      var done: UInt64 = 0
      var conflictsBefore: Set<ConflictKey> = []
      try conflicts(importer) { conflictsBefore.insert($0) }
      var files: [ImportedFile] = []
      var known: [ChangesetHeader] = []
      while !waiting.isEmpty {
        // A journal without changes takes over the id of the first file: a refused one may fit after another.
        let next = try waiting.firstIndex { try fits($0.header, importer, options) }
        guard let next else {
          if let named = waiting.first(where: { !$0.isOfFolder }) {
            throw try misfit(named, importer, options)
          }
          for file in waiting {
            leftOut.append(
              LeftOutFile(name: file.source.name, reason: try misfit(file, importer, options)))
          }
          break
        }
        let file = waiting.remove(at: next)
        do {
          let imported = try take(file.source, into: importer, options) { count in
            done += count
            try progress?(Progress(done: min(done, total), total: total))
          }
          if imported.changesApplied == 0 { known.append(file.header) }
          files.append(imported)
        } catch let error as SyncError where file.isOfFolder {
          throw DoesNotFit(file: file.source.name, reason: error)
        }
      }
      var (conflictsNew, conflictsWaiting) = (0, 0)
      try conflicts(importer) {
        conflictsWaiting += 1
        if !conflictsBefore.contains($0) { conflictsNew += 1 }
      }
      return ImportResult(
        files: files, leftOut: leftOut, undone: try importer.undoneImports(of: known.map(\.history)),
        conflictsNew: conflictsNew, conflictsWaiting: conflictsWaiting,
        forks: try importer.forks)
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
    _ file: VerifiedFile, _ importer: Importer, _ options: MergeOptions
  ) throws -> SyncError {
    let name = file.source.name
    guard try importer.accepts(journalIDs: file.header.journalIDs, join: options.joins) else {
      return .otherJournal(file: name)
    }
    let isLoss = try SyncError.translating(file: name) {
      try !options.isDryRun && importer.hasLost(file.header.remoteDevices(), of: file.header.history)
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
    let held = importer.clock
    return try importer.missing(header.base, of: header.history).map { entry in
      MissingRange(
        device: names[roots[entry.dot.actor] ?? entry.dot.actor] ?? entry.dot.actor.description,
        actor: entry.dot.actor, from: min(held[entry.dot.actor], entry.dot.seq - 1) + 1, to: entry.dot.seq)
    }
  }

  private func take(
    _ source: FileSource, into importer: Importer, _ options: MergeOptions,
    _ progress: (UInt64) throws -> Void
  ) throws -> ImportedFile {
    try SyncError.translating(file: source.name) {
      // Read anew: what counts is the bytes that are applied, and their checksum at the end.
      let header = try ChangesetReader(source: source.reader()).header
      guard try importer.accepts(journalIDs: header.journalIDs, join: options.joins) else {
        throw SyncError.otherJournal(file: source.name)
      }
      let before = try importer.usedBytes
      func checkGrowth() throws {
        guard let limit = options.growthLimit,
          try Int64(clamping: importer.usedBytes) - Int64(clamping: before) > limit
        else { return }
        throw SyncError.tooLarge(file: source.name, limit: limit)
      }
      try importer.adopt(journalIDs: header.journalIDs)
      guard let writer = DeviceID(header.writer) else { throw InvalidChange("the writer has no id") }
      let devices = try header.remoteDevices()
      let history = header.history
      try importer.noteClaims(devices, of: history)
      try importer.hear(
        of: devices, others: history.actors.filter { $0.actor == $0.root }.map(\.actor), from: writer)
      let applied = try importer.take(history) { known, apply in
        let reader = try ChangesetReader(source: source.reader())
        guard reader.header == header else { throw ChangesetError.damaged("it changed while it was read") }
        var count: UInt64 = 0
        while try reader.next(
          skipping: known,
          { sent in
            try apply(sent.run, sent.follows)
            try checkGrowth()
            count += sent.run.count
          })
        {
          try progress(count)
          count = 0
        }
      }
      try importer.acknowledge(devices, of: history, from: writer)
      try checkGrowth()
      try importer.noteImport(from: writer)
      return ImportedFile(
        name: source.name, writer: devices.first { $0.id == writer }?.name ?? "", changesApplied: applied,
        changesKnown: header.changeCount - applied)
    }
  }
}

extension ChangesetHeader {
  /// Every actor that the file's changes may name.
  fileprivate var history: SentHistory {
    let branching = Dictionary(branches.map { ($0.actor, $0) }, uniquingKeysWith: { first, _ in first })
    var actors = Set(extraActors).union((base + tip).map(\.dot.actor))
    for device in devices { actors.formUnion(device.actors + device.clock.map(\.dot.actor)) }
    for branch in branches { actors.formUnion([branch.actor, branch.root]) }
    return SentHistory(
      actors: actors.sorted().map { actor in
        SentActor(actor: actor, root: branching[actor]?.root ?? actor, depth: branching[actor]?.depth ?? 0)
      }, base: base, tip: tip)
  }

  fileprivate func remoteDevices() throws -> [RemoteDevice] {
    let branching = Set(branches.map(\.actor))
    return try devices.map { device in
      guard let id = DeviceID(device.id), let revision = Int64(exactly: device.nameRevision),
        let epoch = Int64(exactly: device.epoch), let retiredRevision = Int64(exactly: device.retiredRevision)
      else { throw InvalidChange("a device has no id") }
      return RemoteDevice(
        id: id, name: device.name, nameRevision: revision,
        actors: device.actors.filter { !branching.contains($0) }, entries: device.clock, epoch: epoch,
        isRetired: device.isRetired, retiredRevision: retiredRevision)
    }
  }
}
