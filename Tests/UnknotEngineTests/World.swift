import Foundation
import TestSupport
import Testing
import UnknotCausality
import UnknotEngine
import UnknotStorage

/// Some fields are declared otherwise than they are written, and some not at all.
let testTables = [
  RecordKind(
    name: "visit",
    fields: [
      RecordField("note", .text), RecordField("size", .integer), RecordField("tags", .set),
      RecordField("other", .reference), RecordField("title", .text),
    ], timeField: "at"),
  RecordKind(
    name: "part",
    fields: [RecordField("note", .text), RecordField("size", .text), RecordField("tags", .map)],
    orderField: "place", parentName: "visit"),
  RecordKind(name: "detail"),
]

/// A replica of these tables in a file, for the length of a test.
func openReplica(_ path: String, seed: UInt64 = 1) throws -> BlockingReplica {
  try Replica(
    blockingAt: path, kinds: testTables, deviceName: "other", environment: TestEnvironment(seed: seed)
  ).blocking
}

/// The notes of one machine, in memory.
final class TestNotes: DeviceNotes, @unchecked Sendable {
  private let lock = NSLock()
  private var notes: [DeviceID: [UInt8]]
  let place = "journal"

  init(_ notes: [DeviceID: [UInt8]] = [:]) { self.notes = notes }

  /// To be put back as a restored home does it.
  var all: [DeviceID: [UInt8]] {
    get { lock.withLock { notes } }
    set { lock.withLock { notes = newValue } }
  }

  func load(_ device: DeviceID) throws -> [UInt8]? { all[device] }
  func devices() throws -> [DeviceID] { Array(all.keys) }
  func isTaken(_ place: String, by device: DeviceID) -> Bool { false }
  func save(_ note: [UInt8], of device: DeviceID, replacing expected: [UInt8]?) throws -> Bool {
    lock.withLock {
      guard notes[device] == expected else { return false }
      notes[device] = note
      return true
    }
  }
}

struct TestDevice {
  let name: String
  let environment: TestEnvironment
  let store: Store
  let synchronizer: Synchronizer
  let notes: (any DeviceNotes)?

  /// - Parameters:
  ///   - path: nil keeps the journal in memory.
  ///   - notes: nil: nothing outside the journal tells a copy from the original.
  init(
    _ name: String, seed: UInt64, path: String? = nil, tables: [RecordKind] = testTables,
    notes: (any DeviceNotes)? = nil
  ) throws {
    self.name = name
    self.notes = notes
    environment = TestEnvironment(seed: seed)
    store = try Store(
      path: path, tables: tables, deviceName: name, environment: environment, notes: notes)
    synchronizer = Synchronizer(store: store)
  }

  /// A journal's file is made by the first write.
  func makeFile() throws { try store.write("init") { try $0.renameDevice(name) } }

  /// Where they are in memory.
  var notesOfMachine: [DeviceID: [UInt8]] { (notes as? TestNotes)?.all ?? [:] }

  var clock: VectorClock { get throws { try store.read { $0.clock } } }
  /// What a form remembers that is opened now.
  var form: Form { get throws { try store.read { try $0.form } } }
  var digest: [UInt8] { get throws { try store.read { try $0.digest() } } }

  func create(_ table: String, parent: Dot? = nil, _ fields: [String: Value] = [:]) throws -> Dot {
    try store.write("create") { try $0.create(table, parent: parent, fields.named) }
  }

  @discardableResult
  func edit(_ record: Dot, _ fields: [String: Value], asOf: Form? = nil) throws -> Bool {
    try store.write("edit", asOf: asOf) { try $0.edit(record, fields.named) }
  }

  @discardableResult
  func delete(_ record: Dot) throws -> Bool { try store.write("delete") { try $0.delete(record) } }

  @discardableResult
  func restore(_ record: Dot) throws -> Bool { try store.write("restore") { try $0.restore(record) } }

  func record(_ id: Dot) throws -> StoredRecord { try #require(try store.read { try $0.record(id) }) }

  /// All that stand in a field's register, the visible one first.
  func values(of record: Dot, _ field: String) throws -> [Value] {
    try store.read { try $0.register(of: record, FieldName(field))?.entries.map(\.value) ?? [] }
  }

  func conflicts() throws -> [String] {
    try store.read { try $0.conflictKeys().map { "\($0.record) \($0.field)" } }
  }

  /// Everything that the other may lack, by way of a file.
  @discardableResult
  func send(to other: TestDevice, in folder: TemporaryFolder, full: Bool = false) throws -> ImportResult? {
    let result = try synchronizer.export(to: .folder(folder.path), for: .everyone, full: full)
    return try result.file.map { try other.synchronizer.importFiles([.path($0)]) }
  }
}

extension [String: Value] {
  /// A name with a slash is a key of a map.
  var named: [FieldName: Value] {
    [FieldName: Value](
      uniqueKeysWithValues: map { name, value in
        let parts = name.split(separator: "/", maxSplits: 1)
        return (FieldName(String(parts[0]), key: parts.count == 2 ? String(parts[1]) : nil), value)
      })
  }
}
