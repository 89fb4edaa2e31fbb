import Foundation
import SeededRandom
import TestSupport
import Testing
import UnknotCausality

@testable import UnknotEngine
@testable import UnknotStorage

/// A device with a folder of its own, as a carrier makes one on each machine.
final class SharingDevice {
  let name: String
  let path: String
  let folder: String
  let environment: TestEnvironment
  private(set) var replica: BlockingReplica
  private let notes: String
  private var count = 0

  init(_ name: String, in root: String, seed: UInt64, folder: String? = nil) throws {
    self.name = name
    path = "\(root)/\(name).sqlite"
    notes = "\(root)/\(name)-state"
    self.folder = folder ?? "\(root)/\(name)-folder"
    try FileManager.default.createDirectory(atPath: self.folder, withIntermediateDirectories: true)
    environment = TestEnvironment(seed: seed)
    replica = try Self.open(path, name, environment, notes)
    try replica.write("init") { try $0.renameDevice(name) }
    try replica.setFolder(self.folder)
  }

  private static func open(
    _ path: String, _ name: String, _ environment: TestEnvironment, _ notes: String
  ) throws -> BlockingReplica {
    try Replica(
      blockingAt: path, kinds: testTables, deviceName: name, environment: environment, noteFolder: notes
    ).blocking
  }

  func reopen() throws { replica = try Self.open(path, name, environment, notes) }

  func log() throws {
    count += 1
    _ = try replica.write("log") {
      try $0.create("visit", parent: nil, [FieldName("note"): .text("\(name) \(count)")])
    }
  }

  func edit(_ random: inout SeededGenerator) throws {
    let records = try replica.read { try $0.records(in: "visit", RecordFilter(limit: 50)).map(\.id) }
    guard let record = records.randomElement(using: &random) else { return try log() }
    count += 1
    try replica.write("edit") { try $0.edit(record, [FieldName("note"): .text("\(name) edits \(count)")]) }
  }

  @discardableResult
  func round(tidies: Bool = false) throws -> FolderRoundResult {
    try replica.synchronizeFolder(tidies: tidies)
  }

  func pass(days: Int64 = 1) { environment.clock.advance(seconds: days * 86_400) }

  var id: DeviceID? { get throws { try replica.read { try $0.devices().first(where: \.isThis)?.id } } }
  var digest: [UInt8] { get throws { try replica.read { try $0.digest() } } }
  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") } }
  }
}

/// Devices with one journal, of which the first one wrote something.
///
/// - Parameter shared: whether they have one folder together.
func sharingDevices(_ count: Int, in folder: TemporaryFolder, shared: Bool = true) throws -> [SharingDevice] {
  let all = try (0..<count).map {
    try SharingDevice(
      "device \($0)", in: folder.path, seed: UInt64($0) + 1, folder: shared ? "\(folder.path)/shared" : nil)
  }
  // What it is a journal of, the first one says to all.
  try all[0].log()
  let file = "\(folder.path)/first.unknot"
  _ = try all[0].replica.export(to: .file(file), for: .everyone, full: true)
  for device in all.dropFirst() { _ = try device.replica.importFiles([.path(file)]) }
  return all
}
