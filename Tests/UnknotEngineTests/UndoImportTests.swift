import Foundation
import SeededRandom
import TestSupport
import Testing
import UnknotCausality
import UnknotEngine
import UnknotStorage

/// What an import took in is taken back as one, and done again.
@Suite struct UndoImportTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// What a person sees: the records that are there, with their fields.
  private func view(_ device: TestDevice) throws -> [Dot: [FieldName: Value]] {
    var view: [Dot: [FieldName: Value]] = [:]
    try device.store.read { session in
      for table in testTables {
        for record in try session.records(in: table.name, RecordFilter()) {
          view[record.id] = record.fields.mapValues(\.visible).filter { $0.value != .null }
        }
      }
    }
    return view
  }

  private func importedLast(_ device: TestDevice) throws -> Bool {
    try device.store.read { try $0.operations(limit: 1).first?.isImport } == true
  }

  @Test func whatCameIsGoneAndComesAgain() throws {
    let a = try TestDevice("a", seed: 1)
    let b = try TestDevice("b", seed: 2)
    let shared = try a.create("visit", ["note": .text("a"), "size": .integer(1)])
    try a.send(to: b, in: folder)
    try b.edit(shared, ["note": .text("b"), "tags/x": .present])
    let made = try b.create("visit", ["note": .text("new")])
    let part = try b.create("part", parent: made, ["size": .integer(2)])
    let before = try view(a)
    try b.send(to: a, in: folder)
    let after = try view(a)
    #expect(before != after && after[part] != nil)

    let undone = try a.store.undo()
    #expect(undone.operation.label == "import of files" && undone.operation.changeCount == 3)
    #expect(undone.keptLater.isEmpty)
    #expect(try view(a) == before)
    _ = try a.store.redo()
    #expect(try view(a) == after)
    // It travels like any other change.
    _ = try a.store.undo()
    try a.send(to: b, in: folder)
    #expect(try view(b) == before)
    #expect(try a.digest == b.digest)
  }

  /// An operation of which nothing is left to take back is taken back all the same: the next undo goes further.
  @Test func nothingIsUndoneTwice() throws {
    let a = try TestDevice("a", seed: 1)
    let b = try TestDevice("b", seed: 2)
    let shared = try a.create("visit", ["note": .text("a")])
    try a.send(to: b, in: folder)
    try a.delete(shared)
    try b.delete(shared)
    let own = try a.create("visit", ["note": .text("own")])
    try b.send(to: a, in: folder)
    let undone = try a.store.undo()
    #expect(undone.operation.label == "import of files" && undone.changed.isEmpty)
    #expect(try a.store.undo().changed == [own])
    #expect(try a.store.undo().changed == [shared])
  }

  /// What was written since stays, and is told.
  @Test func whatWasWrittenSinceStays() throws {
    let a = try TestDevice("a", seed: 1)
    let b = try TestDevice("b", seed: 2)
    let shared = try a.create("visit", ["note": .text("a"), "size": .integer(1)])
    try a.send(to: b, in: folder)
    try b.edit(shared, ["note": .text("b"), "size": .integer(2)])
    try b.send(to: a, in: folder)
    let operation = try #require(try a.store.read { try $0.operations(limit: 1).first })
    try a.edit(shared, ["note": .text("later")])
    let undone = try a.store.undo(operation.id)
    #expect(undone.keptLater.map(\.field) == [FieldName("note")])
    #expect(try a.record(shared)["note"] == .text("later") && a.record(shared)["size"] == .integer(1))
    #expect(throws: StorageError.operationAlreadyReverted(operation.id)) { try a.store.undo(operation.id) }
  }

  /// A conflict that came with it is decided for what was here; a delete that came is taken back; one that was
  /// overruled by what came holds again.
  @Test func concurrentWritesFallBackToWhatWasHere() throws {
    let a = try TestDevice("a", seed: 1)
    let b = try TestDevice("b", seed: 2)
    let edited = try a.create("visit", ["note": .text("0")])
    let removedThere = try a.create("visit", ["note": .text("1")])
    let removedHere = try a.create("visit", ["note": .text("2")])
    try a.send(to: b, in: folder)
    try a.edit(edited, ["note": .text("a")])
    try a.edit(removedThere, ["note": .text("kept")])
    try a.delete(removedHere)
    try b.edit(edited, ["note": .text("b")])
    try b.delete(removedThere)
    try b.edit(removedHere, ["note": .text("back")])
    try b.send(to: a, in: folder)
    #expect(try a.conflicts().count == 3)
    _ = try a.store.undo()
    #expect(try a.conflicts().isEmpty)
    #expect(try a.record(edited)["note"] == .text("a"))
    #expect(try a.record(removedThere).isVisible)
    #expect(try !a.record(removedHere).isVisible)
  }

  /// An import before a fork was known: what it had found is called otherwise on one of the two, and is the same.
  @Test func itFollowsARenamedHistory() throws {
    let path = folder.path + "/a.sqlite"
    let a = try TestDevice("a", seed: 1, path: path)
    let record = try a.create("visit", ["note": .text("first"), "of": .text("first")])
    let other = try TestDevice("c", seed: 3)
    try a.send(to: other, in: folder, full: true)
    try FileManager.default.copyItem(atPath: path, toPath: folder.path + "/twin.sqlite")
    let twin = try TestDevice("a", seed: 2, path: folder.path + "/twin.sqlite")
    try a.edit(record, ["note": .text("a")])
    try twin.edit(record, ["of": .text("twin")])
    try other.edit(record, ["note": .text("c"), "of": .text("c")])
    for device in [a, twin] { try other.send(to: device, in: folder, full: true) }
    let imports = try [a, twin].map { device in
      try #require(try device.store.read { try $0.operations(limit: 1).first }).id
    }
    try a.send(to: twin, in: folder, full: true)
    try twin.send(to: a, in: folder, full: true)
    #expect(try a.digest == twin.digest)
    _ = try a.store.undo(imports[0])
    _ = try twin.store.undo(imports[1])
    #expect(try a.record(record)["note"] == .text("a"))
    #expect(try twin.record(record)["of"] == .text("twin"))
  }

  @Test func nothingNewIsNothingToUndo() throws {
    let a = try TestDevice("a", seed: 1)
    let b = try TestDevice("b", seed: 2)
    _ = try a.create("visit")
    try a.send(to: b, in: folder, full: true)
    _ = try b.store.undo()
    try a.send(to: b, in: folder, full: true)
    #expect(throws: StorageError.nothingToUndo) { try b.store.undo() }
  }

  /// Two devices that wrote the same without knowing of each other do not disagree: what a third one brings is taken back.
  @Test func whatComesBesideEqualValuesIsTakenBack() throws {
    let devices = try (0..<3).map { try TestDevice("d\($0)", seed: UInt64($0)) }
    let record = try devices[0].create("visit", ["note": .text("old")])
    for other in devices.dropFirst() { try devices[0].send(to: other, in: folder, full: true) }
    for (device, note) in zip(devices, ["equal", "equal", "other"]) {
      try device.edit(record, ["note": .text(note)])
    }
    // The one that is shown.
    devices[2].environment.set(1_800_000_000_000)
    try devices[2].edit(record, ["note": .text("newest")])
    try devices[1].send(to: devices[0], in: folder, full: true)
    try devices[2].send(to: devices[0], in: folder, full: true)
    #expect(try devices[0].record(record)["note"] == .text("newest"))
    let reverted = try devices[0].store.undo()
    #expect(reverted.keptLater.isEmpty)
    #expect(try devices[0].record(record)["note"] == .text("equal") && devices[0].conflicts().isEmpty)
  }

  /// Random histories of three devices: an undone import shows what was there before, a redone one what came.
  @Test(arguments: 0..<150) func randomHistories(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let devices = try (0..<3).map { try TestDevice("d\($0)", seed: seed &* 8 &+ UInt64($0)) }
    _ = try devices[0].create("visit", ["note": .text("0")])
    for other in devices.dropFirst() { try devices[0].send(to: other, in: folder, full: true) }
    var undone = 0
    for step in 0..<60 {
      let device = try #require(devices.randomElement(using: &generator))
      device.environment.set(1_700_000_000_000 + Int64.random(in: 0..<5, using: &generator) * 1000)
      let records = try view(device).keys.sorted()
      let record = records.randomElement(using: &generator)
      let number = Int64.random(in: 0..<4, using: &generator)
      switch Int.random(in: 0..<10, using: &generator) {
      case 0: _ = try device.create("visit", ["note": .text("\(number)"), "tags/t\(number)": .present])
      case 1:
        if let record, let below = ["visit": "part", "part": "detail"][try device.record(record).kind] {
          _ = try device.create(below, parent: record, ["place": .text("a\(number)")])
        }
      case 2, 3: if let record { try device.edit(record, ["note": .text("\(number)")]) }
      case 4:
        if let record { try device.edit(record, ["tags/t\(number)": .removed, "size": .integer(number)]) }
      case 5: if let record { try device.delete(record) }
      default:
        let other = try #require(devices.randomElement(using: &generator))
        guard other.name != device.name else { continue }
        let before = try view(device)
        let wasInConflict = Set(try device.conflicts())
        let result = try other.send(to: device, in: folder, full: true)
        guard result?.changesApplied ?? 0 > 0, Bool.random(using: &generator) else { continue }
        #expect(try importedLast(device))
        let after = try view(device)
        let reverted = try device.store.undo()
        undone += 1
        try expect(
          view(device), before, except: reverted.keptLater, wasInConflict, "seed \(seed), step \(step)")
        guard Bool.random(using: &generator), !reverted.changed.isEmpty else { continue }
        _ = try device.store.redo()
        try expect(
          view(device), after, except: reverted.keptLater, wasInConflict, "seed \(seed), step \(step), redo")
      }
    }
    #expect(undone > 0, "seed \(seed) undid nothing")
    for _ in 0..<3 {
      for one in devices {
        for other in devices where one.name != other.name { try one.send(to: other, in: folder, full: true) }
      }
    }
    #expect(try Set(devices.map { try $0.digest }).count == 1, "seed \(seed)")
  }

  /// A conflict that was there before cannot be had back, so what the import made of it stays: those fields aside.
  private func expect(
    _ found: [Dot: [FieldName: Value]], _ wanted: [Dot: [FieldName: Value]],
    except kept: [(record: Dot, field: FieldName)], _ wasInConflict: Set<String>, _ context: String
  ) throws {
    #expect(kept.allSatisfy { wasInConflict.contains("\($0.record) \($0.field)") }, "\(context)")
    let unsure = Set(
      wasInConflict.compactMap { $0.hasSuffix(" presence") ? $0.split(separator: " ").first : nil })
    for id in Set(found.keys).union(wanted.keys) where !unsure.contains(Substring(id.description)) {
      func fields(_ view: [Dot: [FieldName: Value]]) -> [FieldName: Value]? {
        view[id]?.filter { !wasInConflict.contains("\(id) \($0.key)") }
      }
      #expect(fields(found) == fields(wanted), "\(context): \(id)")
    }
  }
}
