import Foundation
import TestSupport
import Testing
import UnknotCausality
import UnknotSealing

@testable import UnknotEngine
@testable import UnknotStorage

/// Devices that begin keys while they do not hear of each other. Each of these was found by `simulate --only folders`.
@Suite struct SealedPartitionTests: SealedSharing {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func settle(_ devices: [SharingDevice], days: Int = 1) throws {
    for _ in 0..<days {
      for device in devices { device.pass() }
      for _ in 0..<2 {
        for device in devices {
          try device.round()
          for other in devices where other !== device { try carry(device, to: other) }
        }
      }
    }
  }

  /// Its first file lies there and was not read yet: it gets the key all the same.
  @Test func whoHasJustJoinedGetsTheNewKey() throws {
    let all = try devices(2)
    try exchange(all)
    let new = try SharingDevice("new", in: folder.path, seed: 9, folder: all[0].folder)
    try new.replica.join(all[0].replica.recoveryKey())
    try new.round()
    try all[0].replica.rotateKey()
    try new.round()
    #expect(try new.replica.recoveryKey() == all[0].replica.recoveryKey())
  }

  /// A home that is restored has the key of before: its own file in the folder gives it the one that it had begun.
  @Test func whoIsRestoredHasItsOwnKeysBack() throws {
    let all = try devices(1)
    let state = "\(folder.path)/device 0-state"
    for part in ["sqlite", "state"] {
      let path = part == "sqlite" ? all[0].path : state
      try FileManager.default.copyItem(atPath: path, toPath: "\(folder.path)/saved.\(part)")
    }
    try all[0].replica.rotateKey()
    let key = try all[0].replica.recoveryKey()
    for part in ["sqlite", "state"] {
      let path = part == "sqlite" ? all[0].path : state
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.copyItem(atPath: "\(folder.path)/saved.\(part)", toPath: path)
    }
    try all[0].reopen()
    try all[0].replica.setFolder(all[0].folder)
    #expect(try all[0].replica.recoveryKey() != key)
    try all[0].round()
    #expect(try all[0].replica.recoveryKey() == key)
  }

  /// Two who never heard of each other since they joined, each with a key of its own: one of the two ways is right.
  @Test func oneOfTwoKeysCounts() throws {
    let all = try devices(2, shared: false)
    try all[0].log()
    try all[1].log()
    try all[0].replica.rotateKey()
    try all[1].replica.rotateKey()
    try all[1].round()
    for device in all { try carry(device, to: all[device === all[0] ? 1 : 0]) }
    let before = try all.map { try keys($0) }
    let (newer, older) = before[0].current == max(before) ? (all[0], all[1]) : (all[1], all[0])
    let error = #expect(throws: SyncError.self) { try newer.replica.join(older.replica.recoveryKey()) }
    if case .olderKey = error {} else { Issue.record("\(String(describing: error))") }
    #expect(try all.map { try keys($0) } == before)
    try older.replica.join(newer.replica.recoveryKey())
    try settle(all, days: 3)
    try expectSame(all)
    #expect(try all[0].replica.recoveryKey() == all[1].replica.recoveryKey())
    // Nothing stays closed to either, and each knows all that was begun.
    #expect(try keys(all[0]).secrets == keys(all[1]).secrets)
    for device in all { #expect(try states(device)[.locked] == nil) }
  }

  private func max(_ keys: [KeyFile]) -> JournalSecret? {
    keys[1...].reduce(keys[0]) { all, more in
      var all = all
      for secret in more.secrets { all.add(secret) }
      return all
    }.current
  }

  /// One that had not heard of the loss begins key after key, and the lost device has them all.
  @Test(arguments: 1...2) func aLossIsNotOvertaken(seed: UInt64) throws {
    let all = try devices(3, shared: false)
    _ = all[0].environment.randomBytes(Int(seed))
    try settle(all, days: 2)
    try all[0].replica.rotateKey(losing: all[2].id)
    for _ in 0..<3 {
      try all[1].replica.rotateKey()
      try carry(all[1], to: all[2])
      try all[2].round()
      try carry(all[2], to: all[1])
    }
    try settle([all[0], all[1]], days: 5)
    try expectSame([all[0], all[1]])
    let key = try all[0].replica.recoveryKey()
    #expect(try all[1].replica.recoveryKey() == key)
    try all[2].log()
    try settle(all, days: 2)
    #expect(try !keys(all[2]).secrets.contains { $0.identity.text == key })
    #expect(try all[2].digest != all[0].digest)
    #expect(try states(all[0])[.quarantined, default: 0] > 0)
    try expectSame([all[0], all[1]])
    let epoch = try all[0].replica.keyState().epoch
    try settle(all, days: 5)
    #expect(try all[0].replica.keyState().epoch == epoch, "keys are begun without end")
  }

  /// What was sealed with the old key is sealed anew by whoever wrote it: the folder as it is then tells nothing to who has that.
  @Test func theOldKeyOpensNothingAnyMore() throws {
    let all = try devices(3)
    for device in all { try device.log() }
    try exchange(all)
    let device = DeviceSecret(randomBytes: all[0].environment.randomBytes)
    let old = KeyFile(device: device, secrets: try keys(all[0]).secrets)
    func opened() throws -> Int {
      try all[0].names.count { (try? ChangesetFile(FileSource(path: "\(all[0].folder)/\($0)"), old)) != nil }
    }
    #expect(try opened() >= 3)
    try all[0].replica.rotateKey()
    for _ in 0..<6 {
      try exchange(all, rounds: 1)
      for device in all { device.pass() }
    }
    #expect(try opened() == 0)
    try expectSame(all)
  }

  /// It takes part until it hears of it, and says of itself that it was lost in the epoch that it begins.
  @Test func whoIsLostDoesNotLetItselfIn() throws {
    let all = try devices(3, shared: false)
    try settle(all, days: 2)
    let id = try #require(try all[2].id)
    try all[0].replica.rotateKey(losing: id)
    for _ in 0..<2 { try all[2].replica.rotateKey() }
    let epoch = try all[2].replica.keyState().epoch
    try all[2].replica.store.noteLost(id, epoch: Int64(epoch))
    try all[2].log()
    try all[2].round()
    try carry(all[2], to: all[1])
    try all[1].round()
    try settle([all[0], all[1]], days: 6)
    try all[2].log()
    try settle(all, days: 2)
    try expectSame([all[0], all[1]])
    #expect(try all[2].digest != all[0].digest)
    #expect(try !keys(all[2]).secrets.contains(#require(try keys(all[0]).current)))
  }

  /// A journal of its own whose key was rotated often joins one that is still at its first.
  @Test func anotherJournalsFirstKeyCounts() throws {
    let all = try devices(1)
    let other = try SharingDevice("other", in: folder.path, seed: 8)
    try other.log()
    try other.replica.beginSealing()
    for _ in 0..<3 { try other.replica.rotateKey() }
    try other.replica.join(all[0].replica.recoveryKey(), folder: all[0].folder, unites: true)
    _ = try other.replica.synchronizeFolder()
    #expect(try other.replica.recoveryKey() == all[0].replica.recoveryKey())
    try all[0].round()
    #expect(try all[0].digest == other.digest)
  }

  /// The home was lost but for the journal, and with it the newest key: an older one does it only where that is said.
  @Test func anOlderKeyIsTakenOnlyWhereThatIsSaid() throws {
    let all = try devices(2)
    try exchange(all)
    let older = try all[1].replica.recoveryKey()
    try all[0].replica.rotateKey()
    let id = try #require(try all[0].id)
    try FileManager.default.removeItem(atPath: "\(folder.path)/device 0-state/\(hexadecimal(id.bytes)).keys")
    for name in try all[0].names { try FileManager.default.removeItem(atPath: "\(all[0].folder)/\(name)") }
    for _ in 0..<5 {
      all[1].pass()
      try all[1].round()
    }
    #expect(throws: SyncError.self) { try all[0].round() }
    let error = #expect(throws: SyncError.self) { try all[0].replica.join(older) }
    if case .outdatedKey = error {} else { Issue.record("\(String(describing: error))") }
    #expect(throws: SyncError.self) { try all[0].round() }
    try all[0].replica.join(older, takesOlder: true)
    try all[0].log()
    try exchange(all)
    try expectSame(all)
  }
}
