import UnknotCausality
import UnknotChangeset
import UnknotStorage

extension Synchronizer {
  /// Merges files, in the order in which they need each other, in one transaction: all of them or nothing.
  ///
  /// - Parameters:
  ///   - paths: files, folders (the changeset files in them), `-` for standard input.
  ///   - dryRun: finds out what would happen and changes nothing.
  ///   - join: unites this journal with one that was begun apart.
  public func importFiles(
    _ paths: [String], dryRun: Bool, join: Bool, progress: ProgressReport? = nil
  ) throws -> ImportResult {
    let sources = try paths.flatMap { try FileSource.files(at: $0) }.map {
      try FileSource($0, nonce: nonce())
    }
    // Every byte of every file is checked before the journal is touched.
    let verified = try sources.map { source in
      (
        source,
        header: try SyncError.translating(file: source.name) {
          try ChangesetReader.verify(source: source.reader())
        }
      )
    }
    return try store.importing(keeps: !dryRun) { importer in
      var waiting = verified
      let total = verified.reduce(UInt64(0)) { $0 + $1.header.changeCount }
      var done: UInt64 = 0
      let conflictsBefore = Set(try importer.conflictKeys())
      var files: [ImportedFile] = []
      while !waiting.isEmpty {
        // A journal without changes takes over the id of the first file: a refused one may fit after another.
        var next: Int?
        for index in waiting.indices where next == nil {
          let header = waiting[index].header
          // A stranger's file is not looked into.
          if try importer.accepts(journalIDs: header.journalIDs, join: join),
            try importer.missing(header.base, of: header.history).isEmpty
          {
            next = index
          }
        }
        guard let next else {
          let (source, header) = waiting[0]
          guard try importer.accepts(journalIDs: header.journalIDs, join: join) else {
            throw SyncError.otherJournal(file: source.name)
          }
          throw SyncError.changesMissing(
            file: source.name, missing: try missing(before: header, importer))
        }
        let (source, _) = waiting.remove(at: next)
        files.append(
          try take(source, into: importer, join: join) { count in
            done += count
            try progress?(Progress(done: min(done, total), total: total))
          })
      }
      let conflicts = Set(try importer.conflictKeys())
      return ImportResult(
        files: files, conflictsNew: conflicts.subtracting(conflictsBefore).count,
        conflictsWaiting: conflicts.count, forks: importer.forks)
    }
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
    _ source: FileSource, into importer: Importer, join: Bool, _ progress: (UInt64) throws -> Void
  ) throws -> ImportedFile {
    try SyncError.translating(file: source.name) {
      // Read anew: what counts is the bytes that are applied, and their checksum at the end.
      let header = try ChangesetReader(source: source.reader()).header
      guard try importer.accepts(journalIDs: header.journalIDs, join: join) else {
        throw SyncError.otherJournal(file: source.name)
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
        while let runs = try reader.next(skipping: known) {
          for sent in runs { try apply(sent.run, sent.follows) }
          try progress(runs.reduce(0) { $0 + $1.run.count })
        }
      }
      try importer.acknowledge(devices, of: history, from: writer)
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
