import Foundation
import TestSupport
import Testing
import UnknotCausality
import UnknotEngine
import UnknotStorage

/// Who writes as whom: what a machine's notes tell of journals that were moved, copied, restored, or are not there. All
/// on real files.
@Suite struct IdentityTests {
  let folder: TemporaryFolder
  let manager = FileManager.default

  init() throws { folder = try TemporaryFolder() }

  func path(_ name: String) -> String { "\(folder.path)/\(name)" }

  func notes(of name: String, on machine: String) -> NoteFolder {
    NoteFolder(folder: path("state-\(machine)"), journal: path(name))
  }

  func open(_ name: String, on machine: String = "m", _ notes: (any DeviceNotes)? = nil) throws
    -> TestDevice
  {
    try TestDevice(
      "phone", seed: .random(in: 0...UInt64.max), path: path(name),
      notes: notes ?? self.notes(of: name, on: machine))
  }

  func note(of device: DeviceID, on machine: String = "m") -> String {
    path("state-\(machine)/\(hexadecimal(device.bytes)).note")
  }

  func own(_ device: TestDevice) throws -> Device {
    try device.store.read { try $0.devices()[0] }
  }

  func actor(_ device: TestDevice) throws -> ActorID {
    try #require(try device.store.read { try $0.ownActor })
  }

  /// Writes, and says whether it was as the same device, as the same actor, and what was found.
  func write(
    _ device: TestDevice, since before: (Device, ActorID)
  ) throws -> (isSameDevice: Bool, isSameActor: Bool, change: IdentityChange?) {
    _ = try device.create("visit")
    return try (own(device).id == before.0.id, actor(device) == before.1, device.store.identityChange)
  }

  func written(_ name: String, on machine: String = "m") throws -> (Device, ActorID) {
    let device = try open(name, on: machine)
    _ = try device.create("visit")
    return try (own(device), actor(device))
  }

  // MARK: Moves

  @Test func aMovedJournalIsTheSameDevice() throws {
    try manager.createDirectory(atPath: path("old"), withIntermediateDirectories: true)
    let before = try written("old/a.sqlite")
    try manager.moveItem(atPath: path("old"), toPath: path("new"))
    for _ in 0..<2 {
      let after = try write(open("new/a.sqlite"), since: before)
      #expect(after == (true, true, nil))
    }
    // Its old place is free: another journal there is another device, and neither takes the other's name.
    try manager.createDirectory(atPath: path("old"), withIntermediateDirectories: true)
    let other = try written("old/a.sqlite")
    #expect(other.0.id != before.0.id)
    #expect(try write(open("new/a.sqlite"), since: before) == (true, true, nil))
    #expect(try write(open("old/a.sqlite"), since: other) == (true, true, nil))
  }

  @Test func aJournalThatWasMovedOverAnotherStaysItself() throws {
    let gone = try written("a.sqlite")
    let moved = try written("b.sqlite")
    try manager.moveItem(atPath: path("a.sqlite"), toPath: path("kept.sqlite"))
    try manager.moveItem(atPath: path("b.sqlite"), toPath: path("a.sqlite"))
    #expect(try write(open("a.sqlite"), since: moved) == (true, true, nil))
    // The one that lay there before is itself, wherever it turns up.
    #expect(try write(open("kept.sqlite"), since: gone) == (true, true, nil))
  }

  @Test func aLinkIsTheSamePlace() throws {
    let before = try written("a.sqlite")
    try manager.createSymbolicLink(atPath: path("link.sqlite"), withDestinationPath: "a.sqlite")
    #expect(try write(open("link.sqlite"), since: before) == (true, true, nil))
    try manager.linkItem(atPath: path("a.sqlite"), toPath: path("hard.sqlite"))
    #expect(try write(open("hard.sqlite"), since: before) == (true, true, nil))
    #expect(try write(open("a.sqlite"), since: before) == (true, true, nil))
    #expect(try manager.contentsOfDirectory(atPath: path("state-m")).count == 1)
    // A link that leads to where nothing is.
    try manager.createSymbolicLink(atPath: path("early.sqlite"), withDestinationPath: "late.sqlite")
    #expect(notes(of: "early.sqlite", on: "m").place == notes(of: "late.sqlite", on: "m").place)
  }

  // MARK: Copies and backups

  @Test func aCopyOnTheSameMachineIsAnotherDevice() throws {
    let before = try written("a.sqlite")
    try manager.copyItem(atPath: path("a.sqlite"), toPath: path("b.sqlite"))
    let copy = try open("b.sqlite")
    let place = notes(of: "a.sqlite", on: "m").place
    #expect(try write(copy, since: before) == (false, false, .copied(from: place)))
    #expect(try own(copy).name == "phone", "the name stays until the person gives another")
    #expect(try write(open("a.sqlite"), since: before) == (true, true, nil))
    let after = try (own(copy), actor(copy))
    #expect(try write(open("b.sqlite"), since: after) == (true, true, nil))
  }

  /// Also when nothing else is to be written, and it is named as it was.
  @Test func namingACopyMakesItAnotherDevice() throws {
    let before = try written("a.sqlite")
    try manager.copyItem(atPath: path("a.sqlite"), toPath: path("b.sqlite"))
    let copy = try open("b.sqlite", on: "n")
    try copy.store.write("init") { try $0.renameDevice("phone") }
    #expect(try own(copy).id != before.0.id)
    #expect(try open("b.sqlite", on: "n").store.read { try $0.devices()[0].id } == own(copy).id)
  }

  @Test func aRestoredBackupIsTheSameDeviceAndAnotherActor() throws {
    let before = try written("a.sqlite")
    try manager.copyItem(atPath: path("a.sqlite"), toPath: path("backup.sqlite"))
    _ = try written("a.sqlite")
    try manager.removeItem(atPath: path("a.sqlite"))
    try manager.copyItem(atPath: path("backup.sqlite"), toPath: path("a.sqlite"))
    let restored = try open("a.sqlite")
    #expect(try write(restored, since: before) == (true, false, .restored))
    #expect(try own(restored).epoch == 1)
  }

  @Test func anotherDevicesJournalInThePlaceOfThisOne() throws {
    let before = try written("a.sqlite")
    let other = try open("b.sqlite", on: "elsewhere")
    try open("a.sqlite").send(to: other, in: folder)
    try manager.removeItem(atPath: path("a.sqlite"))
    try manager.copyItem(atPath: path("b.sqlite"), toPath: path("a.sqlite"))
    #expect(try write(open("a.sqlite"), since: before) == (true, false, .restored))
  }

  /// Two journals lay there, one after the other: what comes in their place is the later one, whoever has the lesser id.
  /// The other lives on elsewhere.
  @Test func anotherDevicesJournalInThePlaceOfTheLastOne() throws {
    var names = ["1.sqlite", "2.sqlite"]
    let other = try open("b.sqlite", on: "elsewhere")
    _ = try other.create("visit")
    let ids = try names.map { name in
      try other.send(to: open(name), in: folder)
      return try written(name).0.id
    }
    if ids[1].bytes.lexicographicallyPrecedes(ids[0].bytes) { names.reverse() }
    for name in names { try open(name).send(to: other, in: folder) }

    try manager.moveItem(atPath: path(names[0]), toPath: path("a.sqlite"))
    let first = try written("a.sqlite")
    try manager.moveItem(atPath: path("a.sqlite"), toPath: path("kept.sqlite"))
    try manager.moveItem(atPath: path(names[1]), toPath: path("a.sqlite"))
    let last = try written("a.sqlite")
    try manager.removeItem(atPath: path("a.sqlite"))
    try manager.copyItem(atPath: path("b.sqlite"), toPath: path("a.sqlite"))
    #expect(try write(open("a.sqlite"), since: last) == (true, false, .restored))
    #expect(try write(open("kept.sqlite"), since: first) == (true, true, nil))
  }

  /// Two sticks that are mounted at one place in turn.
  @Test func aStrangersJournalInThePlaceOfThisOne() throws {
    let before = try written("a.sqlite")
    let stranger = try written("b.sqlite", on: "elsewhere")
    try manager.moveItem(atPath: path("a.sqlite"), toPath: path("pocket.sqlite"))
    try manager.moveItem(atPath: path("b.sqlite"), toPath: path("a.sqlite"))
    #expect(try write(open("a.sqlite"), since: stranger) == (false, false, .unnoted))
    #expect(try own(open("a.sqlite")).id != before.0.id)
    try manager.moveItem(atPath: path("a.sqlite"), toPath: path("b.sqlite"))
    try manager.moveItem(atPath: path("pocket.sqlite"), toPath: path("a.sqlite"))
    #expect(try write(open("a.sqlite"), since: before) == (true, true, nil))
  }

  /// Something else lies where the journal was: that makes it no copy.
  @Test(arguments: ["text", "journal", "database"]) func whatLiesInTheOldPlace(kind: String) throws {
    let before = try written("a.sqlite")
    try manager.moveItem(atPath: path("a.sqlite"), toPath: path("b.sqlite"))
    switch kind {
    case "text": try Data("Dear diary".utf8).write(to: URL(filePath: path("a.sqlite")))
    case "journal":
      _ = try written("other.sqlite", on: "elsewhere")
      try manager.moveItem(atPath: path("other.sqlite"), toPath: path("a.sqlite"))
    default: try Data("SQLite format 3\0 and no more".utf8).write(to: URL(filePath: path("a.sqlite")))
    }
    #expect(try write(open("b.sqlite"), since: before) == (true, true, nil))
  }

  /// A new journal was begun in the place of one that is not there, and came to nothing.
  @Test func aBeginningThatWasCutOff() throws {
    let before = try written("a.sqlite")
    try manager.moveItem(atPath: path("a.sqlite"), toPath: path("pocket.sqlite"))
    try Data().write(to: URL(filePath: path("a.sqlite")))
    #expect(throws: StorageError.self) { try open("a.sqlite") }
    let store = try Store(
      path: path("a.sqlite"), tables: testTables, deviceName: "new", environment: TestEnvironment(seed: 6),
      notes: notes(of: "a.sqlite", on: "m"), replacing: true)
    try store.write("init") { try $0.renameDevice("new") }
    #expect(try store.read { try $0.devices()[0].id } != before.0.id)
  }

  // MARK: What is not there

  @Test func aNoteWithoutItsJournal() throws {
    try manager.createDirectory(atPath: path("stick"), withIntermediateDirectories: true)
    let before = try written("stick/a.sqlite")
    let place = notes(of: "stick/a.sqlite", on: "m").place
    // The folder stays, or goes too.
    for isMountPointThere in [true, false] {
      try manager.moveItem(atPath: path("stick"), toPath: path("pocket"))
      if isMountPointThere {
        try manager.createDirectory(atPath: path("stick"), withIntermediateDirectories: true)
      }
      for way in ["stick/a.sqlite", "stick/../stick/a.sqlite", "./stick/./a.sqlite"] {
        #expect(throws: StorageError.journalMissing(place)) { try open(way) }
      }
      #expect(!manager.fileExists(atPath: path("stick/a.sqlite")))
      if isMountPointThere { try manager.removeItem(atPath: path("stick")) }
      try manager.moveItem(atPath: path("pocket"), toPath: path("stick"))
      #expect(try write(open("stick/a.sqlite"), since: before) == (true, true, nil))
    }
    // Whoever says so begins another there; the first one is itself when it is back.
    try manager.moveItem(atPath: path("stick"), toPath: path("pocket"))
    let replacing = try Store(
      path: path("stick/a.sqlite"), tables: testTables, deviceName: "new",
      environment: TestEnvironment(seed: 5),
      notes: notes(of: "stick/a.sqlite", on: "m"), replacing: true)
    try replacing.write("init") { try $0.renameDevice("new") }
    #expect(try replacing.read { try $0.devices().map(\.name) } == ["new"])
    let new = try written("stick/a.sqlite")
    try manager.moveItem(atPath: path("stick"), toPath: path("drawer"))
    try manager.moveItem(atPath: path("pocket"), toPath: path("stick"))
    #expect(try write(open("stick/a.sqlite"), since: before) == (true, true, nil))
    #expect(try write(open("drawer/a.sqlite"), since: new) == (true, true, nil))
  }

  @Test func anEmptiedJournalIsNotANewOne() throws {
    _ = try written("a.sqlite")
    try Data().write(to: URL(filePath: path("a.sqlite")))
    #expect(throws: StorageError.self) { try open("a.sqlite") }
    #expect(try Data(contentsOf: URL(filePath: path("a.sqlite"))).isEmpty)
  }

  @Test func readingMakesNothing() throws {
    let device = try open("far/away/a.sqlite")
    #expect(try device.store.read { try $0.records(in: "visit", RecordFilter()).count } == 0)
    #expect(try device.store.views().contains { $0.name == "visit" })
    #expect(try device.synchronizer.export(to: .folder(folder.path), for: .everyone, full: true).file == nil)
    #expect(throws: StorageError.nothingToUndo) { try open("b.sqlite").store.undo() }
    _ = try device.digest
    #expect(
      try manager.contentsOfDirectory(atPath: folder.path).filter { $0 != "b.sqlite" && $0 != "state-m" }
        == [])
    // Another program makes it meanwhile: it is read, and written to.
    let before = try written("far/away/a.sqlite")
    #expect(try device.store.read { try $0.records(in: "visit", RecordFilter()).count } == 1)
    #expect(try write(device, since: before) == (true, true, nil))
  }
}
