import Foundation
import SeededRandom
import TestSupport
import Testing
import UnknotCausality
import UnknotChangeset
import UnknotSealing

@testable import UnknotEngine
@testable import UnknotStorage

/// Whom a device believes that shares a sealed folder, and whom it does not.
@Suite struct SealedForgeryTests: SealedSharing {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  // MARK: Whom it believes

  @Test func whatIsNotSealedIsNotTaken() throws {
    let all = try devices(2)
    try exchange(all)
    try all[1].log()
    try file(all[1], nil, "open.unknot", in: all[0].folder)
    let before = try all[0].digest
    let path = "\(all[0].folder)/open.unknot"
    let error = #expect(throws: SyncError.self) { try all[0].replica.importFiles([.path(path)]) }
    if case .notSealed = error {} else { Issue.record("\(String(describing: error))") }
    let round = try all[0].round()
    #expect(round.aside.map(\.state) == [.open])
    #expect(try all[0].digest == before)
    var options = MergeOptions()
    options.takesOpen = true
    _ = try all[0].replica.importFiles([.path(path)], options)
    try expectSame(all)
  }

  /// Somebody who has the secret of an epoch that is over, and so can seal and certify: but nobody knows him.
  @Test(arguments: [
    "stranger", "old epoch", "another signer", "another epoch", "unsigned", "signed by another",
    "own certificate",
    "other journal",
  ])
  func forgeries(kind: String) throws {
    let all = try devices(2)
    try exchange(all)
    let old = try keys(all[0])
    try all[0].replica.rotateKey()
    try exchange(all)
    let thief = try thief(of: all[0], knowsJournal: kind != "other journal")
    let device = DeviceSecret(randomBytes: thief.environment.randomBytes)
    let current = try #require(try keys(all[0]).current)
    var state = SharedFile.State.quarantined
    switch kind {
    case "stranger", "other journal":
      // With a secret of his own.
      try file(thief, KeyFile(device: device, secrets: [ownSecret(thief)]), "forged.age", in: all[0].folder)
      state = .locked
    case "old epoch":
      try file(thief, KeyFile(device: device, secrets: old.secrets), "forged.age", in: all[0].folder)
    case "another signer":
      // Under the name of a device that is known, sealed for the recipient that he knows of.
      try file(all[1], KeyFile(device: device, secrets: old.secrets), "forged.age", in: all[0].folder)
    case "another epoch":
      // What it says is not what it was sealed with.
      let lying = JournalSecret(epoch: 1, identity: current.identity)
      try file(
        all[1], KeyFile(device: keys(all[1]).device, secrets: [lying]), "forged.age", in: all[0].folder)
    case "signed by another":
      try seal(signedAgain(all[1], current, by: device), for: current, by: thief, in: all[0].folder)
    case "own certificate":
      // He knows what files are sealed for, and vouches for himself.
      let secret = try ownSecret(thief)
      try file(thief, KeyFile(device: device, secrets: [secret]), "own.age", in: folder.path)
      try seal(plain(of: "own.age", secret), for: current, by: thief, in: all[0].folder)
    default:
      let open = Array(try Data(contentsOf: URL(filePath: "\(folder.path)/open.unknot")))
      try seal(open, for: current, by: thief, in: all[0].folder)
    }
    let before = try all[0].digest
    let round = try all[0].round()
    #expect(round.aside.map(\.name) == ["forged.age"])
    #expect(round.aside.map(\.state) == [state], "\(round.aside)")
    #expect(try all[0].digest == before)
    #expect(throws: SyncError.self) {
      try all[0].replica.importFiles([.path("\(all[0].folder)/forged.age")])
    }
    #expect(try all[0].digest == before)
  }

  /// - Parameter knowsJournal: he holds a copy of the journal, and has written to it; otherwise he has one of his own.
  private func thief(of owner: SharingDevice, knowsJournal: Bool) throws -> SharingDevice {
    let thief = try SharingDevice("thief", in: folder.path, seed: 77)
    let copy = "\(folder.path)/stolen"
    _ = try owner.replica.export(to: .file(copy), for: .everyone, full: true)
    if knowsJournal {
      let opened = try ChangesetFile(FileSource(path: copy), try keys(owner))
      #expect(opened.header.keyEpoch == 2)
      try file(owner, nil, "open.unknot", in: folder.path)
      _ = try thief.replica.importFiles([.path("\(folder.path)/open.unknot")])
    }
    try thief.log()
    return thief
  }

  private func ownSecret(_ thief: SharingDevice) throws -> JournalSecret {
    JournalSecret(epoch: 2, identity: try #require(AgeIdentity(thief.environment.randomBytes(32))))
  }

  /// What a file says that is sealed with a secret.
  private func plain(of name: String, _ secret: JournalSecret) throws -> [UInt8] {
    let source = try FileSource(path: "\(folder.path)/\(name)")
    var opened = try AgeReader(source.reader(), keys: [.identity(secret.identity)])
    var plain: [UInt8] = []
    while let chunk = try opened.next() { plain += chunk }
    return plain
  }

  /// All of what a known device wrote, its certificate too, and another signature under it.
  private func signedAgain(
    _ known: SharingDevice, _ current: JournalSecret, by device: DeviceSecret
  ) throws -> [UInt8] {
    try file(known, keys(known), "real.age", in: folder.path)
    let body = Array(try plain(of: "real.age", current).dropLast(102 + 34))
    let signature = device.sign(Array("unknot/2/changeset".utf8) + Checksum.sha256(body))
    let head: [UInt8] = [0x32, 100, 0x0a, 32] + device.signer
    let signed = body + head + [0x12, 64] + signature
    return signed + [0x7a, 0x20] + Checksum.sha256(signed)
  }

  /// Puts it among what is shared, as `forged.age`.
  private func seal(
    _ plain: [UInt8], for secret: JournalSecret, by thief: SharingDevice, in folder: String
  ) throws {
    let sealed = Collected()
    var writer = try AgeWriter(
      for: [.recipient(secret.identity.recipient)], randomBytes: thief.environment.randomBytes,
      output: { sealed.bytes += $0 })
    try writer.write(plain)
    try writer.finish()
    try Data(sealed.bytes).write(to: URL(filePath: "\(folder)/forged.age"))
  }

  /// A device that is let in says of another one that it has other keys: the next secret is not given to these.
  @Test func whatADeviceSaysOfAnothersKeysIsProven() throws {
    let all = try devices(3)
    for device in all { try device.log() }
    try exchange(all)
    let id = try #require(try all[1].replica.store.ownDevice())
    let thief = DeviceSecret(randomBytes: all[2].environment.randomBytes)
    try all[2].replica.store.transaction {
      try $0.note(
        CertifiedKeys(
          signer: thief.signer, recipient: thief.identity.recipient.bytes, epoch: 1000,
          certificate: [UInt8](repeating: 7, count: 64)), of: id, isOwnWord: true)
    }
    try all[2].log()
    try all[2].round()
    try all[0].round()
    let trust = try all[0].replica.store.read { try $0.deviceTrust() }
    #expect(try trust[id.bytes]?.keys?.signer == keys(all[1]).device.signer)
    try all[0].replica.rotateKey(losing: all[2].id)
    try exchange([all[0], all[1]])
    try expectSame([all[0], all[1]])
    #expect(try all[1].replica.keyState().epoch == 2)
  }

  /// Whoever knows for whom files are sealed, and nothing else, gives no keys to a device that joins.
  @Test func joiningTakesNoKeysOfStrangers() throws {
    let all = try devices(1)
    let current = try #require(try keys(all[0]).current)
    let random = all[0].environment.randomBytes
    let own = JournalSecret(epoch: 900, identity: try #require(AgeIdentity(random(32))))
    let thief = KeyFile(device: DeviceSecret(randomBytes: random), secrets: [own])
    let forged = Collected()
    try all[0].replica.store.read { session in
      try all[0].replica.synchronizer.writeKeys(
        session, thief, for: [.recipient(current.identity.recipient)], to: { forged.bytes += $0 })
    }
    try Data(forged.bytes).write(to: URL(filePath: "\(all[0].folder)/aaaaaaaaaaaaaaaaaaaaaaaaaa.age"))
    let new = try SharingDevice("new", in: folder.path, seed: 9, folder: all[0].folder)
    try new.replica.join(all[0].replica.recoveryKey())
    #expect(try new.replica.keyState().epoch == 1)
    try exchange([all[0], new])
    try expectSame([all[0], new])
    #expect(try all[0].replica.keyState().epoch == 1)
  }

  /// It was found again, and its owner lets it in.
  @Test func aLostDeviceComesBack() throws {
    let all = try devices(3)
    for device in all { try device.log() }
    try exchange(all)
    try all[0].replica.rotateKey(losing: all[2].id)
    try exchange([all[0], all[1]])
    try all[2].log()
    try all[2].replica.join(all[0].replica.recoveryKey())
    for device in all { device.pass() }
    try exchange(all)
    try expectSame(all)
  }

  /// One begins a key without the lost device while another one, that knows nothing of it, gives it a key.
  @Test(arguments: 1...6) func whoIsLostIsShutOutAlsoThen(seed: UInt64) throws {
    let all = try devices(3, shared: false)
    // Which of the two keys is the greater one is a matter of chance.
    _ = all[0].environment.randomBytes(Int(seed))
    func settle(_ devices: [SharingDevice]) throws {
      for _ in 0..<4 {
        for device in devices {
          try device.round()
          for other in devices where other !== device { try carry(device, to: other) }
        }
      }
    }
    for device in all { try device.log() }
    try settle(all)
    try all[0].replica.rotateKey(losing: all[2].id)
    try all[1].replica.rotateKey()
    try carry(all[1], to: all[2])
    try all[2].round()
    try settle([all[0], all[1]])
    try expectSame([all[0], all[1]])
    let key = try all[0].replica.recoveryKey()
    #expect(try all[1].replica.recoveryKey() == key)
    #expect(try !keys(all[2]).secrets.contains { $0.identity.text == key })
  }

  @Test func aLostDeviceIsShutOut() throws {
    let all = try devices(3)
    for device in all { try device.log() }
    try exchange(all)
    // What it wrote before that lies in the folder counts.
    try all[0].replica.rotateKey(losing: all[2].id)
    try exchange([all[0], all[1]])
    try expectSame([all[0], all[1]])
    #expect(try all[1].replica.keyState().epoch == 2)
    try all[0].log()
    try exchange([all[0], all[1]])
    try expectSame([all[0], all[1]])
    // It goes on, with the key that it has.
    try all[2].log()
    let before = try all[2].digest
    _ = try? all[2].round()
    #expect(try all[2].digest == before)
    #expect(try states(all[2])[.locked, default: 0] > 0)
    let digest = try all[0].digest
    for device in all[..<2] {
      let round = try device.round()
      #expect(round.aside.contains { $0.state == .quarantined && $0.reason.contains("declared lost") })
      #expect(try device.digest == digest)
    }
    // A device that was away reads the same: the keys are in the folder.
    #expect(throws: SyncError.self) {
      try all[0].replica.rotateKey(losing: DeviceID([UInt8](repeating: 7, count: 16)))
    }
  }

  /// A device that another one has invited meanwhile, and that whoever began the new key did not know.
  @Test func nobodyIsForgotten() throws {
    let all = try devices(2, shared: false)
    for device in all { try device.round() }
    for device in all { for other in all where other !== device { try carry(device, to: other) } }
    for device in all { try device.round() }
    let new = try SharingDevice("new", in: folder.path, seed: 9)
    try carry(all[1], to: new)
    try new.replica.join(all[1].replica.recoveryKey())
    try new.round()
    try new.log()
    try new.round()
    try carry(new, to: all[1])
    try all[1].round()
    // This one has heard nothing of it.
    try all[0].replica.rotateKey()
    try all[0].log()
    let group = all + [new]
    for _ in 0..<4 {
      for device in group {
        try device.round()
        for other in group where other !== device { try carry(device, to: other) }
      }
      for device in group { device.pass() }
    }
    try expectSame(group)
    #expect(try Set(group.map { try $0.replica.recoveryKey() }).count == 1)
  }

  /// The program ended between keeping the key and telling of it, or the folder was wiped.
  @Test func keysThatAreNotThereAreWrittenAnew() throws {
    let all = try devices(3)
    for device in all { try device.log() }
    try exchange(all)
    try all[0].replica.rotateKey()
    for name in try all[0].names {
      try FileManager.default.removeItem(atPath: "\(all[0].folder)/\(name)")
    }
    try all[0].log()
    try exchange(all)
    try expectSame(all)
    #expect(try all[2].replica.keyState().epoch == 2)
  }

  /// Two devices begin another key at the same time, each without knowing of the other.
  @Test func twoBeginAnotherKeyAtOnce() throws {
    let all = try devices(3, shared: false)
    for device in all { try device.log() }
    func settle() throws {
      for _ in 0..<4 {
        for device in all {
          try device.round()
          for other in all where other !== device { try carry(device, to: other) }
        }
      }
    }
    try settle()
    try expectSame(all)
    try all[0].replica.rotateKey()
    try all[1].replica.rotateKey()
    for device in all { try device.log() }
    try settle()
    try expectSame(all)
    #expect(try Set(all.map { try $0.replica.recoveryKey() }).count == 1)
    for device in all { #expect(try states(device)[.locked] == nil) }
  }

  /// What was seen of one certificate says nothing of another of the same device.
  @Test func aGoodCertificateVouchesForNoOther() throws {
    let all = try devices(2)
    try exchange(all)
    let sealing = try Sealing(all[0].replica.store)
    let trust = try all[0].replica.store.read { try $0.deviceTrust() }
    for (id, known) in trust {
      guard let keys = known.keys else { continue }
      let good = DeviceKeys(
        signer: keys.signer, recipient: keys.recipient, epoch: UInt64(keys.epoch),
        certificate: keys.certificate)
      for _ in 0..<2 {
        #expect(sealing.isCertified(good, id))
        for change: (inout DeviceKeys) -> Void in [
          { $0.signer[0] ^= 1 }, { $0.recipient[0] ^= 1 }, { $0.certificate[0] ^= 1 }, { $0.epoch += 1 },
        ] {
          var bad = good
          change(&bad)
          #expect(!sealing.isCertified(bad, id))
        }
        #expect(!sealing.isCertified(good, [UInt8](repeating: 7, count: 16)))
      }
    }
    #expect(trust.values.contains { $0.keys != nil })
  }
}
