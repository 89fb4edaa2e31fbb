import Foundation
import TestSupport
import Testing
import UnknotEngine

/// What a file could not carry to other devices is not written at all.
@Suite struct RefusedWriteTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func open(_ name: String, device: String = "phone", seed: UInt64 = 1) throws -> BlockingReplica {
    try Replica(
      blockingAt: "\(folder.path)/\(name)", kinds: testTables, deviceName: device,
      environment: TestEnvironment(seed: seed)
    ).blocking
  }

  private func expectRefusal(_ body: () throws -> Void) {
    #expect {
      try body()
    } throws: {
      if case StorageError.invalidWrite = $0 { true } else { false }
    }
  }

  @Test(arguments: ["\0", "a\0b", "a\0"]) func aTextWithANULIsRefused(text: String) throws {
    let replica = try open("a.sqlite")
    let visit = try replica.write("add") { try $0.create("visit", parent: nil, ["note": .text("a")].named) }
    let digest = try replica.read { try $0.digest() }
    expectRefusal {
      try replica.write("add") { _ = try $0.create("visit", parent: nil, ["note": .text(text)].named) }
    }
    expectRefusal {
      try replica.write("edit") { _ = try $0.edit(visit, ["note": .text(text)].named) }
    }
    // A part of an operation takes the whole of it back.
    expectRefusal {
      try replica.write("both") {
        _ = try $0.create("visit", parent: nil, [:])
        _ = try $0.edit(visit, ["note": .text(text)].named)
      }
    }
    #expect(try replica.read { try $0.digest() } == digest)
    let result = try replica.export(to: .file("\(folder.path)/a.unknot"))
    #expect(result.changes == 1)
  }

  private static let refusedNames = [
    "a\0", String(repeating: "a", count: 257), String(repeating: "ä", count: 129),
  ]

  @Test(arguments: refusedNames) func aDeviceNameThatCannotTravelIsRefused(name: String) throws {
    expectRefusal {
      _ = try open("new.sqlite", device: name).write("add") { try $0.create("visit", parent: nil, [:]) }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)

    let replica = try open("a.sqlite")
    try replica.write("add") { _ = try $0.create("visit", parent: nil, [:]) }
    expectRefusal { try replica.write("rename") { try $0.renameDevice(name) } }
    #expect(try replica.read { try $0.devices().map(\.name) } == ["phone"])
    #expect(try replica.export(to: .file("\(folder.path)/a.unknot")).changes == 1)
  }

  @Test func theLongestDeviceNameTravels() throws {
    let name = String(repeating: "ä", count: 128)
    let (phone, laptop) = (
      try open("a.sqlite", device: name), try open("b.sqlite", device: "laptop", seed: 2)
    )
    try phone.write("add") { _ = try $0.create("visit", parent: nil, [:]) }
    _ = try phone.export(to: .file("\(folder.path)/a.unknot"))
    _ = try laptop.importFiles([.path("\(folder.path)/a.unknot")])
    #expect(try laptop.read { try $0.devices().map(\.name) } == ["laptop", name])
  }
}
