import Foundation
import TestSupport
import Testing
import UnknotCausality
import UnknotEngine
import UnknotStorage

/// "One actor, one history" and "Forgetting" of `merge.md`, where what is right does not show in the state that all
/// come to: who writes as whom, what is known of others, and what is kept for them.
@Suite struct OneHistoryTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func copy(_ from: String, to path: String) throws {
    try? FileManager.default.removeItem(atPath: path)
    try FileManager.default.copyItem(atPath: from, toPath: path)
  }

  /// Two devices that hold one record, made on `a`, and know that of each other.
  func pair() throws -> (a: TestDevice, b: TestDevice, record: Dot) {
    let a = try TestDevice("a", seed: 1)
    let b = try TestDevice("b", seed: 2)
    let record = try a.create("visit", ["note": .text("n")])
    try a.send(to: b, in: folder)
    try b.edit(record, ["size": .integer(1)])
    try b.send(to: a, in: folder)
    return (a, b, record)
  }

  private func writer(_ device: TestDevice) throws -> ActorID? { try device.store.read { try $0.ownActor } }

  // MARK: One actor, one history

  @Test func aRestoredBackupWritesAsAnotherActor() throws {
    let path = folder.path + "/a.sqlite"
    let machine = TestNotes()
    let a = try TestDevice("a", seed: 1, path: path, notes: machine)
    let record = try a.create("visit")
    let before = try writer(a)
    try copy(path, to: folder.path + "/backup")
    try a.edit(record, ["note": .text("lost")])
    #expect(try writer(a) == before)

    try copy(folder.path + "/backup", to: path)
    let restored = try TestDevice("a", seed: 2, path: path, notes: machine)
    try restored.edit(record, ["note": .text("new")])
    #expect(try writer(restored) != before)
    #expect(try restored.store.read { try $0.devices()[0].epoch } == 1)
  }

  /// The whole home was restored, the note with it: nothing here tells of that, but the others' files do. The refused
  /// one is what this device learns it from; with the next files it has all of it again.
  @Test(arguments: [true, false]) func aRestoredHomeCatchesUpByPlainExports(hasWrittenSince: Bool) throws {
    let path = folder.path + "/a.sqlite"
    let machine = TestNotes()
    let a = try TestDevice("a", seed: 1, path: path, notes: machine)
    let b = try TestDevice("b", seed: 2)
    let record = try a.create("visit")
    try a.send(to: b, in: folder)
    try b.edit(record, ["size": .integer(1)])
    try b.send(to: a, in: folder)
    try copy(path, to: folder.path + "/backup")
    let note = machine.all
    try a.edit(record, ["note": .text("lost")])
    try a.send(to: b, in: folder)
    try b.edit(record, ["size": .integer(2)])

    try copy(folder.path + "/backup", to: path)
    machine.all = note
    let restored = try TestDevice("a", seed: 3, path: path, notes: machine)
    if hasWrittenSince { try restored.edit(record, ["place": .text("new")]) }
    let before = try restored.digest
    let sent = try b.synchronizer.export(to: .folder(folder.path), for: .device("a"), full: false)
    let file = try #require(sent.file)
    func refuse(_ options: MergeOptions) throws -> Bool {
      do {
        _ = try restored.synchronizer.importFiles([.path(file)], options)
      } catch SyncError.changesMissing(_, let missing, let isLoss) {
        #expect(missing.map(\.device) == ["a"])
        #expect(try restored.digest == before)
        return isLoss
      }
      Issue.record("it was taken in")
      return false
    }
    func epoch() throws -> Int64 { try restored.store.read { try $0.devices()[0].epoch } }
    // Trying it changes nothing, taking it in notes the loss, and once.
    #expect(try !refuse(MergeOptions(isDryRun: true)))
    #expect(try epoch() == 0)
    for _ in 0..<2 {
      #expect(try refuse(MergeOptions()))
      #expect(try epoch() == 1)
    }

    try restored.send(to: b, in: folder)
    try b.send(to: restored, in: folder)
    try restored.send(to: b, in: folder)
    #expect(try restored.digest == b.digest && restored.clock == b.clock)
    #expect(try restored.store.read { try $0.devices().map(\.name) } == ["a", "b"])
    #expect(try restored.record(record).fields[FieldName("note")]?.visible == .text("lost"))
  }

  @Test func aCopiedJournalIsAnotherDevice() throws {
    let path = folder.path + "/a.sqlite"
    let a = try TestDevice("a", seed: 1, path: path, notes: TestNotes())
    let record = try a.create("visit")
    try copy(path, to: folder.path + "/b.sqlite")
    let b = try TestDevice("b", seed: 2, path: folder.path + "/b.sqlite", notes: TestNotes())
    try b.edit(record, ["note": .text("b")])
    #expect(try writer(b) != writer(a))
    #expect(b.store.identityChange == .unnoted)
    let devices = try b.store.read { try $0.devices() }
    #expect(devices.map(\.name) == ["a", "a"] && Set(devices.map(\.id)).count == 2)
  }

  @Test func ownChangesMetInAFileGiveAnotherActor() throws {
    let path = folder.path + "/a.sqlite"
    let a = try TestDevice("a", seed: 1, path: path)
    let record = try a.create("visit")
    try copy(path, to: folder.path + "/twin.sqlite")
    let twin = try TestDevice("a", seed: 2, path: folder.path + "/twin.sqlite")
    try a.edit(record, ["note": .text("a")])
    #expect(try #require(try a.send(to: twin, in: folder, full: true)).forks.isEmpty)
    try twin.edit(record, ["note": .text("twin")])
    #expect(try writer(twin) != writer(a))
    #expect(try twin.clock[record.actor] == 2)
  }

  /// Of two branches one is renamed: on either device `undo` goes on meaning what was written there.
  @Test func undoFollowsARenamedHistory() throws {
    let path = folder.path + "/a.sqlite"
    let a = try TestDevice("a", seed: 1, path: path)
    let record = try a.create("visit", ["note": .text("first"), "of": .text("first")])
    try copy(path, to: folder.path + "/twin.sqlite")
    let twin = try TestDevice("a", seed: 2, path: folder.path + "/twin.sqlite")
    try a.edit(record, ["note": .text("a")])
    try twin.edit(record, ["of": .text("twin")])
    try a.send(to: twin, in: folder, full: true)
    try twin.send(to: a, in: folder, full: true)
    #expect(try a.digest == twin.digest)
    // The record was made before the fork: both know it under the name that it had.
    func visible(_ device: TestDevice) throws -> [Value?] {
      let record = try device.record(record)
      return [record["note"], record["of"]]
    }
    #expect(try visible(a) == [.text("a"), .text("twin")])
    // The import was the last that either did, its own edit the one before.
    _ = try a.store.undo()
    #expect(try visible(a) == [.text("a"), .text("first")])
    _ = try a.store.undo()
    #expect(try visible(a) == [.text("first"), .text("first")])
    _ = try twin.store.undo()
    #expect(try visible(twin) == [.text("first"), .text("twin")])
    _ = try twin.store.undo()
    #expect(try visible(twin) == [.text("first"), .text("first")])
  }

  // MARK: Exchange

  @Test func anExportIsNoAcknowledgement() throws {
    let (a, _, record) = try pair()
    try a.edit(record, ["note": .text("1")])
    for _ in 0..<2 {
      let sent = try a.synchronizer.export(to: .folder(folder.path), for: .device("b"), full: false)
      #expect(sent.changes == 1)
    }
  }

  // MARK: What a review found

  /// Two copies under one device's name, the other one with the longer history: one of them takes another name.
  @Test(arguments: [(1, 3), (3, 1), (2, 2)])
  func ofTwoLivingCopiesOneTakesAnotherName(own: Int, other: Int) throws {
    for seed in 0..<6 as Range<UInt64> {
      let path = folder.path + "/\(own)-\(other)-\(seed).sqlite"
      let a = try TestDevice("a", seed: 10 * seed + 1, path: path)
      let record = try a.create("visit", ["size": .integer(Int64(seed))])
      try copy(path, to: path + "-twin")
      let twin = try TestDevice("a", seed: 10 * seed + 2, path: path + "-twin")
      for number in 0..<own { try a.edit(record, ["note": .text("a\(number)")]) }
      for number in 0..<other { try twin.edit(record, ["place": .text("t\(number)")]) }
      try a.send(to: twin, in: folder, full: true)
      try twin.send(to: a, in: folder, full: true)
      #expect(try a.digest == twin.digest)
      let ids = try [a, twin].map { device in try device.store.read { try $0.devices()[0].id } }
      #expect(ids[0] != ids[1], "seed \(seed)")
    }
  }

  /// Undo takes back that an edit brought a removed record back, and brings none back itself.
  @Test func undoTakesBackThatAnEditBroughtBack() throws {
    let a = try TestDevice("a", seed: 1)
    let record = try a.create("visit", ["note": .text("1")])
    try a.delete(record)
    try a.edit(record, ["note": .text("2")])
    #expect(try a.record(record).isVisible)
    _ = try a.store.undo()
    #expect(try !a.record(record).isVisible)

    let other = try a.create("visit", ["note": .text("1")])
    let edit = try a.store.write("edit") { writer in
      _ = try writer.edit(other, ["note": .text("2")].named)
      return try writer.operation
    }
    try a.delete(other)
    let reverted = try a.store.undo(edit)
    #expect(reverted.keptLater.map(\.field) == [FieldName("note")])
    #expect(try !a.record(other).isVisible)
  }

  /// A child that is made, edited or restored brings its removed parents back: its undo takes them away again, and
  /// leaves those that somebody else had kept there.
  @Test func undoTakesBackThatAChildBroughtItsParentsBack() throws {
    let folder = try TemporaryFolder()
    let a = try TestDevice("a", seed: 41)
    let visit = try a.create("visit", ["note": .text("1")])
    let part = try a.create("part", parent: visit, ["size": .integer(1)])
    try a.delete(part)
    try a.delete(visit)
    func expectRemoved(_ records: [Dot], _ where: SourceLocation = #_sourceLocation) throws {
      for record in records { #expect(try !a.record(record).isPresent, sourceLocation: `where`) }
    }
    let detail = try a.create("detail", parent: part)
    #expect(try a.record(detail).isVisible)
    _ = try a.store.undo()
    try expectRemoved([visit, part, detail])
    _ = try a.store.redo()
    #expect(try a.record(detail).isVisible)
    _ = try a.store.undo()
    try a.edit(part, ["size": .integer(2)])
    #expect(try a.record(part).isVisible)
    _ = try a.store.undo()
    try expectRemoved([visit, part])
    try a.restore(part)
    #expect(try a.record(part).isVisible)
    _ = try a.store.undo()
    try expectRemoved([visit, part])

    // Removed here while a child of it was written there: it is present, and no undo of what comes later removes it.
    let b = try TestDevice("b", seed: 42)
    let kept = try a.create("visit", ["note": .text("1")])
    let child = try a.create("part", parent: kept, ["size": .integer(1)])
    try a.send(to: b, in: folder)
    try a.delete(kept)
    try b.edit(child, ["size": .integer(2)])
    try b.send(to: a, in: folder)
    #expect(try a.record(kept).isVisible)
    try a.edit(kept, ["note": .text("2")])
    _ = try a.store.undo()
    #expect(try a.record(kept).isVisible)
    let another = try a.create("part", parent: kept)
    _ = try a.store.undo()
    #expect(try a.record(kept).isVisible && !a.record(another).isPresent)
  }

  /// A backup's device counts its names again from where it was: of two names with one number one is in force.
  @Test func twoNamesOfOneDevice() throws {
    let (path, backup) = (folder.path + "/a.sqlite", folder.path + "/backup.sqlite")
    let machine = TestNotes()
    do {
      let a = try TestDevice("a", seed: 71, path: path, notes: machine)
      _ = try a.create("visit")
    }
    try copy(path, to: backup)
    let others = try (0..<2).map { try TestDevice("b\($0)", seed: UInt64(72 + $0)) }
    var last: TestDevice?
    for (seed, (name, other)) in zip(["Anna", "Adam"], others).enumerated() {
      try copy(backup, to: path)
      let a = try TestDevice("a", seed: UInt64(74 + seed), path: path, notes: machine)
      try a.store.write("rename") { try $0.renameDevice(name) }
      try a.send(to: other, in: folder, full: true)
      last = a
    }
    let a = try #require(last)
    for (device, other) in [(others[0], others[1]), (others[1], others[0]), (others[0], a), (a, others[0])] {
      try device.send(to: other, in: folder, full: true)
    }
    for device in others + [a] {
      let names = try device.store.read { try $0.devices().map(\.name) }
      #expect(names.contains("Anna") && !names.contains("Adam"), "\(device.name): \(names)")
    }
  }
}
