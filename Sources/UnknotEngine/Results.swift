public import UnknotCausality
public import UnknotStorage

public struct ExportResult: Sendable {
  /// nil: there was nothing to send, and no file was written.
  public let file: String?
  public let changes: UInt64
  public let bytes: UInt64
  /// What the receiver must hold, and what it then holds.
  public let base: VectorClock
  public let tip: VectorClock
}

public struct ImportedFile: Sendable {
  public let name: String
  /// The device that wrote it.
  public let writer: String
  public let changesApplied: UInt64
  /// Changes in the file that were held already.
  public let changesKnown: UInt64
}

/// A file of a folder that was left as it is, and why.
public struct LeftOutFile: Sendable {
  public let name: String
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

public struct ImportResult: Sendable {
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
  public var changesApplied: UInt64 { files.reduce(0) { $0 + $1.changesApplied } }
  public var changesKnown: UInt64 { files.reduce(0) { $0 + $1.changesKnown } }
}

/// What a file says of itself, its checksum verified.
public struct Inspection: Sendable {
  public struct Holder: Sendable {
    public let name: String
    public let actors: [ActorID]
    public let clock: VectorClock
  }
  public let formatVersion: UInt64
  public let journalIDs: [[UInt8]]
  public let writer: String
  public let base: [ClockEntry]
  public let tip: [ClockEntry]
  public let changes: UInt64
  public let bytes: UInt64
  public let devices: [Holder]
}
