import Foundation
import TestSupport
import Testing
import UnknotCausality
import UnknotEngine
import UnknotStorage

/// Files of a folder are taken in one by one: what does not fit leaves nothing behind, and takes nothing else with it.
@Suite struct FolderImportTests {
  let folder: TemporaryFolder
  /// Where the files are.
  let shared: String

  init() throws {
    folder = try TemporaryFolder()
    shared = folder.path + "/shared"
    try FileManager.default.createDirectory(atPath: shared, withIntermediateDirectories: true)
  }

  private func export(_ device: TestDevice, as name: String) throws {
    _ = try device.synchronizer.export(to: .file("\(shared)/\(name).unknot"), for: .everyone, full: true)
  }

  /// Files of one journal: of the one in the middle, all but the end is good, and it has histories that the others have
  /// not. In every order of names.
  @Test(arguments: [["a", "b", "c"], ["b", "a", "c"], ["c", "b", "a"], ["a", "c", "b"]])
  func whatDoesNotFitLeavesNothing(names: [String]) throws {
    let phone = try TestDevice("phone", seed: 1)
    let record = try phone.create("visit", ["note": .text("n")])
    let (large, laptop) = (try TestDevice("large", seed: 2), try TestDevice("laptop", seed: 3))
    for device in [large, laptop] { try phone.send(to: device, in: folder, full: true) }
    try laptop.edit(record, ["size": .integer(1)])
    try large.edit(record, ["size": .integer(2)])
    for number in 0..<30 {
      _ = try large.create("visit", ["note": .text(String(repeating: "\(number) ", count: 20_000))])
    }
    try phone.edit(record, ["title": .text("t")])
    for (device, name) in zip([phone, large, laptop], names) { try export(device, as: name) }

    let receiver = try TestDevice("receiver", seed: 4, path: folder.path + "/receiver.sqlite")
    let result = try receiver.synchronizer.importFiles([.path(shared)], MergeOptions(growthLimit: 200_000))
    #expect(result.leftOut.map(\.name) == ["\(shared)/\(names[1]).unknot"])
    #expect(result.files.count == 2)

    let expected = try TestDevice("receiver", seed: 4)
    for index in [0, 2].sorted(by: { names[$0] < names[$1] }) {
      _ = try expected.synchronizer.importFiles([.path("\(shared)/\(names[index]).unknot")])
    }
    #expect(try receiver.digest == expected.digest)
    #expect(try receiver.clock == expected.clock)
    let devices = try receiver.store.read { try $0.devices().map(\.name) }
    #expect(Set(devices) == ["receiver", "phone", "laptop"])
    #expect(try receiver.store.read { try $0.tableFaults() }.isEmpty && receiver.store.fileFaults().isEmpty)
    // And nothing of it is in the way when it may come.
    _ = try receiver.synchronizer.importFiles([.path(shared)], MergeOptions(growthLimit: nil))
    _ = try large.synchronizer.importFiles([.path(shared)])
    #expect(try receiver.digest == large.digest)
    #expect(try receiver.store.read { try $0.tableFaults() }.isEmpty)
  }

  @Test func aFolderOfWhichNothingFitsChangesNothing() throws {
    let stranger = try TestDevice("stranger", seed: 5)
    _ = try stranger.create("visit")
    try export(stranger, as: "a")
    let path = folder.path + "/receiver.sqlite"
    let receiver = try TestDevice("receiver", seed: 6, path: path)
    _ = try receiver.create("visit")
    let before = try Data(contentsOf: URL(filePath: path))
    let error = #expect(throws: SyncError.self) { try receiver.synchronizer.importFiles([.path(shared)]) }
    guard case .otherJournal = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
  }

  /// Between its two passes a file becomes another good one.
  @Test func aFileThatChangesWhileItIsRead() throws {
    let (phone, laptop) = (try TestDevice("phone", seed: 7), try TestDevice("laptop", seed: 8))
    _ = try phone.create("visit")
    try export(phone, as: "a")
    let other = folder.path + "/other.unknot"
    _ = try phone.create("visit")
    _ = try phone.synchronizer.export(to: .file(other), for: .everyone, full: true)
    let file = "\(shared)/a.unknot"
    var isFirst = true
    let error = #expect(throws: SyncError.self) {
      try laptop.synchronizer.importFiles(
        [.path(file)],
        conflicts: { _, _ in
          guard isFirst else { return }
          isFirst = false
          // In place: it stays the same file.
          let handle = try FileHandle(forWritingTo: URL(filePath: file))
          try handle.write(contentsOf: Data(contentsOf: URL(filePath: other)))
          try handle.close()
        })
    }
    guard case .damaged(_, reason: "it changed while it was read") = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try laptop.clock.isEmpty)
  }
}
