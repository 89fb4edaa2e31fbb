import Foundation
import UnknotCausality
import UnknotEngine
import UnknotStorage

/// Devices that write 10 changes each and then import what all others wrote, again and again.
enum Household {
  private final class Clock: ReplicaEnvironment, @unchecked Sendable {
    private let lock = NSLock()
    private var generator = SystemRandomNumberGenerator()
    func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1000) }
    func randomBytes(_ count: Int) -> [UInt8] {
      lock.withLock { (0..<count).map { _ in .random(in: 0...255, using: &generator) } }
    }
  }

  /// About 20,000 changes, of hundreds of devices 20 each; measured on the first device.
  static func bytesPerChange(devices count: Int) throws -> (file: Double, disk: Double) {
    let folder = NSTemporaryDirectory() + "unknot-household-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let devices = try (0..<count).map { number in
      try Store(
        path: "\(folder)/\(number).sqlite", tables: Workload.tables, deviceName: "device \(number)",
        environment: Clock(), notes: nil, durability: .everyCheckpoint)
    }
    // Among hundreds, what one round costs grows with their square: two of them show it.
    let rounds = count < 100 ? 20_000 / (count * 10) : 2
    var index = 0
    func write(_ device: Store) throws {
      try device.write("write") { writer in
        try Workload.records(index..<index + 10) { _ = try writer.create(Workload.shape, parent: nil, $0) }
      }
      index += 10
    }
    func carry(_ files: [String], to device: Store) throws {
      _ = try Synchronizer(store: device).importFiles(files.map { .path($0) })
    }
    func news(of device: Store, _ name: String, for receiver: String?, full: Bool = false) throws -> String? {
      try Synchronizer(store: device).export(
        to: .file("\(folder)/\(name).unknot"), for: Receiver(device: receiver), full: full
      ).file
    }
    // The others begin with what the first one has.
    try write(devices[0])
    let start = try news(of: devices[0], "start", for: nil, full: true)
    for device in devices.dropFirst() { try carry([start].compactMap { $0 }, to: device) }
    for round in 0..<rounds {
      for device in devices { try write(device) }
      // Everyone's news goes to the first, and from there to everyone: all hold the same after each round.
      let files = try devices.enumerated().dropFirst().compactMap { number, device in
        try news(of: device, "\(round)-\(number)", for: "device 0")
      }
      try carry(files, to: devices[0])
      let all = try news(of: devices[0], "\(round)-all", for: nil)
      for device in devices.dropFirst() { try carry([all].compactMap { $0 }, to: device) }
      for file in files + [all].compactMap({ $0 }) { try FileManager.default.removeItem(atPath: file) }
    }
    let full = "\(folder)/full.unknot"
    let result = try Synchronizer(store: devices[0]).export(to: .file(full), for: .everyone, full: true)
    try devices[0].checkpoint()
    let disk = try FileManager.default.attributesOfItem(atPath: "\(folder)/0.sqlite")[.size] as? Int ?? 0
    return (Double(result.bytes) / Double(index), Double(disk) / Double(index))
  }
}
