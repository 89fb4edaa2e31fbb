import UnknotChangeset
import UnknotSealing
import UnknotStorage

extension FolderRound {
  func renewSealing() throws { sealing = try Sealing(store) }

  /// Where files are sealed, nothing is written open: neither by a device that has lost its key, nor by one that has not
  /// joined yet.
  func expectKey() throws {
    if try sealing.current() != nil || options.isDryRun { return }
    let sealed = memory.files.values.first {
      listed.contains($0.name) && ($0.state == .locked || $0.state == .key) && Self.isOurName($0.name)
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
    for secret in file.header.secrets {
      if let identity = AgeIdentity(secret.identity) {
        keys.add(JournalSecret(epoch: secret.epoch, identity: identity))
      }
    }
    guard keys != before, let newest = keys.current else { return false }
    try synchronizer.keep(keys, newest.epoch)
    try renewSealing()
    return true
  }

  /// Puts keys into the folder, for those alone whom they are for.
  func writeKeys(_ keys: KeyFile, for targets: [AgeTarget], isInvitation: Bool) throws {
    let name = "\(synchronizer.folderName()).age"
    _ = try put(name) { session, sink in
      try synchronizer.writeKeys(session, keys, for: targets, to: sink)
    } as: { file, _ in
      (file.state, file.reason) = (.key, isInvitation ? Self.invitation : "")
    }
  }

  /// An invitation is there for a day; of keys, those of the newest epoch are needed, which have the older ones.
  func keysToRemove() -> [FolderFile] {
    memory.files.values.filter {
      $0.isWrittenHere && $0.state == .key && $0.reason == Self.invitation && listed.contains($0.name)
        && day > $0.firstDay
    }
  }

  private static let invitation = "an invitation of this device"
}
