import Foundation
import SeededRandom
import TestSupport
import Testing
import UnknotCausality

@testable import UnknotEngine
@testable import UnknotStorage

/// Carriers deliver late, in part, twice, under other names, again after removal, or not at all.
@Suite struct FolderCarrierTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Files by name as a carrier keeps them: late, in part, twice, under other names, back again, and gone.
  private final class Carrier {
    private var files: [String: Data] = [:]
    private var removed: [String: Data] = [:]
    var isFaulty = true

    func visit(_ device: SharingDevice, _ random: inout SeededGenerator) throws {
      let here = try Set(device.names)
      for name in here where files[name] == nil && removed[name] == nil {
        files[name] = try Data(contentsOf: URL(filePath: "\(device.folder)/\(name)"))
      }
      seen[device.name, default: []].formUnion(here)
      for name in seen[device.name] ?? [] where !here.contains(name) {
        if let bytes = files.removeValue(forKey: name) { removed[name] = bytes }
        seen[device.name]?.remove(name)
      }
      for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
        let path = "\(device.folder)/\(name)"
        if isFaulty, Int.random(in: 0..<10, using: &random) < 3 { continue }
        if isFaulty, Int.random(in: 0..<12, using: &random) == 0 {
          try bytes.prefix(Int.random(in: 0..<bytes.count, using: &random)).write(to: URL(filePath: path))
        } else if try here.contains(name) ? Data(contentsOf: URL(filePath: path)) != bytes : true {
          try bytes.write(to: URL(filePath: path))
        }
        seen[device.name, default: []].insert(name)
        if isFaulty, Int.random(in: 0..<20, using: &random) == 0 {
          try bytes.write(to: URL(filePath: "\(path).sync-conflict(1)"))
        }
      }
      for name in removed.keys.sorted() {
        let path = "\(device.folder)/\(name)"
        if isFaulty, Int.random(in: 0..<6, using: &random) == 0 {
          try removed[name]?.write(to: URL(filePath: path))
        } else if seen[device.name]?.contains(name) == true {
          try? FileManager.default.removeItem(atPath: path)
          seen[device.name]?.remove(name)
        }
      }
    }

    private var seen: [String: Set<String>] = [:]
  }

  @Test(arguments: 0..<10) func whateverACarrierDoesAllComeToTheSame(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let all = try sharingDevices(Int.random(in: 2...4, using: &random), in: folder, shared: false)
    let carrier = Carrier()
    for _ in 0..<120 {
      let device = all[Int.random(in: 0..<all.count, using: &random)]
      switch Int.random(in: 0..<20, using: &random) {
      case 0..<4: try device.log()
      case 4..<7: try device.edit(&random)
      case 7..<11: try device.round()
      case 11..<16: try carrier.visit(device, &random)
      case 16: device.pass(days: Int64.random(in: 0...9, using: &random))
      case 17:
        device.environment.clock.advance(
          seconds: Int64.random(in: -3_000_000_000...3_000_000_000, using: &random))
      case 18:
        for name in try device.names where Bool.random(using: &random) {
          try FileManager.default.removeItem(atPath: "\(device.folder)/\(name)")
        }
      default: try device.reopen()
      }
    }
    carrier.isFaulty = false
    for device in all { device.environment.set(1_800_000_000_000) }
    for _ in 0..<60 {
      for device in all {
        try carrier.visit(device, &random)
        device.pass()
        try device.round()
        try carrier.visit(device, &random)
      }
    }
    #expect(try Set(all.map { try $0.digest }).count == 1)
    for device in all {
      #expect(try device.replica.verify() == [])
      #expect(try device.names.count { !$0.contains("sync-conflict") } <= 17 * all.count + 3)
    }
    let newcomer = try SharingDevice("newcomer", in: folder.path, seed: 77)
    try carrier.visit(newcomer, &random)
    try newcomer.round()
    #expect(try newcomer.digest == all[0].digest)
  }
}
