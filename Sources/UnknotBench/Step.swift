import ArgumentParser
import CBenchReference
import UnknotCausality
import UnknotEngine
import UnknotStorage

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// How SQLite keeps what is committed, on both sides of a comparison.
enum Mode: String, ExpressibleByArgument, CaseIterable {
  /// What people's journals have: rollback journal, every commit on the disk.
  case delete
  /// What the peers are measured with.
  case wal

  var pragmas: String {
    self == .wal
      ? "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL"
      : "PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA"
  }
  var durability: Store.Durability { self == .wal ? .everyCheckpoint : .everyCommit }
}

/// One thing that is measured, in a process of its own. It prints lines of a name and a number.
struct Step: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "One step, for `run`.", shouldDisplay: false)

  enum Kind: String, ExpressibleByArgument {
    case referenceWrite, referenceLog, sessionWrite, sessionApply
    case write, export, importFile, importAgain, edits, conflicts, add, touch, list, keys, seal, join
  }

  @Argument var kind: Kind
  @Argument var database: String
  @Option var mode = Mode.wal
  @Option var records = 0
  @Option var device = ""
  @Option var file = ""
  @Option var receiver: String?
  /// One that is shared.
  @Option var folder = ""
  @Option var name = "laptop"

  private struct Clock: ReplicaEnvironment {
    func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1000) }
    func randomBytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in .random(in: 0...255) } }
  }

  private func report(_ name: String, _ value: Double) { print(name, value) }

  private func timed(_ name: String = "seconds", _ body: () throws -> Void) rethrows {
    let start = w_seconds()
    try body()
    report(name, w_seconds() - start)
  }

  private func opened() throws -> Store {
    try Store(
      path: database, tables: Workload.tables, deviceName: name, environment: Clock(),
      notes: NoteFolder(folder: database + ".state", journal: database), durability: mode.durability)
  }

  private func replica() throws -> BlockingReplica {
    try Replica(
      blockingAt: database, kinds: Workload.tables, deviceName: name, environment: Clock(),
      noteFolder: database + ".state"
    ).blocking
  }

  func run() throws {
    switch kind {
    case .referenceWrite, .referenceLog: try writeReference()
    case .sessionWrite: try writeSession()
    case .sessionApply: try applySession()
    case .write: try write()
    case .export: try export()
    case .importFile, .importAgain: try importFile()
    case .edits: try edit()
    case .conflicts:
      let store = try opened()
      try timed {
        let conflicts = try store.read { try $0.conflictKeys() }
        report("conflicts", Double(conflicts.count))
      }
    case .add:
      // Changes of this device that come after a journal of `records`.
      try opened().write("add") { writer in
        try Workload.records(records..<records + 1000) {
          _ = try writer.create(Workload.shape, parent: nil, $0)
        }
      }
    case .touch:
      try opened().write("touch") { _ = try $0.create("note", parent: nil, [:]) }
    case .keys: try writeKeys()
    case .seal:
      let replica = try replica()
      try replica.beginSealing()
      try replica.recoveryKey().write(toFile: file, atomically: true, encoding: .utf8)
    case .join: try replica().join(String(contentsOfFile: file, encoding: .utf8), folder: folder)
    case .list:
      let store = try opened()
      try timed {
        for _ in 0..<100 { _ = try store.read { try $0.records(in: "rec", RecordFilter(limit: 20)) } }
      }
    }
    report("peak", Double(Self.peakKilobytes))
  }

  // MARK: What it is compared with

  private func writeReference() throws {
    let seconds = reference_write(database, mode.pragmas, UInt32(records), kind == .referenceLog ? 1 : 0)
    guard seconds >= 0 else { throw ExitCode.failure }
    report("seconds", seconds)
  }

  private func writeSession() throws {
    var seconds = [0.0, 0.0]
    let number: Int32 = device == "a" ? 1 : device == "b" ? 2 : 0
    guard session_write(database, mode.pragmas, UInt32(records), number, file, &seconds) != 0 else {
      throw ExitCode.failure
    }
    report("write", seconds[0])
    report("seconds", seconds[1])
  }

  private func applySession() throws {
    var conflicts: Int64 = 0
    let seconds = session_apply(database, mode.pragmas, file, &conflicts)
    guard seconds >= 0 else { throw ExitCode.failure }
    report("seconds", seconds)
    report("conflicts", Double(conflicts))
  }

  // MARK: What is measured

  private func export() throws {
    let store = try opened()
    try timed {
      let result = try Synchronizer(store: store)
        .export(to: .file(file), for: Receiver(device: receiver), full: receiver == nil)
      report("changes", Double(result.changes))
    }
  }

  private func importFile() throws {
    // Closing is part of it, as it is for the reference.
    var store: Store? = try opened()
    try timed {
      guard let synchronizer = store.map({ Synchronizer(store: $0) }) else { return }
      store = nil
      let result = try synchronizer.importFiles([.path(file)])
      report("changes", Double(result.changesApplied))
      report("conflicts", Double(result.conflictsNew))
    }
  }

  /// One record that has a map with so many keys.
  private func writeKeys() throws {
    let store = try opened()
    let record = try store.write("create") { try $0.create("note", parent: nil, [:]) }
    // As many as one change may name.
    for first in stride(from: 0, to: records, by: Shape.maximumFields) {
      let keys = (first..<min(first + Shape.maximumFields, records)).map {
        FieldName("map", key: "key\($0)")
      }
      try store.write("edit") { writer in
        _ = try writer.edit(record, Dictionary(uniqueKeysWithValues: keys.map { ($0, .integer(1)) }))
      }
    }
  }

  private func write() throws {
    let store = try opened()
    try timed {
      for first in stride(from: 0, to: records, by: 1000) {
        try store.write("bench") { writer in
          try Workload.records(first..<min(first + 1000, records)) {
            _ = try writer.create(Workload.shape, parent: nil, $0)
          }
        }
      }
    }
  }

  /// The records are those of the first actor, in order.
  private func edit() throws {
    let store = try opened()
    guard let device = Workload.Device(rawValue: device),
      let actor = try store.read({ reader in
        try reader.records(in: "rec", RecordFilter(limit: 1)).first?.id.actor
      })
    else { throw ValidationError("no device, or no records") }
    let edits = Workload.edits(of: device, count: records)
    try timed {
      for first in stride(from: 0, to: edits.count, by: 1000) {
        try store.write("edit") { writer in
          for edit in edits[first..<min(first + 1000, edits.count)] {
            _ = try writer.edit(Dot(actor, UInt64(edit.index) + 1), [edit.field: edit.value])
          }
        }
      }
    }
    report("edits", Double(edits.count))
  }

  /// The most memory that this process has had in use.
  private static var peakKilobytes: Int {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return 0 }
    for line in status.split(separator: "\n") where line.hasPrefix("VmHWM:") {
      return line.split(separator: " ").compactMap { Int($0) }.first ?? 0
    }
    return 0
  }
}
