import Foundation
import TestSupport
import Testing
import UnknotSealing

@testable import UnknotEngine
@testable import UnknotStorage

/// What is left is put together from sealed files as well.
@Suite struct SealedRescueTests: SealedSharing {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The keys of the machine open what lies in a folder: of the newest key, and of the one before it from whom is known then.
  @Test func sealedFilesAreOpened() throws {
    let all = try devices(2)
    try exchange(all)
    try all[1].replica.rotateKey()
    try all[1].log()
    try exchange(all)
    func rescue(_ name: String, _ notes: String?) throws -> RescueResult {
      try Replica.rescue(
        [all[0].folder], to: "\(folder.path)/\(name).sqlite", kinds: testTables, deviceName: "new",
        environment: TestEnvironment(seed: 3), temporaryFolder: folder.path, noteFolder: notes)
    }
    let result = try rescue("rescued", "\(folder.path)/device 0-state")
    #expect(result.missing.isEmpty && result.isJournalKnown)
    let rescued = try openReplica("\(folder.path)/rescued.sqlite")
    #expect(try rescued.store.read { try $0.digest() } == all[0].digest)
    #expect(throws: SyncError.self) { _ = try rescue("none", nil) }
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/none.sqlite"))
  }

  /// Put back, it has its keys again before it writes anything; elsewhere nothing is written that others can read.
  @Test func whatIsPutBackIsSealed() throws {
    let all = try devices(2)
    for device in all { try device.log() }
    try exchange(all)
    let (path, notes) = ("\(folder.path)/rescued.sqlite", "\(folder.path)/device 0-state")
    _ = try Replica.rescue(
      [all[0].folder], to: path, kinds: testTables, deviceName: "new",
      environment: TestEnvironment(seed: 3), temporaryFolder: folder.path, noteFolder: notes)
    let elsewhere = try openReplica(path)
    #expect(throws: SyncError.self) {
      _ = try elsewhere.export(to: .folder(folder.path), for: .everyone, full: true)
    }
    let key = try all[0].replica.recoveryKey()
    try all[0].replica.restore(fromBackup: path)
    let result = try all[0].replica.export(to: .folder(folder.path), for: .everyone, full: true)
    #expect(result.file?.hasSuffix(".age") == true)
    #expect(try all[0].replica.recoveryKey() == key)
    #expect(try all[0].replica.keyState().hasKey)
    try all[0].log()
    try exchange(all)
    try expectSame(all)
  }

  /// What somebody wrote with a key that opens nothing any more is not put together.
  @Test func whoIsLostAddsNothingToARescue() throws {
    let all = try devices(2)
    try exchange(all)
    let keys = try keys(all[1])
    let lost = try #require(all[1].replica.read { try $0.devices().first(where: \.isThis)?.id })
    try all[0].replica.rotateKey(losing: lost)
    try all[0].round()
    try all[1].log()
    try file(all[1], keys, "late.age", in: all[0].folder)
    _ = try Replica.rescue(
      [all[0].folder], to: "\(folder.path)/rescued.sqlite", kinds: testTables, deviceName: "new",
      environment: TestEnvironment(seed: 3), temporaryFolder: folder.path,
      noteFolder: "\(folder.path)/device 0-state")
    let rescued = try openReplica("\(folder.path)/rescued.sqlite")
    #expect(try rescued.store.read { try $0.digest() } == all[0].digest)
  }

  /// Whoever begins sealing without knowing that it has keys does not lose them.
  @Test func keysThatLieThereAreNotWrittenOver() throws {
    let all = try devices(1)
    let before = try keys(all[0])
    let notes = "\(folder.path)/device 0-state"
    let saved = try FileManager.default.contentsOfDirectory(atPath: notes)
    let name = try #require(saved.first { $0.hasSuffix(".keys") })
    // A program that was stopped while it saved.
    try Data(before.text.utf8).write(to: URL(filePath: "\(notes)/\(name).0123456789abcdef.tmp"))
    let synchronizer = all[0].replica.synchronizer
    for epoch: UInt64 in [0, 4] {
      let secret = try synchronizer.newSecret(after: epoch)
      try synchronizer.keep(KeyFile(device: before.device, secrets: [secret]))
      let after = try keys(all[0])
      #expect(before.secrets.allSatisfy(after.secrets.contains))
      #expect(after.secrets.contains(secret) == (epoch == 4))
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: notes).sorted() == saved.sorted())
  }
}
