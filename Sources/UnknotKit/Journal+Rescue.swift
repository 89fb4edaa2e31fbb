import UnknotEngine

/// What a rescue got out of damaged files, and what it did not.
public struct JournalRescue: Hashable, Sendable {
  /// Changes of one device that the new journal does not have.
  public struct Missing: Hashable, Sendable {
    /// The device's name.
    public let device: String
    /// The full id of the first of them.
    public let first: String
    /// The full id of the last of them.
    public let last: String
    /// How many there are.
    public let count: UInt64
    /// How many of them were found.
    public let found: Int64
    /// How many of those are proven to be what was written, and come after some that are lost: `pastGaps` writes them anew.
    public let proven: Int64
  }

  /// A file that gave nothing.
  public struct LeftOut: Hashable, Sendable {
    /// Its path.
    public let file: String
    /// Why, in words.
    public let reason: String
    /// Whether it belongs to another journal: nothing is missing by it.
    public let isOfAnotherJournal: Bool
  }

  /// How many changes the new journal has.
  public let changes: UInt64
  /// How many of them were written anew, as they come after changes that are lost.
  public let changesPastGaps: UInt64
  /// What is known to have been written and is not there.
  public let missing: [Missing]
  /// How many changes were found of which not even the device can be told.
  public let nameless: Int64
  /// Whether it can be told which journal it was: if not, other devices' files are taken in once with `join`.
  public let isJournalKnown: Bool
  /// Files that gave nothing.
  public let leftOut: [LeftOut]

  /// Whether nothing is known to be missing, and every file of this journal was taken in.
  public var isWhole: Bool {
    missing.isEmpty && nameless == 0 && leftOut.allSatisfy(\.isOfAnotherJournal)
  }

  /// How many more `pastGaps` would write anew, at most.
  public var provenPastGaps: Int64 { missing.reduce(0) { $0 + $1.proven } }

  /// An object with `changes`, `changes_past_gaps`, `missing` (`device`, `first`, `last`, `count`, `found`, `proven`), `nameless`, `journal_known` and
  /// `left_out` (`file`, `reason`, `other_journal`).
  public var json: JSONValue {
    .object([
      ("changes", .integer(Int64(clamping: changes))),
      ("changes_past_gaps", .integer(Int64(clamping: changesPastGaps))),
      (
        "missing",
        .array(
          missing.map {
            .object([
              ("device", .string($0.device)), ("first", .string($0.first)), ("last", .string($0.last)),
              ("count", .integer(Int64(clamping: $0.count))), ("found", .integer($0.found)),
              ("proven", .integer($0.proven)),
            ])
          })
      ),
      ("nameless", .integer(nameless)), ("journal_known", .bool(isJournalKnown)),
      (
        "left_out",
        .array(
          leftOut.map {
            .object([
              ("file", .string($0.file)), ("reason", .string($0.reason)),
              ("other_journal", .bool($0.isOfAnotherJournal)),
            ])
          })
      ),
    ])
  }

  init(_ result: RescueResult) {
    changes = result.changes
    changesPastGaps = result.changesPastGaps
    missing = result.missing.map {
      Missing(
        device: $0.device, first: $0.first.description, last: $0.last.description,
        count: $0.last.seq - $0.first.seq + 1, found: $0.found, proven: $0.proven)
    }
    nameless = result.nameless
    isJournalKnown = result.isJournalKnown
    leftOut = result.leftOut.map {
      let isOfAnother = if case SyncError.otherJournal = $0.reason { true } else { false }
      return LeftOut(
        file: $0.file, reason: KitError.reason(of: $0.reason), isOfAnotherJournal: isOfAnother)
    }
  }
}

extension Journal {
  /// Makes a new journal of every change that can be proven to be what was written, from a damaged journal and whatever else
  /// there is. None of these is written to. See `Replica.rescue`.
  ///
  /// - Parameters:
  ///   - sources: damaged journals, backups, changeset files and folders of them. Which journal it is, the first says that can
  ///     tell; what is of another is left out.
  ///   - path: a new file.
  ///   - deviceName: what this device is called, where the new journal does not take the place of the damaged one.
  ///   - environment: the clock and the randomness.
  ///   - pastGaps: whether what is proven and comes after lost changes is written anew, with new ids: what another device still
  ///     has would be there twice once its files are taken in.
  ///   - temporaryFolder: as much space as the largest of the sources is used there.
  ///   - stateFolder: that of the journals of this machine, whose keys open sealed files; nil: nothing does.
  /// - Throws: of the kind `journalDamaged` where no change can be proven, `otherJournal` where a folder that would have to say
  ///   which journal it is has files of some. Nothing is there then.
  public static func rescue(
    _ sources: [String], to path: String, deviceName: String, environment: any ReplicaEnvironment,
    pastGaps: Bool = false, temporaryFolder: String, stateFolder: String? = nil
  ) throws(KitError) -> JournalRescue {
    try KitError.translating {
      do {
        return JournalRescue(
          try rescued(
            sources, to: path, deviceName: deviceName, environment: environment, pastGaps: pastGaps,
            temporaryFolder: temporaryFolder, stateFolder: stateFolder))
      } catch let error as SyncError {
        let told = KitError(syncError: error)
        guard case .severalJournals = error else { throw told }
        // Here nothing is there yet that could take in one of them.
        throw KitError(
          told.kind, told.message, cause: told.cause,
          hint:
            "name a file of the journal you mean before \(sources.count > 1 ? "the others" : "the folder")")
      }
    }
  }
}
