import Foundation
import SeededRandom
import TestSupport
import Testing
import UnknotCausality

@testable import UnknotEngine
@testable import UnknotStorage

/// Devices that exchange through folders that something carries, and carries badly.
@Suite struct FolderTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func devices(_ count: Int, shared: Bool = true) throws -> [SharingDevice] {
    try sharingDevices(count, in: folder, shared: shared)
  }

  func exchange(_ devices: [SharingDevice], rounds: Int = 3) throws {
    for _ in 0..<rounds { for device in devices { try device.round() } }
  }

  // MARK: One folder

  @Test func devicesComeToTheSame() throws {
    let all = try devices(3)
    for device in all { try device.log() }
    try exchange(all)
    #expect(try Set(all.map { try $0.digest }).count == 1)
    // What all hold is written by nobody any more.
    let names = try all[0].names
    try exchange(all)
    #expect(try all[0].names == names)
  }

  @Test func withoutAFolderNothingIsDone() throws {
    let device = try SharingDevice("phone", in: folder.path, seed: 1)
    try device.replica.setFolder(nil)
    #expect(throws: SyncError.self) { try device.round() }
    #expect(try device.replica.folder() == nil)
  }

  @Test func aFolderThatIsNotThereIsAnError() throws {
    let device = try SharingDevice("phone", in: folder.path, seed: 1)
    try device.log()
    try device.replica.setFolder("\(folder.path)/no such folder")
    #expect(throws: SyncError.self) { try device.round() }
  }

  /// "Today 1": what has nothing to do with each other stops nobody.
  @Test func whatDoesNotFitIsSetAside() throws {
    let all = try devices(2)
    let shared = all[0].folder
    for device in all { try device.log() }
    try exchange(all)
    let whole = try #require(all[0].names.first)
    let bytes = try Data(contentsOf: URL(filePath: "\(shared)/\(whole)"))
    try bytes.prefix(bytes.count / 2).write(to: URL(filePath: "\(shared)/half.unknot"))
    try Data().write(to: URL(filePath: "\(shared)/empty.UNKNOT"))
    try Data("a picture".utf8).write(to: URL(filePath: "\(shared)/picture.jpg"))
    try bytes.write(to: URL(filePath: "\(shared)/\(whole)..path1"))
    mkfifo("\(shared)/pipe.unknot", 0o600)
    try FileManager.default.createDirectory(
      atPath: "\(shared)/folder.unknot", withIntermediateDirectories: true)
    let stranger = try SharingDevice("stranger", in: folder.path, seed: 99)
    try stranger.log()
    let foreign = try stranger.replica.export(to: .folder(shared), for: .everyone, full: true)
    let other = try SharingDevice("other", in: folder.path, seed: 98)
    try other.log()
    try all[0].log()
    try all[0].round()
    let result = try all[1].round()
    #expect(result.taken.map(\.changesApplied) == [1])
    #expect(
      Set(result.aside.map { "\($0.name) \($0.state.rawValue)" }) == [
        "half.unknot partial", "empty.UNKNOT partial",
        "\(try #require(foreign.file).split(separator: "/").last ?? "") foreign",
      ])
    #expect(try all[0].digest == all[1].digest)
    // Whole at last, it is read.
    try bytes.write(to: URL(filePath: "\(shared)/half.unknot"))
    #expect(try all[1].round().aside.count == 2)
  }

  @Test func aFolderOfStrangersIsNotWrittenTo() throws {
    let stranger = try SharingDevice("stranger", in: folder.path, seed: 9)
    try stranger.log()
    try stranger.round()
    let device = try SharingDevice("phone", in: folder.path, seed: 1, folder: stranger.folder)
    try device.log()
    let names = try device.names
    #expect(throws: SyncError.self) { try device.round() }
    #expect(try device.names == names)
    // Of none, a journal without changes takes what is there.
    let empty = try SharingDevice("tablet", in: folder.path, seed: 2, folder: stranger.folder)
    #expect(try empty.round().taken.count == 1)
    #expect(try empty.digest == stranger.digest)
  }

  /// Random names do not say which journal a newcomer becomes a replica of: whoever it belongs to does.
  @Test func whoHasNothingDoesNotChoose() throws {
    let shared = "\(folder.path)/shared"
    for number in 0..<2 {
      let stranger = try SharingDevice("device \(number)", in: folder.path, seed: UInt64(number) + 1)
      try stranger.log()
      let file = "\(shared)/\(number).unknot"
      try FileManager.default.createDirectory(atPath: shared, withIntermediateDirectories: true)
      _ = try stranger.replica.export(to: .file(file), for: .everyone, full: true)
    }
    let new = try SharingDevice("new", in: folder.path, seed: 9, folder: shared)
    let names = try new.names
    for options in [MergeOptions(), MergeOptions(isDryRun: true)] {
      #expect {
        _ = try new.replica.synchronizeFolder(options)
      } throws: { error in
        if case SyncError.severalJournals(_, ["0.unknot", "1.unknot"]) = error { true } else { false }
      }
    }
    #expect(try new.names == names && new.replica.read { $0.clock.isEmpty })
    _ = try new.replica.importFiles([.path("\(shared)/1.unknot")])
    try new.round()
    #expect(try new.replica.folderFiles().first?.state == .foreign)
    #expect(try new.replica.read { try $0.records(in: "visit", RecordFilter(limit: 50)).count } == 1)
  }

  @Test func aDryRunChangesNothing() throws {
    let all = try devices(2)
    for _ in 0..<3 {
      try all[0].log()
      try all[0].round()
    }
    let (names, digest) = (try all[1].names, try all[1].digest)
    let result = try all[1].replica.synchronizeFolder(MergeOptions(isDryRun: true))
    // What the first file brought was here already.
    #expect(result.taken.map(\.changesApplied) == [1, 1, 1])
    #expect(result.aside.isEmpty && result.written.isEmpty)
    #expect(try all[1].names == names && all[1].digest == digest)
    #expect(try all[1].replica.folderFiles().isEmpty)
  }

  @Test func aWipedFolderHeals() throws {
    let all = try devices(2)
    for device in all { try device.log() }
    try exchange(all)
    for name in try all[0].names { try FileManager.default.removeItem(atPath: "\(all[0].folder)/\(name)") }
    for _ in 0..<8 {
      for device in all {
        device.pass()
        try device.round()
      }
    }
    let newcomer = try SharingDevice("newcomer", in: folder.path, seed: 77, folder: all[0].folder)
    try newcomer.round()
    #expect(try newcomer.digest == all[0].digest)
  }

  /// "Today 2": who only reads is known to have read.
  @Test func whoOnlyReadsIsHeardOf() throws {
    let all = try devices(2)
    var written = 0
    for _ in 0..<60 {
      try all[0].log()
      try all[0].round()
      written += try all[1].round().written.count
      for device in all { device.pass() }
    }
    try all[0].round()
    #expect((1...60).contains(written))
    let lacks = try all[0].round().devices.map(\.lacks)
    #expect(lacks.allSatisfy { $0 <= 2 })
    #expect(try all[0].names.count <= 2 * 17 + 3)
  }

  @Test func anotherFolderIsFilledAnew() throws {
    let device = try devices(1)[0]
    try device.round()
    let other = "\(folder.path)/other"
    try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
    try device.replica.setFolder(other)
    #expect(try device.round().written.count == 1)
    let newcomer = try SharingDevice("newcomer", in: folder.path, seed: 77, folder: other)
    try newcomer.round()
    #expect(try newcomer.digest == device.digest)
  }

  /// A copy of a journal is another device from its first write on, and goes on with the same folder.
  @Test func whoBecomesAnotherDeviceKeepsTheFolder() throws {
    let all = try devices(2)
    try exchange(all)
    let state = "\(folder.path)/\(all[0].name)-state"
    for name in try FileManager.default.contentsOfDirectory(atPath: state) where name.hasSuffix(".note") {
      try FileManager.default.removeItem(atPath: "\(state)/\(name)")
    }
    try all[0].reopen()
    try all[0].log()
    #expect(try all[0].replica.folder() == all[0].folder)
    try exchange(all)
    #expect(try all[0].digest == all[1].digest)
  }

  @Test func aRetirementIsTold() throws {
    let all = try devices(3)
    for device in all { try device.log() }
    try exchange(all)
    let other = try #require(try all[0].replica.read { try $0.devices().first { $0.name == "device 2" }?.id })
    _ = try all[0].replica.setRetired(other, true)
    #expect(try all[0].round().written.count == 1)
    try all[1].round()
    #expect(try all[1].replica.read { try $0.devices().contains { $0.id == other && $0.isRetired } })
    #expect(try all[0].round().written.isEmpty)
    #expect(try all[1].round().written.isEmpty)
  }

  /// A note that comes before what its writer holds is not lost.
  @Test func aNoteBeforeItsChangesCounts() throws {
    let all = try devices(3)
    try exchange(all)
    try all[0].log()
    try all[0].round()
    for device in all { device.pass(days: 2) }
    try all[1].round()
    try all[1].round()
    // The third one finds both at once.
    try all[2].round()
    let lacks = try all[2].round().devices.filter { $0.name == "device 1" }.map(\.lacks)
    #expect(lacks == [0])
  }

  @Test func oneProgramAtATime() throws {
    let device = try devices(2)[0]
    let ledger = try FolderLedger(
      beside: NoteFolder(folder: "\(folder.path)/\(device.name)-state", journal: device.path))
    var isBusy = false
    try ledger.change { _ in
      do { try device.round() } catch StorageError.busy { isBusy = true }
    }
    #expect(isBusy)
    try device.round()
  }

  @Test func whatIsRememberedOfAFolderIsFoundOutAnew() throws {
    let device = try devices(2)[0]
    try device.log()
    try device.round()
    let state = "\(folder.path)/\(device.name)-state"
    let name = try #require(
      try FileManager.default.contentsOfDirectory(atPath: state).first { $0.hasSuffix(".folder") })
    try Data(repeating: 7, count: 8192).write(to: URL(filePath: "\(state)/\(name)"))
    try device.replica.setFolder(device.folder)
    let result = try device.round()
    #expect(result.written.isEmpty && result.taken.isEmpty && result.aside.isEmpty)
  }

  @Test func aRestoredDeviceReadsItsOwnFilesBack() throws {
    let all = try devices(2)
    try exchange(all)
    let copy = try Data(contentsOf: URL(filePath: all[0].path))
    for _ in 0..<3 { try all[0].log() }
    try exchange(all)
    let digest = try all[0].digest
    try copy.write(to: URL(filePath: all[0].path))
    try all[0].reopen()
    #expect(try all[0].digest != digest)
    try all[0].round()
    #expect(try all[0].digest == digest)
    try all[0].log()
    try exchange(all)
    #expect(try all[0].digest == all[1].digest)
  }

  @Test func aRoundThatIsHeldOpensNothing() throws {
    let all = try devices(2)
    for _ in 0..<20 {
      try all[0].log()
      try all[0].round()
    }
    try all[1].round()
    // What cannot be opened any more is not missed.
    for name in try all[0].names { chmod("\(all[0].folder)/\(name)", 0) }
    let result = try all[1].round()
    #expect(result.aside.isEmpty && result.taken.isEmpty)
  }
}
