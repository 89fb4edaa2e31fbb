import Foundation
import SeededRandom
import TestSupport
import Testing
import UnknotCausality
import UnknotEngine
import UnknotStorage

/// Each rule of `merge.md`, by its heading there.
@Suite struct MergeRuleTests {
  let folder: TemporaryFolder
  let a: TestDevice
  let b: TestDevice
  let record: Dot

  /// Two devices that hold one record, made on `a`.
  init() throws {
    folder = try TemporaryFolder()
    a = try TestDevice("a", seed: 1)
    b = try TestDevice("b", seed: 2)
    record = try a.create("visit", ["at": .time(milliseconds: 5000, offsetMinutes: 60), "note": .text("n")])
    try a.send(to: b, in: folder)
  }

  private func exchange() throws {
    try a.send(to: b, in: folder)
    try b.send(to: a, in: folder)
    #expect(try a.digest == b.digest)
  }

  private func value(_ device: TestDevice, _ field: String) throws -> Value {
    try device.record(record)[field]
  }

  // MARK: Words

  @Test func aRecordsIdIsTheDotOfTheChangeThatCreatedIt() throws {
    #expect(record == Dot(try #require(try a.store.read { try $0.ownActor }), 1))
    #expect(try a.clock == VectorClock([record.actor: 1]))
  }

  @Test func anEditThatLeavesAFieldAsItIsIsNotWritten() throws {
    #expect(try !a.edit(record, ["note": .text("n")]))
    #expect(try a.clock[record.actor] == 1)
    #expect(try a.edit(record, ["note": .text("other")]))
  }

  @Test func anEqualEditOfAFieldInConflictIsWritten() throws {
    try a.edit(record, ["note": .text("x")])
    try b.edit(record, ["note": .text("y")])
    try exchange()
    let shown = try value(a, "note")
    #expect(try a.edit(record, ["note": shown]))
    #expect(try a.conflicts().isEmpty)
  }

  @Test func seqCountsWithoutGapsAndTextsAreComparedAsBytes() throws {
    #expect(try a.edit(record, ["note": .text("é")]))
    #expect(try a.edit(record, ["note": .text("e\u{301}")]))
    #expect(try a.clock[record.actor] == 3)
  }

  @Test func aFormOpenedBeforeAnImportStaysConcurrent() throws {
    let opened = try a.form
    try b.edit(record, ["note": .text("b")])
    try b.send(to: a, in: folder)
    try a.edit(record, ["note": .text("form")], asOf: opened)
    #expect(try a.conflicts() == ["\(record) note"])
    try exchange()
  }

  // MARK: Registers

  @Test func aWriteRemovesTheEntriesThatItHasSeen() throws {
    try a.edit(record, ["note": .text("1")])
    try a.send(to: b, in: folder)
    try b.edit(record, ["note": .text("2")])
    try exchange()
    #expect(try a.record(record).fields[FieldName("note")]?.entries.count == 1)
    #expect(try value(a, "note") == .text("2"))
  }

  @Test func theVisibleValueIsTheOneRecordedLastAndClocksDecideNothingElse() throws {
    a.environment.set(1_700_000_009_000)
    try a.edit(record, ["note": .text("late clock")])
    b.environment.set(1_000_000_000_000)
    try b.edit(record, ["note": .text("early clock")])
    try exchange()
    #expect(try value(b, "note") == .text("late clock"))
    // A later write by a device whose clock is decades behind still comes after what it has seen.
    try b.edit(record, ["note": .text("seen both")])
    try exchange()
    #expect(try value(a, "note") == .text("seen both"))
    #expect(try a.conflicts().isEmpty)
  }

  @Test func equalClocksAreDecidedByActorBytes() throws {
    try a.edit(record, ["note": .text("from a")])
    try b.edit(record, ["note": .text("from b")])
    try exchange()
    let actorB = try #require(try b.store.read { try $0.ownActor })
    #expect(try value(a, "note") == .text(record.actor < actorB ? "from b" : "from a"))
  }

  @Test func equalValuesWrittenConcurrentlyAreNoConflict() throws {
    try a.edit(record, ["note": .text("same")])
    try b.edit(record, ["note": .text("same")])
    try exchange()
    #expect(try a.conflicts().isEmpty)
    #expect(try a.record(record).fields[FieldName("note")]?.entries.count == 2)
  }

  @Test func differentFieldsOfOneRecordMergeWithoutConflict() throws {
    try a.edit(record, ["note": .text("x")])
    try b.edit(record, ["size": .integer(3)])
    try exchange()
    #expect(try a.conflicts().isEmpty)
    #expect(try value(a, "note") == .text("x") && value(a, "size") == .integer(3))
  }

  @Test func losersTravelToEveryDeviceAndGoWhenALaterWriteHasSeenThem() throws {
    try a.edit(record, ["note": .text("x")])
    try b.edit(record, ["note": .text("y")])
    try exchange()
    let c = try TestDevice("c", seed: 3)
    try b.send(to: c, in: folder, full: true)
    #expect(try c.conflicts() == ["\(record) note"])
    try c.edit(record, ["note": .text("decided")])
    try c.send(to: a, in: folder, full: true)
    #expect(try a.conflicts().isEmpty)
    #expect(try a.digest == c.digest)
  }

  // MARK: Presence

  @Test func anEditSurvivesAConcurrentDeleteWithAllFields() throws {
    try a.delete(record)
    try b.edit(record, ["size": .integer(1)])
    try exchange()
    let merged = try a.record(record)
    #expect(merged.isVisible && merged["note"] == .text("n"))
    #expect(try a.conflicts() == ["\(record) presence"])
  }

  @Test func aDeleteThatHasSeenEveryEditRemovesTheRecord() throws {
    try b.edit(record, ["size": .integer(1)])
    try b.send(to: a, in: folder)
    try a.delete(record)
    try exchange()
    #expect(try !b.record(record).isVisible)
    #expect(try b.store.read { try $0.records(in: "visit", RecordFilter()) }.isEmpty)
  }

  @Test func restoringIsAWriteOfTrue() throws {
    try a.delete(record)
    #expect(try !a.delete(record))
    #expect(try a.restore(record))
    #expect(try !a.restore(record))
    try exchange()
    #expect(try b.record(record).isVisible)
  }

  // MARK: Parents

  @Test func aWriteToAChildBringsItsParentsBack() throws {
    let part = try a.create("part", parent: record, ["place": .text("a0")])
    let detail = try a.create("detail", parent: part)
    try a.send(to: b, in: folder)
    try a.delete(record)
    try b.edit(detail, ["size": .integer(9)])
    try exchange()
    #expect(try a.record(record).isVisible)
    #expect(try a.conflicts() == ["\(record) presence"])
  }

  @Test func aDeleteOfAChildLeavesItsParentAlone() throws {
    let part = try a.create("part", parent: record)
    try a.send(to: b, in: folder)
    try a.delete(record)
    try b.delete(part)
    try exchange()
    #expect(try !a.record(record).isVisible)
    #expect(try a.conflicts().isEmpty)
  }

  @Test func childrenAreHiddenWithTheirParentAndComeBackWithIt() throws {
    let part = try a.create("part", parent: record)
    try a.delete(record)
    #expect(try !a.record(part).isVisible && a.record(part).isPresent)
    try a.restore(record)
    #expect(try a.record(part).isVisible)
  }

  // MARK: Order

  @Test func orderIsByKeysAsBytesAndTiesByRecordId() throws {
    let keys = ["a1", "Zz", "a0V", "a0"]
    for key in keys { _ = try a.create("part", parent: record, ["place": .text(key)]) }
    try a.send(to: b, in: folder)
    _ = try a.create("part", parent: record, ["place": .text("a0")])
    _ = try b.create("part", parent: record, ["place": .text("a0")])
    try exchange()
    for device in [a, b] {
      let parts = try device.store.read { try $0.children(of: record, in: "part", includeRemoved: false) }
      #expect(parts.map { $0["place"] } == ["Zz", "a0", "a0", "a0", "a0V", "a1"].map { Value.text($0) })
      let ties = parts.filter { $0["place"] == .text("a0") }.map(\.id)
      #expect(ties == ties.sorted())
    }
  }

  // MARK: Maps and sets

  @Test func aConcurrentWriteAndRemovalOfAKeyLeaveItWritten() throws {
    try a.edit(record, ["tags/sore": .present])
    try a.send(to: b, in: folder)
    b.environment.set(1_900_000_000_000)
    try a.edit(record, ["tags/sore": .integer(2)])
    try b.edit(record, ["tags/sore": .null])
    try exchange()
    let register = try #require(try a.record(record).fields[FieldName("tags", key: "sore")])
    #expect(register.visible == .integer(2) && register.isInConflict)
  }

  @Test func keysOfAMapAreRegistersOfTheirOwn() throws {
    try a.edit(record, ["tags/left": .present])
    try b.edit(record, ["tags/right": .present])
    try exchange()
    #expect(try a.conflicts().isEmpty)
    #expect(try a.record(record).fields.keys.filter(\.isMapKey).count == 2)
  }

  // MARK: Operations

  @Test func anOperationIsUndoneAsOneAndRedone() throws {
    let made = try a.store.write("log") { writer -> [Dot] in
      let visit = try writer.create("visit", parent: nil, ["note": .text("v")].named)
      return [visit, try writer.create("part", parent: visit, ["size": .integer(1)].named)]
    }
    let undone = try a.store.undo()
    #expect(Set(undone.changed) == Set(made))
    #expect(try made.allSatisfy { try !a.record($0).isVisible })
    _ = try a.store.redo()
    #expect(try made.allSatisfy { try a.record($0).isVisible })
    #expect(throws: StorageError.nothingToRedo) { try a.store.redo() }
    try exchange()
  }

  @Test func undoLeavesALaterWriteAlone() throws {
    try a.edit(record, ["note": .text("mine")])
    let operation = try a.store.read { try $0.operations(limit: 1)[0].id }
    try a.send(to: b, in: folder)
    try b.edit(record, ["note": .text("later")])
    try b.send(to: a, in: folder)
    let undone = try a.store.undo(operation)
    #expect(undone.changed.isEmpty && undone.keptLater.map(\.field) == [FieldName("note")])
    #expect(try value(a, "note") == .text("later"))
  }

  @Test func undosGoBackStepByStepAndRedosForward() throws {
    for number in 1...3 { try a.edit(record, ["note": .text("\(number)")]) }
    var seen: [Value] = []
    for _ in 0..<3 {
      _ = try a.store.undo()
      seen.append(try value(a, "note"))
    }
    #expect(seen == ["2", "1", "n"].map { .text($0) })
    for number in 1...3 {
      _ = try a.store.redo()
      #expect(try value(a, "note") == .text("\(number)"))
    }
    _ = try a.store.undo()
    try a.edit(record, ["size": .integer(1)])
    #expect(throws: StorageError.nothingToRedo) { try a.store.redo() }
  }
}
