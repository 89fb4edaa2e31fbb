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
  public func importFiles(_ paths: [String], dryRun: Bool, join: Bool) throws -> ImportResult {
    let sources = try paths.flatMap { try FileSource.files(at: $0) }.map {
      try FileSource($0, nonce: nonce())
    }
    // Every byte of every file is checked before the journal is touched.
    var waiting = try sources.map { source in
      (
        source,
        header: try SyncError.translating(file: source.name) {
          try ChangesetReader.verify(source: source.reader())
        }
      )
    }
    return try store.importing(keeps: !dryRun) { importer in
      let conflictsBefore = Set(try importer.conflicts().map { ConflictKey($0) })
      var files: [ImportedFile] = []
      while !waiting.isEmpty {
        // A journal without changes takes over the id of the first file: a refused one may fit after another.
        var next: Int?
        for index in waiting.indices where next == nil {
          if try missing(before: waiting[index].header, importer, file: waiting[index].0.name).isEmpty {
            next = index
          }
        }
        guard let next else {
          let (source, header) = waiting[0]
          guard try importer.accepts(journalIDs: header.journalIDs, join: join) else {
            throw SyncError.otherJournal(file: source.name)
          }
          throw SyncError.changesMissing(
            file: source.name, missing: try missing(before: header, importer, file: source.name))
        }
        let (source, _) = waiting.remove(at: next)
        files.append(try take(source, into: importer, join: join))
      }
      let conflicts = Set(try importer.conflicts().map { ConflictKey($0) })
      return ImportResult(
        files: files, conflictsNew: conflicts.subtracting(conflictsBefore).count,
        conflictsWaiting: conflicts.count)
    }
  }

  private struct ConflictKey: Hashable {
    let record: Dot
    let field: FieldName

    init(_ conflict: Conflict) {
      record = conflict.record.id
      field = conflict.field
    }
  }

  /// What the file starts after and the journal does not hold.
  private func missing(before header: ChangesetHeader, _ importer: Importer, file: String) throws
    -> [MissingRange]
  {
    try translatingForks(file: file, header) {
      try header.base.filter { try !importer.holds($0) }.map { entry in
        MissingRange(
          device: deviceName(of: entry.dot.actor, header), actor: entry.dot.actor,
          from: importer.clock[entry.dot.actor] + 1, to: entry.dot.seq)
      }
    }
  }

  private func deviceName(of actor: ActorID, _ header: ChangesetHeader) -> String {
    header.devices.first { $0.actors.contains(actor) }?.name ?? actor.description
  }

  private func translatingForks<T>(file: String, _ header: ChangesetHeader, _ body: () throws -> T) throws
    -> T
  {
    do {
      return try body()
    } catch let fork as ForkFound {
      throw SyncError.forked(file: file, device: deviceName(of: fork.dot.actor, header), dot: fork.dot)
    }
  }

  private func take(_ source: FileSource, into importer: Importer, join: Bool) throws -> ImportedFile {
    try SyncError.translating(file: source.name) {
      // Read anew: what counts is the bytes that are applied, and their checksum at the end.
      let reader = try ChangesetReader(source: source.reader())
      let header = reader.header
      guard try importer.accepts(journalIDs: header.journalIDs, join: join) else {
        throw SyncError.otherJournal(file: source.name)
      }
      guard let writer = DeviceID(header.writer) else { throw InvalidChange("the writer has no id") }
      let known = importer.clock
      let devices = try header.devices.map { device in
        guard let id = DeviceID(device.id), let revision = Int64(exactly: device.nameRevision) else {
          throw InvalidChange("a device has no id")
        }
        return RemoteDevice(
          id: id, name: device.name, nameRevision: revision, actors: device.actors, entries: device.clock)
      }
      try importer.hear(
        of: devices, others: header.extraActors + (header.base + header.tip).map(\.dot.actor), from: writer)
      try translatingForks(file: source.name, header) {
        while let runs = try reader.next(skipping: known) {
          for sent in runs { try importer.apply(sent.run, follows: sent.follows) }
        }
        for entry in header.tip {
          guard try importer.holds(entry) else { throw InvalidChange("the file ends before its tip") }
        }
      }
      try importer.noteImport(from: writer)
      let total = header.changeCount
      let applied = importer.clock.changeCount(beyond: known)
      return ImportedFile(
        name: source.name, writer: devices.first { $0.id == writer }?.name ?? "", changesApplied: applied,
        changesKnown: total - applied)
    }
  }
}
