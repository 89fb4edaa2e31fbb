import UnknotCausality
import UnknotChangeset
import UnknotPlatform
import UnknotSealing
import UnknotStorage

/// Whether a replica's files are sealed.
public struct KeyState: Hashable, Sendable {
  /// Nothing is written that others can read.
  public let isSealed: Bool
  /// Counts the keys that files were sealed with one after the other; 0: they never were.
  public let epoch: UInt64
  /// This device has the key. A copied or restored file does not: the key lies beside its notes.
  public let hasKey: Bool
}

extension BlockingReplica {
  /// Whether files are sealed here, and with which key.
  ///
  /// - Throws: `StorageError`.
  public func keyState() throws -> KeyState {
    let sealing = try Sealing(store)
    let epoch = max(sealing.keys?.current?.epoch ?? 0, UInt64(clamping: sealing.epoch))
    return KeyState(isSealed: sealing.isSealed, epoch: epoch, hasKey: (try? sealing.current()) != nil)
  }

  /// From now on every file is sealed (age-encryption.org/v1), for those who have the key and nobody else. The key lies beside
  /// the notes of this device, and other devices get it by an invitation, or by the recovery key. To be called once, by the
  /// first device that shares a folder; where files are sealed already, nothing happens.
  ///
  /// - Throws: `SyncError.noKey` where they are and the key is not here; `.noNotes`; `StorageError`.
  public func beginSealing() throws {
    try ledger().change { _ in
      try store.settleIdentity()
      let sealing = try Sealing(store)
      guard try sealing.current() == nil else { return }
      var keys = sealing.keys ?? KeyFile(device: DeviceSecret(randomBytes: randomBytes))
      try keys.add(synchronizer.newSecret(after: 0))
      try synchronizer.keep(keys)
    }
  }

  /// The recovery key: whoever has it, and the files, can read everything, with this program or with `age` alone. 74 characters.
  ///
  /// - Throws: `SyncError.notSealing`, `.noKey`; `StorageError`.
  public func recoveryKey() throws -> String {
    try store.settleIdentity()
    guard let current = try Sealing(store).current() else { throw SyncError.notSealing }
    return current.secret.identity.text
  }

  /// Whether a text, as a person has typed it or read it out, is the recovery key that is in force.
  ///
  /// - Throws: as `recoveryKey`.
  public func isRecoveryKey(_ text: String) throws -> Bool {
    try store.settleIdentity()
    guard let current = try Sealing(store).current() else { throw SyncError.notSealing }
    return Self.identity(typed: text) == current.secret.identity
  }

  /// Puts an invitation into the folder: a new device that has its code gets the key with it. It goes once
  /// that is heard of, or after a day or two.
  ///
  /// - Returns: the code, 15 characters in three groups: to be told to nobody but the person at the other device.
  /// - Throws: `SyncError.notSealing`, `.noKey`, `.noFolder`, `.cannotWrite`; `StorageError`.
  public func invite() throws -> String {
    let code = Invitation.code(store.environment.randomBytes)
    try inFolder { round in
      guard let keys = round.sealing.keys, try round.sealing.current() != nil else {
        throw SyncError.notSealing
      }
      try round.writeKeys(
        keys, for: [.passphrase(code, workFactor: Invitation.workFactor)], isInvitation: true)
    }
    return code
  }

  /// Takes the key of the devices that share the folder, by an invitation's code or the recovery key. The next round takes in
  /// what they have.
  ///
  /// - Parameters:
  ///   - text: as a person has typed it: case, spaces and hyphens do not matter.
  ///   - folder: the shared folder, which is remembered once that has worked; nil: the one that is.
  ///   - unites: where records were written here already, as of a journal of its own, the two become one.
  ///   - takesOlder: also where this replica was sealed with a newer key that is lost: whoever has the older one reads on.
  /// - Throws: `SyncError.wrongCode`, `.olderKey`, `.outdatedKey`, `.otherJournal` where they are not to become one, `.noFolder`,
  ///   `.noNotes`, `.unreadable`; `StorageError`.
  public func join(
    _ text: String, folder: String? = nil, unites: Bool = false, takesOlder: Bool = false
  ) throws {
    let (code, identity) = (Invitation.code(typed: text), Self.identity(typed: text))
    guard code != nil || identity != nil else { throw SyncError.wrongCode }
    guard let folder = try folder ?? self.folder() else { throw SyncError.noFolder }
    try ledger().change { memory in
      try store.settleIdentity()
      let sealing = try Sealing(store)
      let device = sealing.keys?.device ?? DeviceSecret(randomBytes: randomBytes)
      let found = try secrets(in: folder, code, identity, device)
      guard !found.secrets.isEmpty else { throw SyncError.wrongCode }
      let known = sealing.keys?.secrets ?? []
      // Secrets that this device had begun for a journal of its own are nobody's any more.
      let isOwn = try store.read { try Set($0.journalIDs).isDisjoint(with: found.journalIDs) }
      let keys = KeyFile(device: device, secrets: found.secrets + (isOwn ? [] : known))
      // Keys were begun on both sides, and neither heard of the other: all go on with the same one.
      if let ours = sealing.keys?.current, keys.current == ours, !found.secrets.contains(ours),
        let theirs = KeyFile(device: device, secrets: found.secrets).current, !known.contains(theirs)
      {
        throw SyncError.olderKey
      }
      let isOlder = Int64(clamping: keys.current?.epoch ?? 0) < sealing.epoch && !isOwn
      guard !isOlder || takesOlder else { throw SyncError.outdatedKey }
      // From now on it writes as of that journal, also before it has read what is there.
      try store.importing { importer in
        guard try importer.accepts(journalIDs: found.journalIDs, join: unites) else {
          throw SyncError.otherJournal(file: folder)
        }
        try importer.adopt(journalIDs: found.journalIDs)
      }
      if !bytewiseEqual(memory.path ?? "", folder) { memory.forgetFiles() }
      memory.path = folder
      memory.lookAgain(at: [.locked, .quarantined, .open])
      // What it had sealed nobody there opens, or believes: it was not let in then. It is written anew.
      if let ours = sealing.keys?.current, keys.current != ours { memory.giveUpOwnFiles() }
      try synchronizer.keep(keys, beginsAnew: isOwn || isOlder)
    }
  }

  /// The secrets that files of a folder have for whoever knows a code or the recovery key. Only what somebody has signed who
  /// had that key counts: others can seal for it.
  private func secrets(
    in folder: String, _ code: String?, _ identity: AgeIdentity?, _ device: DeviceSecret
  ) throws -> (secrets: [JournalSecret], journalIDs: [[UInt8]]) {
    var secrets: [JournalSecret] = []
    var journalIDs: [[UInt8]] = []
    for name in try FolderListing.looks(in: folder, atMost: FolderPolicy().mostBytes).map(\.name) {
      let source = try? FileSource(FilePath(folder, name))
      guard let source, (try? SealedFile.isStart(source.start(SealedFile.startBytes))) == true else {
        continue
      }
      // Of which epoch it is, the file says.
      let opening = identity.map {
        KeyFile(device: device, secrets: [JournalSecret(epoch: 1, identity: $0)])
      }
      guard let file = try? ChangesetFile(source, opening, passphrase: code) else { continue }
      var own = file.header.journalSecrets
      let vouching = identity.map { [JournalSecret(epoch: file.header.keyEpoch, identity: $0)] } ?? own
      guard file.isSigned(by: Sealing(keys: KeyFile(device: device, secrets: vouching), epoch: 0)) else {
        continue
      }
      if identity != nil { own += vouching }
      secrets += own
      journalIDs = file.header.journalIDs
      // An invitation has all of them.
      if code != nil { break }
    }
    return (secrets, journalIDs)
  }

  /// Begins another key, which every device that is known gets, but for those that are lost: with it they open what comes. What
  /// lies in the folder is sealed anew with it, by and by; what a carrier keeps of older files stays readable to whoever has the
  /// old one.
  ///
  /// - Parameter lost: a device that is not in its owner's hands any more; nil: none is.
  /// - Returns: the names of the devices that get it. Another one, that nothing was heard of yet, has to join anew.
  /// - Throws: `SyncError.notSealing`, `.noKey`, `.noSuchDevice`, and what a round throws (`synchronizeFolder`).
  @discardableResult
  public func rotateKey(losing lost: DeviceID? = nil) throws -> [String] {
    try store.settleIdentity()
    guard try Sealing(store).current() != nil else { throw SyncError.notSealing }
    // Who was not heard of does not get the key.
    _ = try synchronizeFolder()
    return try inFolder { round in
      guard var keys = round.sealing.keys, let current = try round.sealing.current() else {
        throw SyncError.notSealing
      }
      let others = try store.read { try $0.devices() }.filter { !$0.isThis }
      if let lost, !others.contains(where: { $0.id == lost }) {
        throw SyncError.noSuchDevice(hexadecimal(lost.bytes), known: others.map(\.name))
      }
      let secret = try synchronizer.newSecret(
        after: max(current.secret.epoch, UInt64(clamping: round.sealing.epoch)))
      if let lost { try store.noteLost(lost, epoch: Int64(clamping: secret.epoch)) }
      keys.add(secret)
      // What is not in the folder then is written by the next round.
      try round.goOn(with: keys)
      try round.repairKeys()
      try round.write(after: VectorClock())
      return try round.keyHolders().map(\.device.name)
    }
  }

  /// Whether the folder has sealed files of ours that nothing here opens: this device has not joined the others yet.
  ///
  /// - Parameter folder: one that may be shared; nil: the one that is.
  /// - Throws: `SyncError.noFolder`, `.noNotes`, `.unreadable`; `StorageError`.
  public func isFolderLocked(_ folder: String? = nil) throws -> Bool {
    guard let folder = try folder ?? self.folder() else { throw SyncError.noFolder }
    let keys = try Sealing(store).keys
    for (name, _) in try FolderListing.looks(in: folder, atMost: FolderPolicy().mostBytes)
    where FolderRound.isOurName(name) {
      guard let source = try? FileSource(FilePath(folder, name)) else { continue }
      do {
        _ = try SealedFile(source, keys)
      } catch SyncError.locked {
        return true
      } catch SyncError.invitation where keys?.current == nil {
        return true
      } catch {
        // Not one that keys open.
      }
    }
    return false
  }

  // MARK: What all of them do

  private var randomBytes: (Int) -> [UInt8] { store.environment.randomBytes }

  /// Spaces make a key easier to read out.
  private static func identity(typed text: String) -> AgeIdentity? {
    AgeIdentity(text.filter { !$0.isWhitespace })
  }

  private func inFolder<T>(_ body: (FolderRound) throws -> T) throws -> T {
    try ledger().change { memory in
      guard let folder = memory.path else { throw SyncError.noFolder }
      let round = try FolderRound(
        synchronizer, folder, memory, FolderPolicy(), MergeOptions(), isCancelled: isCancelled)
      defer { memory = round.memory }
      let result = try body(round)
      try round.rememberDevice()
      // Other keys open other files.
      round.memory.lookAgain(at: [.locked, .quarantined, .open])
      return result
    }
  }
}
