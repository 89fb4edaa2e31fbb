import Foundation
import UnknotCausality
import UnknotStorage
import UnknotSync

/// Devices that write 10 changes each and then import what all others wrote, again and again.
enum Household {
  private final class Clock: UnknotStorage.Environment, @unchecked Sendable {
    private let lock = NSLock()
    private var generator = SystemRandomNumberGenerator()
    func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1000) }
    func randomBytes(_ count: Int) -> [UInt8] {
      lock.withLock { (0..<count).map { _ in .random(in: 0...255, using: &generator) } }
    }
  }

  /// About 20,000 changes, whatever the number of devices; measured on the first device.
  static func bytesPerChange(devices count: Int) throws -> (file: Double, disk: Double) {
    let folder = NSTemporaryDirectory() + "unknot-household-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let devices = try (0..<count).map { number in
      try Store(
        path: "\(folder)/\(number).sqlite", tables: Workload.tables, deviceName: "device \(number)",
        environment: Clock(), sidecar: nil, durability: .everyCheckpoint)
    }
    let rounds = max(20_000 / (count * 10), 2)
    var index = 0
    for round in 0..<rounds {
      for device in devices {
        try device.write("write") { writer in
          try Workload.records(index..<index + 10) {
            _ = try writer.create(Workload.shape, parent: nil, $0)
          }
        }
        index += 10
      }
      // Everyone's news goes to the first, and from there to everyone: all hold the same after each round.
      var files: [String] = []
      for (number, device) in devices.enumerated().dropFirst() {
        let file = "\(folder)/\(round)-\(number).unknot"
        let result = try Synchronizer(store: device).export(
          to: file, folder: folder, for: round == 0 ? nil : "device 0", full: false)
        if let file = result.file { files.append(file) }
      }
      if round == 0 {
        // Journals that were begun apart become one.
        for file in files {
          _ = try Synchronizer(store: devices[0]).importFiles([file], dryRun: false, join: true)
        }
      } else {
        _ = try Synchronizer(store: devices[0]).importFiles(files, dryRun: false, join: false)
      }
      let all = "\(folder)/\(round)-all.unknot"
      _ = try Synchronizer(store: devices[0]).export(to: all, folder: folder, for: nil, full: round == 0)
      for device in devices.dropFirst() {
        _ = try Synchronizer(store: device).importFiles([all], dryRun: false, join: round == 0)
      }
    }
    let full = "\(folder)/full.unknot"
    let result = try Synchronizer(store: devices[0]).export(to: full, folder: folder, for: nil, full: true)
    try devices[0].checkpoint()
    let disk = try FileManager.default.attributesOfItem(atPath: "\(folder)/0.sqlite")[.size] as? Int ?? 0
    return (Double(result.bytes) / Double(index), Double(disk) / Double(index))
  }
}
