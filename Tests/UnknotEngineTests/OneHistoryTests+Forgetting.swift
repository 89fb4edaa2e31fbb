import TestSupport
import Testing
import UnknotCausality
import UnknotEngine
import UnknotStorage

/// "Forgetting" of `merge.md`: what a device may lack is kept for it, and a retired one holds nothing back.
extension OneHistoryTests {
  @Test func whatADeviceMayLackIsNotForgotten() throws {
    let (a, b, record) = try pair()
    for note in ["1", "2", "3"] { try a.edit(record, ["note": .text(note)]) }
    let early = try a.store.compact(before: .max, dryRun: false)
    #expect(early.changes == 0 && early.heldBackBy == ["b"])
    try a.send(to: b, in: folder)
    try b.edit(record, ["size": .integer(2)])
    try b.send(to: a, in: folder)
    // Two notes, and the first size.
    #expect(try a.store.compact(before: .max, dryRun: false).changes == 3)
    #expect(try a.digest == b.digest)
  }

  @Test func aRetiredDeviceHoldsNothingBackAndReturnsWithWhatItWrites() throws {
    let (a, b, record) = try pair()
    for note in ["1", "2", "3"] { try a.edit(record, ["note": .text(note)]) }
    let id = try #require(try a.store.read { try $0.devices().first { $0.name == "b" }?.id })
    #expect(try a.store.setRetired(id, true))
    #expect(try a.store.compact(before: .max, dryRun: true).heldBackBy == [])
    #expect(try a.store.compact(before: .max, dryRun: false).changes == 2)

    try b.edit(record, ["size": .integer(2)])
    try b.send(to: a, in: folder)
    #expect(try a.store.read { try $0.devices().allSatisfy { !$0.isRetired } })
    #expect(try a.store.compact(before: .max, dryRun: true).heldBackBy == ["b"])
  }

  @Test func whatTookBackAForgottenOperationIsWhole() throws {
    let a = try TestDevice("a", seed: 1)
    let record = try a.create("visit", ["note": .text("1")])
    try a.edit(record, ["note": .text("2")])
    a.environment.clock.advance(seconds: 1)
    _ = try a.store.undo()
    let reversal = try #require(try a.store.read { try $0.operations(limit: 1).first })
    _ = try a.store.compact(before: reversal.recordedAt, dryRun: false)
    #expect(try a.store.read { try $0.operations(limit: 9).map(\.id) } == [reversal.id])
    #expect(try a.store.read { try $0.localFaults() } == [])
  }

  /// An old form covers the actor's own changes, but not what those had seen: they must not be forgotten.
  @Test func whatAnOldFormOverwroteIsNotForgotten() throws {
    let (a, b, record) = try pair()
    let form = try a.form
    try b.edit(record, ["note": .text("x"), "size": .integer(7)])
    try b.send(to: a, in: folder)
    try a.edit(record, ["note": .text("e")])
    try a.edit(record, ["note": .text("w")], asOf: form)
    try a.send(to: b, in: folder)
    try b.edit(record, ["place": .text("p")])
    try b.send(to: a, in: folder)
    let before = try a.digest
    #expect(try a.store.compact(before: .max, dryRun: false).heldBackBy == [])
    let fresh = try TestDevice("fresh", seed: 3)
    try a.send(to: fresh, in: folder, full: true)
    #expect(try a.digest == before && fresh.digest == before && b.digest == before)
    #expect(try fresh.conflicts() == a.conflicts())
  }

  /// A folder is imported again and again: what lies in it from before brings nobody back.
  @Test func anOldFileOfARetiredDeviceBringsItNotBack() throws {
    let (a, b, record) = try pair()
    var files: [String] = []
    for number in 0..<2 {
      try b.edit(record, ["size": .integer(Int64(10 + number))])
      let result = try b.synchronizer.export(to: .folder(folder.path), for: .device("a"), full: false)
      files.append(try #require(result.file))
      _ = try a.synchronizer.importFiles([.path(files[number])])
    }
    let id = try #require(try a.store.read { try $0.devices().first { $0.name == "b" }?.id })
    let known = try a.store.read { try $0.devices()[1].entries }
    #expect(try a.store.setRetired(id, true))
    for order in [files, files.reversed(), files] {
      for file in order { _ = try a.synchronizer.importFiles([.path(file)]) }
      #expect(try a.store.read { try $0.devices()[1].isRetired })
      #expect(try a.store.read { try $0.devices()[1].entries } == known)
    }
    try b.edit(record, ["size": .integer(20)])
    try b.send(to: a, in: folder)
    #expect(try a.store.read { try !$0.devices()[1].isRetired })
  }
}
