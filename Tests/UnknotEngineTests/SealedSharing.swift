import Foundation
import SeededRandom
import TestSupport
import Testing
import UnknotCausality
import UnknotChangeset
import UnknotSealing

@testable import UnknotEngine
@testable import UnknotStorage

/// Tests with devices that share a sealed folder.
protocol SealedSharing {
  var folder: TemporaryFolder { get }
}

final class Collected { var bytes: [UInt8] = [] }

extension SealedSharing {
  /// Devices with one journal and its key.
  func devices(_ count: Int, shared: Bool = true) throws -> [SharingDevice] {
    let all = try sharingDevices(count, in: folder, shared: shared)
    try all[0].replica.beginSealing()
    try all[0].round()
    if !shared { for device in all.dropFirst() { try carry(all[0], to: device) } }
    for device in all.dropFirst() { try device.replica.join(all[0].replica.recoveryKey()) }
    return all
  }

  func carry(_ one: SharingDevice, to other: SharingDevice) throws {
    for name in try one.names where !FileManager.default.fileExists(atPath: "\(other.folder)/\(name)") {
      try FileManager.default.copyItem(atPath: "\(one.folder)/\(name)", toPath: "\(other.folder)/\(name)")
    }
  }

  func exchange(_ devices: [SharingDevice], rounds: Int = 3) throws {
    for _ in 0..<rounds { for device in devices { try device.round() } }
  }

  func expectSame(_ devices: [SharingDevice]) throws {
    #expect(try Set(devices.map { try $0.digest }).count == 1)
  }

  func states(_ device: SharingDevice) throws -> [SharedFile.State: Int] {
    Dictionary(try device.replica.folderFiles().map { ($0.state, 1) }, uniquingKeysWith: +)
  }

  /// A file as a device would write it with these keys.
  func file(_ device: SharingDevice, _ keys: KeyFile?, _ name: String, in target: String) throws {
    let file = Collected()
    let synchronizer = device.replica.synchronizer
    try device.replica.store.read { session in
      let sealing = Sealing(keys: keys, epoch: 0)
      try synchronizer.write(session, sealing, after: VectorClock(), nil) { file.bytes += $0 }
    }
    try Data(file.bytes).write(to: URL(filePath: "\(target)/\(name)"))
  }

  func keys(_ device: SharingDevice) throws -> KeyFile {
    try #require(try Sealing(device.replica.store).keys)
  }
}
