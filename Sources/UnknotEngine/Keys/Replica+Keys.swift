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
    try changingKeys { keys, sealing in
      guard try sealing.current() == nil else { return }
      keys.add(newSecret(after: 0))
      try synchronizer.keep(keys, 1)
    }
  }

  /// The recovery key: whoever has it, and the files, can read everything, with this program or with `age` alone. 74 characters.
  ///
  /// - Throws: `SyncError.notSealing`, `.noKey`; `StorageError`.
  public func recoveryKey() throws -> String {
    guard let current = try Sealing(store).current() else { throw SyncError.notSealing }
    return current.secret.identity.text
  }

  /// Whether a text, as a person has typed it or read it out, is the recovery key that is in force.
  ///
  /// - Throws: as `recoveryKey`.
  public func isRecoveryKey(_ text: String) throws -> Bool {
    guard let current = try Sealing(store).current() else { throw SyncError.notSealing }
    return Self.identity(typed: text) == current.secret.identity
  }

  /// Puts an invitation into the folder: a new device that has its code gets the key with it. It goes after a day.
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
  ///   - unites: where records were written here already, as of a journal of its own, the two become one.
  /// - Throws: `SyncError.wrongCode`, `.otherJournal` where they are not to become one, `.noFolder`, `.noNotes`, `.unreadable`; `StorageError`.
  public func join(_ text: String, unites: Bool = false) throws {
    let (code, identity) = (Invitation.code(typed: text), Self.identity(typed: text))
    guard code != nil || identity != nil else { throw SyncError.wrongCode }
    try inFolder { round in
      var secrets: [JournalSecret] = []
      for name in try FolderListing.looks(in: round.folder, atMost: round.policy.mostBytes).map(\.name) {
        let source = try? FileSource(FilePath(round.folder, name))
        guard let source, try SealedFile.isStart(source.start(SealedFile.startBytes)) else { continue }
        let keys = identity.map {
          KeyFile(
            device: DeviceSecret(randomBytes: randomBytes), secrets: [JournalSecret(epoch: 1, identity: $0)])
        }
        guard let file = try? ChangesetFile(source, keys, passphrase: code) else { continue }
        let ids = file.header.journalIDs
        // From now on it writes as of that journal, also before it has read what is there.
        try store.importing { importer in
          guard try importer.accepts(journalIDs: ids, join: unites) else {
            throw SyncError.otherJournal(file: file.name)
          }
          try importer.adopt(journalIDs: ids)
        }
        secrets += file.header.secrets.compactMap { secret in
          AgeIdentity(secret.identity).map { JournalSecret(epoch: secret.epoch, identity: $0) }
        }
        if let identity, file.header.keyEpoch > 0 {
          secrets.append(JournalSecret(epoch: file.header.keyEpoch, identity: identity))
        }
        // An invitation has all of them.
        if code != nil { break }
      }
      guard let newest = secrets.map(\.epoch).max() else { throw SyncError.wrongCode }
      var keys = round.sealing.keys ?? KeyFile(device: DeviceSecret(randomBytes: randomBytes))
      for secret in secrets { keys.add(secret) }
      try synchronizer.keep(keys, newest)
    }
  }

  /// Begins another key, which every device that is known gets, but for those that are lost: with it they open what comes. What
  /// lies in the folder stays readable to whoever has the old one.
  ///
  /// - Parameter lost: the name of a device that is not in its owner's hands any more; nil: none is.
  /// - Throws: `SyncError.notSealing`, `.noKey`, `.noFolder`, `.noSuchDevice`, `.cannotWrite`; `StorageError`.
  public func rotateKey(losing lost: String? = nil) throws {
    try inFolder { round in
      guard var keys = round.sealing.keys, let current = try round.sealing.current() else {
        throw SyncError.notSealing
      }
      let others = try store.read { try $0.devices() }.filter { !$0.isThis }
      let gone = others.filter { device in lost.map { bytewiseEqual($0, device.name) } ?? false }.map(\.id)
      if let lost, gone.isEmpty { throw SyncError.noSuchDevice(lost, known: others.map(\.name)) }
      let secret = newSecret(after: max(current.secret.epoch, UInt64(clamping: round.sealing.epoch)))
      for device in gone { try store.noteLost(device, epoch: Int64(clamping: secret.epoch)) }
      keys.add(secret)
      // What is not in the folder then is written by the next round.
      try synchronizer.keep(keys, secret.epoch)
      try round.renewSealing()
      try round.repairKeys()
      try round.write(after: VectorClock())
    }
  }

  /// Whether the folder has sealed files of ours that nothing here opens: this device has not joined the others yet.
  ///
  /// - Throws: `SyncError.noFolder`, `.noNotes`, `.unreadable`; `StorageError`.
  public func isFolderLocked() throws -> Bool {
    guard let folder = try folder() else { throw SyncError.noFolder }
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

  private func newSecret(after epoch: UInt64) -> JournalSecret {
    guard let identity = AgeIdentity(randomBytes(32)) else {
      preconditionFailure("randomness gave too few bytes")
    }
    return JournalSecret(epoch: epoch + 1, identity: identity)
  }

  /// Spaces make a key easier to read out.
  private static func identity(typed text: String) -> AgeIdentity? {
    AgeIdentity(text.filter { !$0.isWhitespace })
  }

  /// One program at a time.
  private func changingKeys(_ body: (inout KeyFile, Sealing) throws -> Void) throws {
    try ledger().change { _ in
      let sealing = try Sealing(store)
      var keys = sealing.keys ?? KeyFile(device: DeviceSecret(randomBytes: randomBytes))
      try body(&keys, sealing)
    }
  }

  private func inFolder(_ body: (FolderRound) throws -> Void) throws {
    try ledger().change { memory in
      guard let folder = memory.path else { throw SyncError.noFolder }
      let round = try FolderRound(
        synchronizer, folder, memory, FolderPolicy(), MergeOptions(), isCancelled: isCancelled)
      defer { memory = round.memory }
      try body(round)
      // Other keys open other files.
      round.memory.lookAgain(at: [.locked, .quarantined, .open])
    }
  }
}
