import UnknotCausality
import UnknotChangeset
import UnknotSealing
import UnknotStorage

/// How this replica's files are closed, and what opens those of others.
struct Sealing: Sendable {
  /// Nil: this device has none.
  let keys: KeyFile?
  /// The key epoch with whose secret files are sealed at least; 0: they are not.
  let epoch: Int64
  /// The id of this device; empty where there is no journal yet.
  let own: [UInt8]
  private let certificates = KnownCertificates()

  init(keys: KeyFile?, epoch: Int64, own: [UInt8] = []) {
    (self.keys, self.epoch, self.own) = (keys, epoch, own)
  }

  /// - Throws: `StorageError`: keys that are there and cannot be read are not passed over.
  init(_ store: Store) throws {
    var keys: KeyFile?
    let device = try store.ownDevice()
    if let device, let text = try store.noteFolder?.keys(of: device) {
      guard let read = KeyFile(text) else {
        throw StorageError.io("the keys of this replica cannot be understood: they were altered")
      }
      keys = read
    }
    self.init(keys: keys, epoch: try store.read { try $0.sealingEpoch }, own: device?.bytes ?? [])
  }

  var isSealed: Bool { epoch > 0 || keys?.current != nil }

  /// What files are sealed with; nil: they are not.
  ///
  /// - Throws: `SyncError.noKey` where they have to be and this device has no key for it.
  func current() throws(SyncError) -> (device: DeviceSecret, secret: JournalSecret)? {
    guard isSealed else { return nil }
    guard let keys, let secret = keys.current, Int64(clamping: secret.epoch) >= epoch else { throw .noKey }
    return (keys.device, secret)
  }

  /// What names of files end in.
  func fileEnding() throws(SyncError) -> String { try current() == nil ? ".unknot" : ".age" }

  // MARK: Whom to believe

  /// Looks whether a file counts: who wrote it, and who vouches for that.
  ///
  /// - Parameters:
  ///   - takesOpen: also a file that is not sealed, where files are.
  ///   - trust: what is known of devices, by their ids.
  func check(
    _ file: ChangesetFile, takesOpen: Bool, _ trust: [[UInt8]: DeviceTrust]
  ) throws(SyncError) {
    if file.closing == .open {
      guard !isSealed || takesOpen else { throw .notSealed(file: file.name) }
      return
    }
    let header = file.header
    guard let seal = file.seal, let writer = header.devices.first(where: { $0.id == header.writer }),
      let claimed = writer.keys, claimed.signer == seal.signer
    else { throw .quarantined(file: file.name, reason: "its writer has not signed it") }
    // What is for a device alone are keys.
    let isSealedAsItSays =
      switch file.closing {
      case .open: false
      case .secret(let epoch): header.keyEpoch == epoch
      case .personal: header.kind == .keys
      }
    guard isSealedAsItSays else {
      throw .quarantined(file: file.name, reason: "it was sealed with another key than it says")
    }
    // Its own files come back to whoever was restored.
    if header.writer == own, claimed.signer == keys?.device.signer { return }
    let known = trust[header.writer]
    // Who has the secret of the epoch that was begun without it is back in its owner's hands.
    if let known,
      isLost(lostEpoch: known.lostEpoch, keyEpoch: Int64(clamping: claimed.epoch))
        || known.lostEpoch > 0 && !isCertified(claimed, header.writer)
    {
      throw .quarantined(file: file.name, reason: "signed by \(writer.name) after it was declared lost")
    }
    // Who was known before an epoch began is believed in it; who was not has to be let in by its secret.
    if let keys = known?.keys, keys.signer == claimed.signer { return }
    guard let current = keys?.current, claimed.epoch >= current.epoch,
      isCertified(claimed, header.writer)
    else { throw .quarantined(file: file.name, reason: "nobody who may has let in \(writer.name)") }
  }

  /// Whether a device was declared lost, and was not let in since.
  func isLost(_ trust: DeviceTrust) -> Bool {
    isLost(lostEpoch: trust.lostEpoch, keyEpoch: trust.keys?.epoch ?? 0)
  }

  private func isLost(lostEpoch: Int64, keyEpoch: Int64) -> Bool {
    lostEpoch > 0 && (lostEpoch > keyEpoch || isContested(lostEpoch))
  }

  /// Somebody who had not heard of the loss has begun the same epoch, and may have given its secret, and those after it, to
  /// whom was lost.
  func isContested(_ lostEpoch: Int64) -> Bool {
    (keys?.secrets(of: UInt64(clamping: lostEpoch)).count ?? 0) > 1
  }

  /// Whether somebody with the secret of that epoch has said that these are the device's.
  func isCertified(_ keys: DeviceKeys, _ device: [UInt8]) -> Bool {
    certificates.find(keys, device) {
      self.keys?.secrets(of: keys.epoch).contains {
        $0.isCertificate(
          keys.certificate, ofDevice: device, signer: keys.signer, recipient: keys.recipient)
      } ?? false
    }
  }
}

/// Certificates that were looked at: every file of a folder brings those of all devices along.
private final class KnownCertificates: Sendable {
  private struct Key: Hashable {
    let keys: DeviceKeys
    let device: [UInt8]
  }

  private static let most = 1_000
  private let known = Guarded<[Key: Bool]>([:])

  func find(_ keys: DeviceKeys, _ device: [UInt8], _ verify: () -> Bool) -> Bool {
    let key = Key(keys: keys, device: device)
    if let known = known.withLock({ $0[key] }) { return known }
    let isCertified = verify()
    known.withLock { if $0.count < Self.most { $0[key] = isCertified } }
    return isCertified
  }
}

extension KeyFile {
  /// What opens files of any replica whose keys lie there; nil: there are none.
  static func all(in notes: NoteFolder) throws -> KeyFile? {
    var all: KeyFile?
    for text in try notes.devices().compactMap({ try notes.keys(of: $0) }) {
      guard let keys = KeyFile(text) else { continue }
      all = all ?? keys
      for secret in keys.secrets { all?.add(secret) }
    }
    return all
  }
}

extension ChangesetHeader {
  /// The secrets that a file with keys has.
  var journalSecrets: [JournalSecret] {
    secrets.compactMap { secret in
      AgeIdentity(secret.identity).map { JournalSecret(epoch: secret.epoch, identity: $0) }
    }
  }
}

extension DeviceSecret {
  /// What it is known by, as whoever has the secret may say.
  func keys(of device: [UInt8], _ secret: JournalSecret) -> DeviceKeys {
    let recipient = identity.recipient.bytes
    return DeviceKeys(
      signer: signer, recipient: recipient, epoch: secret.epoch,
      certificate: secret.certificate(device: device, signer: signer, recipient: recipient))
  }
}

extension ChangesetFile {
  /// Whether its writer has signed it, and whoever has one of these secrets has vouched for the writer.
  func isSigned(by sealing: Sealing) -> Bool {
    guard let seal, let keys = header.devices.first(where: { $0.id == header.writer })?.keys else {
      return false
    }
    return keys.signer == seal.signer && sealing.isCertified(keys, header.writer)
  }
}

extension Synchronizer {
  /// - Throws: `StorageError.invalidWrite` where there are no more epochs.
  func newSecret(after epoch: UInt64) throws -> JournalSecret {
    guard epoch < UInt64(JournalLimits.revision) else {
      throw StorageError.invalidWrite("there were too many keys already")
    }
    guard let identity = AgeIdentity(store.environment.randomBytes(32)) else {
      preconditionFailure("randomness gave too few bytes")
    }
    return JournalSecret(epoch: epoch + 1, identity: identity)
  }

  /// Keeps this device's keys, and that files are sealed from now on.
  ///
  /// - Parameter beginsAnew: they are those of others, and what was begun here before does not count any more.
  /// - Throws: `SyncError.noNotes`, `StorageError`.
  func keep(_ keys: KeyFile, beginsAnew: Bool = false) throws {
    guard let notes = store.noteFolder else { throw SyncError.noNotes }
    try store.noteSealing(epoch: Int64(clamping: keys.current?.epoch ?? 0), beginsAnew: beginsAnew) { own in
      var keys = keys
      // A journal that was put together anew can find out only by writing which device it is: keys that lie there are not
      // written over.
      if !beginsAnew, let text = try notes.keys(of: own), let kept = KeyFile(text),
        !kept.secrets.allSatisfy(keys.secrets.contains)
      {
        let isOlder = kept.current?.epoch ?? 0 < keys.current?.epoch ?? 0
        keys = KeyFile(device: kept.device, secrets: kept.secrets + (isOlder ? keys.secrets : []))
      }
      try notes.saveKeys(keys.text, of: own, nonce: nonce())
    }
  }
}
