public import UnknotEngine

/// Another device that somebody waits for.
public struct OtherDevice: Hashable, Sendable {
  /// What people call it.
  public let name: String
  /// For how many days nothing was heard of it; nil: nothing ever was.
  public let silentDays: Int?
  /// How many of the changes held here it is not known to hold.
  public let lacks: UInt64

  /// - Parameters:
  ///   - lastHeard: in ms since 1970; nil: never.
  ///   - now: likewise.
  init(name: String, lastHeard: Int64?, lacks: UInt64, now: Int64) {
    (self.name, self.lacks) = (name, lacks)
    silentDays = lastHeard.map { Int(max(0, now - $0) / Moment.millisecondsPerDay) }
  }

  /// An object with `name`, `silent_days` and `lacks`.
  public var json: JSONValue {
    .object([
      ("name", .string(name)), ("silent_days", silentDays.map { .integer(Int64($0)) } ?? .null),
      ("lacks", .integer(Int64(clamping: lacks))),
    ])
  }
}

/// What a round with the shared folder did or, of a dry run, what it would do.
public struct FolderExchange: Sendable {
  /// A file of another device that brought something new.
  public struct Taken: Hashable, Sendable {
    /// Its name in the folder.
    public let file: String
    /// The device that wrote it.
    public let device: String
    /// How many changes were new here.
    public let changes: UInt64
  }
  /// In the order in which they were taken in.
  public let taken: [Taken]
  /// Names of the files that were written.
  public let written: [String]
  /// How many superfluous files were removed.
  public let removed: Int
  /// How many files that were there are not listed any more.
  public let missing: Int
  /// Files that were set aside: they stop nobody.
  public let aside: [SharedFile]
  /// The other devices that somebody waits for.
  public let devices: [OtherDevice]
  /// How many conflicts wait for a person now that did not before.
  public let conflictsNew: Int
  /// All conflicts that wait for a person now.
  public let conflictsWaiting: Int
  /// In plain words, what became known of journals that were copied or restored.
  public let notes: [Advice]

  /// An object with `taken` (`file`, `device`, `changes`), `written`, `removed`, `missing`, `aside` (`file`, `state`, `why`), `devices`
  /// (`name`, `silent_days`, `lacks`), `conflicts_new`, `conflicts_waiting` and `notes`.
  public var json: JSONValue {
    .object([
      (
        "taken",
        .array(
          taken.map {
            .object([
              ("file", .string($0.file)), ("device", .string($0.device)),
              ("changes", .integer(Int64(clamping: $0.changes))),
            ])
          })
      ), ("written", .array(written.map { .string($0) })), ("removed", .integer(Int64(removed))),
      ("missing", .integer(Int64(missing))),
      ("aside", .array(aside.map(\.json))),
      ("devices", .array(devices.map(\.json))), ("conflicts_new", .integer(Int64(conflictsNew))),
      ("conflicts_waiting", .integer(Int64(conflictsWaiting))),
      ("notes", .array(notes.map { .string($0.description) })),
    ])
  }
}

extension SharedFile {
  /// An object with `file`, `state`, `device`, `changes`, `bytes` and `why`.
  public var json: JSONValue {
    .object([
      ("file", .string(name)), ("state", .string(state.rawValue)), ("device", .string(writer)),
      ("changes", .integer(Int64(clamping: changes))), ("bytes", .integer(bytes)), ("why", .string(reason)),
    ])
  }
}

extension Journal {
  /// The folder that this device shares with others; nil: none.
  public func folder() throws(KitError) -> String? { try sharedFolder() }

  /// Says which folder something carries from device to device. Only this device remembers it.
  ///
  /// - Parameter path: absolute; nil: none any more, and what is in it stays.
  public func setFolder(_ path: String?) throws(KitError) { try setSharedFolder(path) }

  /// Takes in what is new in the folder, writes what it lacks, and removes what this device wrote and nobody needs any more.
  ///
  /// - Parameters:
  ///   - dryRun: says what would be taken in, and changes nothing.
  ///   - tidies: removes what is superfluous at once, and not only after some days: a quarter of the folder a day at most.
  public func exchange(dryRun: Bool = false, tidies: Bool = false) throws(KitError) -> FolderExchange {
    let result = try exchangeWithFolder(mergeOptions(dryRun: dryRun), tidies: tidies)
    let now = self.now.milliseconds
    return FolderExchange(
      taken: result.taken.map {
        FolderExchange.Taken(file: $0.name, device: $0.writer, changes: $0.changesApplied)
      }, written: result.written, removed: result.removed, missing: result.missing,
      aside: result.aside,
      devices: result.devices.map {
        OtherDevice(name: $0.name, lastHeard: $0.lastHeard, lacks: $0.lacks, now: now)
      }, conflictsNew: result.conflictsNew, conflictsWaiting: result.conflictsWaiting,
      notes: Self.notes(of: result.forks).map { Advice($0) })
  }

  /// The other devices that somebody waits for: how far each is behind, and how long nothing was heard of it. Those that lack
  /// something come first, the most silent one before all.
  public func otherDevices() throws(KitError) -> [OtherDevice] {
    let now = self.now.milliseconds
    return try devices().filter { !$0.isThis && !$0.isRetired }.map {
      OtherDevice(name: $0.name, lastHeard: $0.lastImport?.milliseconds, lacks: $0.behind, now: now)
    }.sorted { one, other in
      if (one.lacks > 0) != (other.lacks > 0) { return one.lacks > 0 }
      let silence = (one.silentDays ?? .max, other.silentDays ?? .max)
      if silence.0 != silence.1 { return silence.0 > silence.1 }
      return one.name.utf8.lexicographicallyPrecedes(other.name.utf8)
    }
  }

  /// The files of the folder as they were found in the last round, in the order of their names.
  public func folderFiles() throws(KitError) -> [SharedFile] { try sharedFiles() }
}
