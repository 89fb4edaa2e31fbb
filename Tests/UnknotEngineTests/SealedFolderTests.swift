import Foundation
import SeededRandom
import TestSupport
import Testing
import UnknotCausality
import UnknotChangeset
import UnknotSealing

@testable import UnknotEngine
@testable import UnknotStorage

/// Devices that exchange through a folder which nobody else can read, nor write to.
@Suite struct SealedFolderTests: SealedSharing {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  // MARK: What is in the folder

  @Test func nothingCanBeReadThere() throws {
    let all = try devices(3)
    for device in all { try device.log() }
    try exchange(all)
    try expectSame(all)
    let names = try all[0].names
    #expect(names.count > 2)
    for name in names {
      let bytes = Array(try Data(contentsOf: URL(filePath: "\(all[0].folder)/\(name)")))
      #expect(name.hasSuffix(".age") && AgeReader.isStart(bytes))
      // Nothing but the size of what is in it, and that is one of few.
      let chunks = (bytes.count - 184 + 65_551) / 65_552
      let plain = UInt64(bytes.count - 184 - 16 * chunks)
      #expect(plain >= 4096 && Padme.size(of: plain) == plain)
      for word in ["device 0", "device 1", "visit", "note", "unknot", all[0].folder] {
        #expect(bytes.firstRange(of: Array(word.utf8)) == nil)
      }
    }
  }

  /// Of the secret keys, no byte is anywhere but in the file of keys, which is its owner's alone.
  @Test func keysAreInOnePlace() throws {
    let all = try devices(2)
    for device in all { try device.log() }
    try exchange(all)
    _ = try all[0].replica.invite()
    try all[0].replica.rotateKey()
    try exchange(all)
    _ = try all[0].replica.backUp(to: "\(folder.path)/backup.sqlite")
    let keys = try keys(all[0])
    let secrets =
      keys.secrets.map(\.identity) + [keys.device.identity]
      + [try #require(AgeIdentity(keys.device.signing))]
    var found = 0
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      let file = "\(folder.path)/\(path)"
      guard let data = try? Data(contentsOf: URL(filePath: file)) else { continue }
      if path.hasSuffix(".keys") {
        found += 1
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        continue
      }
      for secret in secrets {
        #expect(data.firstRange(of: secret.secret) == nil, "\(path)")
        #expect(data.firstRange(of: Data(secret.text.utf8)) == nil, "\(path)")
      }
    }
    #expect(found == 2)
  }

  // MARK: Getting the key

  @Test func theSealedFolderOfOthersStaysTheirs() throws {
    let all = try devices(2)
    try exchange(all)
    let stranger = try SharingDevice("stranger", in: folder.path, seed: 9, folder: all[0].folder)
    try stranger.log()
    try stranger.replica.beginSealing()
    let before = try all[0].names
    #expect(throws: SyncError.self) { try stranger.round() }
    #expect(try all[0].names == before)
    // What it has of its own there is nobody else's.
    let other = try TemporaryFolder()
    let alone = try sharingDevices(1, in: other)
    try alone[0].replica.beginSealing()
    _ = try alone[0].replica.invite()
    try alone[0].log()
    try alone[0].round()
    #expect(try states(alone[0])[.own] == 1)
    withExtendedLifetime(other) {}
  }

  @Test func anInvitationGivesItTheKey() throws {
    let all = try sharingDevices(1, in: folder)
    try all[0].replica.beginSealing()
    try all[0].round()
    let code = try all[0].replica.invite()
    #expect(code.utf8.count == 17)
    let other = try SharingDevice("new", in: folder.path, seed: 9, folder: all[0].folder)
    #expect(throws: SyncError.self) { try other.round() }
    #expect(try other.replica.isFolderLocked())
    for wrong in ["", "12345-12345-12345", String(code.dropLast()), code + "A"] {
      #expect(throws: SyncError.self) { try other.replica.join(wrong) }
      #expect(try !other.replica.keyState().hasKey)
    }
    // As people type.
    try other.replica.join(" " + code.lowercased().replacing("-", with: " ").replacing("0", with: "o"))
    #expect(try !other.replica.isFolderLocked())
    try other.round()
    try expectSame([all[0], other])
    try other.log()
    try other.round()
    try all[0].round()
    try expectSame([all[0], other])
    // It is for one device, and goes once that is heard of.
    #expect(try states(all[0])[.key] == nil)
    // Nobody comes: it goes after a day or two.
    _ = try all[0].replica.invite()
    try all[0].round()
    all[0].pass(days: 1)
    try all[0].round()
    #expect(try states(all[0])[.key] == 1)
    all[0].pass(days: 1)
    try all[0].round()
    #expect(try states(all[0])[.key] == nil)
    #expect(try all[0].names.count { $0.hasSuffix(".age") } > 0)
  }

  @Test func theRecoveryKeyOpensWhatIsThere() throws {
    let all = try devices(2)
    for device in all { try device.log() }
    try exchange(all)
    try all[0].replica.rotateKey()
    try exchange(all)
    let key = try all[1].replica.recoveryKey()
    #expect(try all[0].replica.recoveryKey() == key)
    #expect(try all[0].replica.isRecoveryKey(key.lowercased().map { "\($0)" }.joined(separator: " ")))
    #expect(try !all[0].replica.isRecoveryKey(String(key.dropLast()) + "Q"))
    let new = try SharingDevice("new", in: folder.path, seed: 9, folder: all[0].folder)
    try new.replica.join(key)
    try new.round()
    try expectSame(all + [new])
    #expect(try new.replica.keyState().epoch == 2)
    // It has the older keys as well.
    #expect(try keys(new).secrets == keys(all[0]).secrets)
  }

  @Test func anotherJournalIsNotJoined() throws {
    let all = try devices(1)
    let other = try SharingDevice("stranger", in: folder.path, seed: 9, folder: all[0].folder)
    try other.log()
    #expect(throws: SyncError.self) { try other.replica.join(all[0].replica.recoveryKey()) }
    #expect(try !other.replica.keyState().hasKey)
    // Where the person wants the two as one, they are.
    try other.replica.join(all[0].replica.recoveryKey(), unites: true)
    try exchange([all[0], other])
    try expectSame([all[0], other])
  }

  /// Something is logged before the first round.
  @Test func whoHasJoinedWritesAsOfThatJournal() throws {
    let all = try devices(1)
    let new = try SharingDevice("new", in: folder.path, seed: 9, folder: all[0].folder)
    try new.replica.join(all[0].replica.recoveryKey())
    try new.log()
    try exchange([all[0], new])
    try expectSame([all[0], new])
    #expect(try new.replica.read { try $0.records(in: "visit", RecordFilter(limit: 9)).count } == 2)
  }

  // MARK: Without the key

  @Test func withoutTheKeyNothingIsWrittenOpen() throws {
    let all = try devices(1)
    try all[0].log()
    // A copy of the journal, on a machine that knows nothing of it.
    let copy = "\(folder.path)/copy.sqlite"
    try all[0].replica.backUp(to: copy)
    let replica = try Replica(
      blockingAt: copy, kinds: testTables, deviceName: "copy", environment: TestEnvironment(seed: 8),
      noteFolder: "\(folder.path)/copy-state"
    ).blocking
    #expect(try replica.keyState() == KeyState(isSealed: true, epoch: 1, hasKey: false))
    let file = "\(folder.path)/open.unknot"
    for body: () throws -> Void in [
      { _ = try replica.export(to: .file(file), for: .everyone, full: true) },
      { _ = try replica.recoveryKey() },
      { try replica.beginSealing() },
    ] {
      let error = #expect(throws: SyncError.self) { try body() }
      guard case .noKey = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
    #expect(!FileManager.default.fileExists(atPath: file))
    let names = try all[0].names
    try replica.setFolder(all[0].folder)
    #expect(throws: SyncError.self) { try replica.synchronizeFolder() }
    #expect(try all[0].names == names)
    try replica.join(all[0].replica.recoveryKey())
    _ = try replica.synchronizeFolder()
    #expect(try replica.read { try $0.digest() } == all[0].digest)
  }

  /// It may be about to join: what it would write open, the folder's owner has sealed.
  @Test func whoHasNotJoinedWritesNothing() throws {
    let all = try devices(1)
    let other = try SharingDevice("new", in: folder.path, seed: 9, folder: all[0].folder)
    let names = try all[0].names
    let error = #expect(throws: SyncError.self) { try other.round() }
    guard case .locked = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try all[0].names == names)
  }

  @Test func byHandFilesAreSealedAsWell() throws {
    let all = try devices(2, shared: false)
    try all[0].log()
    let file = "\(folder.path)/sent"
    _ = try all[0].replica.export(to: .file(file), for: .everyone, full: true)
    #expect(AgeReader.isStart(Array(try Data(contentsOf: URL(filePath: file)))))
    let stranger = try SharingDevice("stranger", in: folder.path, seed: 9)
    let before = try stranger.digest
    let error = #expect(throws: SyncError.self) { try stranger.replica.importFiles([.path(file)]) }
    if case .locked = error {} else { Issue.record("\(String(describing: error))") }
    #expect(try stranger.digest == before)
    _ = try all[1].replica.importFiles([.path(file)])
    try expectSame(all)
    // As a stream as well.
    try all[0].log()
    let next = "\(folder.path)/next"
    _ = try all[0].replica.export(to: .file(next), for: .everyone, full: true)
    let handle = try FileHandle(forReadingFrom: URL(filePath: next))
    var options = MergeOptions()
    options.temporaryFolder = folder.path
    _ = try all[1].replica.importFiles(
      [.stream(named: "-") { Array(try handle.read(upToCount: $0) ?? Data()) }], options)
    try expectSame(all)
    #expect(try all[1].replica.inspect(next).changes == 3)
  }

  // MARK: From open to sealed

  @Test func whatLayThereOpenGoes() throws {
    let all = try sharingDevices(2, in: folder)
    for device in all { try device.log() }
    try exchange(all)
    #expect(try all[0].names.allSatisfy { $0.hasSuffix(".unknot") })
    try all[0].replica.beginSealing()
    try all[0].round()
    #expect(throws: SyncError.self) { try all[1].round() }
    try all[1].replica.join(all[0].replica.recoveryKey())
    try exchange(all)
    for _ in 0..<30 {
      for device in all { device.pass() }
      try exchange(all, rounds: 1)
    }
    try expectSame(all)
    #expect(try all[0].names.allSatisfy { $0.hasSuffix(".age") })
  }

  @Test(arguments: 1...4) func manyDays(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let all = try devices(3, shared: false)
    for day in 0..<25 {
      for device in all where Int.random(in: 0..<3, using: &random) > 0 {
        try device.edit(&random)
        try device.round()
        for other in all where other !== device && Bool.random(using: &random) {
          try carry(device, to: other)
        }
      }
      if day % 8 == 3 { try all[Int.random(in: 0..<3, using: &random)].replica.rotateKey() }
      for device in all { device.pass() }
    }
    for _ in 0..<6 {
      for device in all {
        try device.round()
        for other in all where other !== device { try carry(device, to: other) }
      }
    }
    try expectSame(all)
    #expect(try Set(all.map { try $0.replica.recoveryKey() }).count == 1, "seed \(seed)")
  }
}
