public import UnknotCausality

/// What a file's writer knows of a device: its name, its actors, and what it is known to hold.
public struct DeviceState: Hashable, Sendable {
  /// 16 bytes.
  public var id: [UInt8]
  /// What people call it: at most 256 bytes of UTF-8, without a NUL.
  public var name: String
  /// Counts renames; the name with the highest is in force.
  public var nameRevision: UInt64
  /// The actors that it writes, or wrote, as. This program lists only roots of families: a branch belongs to the
  /// device of its root.
  public var actors: [ActorID]
  /// What it is known to hold, no actor twice; of the file's writer, all that it holds. Empty where that is left out.
  public var clock: [ClockEntry]
  /// Counts restored backups: the clock of a later epoch replaces any other.
  public var epoch: UInt64
  /// Whether nobody waits for it any more.
  public var isRetired: Bool
  /// Counts retirements and returns; the state with the highest is in force.
  public var retiredRevision: UInt64
  /// By what it is known, where files are sealed.
  public var keys: DeviceKeys?
  /// It was declared lost, and this key epoch was begun without it; 0: it was not.
  public var lostEpoch: UInt64

  /// Nothing is checked here: a writer checks the header as a whole.
  public init(
    id: [UInt8], name: String, nameRevision: UInt64, actors: [ActorID], clock: [ClockEntry],
    epoch: UInt64 = 0, isRetired: Bool = false, retiredRevision: UInt64 = 0, keys: DeviceKeys? = nil,
    lostEpoch: UInt64 = 0
  ) {
    self.id = id
    self.name = name
    self.nameRevision = nameRevision
    self.actors = actors
    self.clock = clock
    self.epoch = epoch
    self.isRetired = isRetired
    self.retiredRevision = retiredRevision
    self.keys = keys
    self.lostEpoch = lostEpoch
  }
}

/// An actor that goes on from another's history, as the file's writer calls it (`merge.md`, "One actor, one
/// history").
public struct Branch: Hashable, Sendable {
  /// The name by which the writer calls the branch.
  public let actor: ActorID
  /// The family's first actor.
  public let root: ActorID
  /// How many changes of the family come before the actor's own.
  public let depth: UInt64

  /// - Parameter depth: at most `Dot.maximumSeq`.
  public init(actor: ActorID, root: ActorID, depth: UInt64) {
    self.actor = actor
    self.root = root
    self.depth = depth
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
  /// The vector clock that the file ends at; each actor of the base is in it, further on or with the same entry.
  public var tip: [ClockEntry]
  /// All devices that the writer knows, itself included, none twice.
  public var devices: [DeviceState]
  /// How many changes the file has, forgotten ones included: the sum of the tip less that of the base.
  public var changeCount: UInt64
  /// Actors that the changes name and no clock or device above does.
  public var extraActors: [ActorID]
  /// Those of all named actors that are branches, none twice; their roots are no branches.
  public var branches: [Branch]
  /// What the file is for.
  public var kind: ChangesetKind
  /// Of the secret that the file is sealed with; 0: it is not sealed.
  public var keyEpoch: UInt64
  /// In a file of keys, none twice. Two devices can have begun the same epoch, each with its own.
  public var secrets: [EpochSecret]

  /// Nothing is checked here: a writer checks the header when it begins.
  public init(
    journalIDs: [[UInt8]], writer: [UInt8], base: [ClockEntry], tip: [ClockEntry], devices: [DeviceState],
    changeCount: UInt64, extraActors: [ActorID],
    branches: [Branch] = [], kind: ChangesetKind = .changes, keyEpoch: UInt64 = 0, secrets: [EpochSecret] = []
  ) {
    self.journalIDs = journalIDs
    self.writer = writer
    self.base = base
    self.tip = tip
    self.devices = devices
    self.changeCount = changeCount
    self.extraActors = extraActors
    self.branches = branches
    self.kind = kind
    self.keyEpoch = keyEpoch
    self.secrets = secrets
  }
}
