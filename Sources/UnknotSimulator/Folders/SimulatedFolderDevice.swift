import Foundation
import SeededRandom
import UnknotCausality
import UnknotEngine
import UnknotStorage

/// A clock that is set from outside, and randomness from the seed.
final class FolderEnvironment: ReplicaEnvironment, @unchecked Sendable {
  // One thread runs a simulation.
  private var generator: SeededGenerator
  var milliseconds: Int64 = 1_700_000_000_000

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  func now() -> Int64 { milliseconds }
  func randomBytes(_ count: Int) -> [UInt8] { generator.bytes(count) }
}

/// A computer with a journal, its notes and keys, and a copy of the shared folder.
final class SimulatedFolderDevice {
  static let kinds = [
    RecordKind(name: "visit", fields: [RecordField("note", .text)], timeField: nil)
  ]

  let name: String
  /// All that this computer has.
  let home: String
  let environment: FolderEnvironment
  private(set) var replica: BlockingReplica
  /// Each a copy of the home.
  private(set) var backups: [String] = []
  private var count = 0

  /// Its copy of the shared folder.
  let folder: String

  /// - Parameters:
  ///   - source: whose journal is copied, and whether with what lies beside it; nil: a new one.
  ///   - folder: one that all of them share; nil: a copy of its own.
  init(
    _ name: String, in root: String, seed: UInt64,
    copying source: (device: SimulatedFolderDevice, withState: Bool)? = nil, folder: String? = nil
  ) throws {
    self.name = name
    home = "\(root)/\(name)"
    self.folder = folder ?? "\(root)/\(name)/folder"
    environment = FolderEnvironment(seed: seed)
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    try FileManager.default.createDirectory(atPath: self.folder, withIntermediateDirectories: true)
    if let (device, withState) = source {
      for part in withState ? ["journal.sqlite", "state"] : ["journal.sqlite"] {
        try FileManager.default.copyItem(atPath: "\(device.home)/\(part)", toPath: "\(home)/\(part)")
      }
    }
    replica = try Self.open(home, name, environment)
    try replica.write("name") { try $0.renameDevice(name) }
    try replica.setFolder(self.folder)
  }

  private static func open(
    _ home: String, _ name: String, _ environment: FolderEnvironment
  ) throws -> BlockingReplica {
    try Replica(
      blockingAt: "\(home)/journal.sqlite", kinds: kinds, deviceName: name, environment: environment,
      noteFolder: "\(home)/state"
    ).blocking
  }

  func reopen() throws { replica = try Self.open(home, name, environment) }

  func pass(days: Int64) { environment.milliseconds += days * 86_400_000 }

  // MARK: Writes

  /// - Returns: what was written: nobody else writes the same.
  @discardableResult
  func log() throws -> String {
    count += 1
    let text = "\(name) \(count) \(environment.randomBytes(4))"
    _ = try replica.write("log") { try $0.create("visit", parent: nil, [FieldName("note"): .text(text)]) }
    return text
  }

  func edit(_ generator: inout SeededGenerator) throws {
    let records = try replica.read { try $0.records(in: "visit", RecordFilter(limit: 50)).map(\.id) }
    guard let record = generator.element(of: records) else {
      _ = try log()
      return
    }
    count += 1
    try replica.write("edit") { try $0.edit(record, [FieldName("note"): .text("\(name) edits \(count)")]) }
  }

  /// Every text that was ever written here or came here, of records as they were begun.
  func texts() throws -> Set<String> {
    var texts: Set<String> = []
    try replica.read { session in
      for record in try session.records(in: "visit", RecordFilter()) {
        try session.forEachChange(of: record.id) { entry in
          if entry.change.shape.action == .create, case .text(let text) = entry.values[FieldName("note")] {
            texts.insert(text)
          }
        }
      }
    }
    return texts
  }

  func digest() throws -> [UInt8] { try replica.read { try $0.digest() } }

  func id() throws -> DeviceID? { try replica.read { try $0.devices().first(where: \.isThis)?.id } }

  // MARK: Copies

  func backUp() throws {
    let target = "\(home)/backup-\(backups.count)"
    try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
    for part in ["journal.sqlite", "state"] {
      try FileManager.default.copyItem(atPath: "\(home)/\(part)", toPath: "\(target)/\(part)")
    }
    backups.append(target)
  }

  /// - Parameter withState: the whole home is restored, and not the journal alone.
  func restore(_ backup: String, withState: Bool) throws {
    for part in withState ? ["journal.sqlite", "state"] : ["journal.sqlite"] {
      try FileManager.default.removeItem(atPath: "\(home)/\(part)")
      try FileManager.default.copyItem(atPath: "\(backup)/\(part)", toPath: "\(home)/\(part)")
    }
    try reopen()
  }
}
