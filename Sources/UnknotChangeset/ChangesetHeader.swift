public import UnknotCausality

/// What a file's writer knows of a device: its name, its actors, and what it is known to hold.
public struct DeviceState: Hashable, Sendable {
  /// 16 bytes.
  public var id: [UInt8]
  public var name: String
  /// Counts renames; the name with the highest is in force.
  public var nameRevision: UInt64
  public var actors: [ActorID]
  public var clock: [ClockEntry]

  public init(id: [UInt8], name: String, nameRevision: UInt64, actors: [ActorID], clock: [ClockEntry]) {
    self.id = id
    self.name = name
    self.nameRevision = nameRevision
    self.actors = actors
    self.clock = clock
  }
}

/// What a file says before its changes.
public struct ChangesetHeader: Hashable, Sendable {
  /// Of 16 bytes each, at least one.
  public var journalIDs: [[UInt8]]
  /// The device that wrote the file, 16 bytes; among `devices`, with its own clock.
  public var writer: [UInt8]
  /// The vector clock that the file starts after, and the one that it ends at.
  public var base: [ClockEntry]
  public var tip: [ClockEntry]
  public var devices: [DeviceState]
  public var changeCount: UInt64
  /// Actors that the changes name and no clock or device above does.
  public var extraActors: [ActorID]

  public init(
    journalIDs: [[UInt8]], writer: [UInt8], base: [ClockEntry], tip: [ClockEntry], devices: [DeviceState],
    changeCount: UInt64, extraActors: [ActorID]
  ) {
    self.journalIDs = journalIDs
    self.writer = writer
    self.base = base
    self.tip = tip
    self.devices = devices
    self.changeCount = changeCount
    self.extraActors = extraActors
  }
}

/// Why bytes were not taken for a changeset.
public enum ChangesetError: Error, Hashable, Sendable, CustomStringConvertible {
  case notAChangeset
  case newerFormat(version: UInt64, supported: UInt64)
  case damaged(String)

  public var description: String {
    switch self {
    case .notAChangeset: "it is not a changeset file"
    case .newerFormat(let version, let supported):
      "its format is \(version); this program reads up to \(supported)"
    case .damaged(let reason): reason
    }
  }
}

/// The format's fixed sizes and limits (`Schema/changeset.md`).
enum Format {
  static let magic = Array("unknot".utf8)
  static let version: UInt64 = 1
  static let changesPerBlock = 4096
  /// A block is closed early when its changes' bytes reach this.
  static let softBlockBytes = 4 << 20
  static let maximumPartBytes: UInt64 = 16 << 20
  static let maximumJournals = 64
  static let maximumDevices = 10_000
  static let maximumNameBytes = 256

  enum Field {
    static let magic: UInt64 = 1 << 3 | 2
    static let version: UInt64 = 2 << 3
    static let header: UInt64 = 3 << 3 | 2
    static let block: UInt64 = 4 << 3 | 2
    static let checksum: UInt64 = 15 << 3 | 2
  }
}
