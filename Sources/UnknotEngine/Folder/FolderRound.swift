import UnknotCausality
import UnknotPlatform
import UnknotStorage

/// One round with a shared folder, which is a heap of files that are written once, under random names. A device never
/// changes one, and removes its own alone. No rule reads a name, another one's clock or a lock, or trusts that a listing is
/// whole. One thing has to hold, and is mended where it does not: what the folder has, on top of what every living device is
/// known to hold, is everything that this device holds.
final class FolderRound {
  let synchronizer: Synchronizer
  let folder: String
  let policy: FolderPolicy
  var sealing: Sealing
  let options: MergeOptions
  let isCancelled: (() -> Bool)?
  var memory: FolderMemory
  var result = FolderRoundResult()
  /// In ms.
  let now: Int64
  /// Since 1970.
  let day: Int64
  /// The device's epoch when the round began.
  private var epoch: Int64 = 0
  /// Since the last round, somebody was retired here, came back, or was given another name.
  var hasNewsOfDevices = false
  private var clocks: [[UInt8]: VectorClock?] = [:]
  /// What lay here open has to be there sealed.
  var beginsSealed = false
  /// The names that the folder says to have.
  var listed: Set<[UInt8]> = []

  init(
    _ synchronizer: Synchronizer, _ folder: String, _ memory: FolderMemory, _ policy: FolderPolicy,
    _ options: MergeOptions, isCancelled: (() -> Bool)?
  ) throws {
    if !options.isDryRun { try synchronizer.store.settleIdentity() }
    sealing = try Sealing(synchronizer.store)
    self.synchronizer = synchronizer
    self.folder = folder
    self.memory = memory
    self.policy = policy
    self.options = options
    self.isCancelled = isCancelled
    now = synchronizer.store.environment.now()
    day = now >= 0 ? now / 86_400_000 : -1
  }

  var store: Store { synchronizer.store }

  func run(
    conflicts: (StoreReader, (ConflictKey) throws -> Void) throws -> Void, tidies: Bool
  ) throws {
    let before = try conflictKeys(conflicts)
    try expectSameDevice()
    try list()
    try forgetWhatWasLost()
    forgetOpenFiles()
    if !options.isDryRun { _ = try sealing.current() }
    try takeAll(conflicts)
    try expectOurs()
    try expectKey()
    if !options.isDryRun {
      try repair()
      try tidy(isPatient: !tidies)
    }
    let after = try conflictKeys(conflicts)
    if !options.isDryRun { result.conflictsNew = after.subtracting(before).count }
    result.conflictsWaiting = after.count
    try tell()
    try store.read { session in
      let own = try session.devices().first(where: \.isThis)
      // A journal that turned out to be restored in this round may have lost more than it knows: all is read once more.
      if let own, own.id.bytes != memory.device || own.epoch != epoch { memory.forgetFiles() }
      (memory.device, memory.epoch) = (own?.id.bytes ?? [], own?.epoch ?? 0)
      memory.devices = try session.hashOfDevices()
    }
  }

  private func conflictKeys(
    _ conflicts: (StoreReader, (ConflictKey) throws -> Void) throws -> Void
  ) throws -> Set<ConflictKey> {
    try store.read { session in
      var keys: Set<ConflictKey> = []
      try conflicts(session) { keys.insert($0) }
      return keys
    }
  }

  func expectGoingOn() throws { if isCancelled?() == true { throw StorageError.interrupted } }

  /// A folder of other journals is the wrong one, or theirs and this one are to be joined first: nothing is written there.
  private func expectOurs() throws {
    // What cannot be read yet says nothing of whose folder it is.
    let files = memory.files.values.filter {
      listed.contains($0.name) && ![.unread, .other, .partial, .unreadable].contains($0.state)
    }
    guard let stranger = files.first, memory.wroteAt == nil, files.allSatisfy({ $0.state == .foreign }) else {
      return
    }
    throw SyncError.otherJournal(file: FilePath(folder, stranger.name).name)
  }

  /// What another device remembered of the folder, before this journal was copied or put in the place of its own.
  private func expectSameDevice() throws {
    let own = try store.read { try $0.devices().first(where: \.isThis) }
    if own?.id.bytes != memory.device { memory.forgetFiles() }
    (memory.device, epoch) = (own?.id.bytes ?? [], own?.epoch ?? 0)
    hasNewsOfDevices = try !memory.devices.isEmpty && store.read { try $0.hashOfDevices() } != memory.devices
  }

  /// Whose memory of the folder this is.
  func rememberDevice() throws {
    try store.read { session in
      let own = try session.devices().first(where: \.isThis)
      (memory.device, memory.epoch) = (own?.id.bytes ?? [], own?.epoch ?? 0)
    }
  }

  // MARK: Listing

  private func list() throws {
    for entry in try FolderListing.looks(in: folder, atMost: policy.mostBytes) {
      listed.insert(entry.name)
      guard var file = memory.files[entry.name] else {
        memory.files[entry.name] = FolderFile(name: entry.name, look: entry.look, day: day)
        continue
      }
      let isNewDay = file.lastDay != day
      if isNewDay { file.listedDays += 1 }
      (file.lastDay, file.missingDays) = (day, 0)
      // A clock that was ahead once.
      file.firstDay = min(file.firstDay, day)
      // Once a day it is seen whether they fit now: the journal may have been joined, or the program be a newer one.
      if isNewDay,
        [.foreign, .newer, .large, .locked, .quarantined, .open].contains(file.state)
      {
        file.state = .unread
      }
      if file.look != entry.look {
        (file.look, file.firstDay, file.listedDays) = (entry.look, day, 1)
        (file.state, file.base, file.tip) = (.unread, [], [])
      }
      memory.files[entry.name] = file
    }
    for (name, file) in memory.files where !listed.contains(name) {
      var file = file
      if file.lastDay != day || file.missingDays == 0 { file.missingDays += 1 }
      file.lastDay = day
      // What was never held gives nothing, there or not.
      memory.files[name] = file.missingDays >= policy.daysUntilGone || !file.isHeld ? nil : file
    }
  }

  /// A journal that was restored, or put in the place of another, reads everything again.
  private func forgetWhatWasLost() throws {
    try store.read { session in
      let epoch = try session.devices().first(where: \.isThis)?.epoch ?? 0
      for (name, var file) in memory.files where file.isHeld {
        guard
          epoch != memory.epoch || clock(file.base, session) == nil
            || clock(file.tip, session) == nil
        else { continue }
        (file.state, file.base, file.tip) = (.unread, [], [])
        memory.files[name] = listed.contains(name) ? file : nil
      }
      if epoch != memory.epoch || session.clock(stored: memory.wroteClock) == nil {
        (memory.wroteAt, memory.wroteClock) = (nil, [])
      }
    }
  }

  /// What this device wrote before files were sealed is written anew, all of it at once, and goes.
  func forgetOpenFiles() {
    guard sealing.isSealed else { return }
    for (name, file) in memory.files where file.isWrittenHere && file.isHeld {
      guard name.suffix(7).elementsEqual(".unknot".utf8) else { continue }
      memory.files[name]?.giveUp()
      beginsSealed = true
    }
  }

  // MARK: Clocks

  /// A clock as it is remembered. Most files have one that others have as well, and a round looks at all of them more than once.
  func clock(_ stored: [UInt8], _ session: StoreReader) -> VectorClock? {
    if let known = clocks[stored] { return known }
    let clock = session.clock(stored: stored)
    clocks[stored] = .some(clock)
    return clock
  }

  /// What is held now is more, and may be called otherwise.
  func forgetClocks() { clocks = [:] }

  // MARK: What is told

  private func tell() throws {
    result.files = memory.files.values.count { ![.unread, .other, .foreign].contains($0.state) }
    result.aside = memory.files.values
      .filter {
        listed.contains($0.name) && !$0.isHeld && $0.state != .key && $0.state != .stale
      }
      .sorted { $0.name.lexicographicallyPrecedes($1.name) }.compactMap { SharedFile($0) }
    result.devices = try store.read { session in
      let held = session.clock
      return try session.devices().filter { !$0.isThis && !$0.isRetired }.map {
        FolderDevice(name: $0.name, lastHeard: $0.lastImport, lacks: held.changeCount(beyond: $0.clock))
      }
    }
  }
}
