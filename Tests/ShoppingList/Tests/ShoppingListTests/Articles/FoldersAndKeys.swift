import Foundation
import ShoppingList
import Testing
import UnknotEngine

/// What `FoldersAndKeys.md` shows.
@Suite struct FoldersAndKeys {
  @Test func twoDevicesAndAFolder() async throws {
    let folder = try Folder()
    let phone = try await folder.replica("phone", seed: 1)
    let laptop = try await folder.replica("laptop", seed: 2)
    let shared = "\(folder.path)/shared"
    try FileManager.default.createDirectory(atPath: shared, withIntermediateDirectories: true)

    // On the first device.
    let recoveryKey = try await phone.perform {
      try $0.setFolder(shared)
      try $0.beginSealing()
      return try $0.recoveryKey()
    }
    let list = try await phone.write("list") { try $0.create(List.kind, [List.name.set("Saturday")]) }
    _ = try await phone.synchronizeFolder()
    let code = try await phone.perform { try $0.invite() }

    // On the second one, where a person types the code.
    if try await laptop.perform({ try $0.isFolderLocked(shared) }) {
      try await laptop.perform { try $0.join(code, folder: shared) }
    }
    let round = try await laptop.synchronizeFolder()
    for file in round.aside { show("\(file.name): \(file.reason)") }
    #expect(try await laptop.read { try $0.record(list)?[List.name] } == "Saturday")
    #expect(try await phone.perform { try $0.isRecoveryKey(recoveryKey) })

    // The laptop is lost: the key is another one from now on.
    _ = try await phone.synchronizeFolder()
    let lost = try await phone.read { try $0.devices().first { $0.name == "laptop" }?.id }
    let holders = try await phone.perform { try $0.rotateKey(losing: lost) }
    #expect(!holders.contains("laptop"))
  }

  private func show(_ line: String) { Issue.record("a file was set aside: \(line)") }
}
