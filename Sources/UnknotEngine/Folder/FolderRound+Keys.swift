import UnknotChangeset
import UnknotSealing
import UnknotStorage

extension FolderRound {
  func renewSealing() throws { sealing = try Sealing(store) }

  /// Where files are sealed, nothing is written open: neither by a device that has lost its key, nor by one that has not
  /// joined yet.
  func expectKey() throws {
    if options.isDryRun { return }
    if try sealing.current() != nil {
      // The folder of others who seal, or of ours that this device has to join.
      let isOpened = memory.files.values.contains {
        listed.contains($0.name) && [.held, .own, .waiting, .quarantined].contains($0.state)
      }
      guard memory.wroteAt == nil, !isOpened else { return }
    }
    let sealed = memory.files.values.first {
      listed.contains($0.name) && !$0.isWrittenHere && ($0.state == .locked || $0.state == .key)
        && Self.isOurName($0.name)
    }
    if let sealed { throw SyncError.locked(file: FilePath(folder, sealed.name).name) }
  }

  /// Other files of age's may lie there as well.
  static func isOurName(_ name: [UInt8]) -> Bool {
    name.count > 26 && name[26] == UInt8(ascii: ".")
      && name.prefix(26).allSatisfy { Synchronizer.nameAlphabet.contains($0) }
  }

  /// Takes the keys that a file has for this device.
  ///
  /// - Returns: whether there were any that were not known.
  func learn(_ file: ChangesetFile) throws -> Bool {
    guard !options.isDryRun, file.header.kind == .keys, var keys = sealing.keys else { return false }
    try sealing.check(file, takesOpen: false, store.read { try $0.deviceTrust() })
    let before = keys
    let newest = (keys.current?.epoch ?? 0) + Self.mostEpochsAhead
    for secret in file.header.journalSecrets
    where secret.epoch <= newest && keys.secrets.count < Self.mostSecrets {
      keys.add(secret)
    }
    guard keys != before else { return false }
    try goOn(with: keys)
    return true
  }

  /// What this device has sealed with another key before is written anew, as of the one that counts now: whoever has nothing but
  /// the old one cannot read it there any more, and who has not heard of this device since sees that it was let in.
  func goOn(with keys: KeyFile) throws {
    if keys.current != sealing.keys?.current { memory.giveUpOwnFiles() }
    try synchronizer.keep(keys)
    try renewSealing()
    // Others hear of it by this device's next file.
    hasNewsOfDevices = true
  }

  /// Whether a key was begun since that which the file's writer was let in by.
  func isOfAnOlderKey(_ header: ChangesetHeader) -> Bool {
    guard let keys = header.devices.first(where: { $0.id == header.writer })?.keys else { return false }
    return keys.epoch < sealing.keys?.current?.epoch ?? 0
  }

  /// Nobody begins so many: neither are epochs used up by one file, nor does it fill the device's keys.
  private static let mostEpochsAhead: UInt64 = 1000
  private static let mostSecrets = 1000

  /// Puts keys into the folder, for those alone whom they are for.
  func writeKeys(_ keys: KeyFile, for targets: [AgeTarget], isInvitation: Bool) throws {
    let name = "\(synchronizer.folderName()).age"
    _ = try put(name) { session, sink in
      try synchronizer.writeKeys(session, keys, for: targets, to: sink)
    } as: { file, session in
      file.state = .key
      if isInvitation {
        (file.reason, file.changes) = (Self.invitation, UInt64(try session.devices().count))
      } else {
        Self.note(keys.secrets, in: &file)
      }
    }
  }

  /// Remembers which secrets a file with keys has.
  static func note(_ secrets: [JournalSecret], in file: inout FolderFile) {
    (file.changes, file.tip) = (secrets.map(\.epoch).max() ?? 0, hash(of: secrets))
  }

  /// What a file with keys is told by: whoever has read it has all of them.
  private static func hash(of secrets: [JournalSecret]) -> [UInt8] {
    let lines = secrets.map { Array("\($0.epoch) \($0.identity.text)\n".utf8) }
    return Hashing.sha256(Array(lines.sorted { $0.lexicographicallyPrecedes($1) }.joined()))
  }

  /// From the second secret on, all that this device has have to be in the folder, for all who remain and for whoever has
  /// nothing but the recovery key: with each of them files may be sealed that lie there. Where a
  /// device goes on with older ones, they may not have been for it, and are written anew, once a day.
  func repairKeys() throws {
    try shutOutOnceMore()
    guard let keys = sealing.keys, let current = try sealing.current()?.secret, keys.secrets.count > 1 else {
      return
    }
    let hash = Self.hash(of: keys.secrets)
    let others = try keyHolders().map(\.keys)
    let isThere = memory.files.values.contains { file in
      let isOfToday = file.isWrittenHere && file.firstDay >= day
      return file.state == .key && listed.contains(file.name) && file.tip == hash
        && (isOfToday || !others.contains { $0.epoch < Int64(clamping: current.epoch) })
    }
    if isThere { return }
    // For itself as well: a device that is restored reads them back.
    let recipients =
      others.compactMap { AgeRecipient($0.recipient) }
      + [keys.device.identity.recipient, current.identity.recipient]
    try writeKeys(keys, for: recipients.map { .recipient($0) }, isInvitation: false)
  }

  /// More do not fit into the head of an age file.
  private static let mostRecipients = 500

  /// The other devices that get keys. Who was retired joins anew when it comes back.
  func keyHolders() throws -> [(device: Device, keys: CertifiedKeys)] {
    let (devices, trust) = try store.read { (try $0.devices(), try $0.deviceTrust()) }
    let holders = devices.compactMap { device -> (device: Device, keys: CertifiedKeys)? in
      guard !device.isThis, !device.isRetired, let known = trust[device.id.bytes], !sealing.isLost(known)
      else {
        return nil
      }
      return known.keys.map { (device, $0) }
    }
    return Array(holders.prefix(Self.mostRecipients))
  }

  /// Where the epoch that was begun without a lost device is contested, another one is begun without it. Of several devices
  /// the first one does it, and the others if it does not: each that does makes this necessary once more.
  private func shutOutOnceMore() throws {
    let (devices, trust) = try store.read { (try $0.devices(), try $0.deviceTrust()) }
    let contested = trust.filter { sealing.isContested($0.value.lostEpoch) }
    guard !contested.isEmpty, var keys = sealing.keys, let current = try sealing.current()?.secret else {
      return
    }
    let own = devices.first(where: \.isThis)?.id.bytes ?? []
    // Who is said to be lost itself leaves it to the others.
    guard contested[own] == nil else { return }
    let rank = try keyHolders().count { $0.device.id.bytes.lexicographicallyPrecedes(own) }
    let heard = memory.files.values.filter { $0.state == .key && listed.contains($0.name) }.map(\.firstDay)
      .min()
    guard day - (heard ?? 0) >= Int64(rank) * policy.daysBetweenDevices else { return }
    let secret = try synchronizer.newSecret(after: current.epoch)
    for id in contested.keys {
      if let device = DeviceID(id) { try store.noteLost(device, epoch: Int64(clamping: secret.epoch)) }
    }
    keys.add(secret)
    try goOn(with: keys)
  }

  /// An invitation is there until a new device is heard of, or for a day or two. Of keys of this device the newest stay, which
  /// have the older ones as well.
  func keysToRemove() throws -> [FolderFile] {
    let devices = try store.read { UInt64(try $0.devices().count) }
    let own = memory.files.values.filter {
      $0.isWrittenHere && $0.state == .key && listed.contains($0.name)
    }
    let keys = own.filter { $0.reason != Self.invitation }
    return own.filter { file in
      guard file.reason != Self.invitation else {
        return day > file.firstDay + 1 || devices > file.changes
      }
      return keys.contains {
        ($0.changes, $0.firstDay) > (file.changes, file.firstDay) && $0.listedDays >= policy.daysUntilTrusted
      }
    }
  }

  private static let invitation = "an invitation of this device"
}
