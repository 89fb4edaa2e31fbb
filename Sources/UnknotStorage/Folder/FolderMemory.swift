package import UnknotCausality

/// What this device remembers of the folder that it shares.
package struct FolderMemory: Sendable {
  /// The folder; nil: none is shared.
  package var path: String?
  /// The device that remembers: a journal can have become another one.
  package var device: [UInt8]
  /// The device's epoch when it was remembered: a restored journal may hold less.
  package var epoch: Int64
  package var files: [[UInt8]: FolderFile]
  /// Names of files that this device removed: a carrier may bring them back.
  package var removed: Set<[UInt8]>
  /// When this device wrote its last file into the folder, in ms; nil: never.
  package var wroteAt: Int64?
  /// What it held then (`StoreReader.stored`).
  package var wroteClock: [UInt8]
  /// Who is called what, and who is waited for, when the last round ended (`StoreReader.hashOfDevices`).
  package var devices: [UInt8]
  /// Since which day a newcomer would lack something; nil: it would not.
  package var lackingSince: Int64?
  /// In how many rounds, one after the other, a newcomer would have lacked something.
  package var lackingRounds: Int64
  /// The day on which files were removed last, and how many.
  package var removalDay: Int64
  package var removals: Int64

  init() {
    (path, device, epoch, files, removed, wroteAt, wroteClock, devices) = (nil, [], 0, [:], [], nil, [], [])
    (lackingSince, lackingRounds, removalDay, removals) = (nil, 0, 0, 0)
  }

  /// They are read once more: something has changed by which they may be taken in now.
  package mutating func lookAgain(at states: Set<FolderFile.State>) {
    for (name, var file) in files where states.contains(file.state) {
      file.state = .unread
      files[name] = file
    }
  }

  /// All that this device has written there goes, and what is in it is written anew.
  package mutating func giveUpOwnFiles() {
    for (name, file) in files where file.isWrittenHere || file.state == .own { files[name]?.giveUp() }
  }

  /// Forgets all but which folder it is.
  package mutating func forgetFiles() {
    let path = path
    self = FolderMemory()
    self.path = path
  }
}

extension StoreReader {
  /// A clock as `FolderMemory` keeps it: names of actors may change once a fork becomes known, and this does not.
  package func stored(_ clock: VectorClock) -> [UInt8] { lines.tree.lineClock(clock).bytes }

  /// - Returns: nil where some of it is not held: the journal was restored, or put in the place of another.
  package func clock(stored bytes: [UInt8]) -> VectorClock? {
    guard let clock = try? LineClock(bytes), lines.held.covers(clock),
      clock.keys.allSatisfy({ $0.depth > lines[$0.line]?.parent?.depth ?? 0 })
    else { return nil }
    return lines.tree.vectorClock(clock)
  }

  /// A clock of a file, in the names that changes have here.
  ///
  /// - Returns: nil where some of it is not held.
  package func clock(held entries: [ClockEntry], of history: SentHistory) throws -> VectorClock? {
    let actors = Dictionary(history.actors.map { ($0.actor, $0) }, uniquingKeysWith: { first, _ in first })
    var keys: [ChangeKey] = []
    for entry in entries {
      guard let key = try held(entry, actors) else { return nil }
      keys.append(key)
    }
    return lines.tree.vectorClock(lines.tree.closure(of: keys))
  }

  /// Another one once a device got another name, was retired or came back.
  package func hashOfDevices() throws -> [UInt8] {
    var bytes = ByteWriter()
    for device in try devices().sorted(by: { $0.id.bytes.lexicographicallyPrecedes($1.id.bytes) }) {
      bytes.raw(device.id.bytes)
      bytes.unsigned(UInt64(device.nameRevision))
      bytes.unsigned(UInt64(device.retiredRevision))
    }
    return Hashing.sha256(bytes.bytes)
  }

  /// The change that an entry of a file's clock names; nil where it is not held.
  func held(_ entry: ClockEntry, _ actors: [ActorID: SentActor]) throws -> ChangeKey? {
    let sent = actors[entry.dot.actor]
    guard let root = lines.tree.root(of: sent?.root ?? entry.dot.actor) else { return nil }
    let (depth, overflow) = (sent?.depth ?? 0).addingReportingOverflow(entry.dot.seq)
    guard !overflow, depth <= Dot.maximumSeq else { return nil }
    return try find(root: root, depth: Int64(depth), hash: entry.hash.bytes)
  }
}
