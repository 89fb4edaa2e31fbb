import UnknotCausality
import UnknotPlatform
import UnknotStorage

extension FolderRound {
  /// Where the folder stands.
  private struct Standing {
    let held: VectorClock
    /// What all living devices are known to hold.
    let known: VectorClock
    /// What whoever holds as much as every living device is known to hold has once it has taken all of the folder.
    let given: VectorClock
    /// What somebody has who had nothing.
    let givenToNewcomer: VectorClock
    /// The files that are held and count as there, with their clocks.
    let files: [(file: FolderFile, base: VectorClock, tip: VectorClock)]
    /// This device's place among those that somebody waits for.
    let rank: Int64
    let waiting: [Device]
  }

  private func look(_ session: StoreReader) throws -> Standing {
    let devices = try session.devices()
    let living = devices.filter { !$0.isThis && !$0.isRetired }
    var files: [(file: FolderFile, base: VectorClock, tip: VectorClock)] = []
    // What a lost device has put there, others do not take any more.
    let lost = Set(try session.deviceTrust().filter { sealing.isLost($0.value) }.keys)
    for file in memory.files.values where file.isHeld && !lost.contains(file.device) {
      guard let base = clock(file.base, session), let tip = clock(file.tip, session)
      else {
        continue
      }
      files.append((file, base, tip))
    }
    files.sort {
      let one = $0.base.changeCount(beyond: VectorClock())
      let other = $1.base.changeCount(beyond: VectorClock())
      return one != other ? one < other : $0.file.name.lexicographicallyPrecedes($1.file.name)
    }
    let held = session.clock
    let known = synchronizer.base(of: living).intersection(held)
    let own = devices.first(where: \.isThis)?.id.bytes ?? []
    return Standing(
      held: held, known: known, given: Self.reach(from: known, files.map { ($0.base, $0.tip) }),
      givenToNewcomer: Self.reach(from: VectorClock(), files.map { ($0.base, $0.tip) }), files: files,
      rank: Int64(living.count { $0.id.bytes.lexicographicallyPrecedes(own) }),
      waiting: living.filter { $0.lastImport != nil })
  }

  /// What somebody has in the end who has this, and takes in every file that fits.
  static func reach(from start: VectorClock, _ files: [(base: VectorClock, tip: VectorClock)]) -> VectorClock
  {
    var (clock, waiting) = (start, files)
    while true {
      var misfits: [(base: VectorClock, tip: VectorClock)] = []
      for file in waiting {
        if clock.covers(file.base) { clock.merge(file.tip) } else { misfits.append(file) }
      }
      guard misfits.count < waiting.count else { return clock }
      waiting = misfits
    }
  }

  /// Writes what the folder lacks, what a newcomer would lack, or that others were heard of; and brings many files of this
  /// device together.
  func repair() throws {
    try expectGoingOn()
    guard try store.read({ !$0.clock.isEmpty }) else { return }
    try repairKeys()
    var standing = try store.read { try look($0) }
    result.missing = missing(standing)
    if !standing.given.covers(standing.held) {
      try write(after: standing.given)
      standing = try store.read { try look($0) }
    } else if try isNoteDue(standing) {
      try write(after: nil)
    }
    // What this file just gave a newcomer is there.
    if let start = beginsSealed || isSnapshotDue(standing) ? VectorClock() : startOfAll(standing) {
      try write(after: start)
    }
  }

  /// How many files are not listed any more, where something is lost with them: what others have removed is in other files.
  private func missing(_ standing: Standing) -> Int {
    let missing = memory.files.values.count { $0.missingDays > 0 }
    guard missing > 0 else { return 0 }
    let listed = standing.files.filter { $0.file.missingDays == 0 }.map { ($0.base, $0.tip) }
    // What this device has not written yet was never there.
    return Self.reach(from: standing.known, listed).covers(standing.given) ? 0 : missing
  }

  /// Where more than a few files of this device are there: where all of them start.
  private func startOfAll(_ standing: Standing) -> VectorClock? {
    let own = standing.files.filter { $0.file.state == .own && $0.base != $0.tip && !$0.base.isEmpty }
    guard own.count > policy.mostChangeFiles, let first = own.first else { return nil }
    // Those that one file has replaced stay for a while. What has most replaces most.
    let largest = standing.files.sorted { $0.file.changes > $1.file.changes }
    var singles = 0
    for one in own where !largest.contains(where: { $0.file.name != one.file.name && Self.replaces($0, one) })
    {
      singles += 1
      if singles > policy.mostChangeFiles { return own.reduce(first.base) { $0.intersection($1.base) } }
    }
    return nil
  }

  /// Whether whoever can take in the other file can take in this one, and has as much then.
  static func replaces(
    _ one: (file: FolderFile, base: VectorClock, tip: VectorClock),
    _ other: (file: FolderFile, base: VectorClock, tip: VectorClock)
  ) -> Bool {
    let isNewer = one.base != other.base || one.tip != other.tip || isLater(one.file, than: other.file)
    return isNewer && other.base.covers(one.base) && one.tip.covers(other.tip)
  }

  /// Of two that say the same, all devices keep the same one.
  static func isLater(_ one: FolderFile, than other: FolderFile) -> Bool {
    other.name.lexicographicallyPrecedes(one.name)
  }

  private func isSnapshotDue(_ standing: Standing) -> Bool {
    let isLacking = !standing.givenToNewcomer.covers(standing.held)
    memory.lackingRounds = isLacking ? memory.lackingRounds + 1 : 0
    let snapshots = standing.files.filter(\.base.isEmpty)
    let newest = snapshots.max {
      $0.tip.changeCount(beyond: VectorClock()) < $1.tip.changeCount(beyond: VectorClock())
    }
    var isOld = false
    if let newest {
      let since = standing.held.changeCount(beyond: newest.tip)
      let size = newest.tip.changeCount(beyond: VectorClock())
      isOld =
        since > policy.changesUntilSnapshot && since * 100 > size * policy.percentUntilSnapshot
        && day - newest.file.firstDay >= policy.daysUntilSnapshot
    }
    guard isLacking && memory.lackingRounds >= policy.roundsUntilSnapshot || isOld else {
      if !isLacking && !isOld { memory.lackingSince = nil }
      return false
    }
    // Of several devices the first one does it; the others as well if it does not. Two of them do no harm.
    let since = min(memory.lackingSince ?? day, day)
    memory.lackingSince = since
    guard day - since >= standing.rank * policy.daysBetweenDevices else { return false }
    (memory.lackingSince, memory.lackingRounds) = (nil, 0)
    return true
  }

  /// That others were heard of is news, a day after this device wrote last. A note changes nothing that is held, so none
  /// follows from it.
  private func isNoteDue(_ standing: Standing) throws -> Bool {
    if hasNewsOfDevices { return true }
    guard !standing.waiting.isEmpty || memory.wroteAt == nil else { return false }
    guard let wroteAt = memory.wroteAt else {
      return try !store.read { try $0.devices().filter { !$0.isThis && !$0.isRetired }.isEmpty }
    }
    let clock = try store.read { $0.clock(stored: memory.wroteClock) }
    return clock != standing.held && (now - wroteAt >= policy.noteDelay || now < wroteAt)
  }

  /// - Parameter base: nil: a note.
  func write(after base: VectorClock?) throws {
    let name = "\(synchronizer.folderName())\(try sealing.fileEnding())"
    var told: [Device] = []
    let written = try put(name) { session, sink in
      try synchronizer.write(session, sealing, after: base, nil, to: sink)
    } as: { file, session in
      let held = session.clock
      file.state = .own
      file.changes = held.changeCount(beyond: base ?? held)
      (file.base, file.tip) = (session.stored(base ?? held), session.stored(held))
      told = try session.devices().filter { !$0.isThis && !$0.isRetired && $0.lastImport != nil }
    }
    store.noteTold(told)
    store.narrowNote()
    (memory.wroteAt, memory.wroteClock) = (now, written.tip)
  }

  /// Makes a file in the folder.
  ///
  /// - Parameters:
  ///   - write: gives its bytes.
  ///   - note: what is remembered of it.
  func put(
    _ name: String, _ write: (StoreReader, @escaping ([UInt8]) throws -> Void) throws -> Void,
    as note: (inout FolderFile, StoreReader) throws -> Void
  ) throws -> FolderFile {
    let path = "\(folder)/\(name)"
    let file = try store.read(isCancelled: isCancelled) { session in
      do {
        let new = try NewFile(path, nonce: synchronizer.nonce())
        try write(session) {
          try self.expectGoingOn()
          try new.write($0)
        }
        try new.commit()
      } catch let error as NewFileError {
        throw SyncError(error, path)
      }
      guard let look = FolderListing.look(at: FilePath(folder, Array(name.utf8))) else {
        throw SyncError.cannotWrite(file: path, reason: "the folder does not keep what is written into it")
      }
      var written = FolderFile(name: Array(name.utf8), look: look, day: day)
      written.isWrittenHere = true
      let own = try session.devices().first(where: \.isThis)
      (written.device, written.writer) = (own?.id.bytes ?? [], own?.name ?? "")
      try note(&written, session)
      return written
    }
    memory.files[file.name] = file
    listed.insert(file.name)
    result.written.append(name)
    return file
  }
}

extension Synchronizer {
  static let nameAlphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)

  /// 26 random characters: no name says anything, and no two are the same.
  func folderName() -> String {
    var bits = store.environment.randomBytes(16) + [0]
    let alphabet = Self.nameAlphabet
    var name: [UInt8] = []
    for _ in 0..<26 {
      name.append(alphabet[Int(bits[0] >> 3)])
      // On by five bits.
      for index in bits.indices {
        bits[index] = bits[index] << 5 | (index + 1 < bits.count ? bits[index + 1] >> 3 : 0)
      }
    }
    return String(decoding: name, as: UTF8.self)
  }
}
