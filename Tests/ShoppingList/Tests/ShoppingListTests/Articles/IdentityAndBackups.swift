import Foundation
import ShoppingList
import Testing
import UnknotEngine

/// What `IdentityAndBackups.md` shows.
@Suite struct IdentityAndBackups {
  @Test func aBackupIsPutBack() async throws {
    let folder = try Folder()
    let replica = try await folder.replica("phone", seed: 1)
    let list = try await replica.write("list") { try $0.create(List.kind, [List.name.set("Saturday")]) }

    let backup = "\(folder.path)/2026-11-30.backup"
    try await replica.backUp(to: backup)
    try await replica.write("rename") { try $0.edit(list, [List.name.set("Sunday")]) }
    // Make a copy first: putting that back undoes this.
    try await replica.backUp(to: "\(folder.path)/before-restore.backup")
    try await replica.restore(fromBackup: backup)
    let name = try await replica.read { try $0.record(list)?[List.name] }
    #expect(name == "Saturday")

    // What is written from now on is not mistaken for what was written after the backup.
    let before = try await replica.read { try $0.ownActor }
    try await replica.write("rename") { try $0.edit(list, [List.name.set("Monday")]) }
    #expect(try await replica.read { try $0.ownActor } != before)
  }

  @Test func itIsWhole() async throws {
    let folder = try Folder()
    let replica = try await folder.replica("phone", seed: 2)
    try await replica.write("list") { try $0.create(List.kind, [List.name.set("Saturday")]) }

    for fault in try await replica.verify(.deep) { show(fault.reason) }
    if replica.mayNotBeOnDisk { show("recorded, but the disk failed behind it") }
    #expect(try await replica.verify(.deep).isEmpty)
  }

  @Test func aDamagedFileIsRescued() async throws {
    func show(_ line: String) { #expect(line.hasPrefix("phone")) }
    let folder = try Folder()
    let path: String
    do {
      let replica = try await folder.replica("phone", seed: 3)
      let list = try await replica.write("list") { try $0.create(List.kind, [List.name.set("Saturday")]) }
      for number in 1...300 {
        try await replica.write("add") {
          try $0.create(Item.kind, in: list, [Item.name.set("item \(number)")])
        }
      }
      path = "\(folder.path)/phone.sqlite"
    }
    // A page in the middle of the file.
    let size = try #require(FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
    let file = try FileHandle(forUpdating: URL(filePath: path))
    try file.seek(toOffset: UInt64(size / 2 / 4096 * 4096))
    try file.write(contentsOf: Data(repeating: 0xA5, count: 4096))
    try file.close()
    let rescued = "\(folder.path)/rescued.sqlite"
    let temporaryFolder = folder.path

    let result = try await inBackground {
      try Replica.rescue(
        [path], to: rescued, kinds: kinds, deviceName: "phone", environment: SystemEnvironment(),
        temporaryFolder: temporaryFolder)
    }
    for missing in result.missing { show("\(missing.device) lacks changes") }
    #expect(result.changes > 0)
  }

  /// Any thread that may wait will do.
  private func inBackground<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await Task.detached { try body() }.value
  }

  private func show(_ line: String) { Issue.record("nothing is wrong here, but: \(line)") }
}
