public import UnknotEngine

/// A vector clock's entry for people: whose changes, and how many of them.
public struct ClockItem: Hashable, Sendable {
  /// The name of the device that writes as this actor; empty where that is not known.
  public let device: String
  /// The actor's id, 26 characters.
  public let actor: String
  /// The number of the actor's last change that is meant; all before it are meant too.
  public let seq: UInt64

  /// An object with `device`, `actor` and `seq`.
  public var json: JSONValue {
    .object([("device", .string(device)), ("actor", .string(actor)), ("seq", .integer(Int64(seq)))])
  }
}

/// Another device, as this one knows it.
public struct DeviceItem: Sendable {
  /// What people call the device: two can have the same name.
  public let name: String
  /// Whether it is the device that this journal lies on.
  public let isThis: Bool
  /// Of the changes held here: how many it is known to hold, and how many it is not.
  public let acknowledged: UInt64
  /// How many of the changes held here it is not known to hold.
  public let behind: UInt64
  /// When it was last heard of: when a file that it wrote brought news of it; nil: never, or it is this device.
  public let lastImport: Moment?
  /// The ids of the actors that it writes, or wrote, as; empty where none is known.
  public let actors: [String]
  /// Nobody waits for it any more.
  public let isRetired: Bool
  /// How many histories it wrote: more than one where its journal was copied, or restored and written to again
  /// before anyone noticed. All are kept.
  public let histories: Int
  /// How often its journal was restored from a backup.
  public let restores: Int

  /// An object with all of this; `isThis` is called `this`, and `isRetired` is called `retired`.
  public var json: JSONValue {
    .object([
      ("name", .string(name)), ("this", .bool(isThis)), ("acknowledged", .integer(Int64(acknowledged))),
      ("behind", .integer(Int64(behind))), ("last_import", lastImport.map { .string($0.rfc3339) } ?? .null),
      ("actors", .array(actors.map { .string($0) })), ("retired", .bool(isRetired)),
      ("histories", .integer(Int64(histories))), ("restores", .integer(Int64(restores))),
    ])
  }
}

/// What an export wrote.
public struct Exported: Sendable {
  /// nil: there was nothing to send.
  public let file: String?
  /// How many changes are in the file. It can be 0: such a file tells only what this device holds.
  public let changes: UInt64
  /// How large the file is, in bytes; 0 without a file.
  public let bytes: UInt64

  /// An object with `file`, `changes` and `bytes`.
  public var json: JSONValue {
    .object([
      ("file", file.map { .string($0) } ?? .null), ("changes", .integer(Int64(changes))),
      ("bytes", .integer(Int64(bytes))),
    ])
  }
}

/// What an import did, or would do.
public struct Imported: Sendable {
  /// A file that was taken in, whether or not it brought anything new.
  public struct File: Sendable {
    /// Its path, also where a folder was named; of a stream, the name that it was given.
    public let name: String
    /// The name of the device that wrote it.
    public let device: String
    /// Changes in the file that were new here.
    public let applied: UInt64
    /// Changes in the file that were held already.
    public let known: UInt64
  }
  /// In the order in which they were taken in, which is the one in which they need each other.
  public let files: [File]
  /// Changes that were new here, of all files together.
  public let applied: UInt64
  /// Changes that were held here already, of all files together.
  public let known: UInt64
  /// How many conflicts wait for a person now that did not before.
  public let conflictsNew: Int
  /// All conflicts that wait for a person now.
  public let conflictsWaiting: Int
  /// Of folders: what did not fit, and why.
  public let leftOut: [(file: String, reason: KitError)]
  /// In plain words, what became known of journals that were copied or restored, and what was taken in before and
  /// undone.
  public let notes: [Advice]

  /// An object that says all of this; `applied` and `known` are called `changes_applied` and `changes_known`.
  public var json: JSONValue {
    .object([
      ("changes_applied", .integer(Int64(applied))), ("changes_known", .integer(Int64(known))),
      ("conflicts_new", .integer(Int64(conflictsNew))),
      ("conflicts_waiting", .integer(Int64(conflictsWaiting))),
      ("notes", .array(notes.map { .string($0.description) })),
      (
        "left_out",
        .array(
          leftOut.map { .object([("file", .string($0.file)), ("reason", .string($0.reason.message))]) })
      ),
      (
        "files",
        .array(
          files.map {
            .object([
              ("file", .string($0.name)), ("device", .string($0.device)),
              ("changes_applied", .integer(Int64($0.applied))), ("changes_known", .integer(Int64($0.known))),
            ])
          })
      ),
    ])
  }
}

/// What a compaction forgot, or would forget.
public struct Compacted: Sendable {
  /// How many changes are forgotten.
  public let changes: Int
  /// About as much as the file becomes smaller by.
  public let bytes: Int64
  /// Devices that are not known to hold everything yet.
  public let heldBackBy: [String]
  /// What was overwritten later than this is kept.
  public let before: Moment

  /// An object with `changes`, `bytes`, `before` and `held_back_by`.
  public var json: JSONValue {
    .object([
      ("changes", .integer(Int64(changes))), ("bytes", .integer(bytes)), ("before", .string(before.rfc3339)),
      ("held_back_by", .array(heldBackBy.map { .string($0) })),
    ])
  }
}

/// What a file says of itself; its checksum was verified.
public struct Inspected: Sendable {
  /// The path that was asked for.
  public let file: String
  /// The version of the file's format: never higher than the one that this program reads.
  public let format: UInt64
  /// The ids of the journal, 32 hexadecimal digits each: more than one where journals that were begun apart were
  /// joined.
  public let journals: [String]
  /// The name of the device that wrote the file.
  public let device: String
  /// How many changes are in the file.
  public let changes: UInt64
  /// How large the file is, in bytes.
  public let bytes: UInt64
  /// Where the file starts: a journal takes it in only if it holds all of this. It is empty in a full export.
  public let base: [ClockItem]
  /// Where the file ends: what a journal holds at least once it has taken the file in.
  public let tip: [ClockItem]

  /// An object that has each property under its name.
  public var json: JSONValue {
    .object([
      ("file", .string(file)), ("format", .integer(Int64(format))),
      ("journals", .array(journals.map { .string($0) })), ("device", .string(device)),
      ("changes", .integer(Int64(changes))), ("bytes", .integer(Int64(bytes))),
      ("base", .array(base.map(\.json))), ("tip", .array(tip.map(\.json))),
    ])
  }
}

/// How far an export or an import has come, in changes.
public struct JournalProgress: Sendable {
  /// Changes written or read so far.
  public let done: UInt64
  /// Changes in all the files together. An import can end below it: what is held here already is not counted as done.
  public let total: UInt64
}

extension Journal {
  /// Writes what a device may lack into a file.
  ///
  /// - Parameters:
  ///   - target: the file, which must not exist yet; nil: one of a random name in `folder`.
  ///   - folder: for a file of a random name.
  ///   - device: the receiver's name; nil: whatever any known device may lack.
  ///   - full: everything, as for a new device.
  ///   - progress: told every few thousand changes; it may throw a `KitError`, and no file is written.
  public func export(
    to target: String?, folder: String, for device: String?, full: Bool,
    progress: ((JournalProgress) throws(KitError) -> Void)? = nil
  ) throws(KitError) -> Exported {
    let result = try exportFile(
      to: target.map { .file($0) } ?? .folder(folder), for: Receiver(device: device), full: full
    ) {
      try progress?(JournalProgress(done: $0.done, total: $0.total))
    }
    return Exported(file: result.file, changes: result.changes, bytes: result.bytes)
  }

  /// Merges files, folders of files and streams. All files that are named or nothing; of a folder what fits.
  ///
  /// - Parameters:
  ///   - sources: what to take in, in any order.
  ///   - dryRun: says what would come of it, and changes nothing.
  ///   - join: also files of another journal, which is united with this one.
  ///   - large: also files that make the journal larger by more than 256 MiB each.
  ///   - takesOpen: also open files, where this journal's are sealed.
  ///   - temporaryFolder: where streams are put aside; an absolute path.
  ///   - progress: told every few thousand changes; it may throw a `KitError`, and nothing is changed.
  public func importFiles(
    _ sources: [ChangesetSource], dryRun: Bool = false, join: Bool = false, large: Bool = false,
    takesOpen: Bool = false, temporaryFolder: String? = nil,
    progress: ((JournalProgress) throws(KitError) -> Void)? = nil
  ) throws(KitError) -> Imported {
    var options = mergeOptions(dryRun: dryRun)
    (options.joins, options.temporaryFolder) = (join, temporaryFolder)
    if large { options.growthLimit = nil }
    options.takesOpen = takesOpen
    let result = try merge(sources, options) {
      try progress?(JournalProgress(done: $0.done, total: $0.total))
    }
    let undone = try result.undone.isEmpty ? [] : noteUndone(result.undone)
    return Imported(
      files: result.files.map {
        Imported.File(name: $0.name, device: $0.writer, applied: $0.changesApplied, known: $0.changesKnown)
      },
      applied: result.changesApplied, known: result.changesKnown, conflictsNew: result.conflictsNew,
      conflictsWaiting: result.conflictsWaiting,
      leftOut: result.leftOut.map { ($0.name, KitError(syncError: $0.reason)) },
      notes: undone
        + Self.notes(of: result.forks).map { Advice($0) })
  }

  func mergeOptions(dryRun: Bool) -> MergeOptions {
    var options = MergeOptions(isDryRun: dryRun)
    options.willMerge = { [self] changes in
      // What is taken in takes nothing away: where there is no room for a backup, it goes on without.
      if changes > Self.largeImport { try? backUpIfPossible(.beforeImport) }
    }
    return options
  }

  /// One for each device, however many of its histories became known.
  static func notes(of forks: [ForkNote]) -> [String] {
    var devices: [(first: ForkNote, branches: Int)] = []
    for fork in forks {
      let place = devices.firstIndex {
        bytewiseEqual($0.first.device, fork.device) && $0.first.isOwn == fork.isOwn
      }
      if let place { devices[place].branches += fork.branches } else { devices.append((fork, fork.branches)) }
    }
    return devices.map { fork, branches in
      let journal = fork.isOwn ? "this journal" : "\(fork.device)'s journal"
      guard branches == 1 else {
        return "\(journal) was copied or restored, and all copies were written to: "
          + "\(branches) more histories are kept, nothing is lost"
      }
      return "\(journal) was copied or restored, and both were written to"
        + (fork.after.map { " after change \($0.seq)" } ?? "")
        + ": both histories are kept, nothing is lost"
    }
  }

  /// Changes that are here already are not taken in anew: of those that were undone, that is what somebody wonders at.
  private func noteUndone(_ imports: [Operation]) throws(KitError) -> [Advice] {
    try readBack { session in
      let operations = try session.reader.operations(limit: .max)
      return imports.map { imported in
        let undo = operations.first { $0.isUndo && !$0.isReverted && $0.reverts == imported.id }
        let way: Advice = undo.map { ": \(.undo, of: session.shortID($0.id)) brings them back" } ?? ""
        return "a file's changes were imported before and undone here\(way)"
      }
    }
  }

  /// All devices, this one first.
  public func devices() throws(KitError) -> [DeviceItem] {
    try read { session in
      let held = session.reader.clock
      let total = held.changeCount(beyond: VectorClock())
      return try session.reader.devices().map { device in
        let behind = held.changeCount(beyond: device.clock)
        return DeviceItem(
          name: device.name, isThis: device.isThis, acknowledged: total - behind, behind: behind,
          lastImport: device.lastImport.map { session.moment($0) }, actors: device.actors.map(\.description),
          isRetired: device.isRetired, histories: try session.reader.historyCount(of: device),
          restores: Int(device.epoch))
      }
    }
  }

  /// Says that nobody waits for a device any more, or that it is back.
  ///
  /// - Parameters:
  ///   - name: the device's name or, of two of one name, what the ids of its records begin with.
  ///   - isRetired: false: it is waited for again.
  /// - Returns: false when it was so already.
  public func retire(_ name: String, _ isRetired: Bool = true) throws(KitError) -> Bool {
    try setRetired(otherDevice(name), isRetired)
  }

  /// - Parameter name: a device's name or, of two of one name, what the ids of its records begin with.
  func otherDevice(_ name: String) throws(KitError) -> DeviceID {
    try read { session in
      let others = try session.reader.devices().filter { !$0.isThis }
      var found = others.filter { bytewiseEqual($0.name, name) }
      // A device that only reads has no records: it goes by an id of its own.
      func ids(_ device: Device) -> [String] {
        (device.actors + [ActorID(device.id.bytes)].compactMap { $0 }).map(\.description)
      }
      if found.isEmpty, name.utf8.count >= 4 {
        found = others.filter { ids($0).contains { $0.hasPrefix(name.lowercased()) } }
      }
      guard let device = found.first else { throw SyncError.noSuchDevice(name, known: others.map(\.name)) }
      guard found.count == 1 else {
        let words = found.map { String((ids($0).first ?? "").prefix(8)) }
        throw KitError(
          .notFound, "\(name) is ambiguous: \(found.count) devices have that name",
          hint: "say which, by how its ids begin: \(words.joined(separator: " or "))")
      }
      return device.id
    }
  }

  /// Forgets older values that all devices have seen overwritten (`Store.compact`).
  ///
  /// - Parameters:
  ///   - seconds: what was overwritten in the last so many is kept.
  ///   - dryRun: says what would be forgotten, and changes nothing.
  public func compact(keeping seconds: Int, dryRun: Bool) throws(KitError) -> Compacted {
    let cutoff = now.milliseconds - Int64(seconds) * 1000
    if !dryRun { try backUpIfPossible(.beforeCompact) }
    let result = try compact(before: cutoff, dryRun: dryRun)
    return Compacted(
      changes: result.changes, bytes: result.bytes, heldBackBy: result.heldBackBy,
      before: Moment(milliseconds: cutoff, in: zone))
  }

  /// Reads what a file says of itself, and takes nothing in. It may be of another journal.
  ///
  /// - Throws: `KitError` of the kind `notFound`, `fileDamaged`, `newerFormat` or `failed`.
  public func inspect(_ path: String) throws(KitError) -> Inspected {
    let found = try header(of: path)
    func items(_ entries: [ClockEntry]) -> [ClockItem] {
      entries.map { entry in
        ClockItem(
          device: found.devices.first { $0.actors.contains(entry.dot.actor) }?.name ?? "",
          actor: entry.dot.actor.description, seq: entry.dot.seq)
      }
    }
    return Inspected(
      file: path, format: found.formatVersion, journals: found.journalIDs.map { hexadecimal($0) },
      device: found.writer, changes: found.changes, bytes: found.bytes, base: items(found.base),
      tip: items(found.tip))
  }

  /// What this device holds: two that hold the same changes get the same answer.
  public func digest() throws(KitError) -> StateDigest {
    try read { session in
      StateDigest(
        digest: hexadecimal(try session.reader.digest()),
        clock: try session.reader.clock.sorted.map {
          ClockItem(
            device: try session.reader.deviceName(of: $0.actor), actor: $0.actor.description, seq: $0.seq)
        })
    }
  }
}
