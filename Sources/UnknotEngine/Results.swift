public import UnknotCausality
public import UnknotStorage

/// What an export wrote, or that there was nothing to send.
public struct ExportResult: Sendable {
  /// nil: there was nothing to send, and no file was written.
  public let file: String?
  /// How many changes are in the file. It can be 0: such a file tells only what this device holds.
  public let changes: UInt64
  /// How large the file is, in bytes; 0 without a file.
  public let bytes: UInt64
  /// What the receiver must hold, and what it then holds.
  public let base: VectorClock
  /// Where the file ends: everything that this device holds.
  public let tip: VectorClock
}

/// A file that an import took in, whether or not it brought anything new.
public struct ImportedFile: Sendable {
  /// Its path, also where a folder was named; of a stream, the name that it was given.
  public let name: String
  /// The device that wrote it.
  public let writer: String
  /// Changes in the file that were new here.
  public let changesApplied: UInt64
  /// Changes in the file that were held already.
  public let changesKnown: UInt64
}

/// A file of a folder that was left as it is, and why.
public struct LeftOutFile: Sendable {
  /// The file's path, which begins with the folder as it was named.
  public let name: String
  /// Why it could not be taken in, also after all others that fit.
  public let reason: SyncError
}

/// What a person chooses of an import.
public struct MergeOptions: Sendable {
  /// Finds out what would happen and changes nothing.
  public var isDryRun: Bool
  /// Unites this journal with one that was begun apart.
  public var joins: Bool
  /// How much one file may make the journal larger by, and how long a stream may be, in bytes; nil: as much as
  /// it takes.
  public var growthLimit: UInt64?
  /// Where streams are put aside: an absolute path. Nil: they are not read.
  public var temporaryFolder: String?
  /// Takes in files that are not sealed also where this replica's are.
  public var takesOpen = false
  /// Asked once every byte was checked, before anything is changed, with how many changes may be new here: the moment for a
  /// backup. What it throws ends the import. Not asked where nothing is held yet, nor where it only finds out.
  public var willMerge: (@Sendable (_ changes: UInt64) throws -> Void)?

  /// Without arguments: changes are kept, nothing is joined, a file may add 256 MiB at most, and no streams are read.
  public init(
    isDryRun: Bool = false, joins: Bool = false, growthLimit: UInt64? = 256 << 20,
    temporaryFolder: String? = nil
  ) {
    self.isDryRun = isDryRun
    self.joins = joins
    self.growthLimit = growthLimit
    self.temporaryFolder = temporaryFolder
  }
}

/// What an import took in or, of a dry run, what it would take in.
public struct ImportResult: Sendable {
  /// In the order in which they were taken in, which is the one in which they need each other.
  public let files: [ImportedFile]
  /// Of folders.
  public let leftOut: [LeftOutFile]
  /// Operations that took in changes of these files before and were undone here, the newest first.
  public let undone: [Operation]
  /// Registers in conflict that were not before.
  public let conflictsNew: Int
  /// All that are in conflict now.
  public let conflictsWaiting: Int
  /// Second histories of one actor that became known: a journal was copied or restored, and both were written to.
  public let forks: [ForkNote]
  /// Changes that were new here, of all files together.
  public var changesApplied: UInt64 { files.reduce(0) { $0 + $1.changesApplied } }
  /// Changes that were held here already, of all files together.
  public var changesKnown: UInt64 { files.reduce(0) { $0 + $1.changesKnown } }
}

/// What a file says of itself, its checksum verified.
public struct Inspection: Sendable {
  /// A device that the file's writer knew, and what it was known to hold.
  public struct Holder: Sendable {
    /// What people call the device: two devices can have the same name.
    public let name: String
    /// The actors that the device has written as.
    public let actors: [ActorID]
    /// What the device was known to hold. It is empty where nothing was known, or where it was too much for a file.
    public let clock: VectorClock
  }
  /// The version of the file's format: never higher than the one that this program reads.
  public let formatVersion: UInt64
  /// The ids of the journal, of 16 bytes each: more than one where replicas that were begun apart were joined.
  public let journalIDs: [[UInt8]]
  /// The name of the device that wrote the file.
  public let writer: String
  /// Where the file starts: a replica takes it in only if it holds all of this. It is empty in a full export.
  public let base: [ClockEntry]
  /// Where the file ends: what a replica holds at least once it has taken the file in.
  public let tip: [ClockEntry]
  /// How many changes are in the file.
  public let changes: UInt64
  /// How large the file is, in bytes.
  public let bytes: UInt64
  /// All devices that the writer knew, with itself among them.
  public let devices: [Holder]
}
