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
    let synchronizer = all[0].replica.synchronizer
    for epoch: UInt64 in [0, 4] {
      let secret = try synchronizer.newSecret(after: epoch)
      try synchronizer.keep(KeyFile(device: before.device, secrets: [secret]))
      let after = try keys(all[0])
      #expect(before.secrets.allSatisfy(after.secrets.contains))
      #expect(after.secrets.contains(secret) == (epoch == 4))
    }
  }
}
