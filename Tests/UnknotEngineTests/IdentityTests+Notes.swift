import Foundation
import TestSupport
import Testing
import UnknotCausality
import UnknotEngine
import UnknotStorage

/// Notes that are lost, damaged, of an older program, or cut off from their commits.
extension IdentityTests {
  @Test func aLostNoteGivesANewDeviceOfTheSameName() throws {
    var before = try written("a.sqlite")
    for lost in 1...3 {
      try manager.removeItem(atPath: path("state-m"))
      let device = try open("a.sqlite")
      #expect(try write(device, since: before) == (false, false, .unnoted))
      #expect(
        try device.store.read { try $0.devices().map(\.name) } == Array(repeating: "phone", count: lost + 1))
      before = try (own(device), actor(device))
    }
  }

  /// Whatever is left of a note: it is this device, and it goes on as the same actor only where both stamps are there.
  @Test func anyPartOfANote() throws {
    let before = try written("a.sqlite")
    let note = note(of: before.0.id)
    let bytes = try Data(contentsOf: URL(filePath: note))
    let journal = try Data(contentsOf: URL(filePath: path("a.sqlite")))
    var isSame: [Bool] = []
    for count in 0...bytes.count {
      try bytes.prefix(count).write(to: URL(filePath: note))
      try journal.write(to: URL(filePath: path("a.sqlite")))
      let after = try write(open("a.sqlite"), since: before)
      #expect(after.isSameDevice)
      #expect(after.change == (after.isSameActor ? nil : .restored))
      isSame.append(after.isSameActor)
    }
    #expect(isSame == (0...bytes.count).map { $0 >= 512 })
    for position in 0..<512 {
      var flipped = bytes
      flipped[position] ^= 0x10
      try flipped.write(to: URL(filePath: note))
      try journal.write(to: URL(filePath: path("a.sqlite")))
      #expect(try write(open("a.sqlite"), since: before) == (true, false, .restored), "byte \(position)")
    }
  }

  /// The note of a program of before is called by the journal's place.
  @Test(arguments: [true, false]) func theNoteOfAnOlderProgram(isOfThisState: Bool) throws {
    let before = try written("a.sqlite")
    let note = note(of: before.0.id)
    let bytes = try Data(contentsOf: URL(filePath: note))
    // Both stamps are the same by now; the first one follows the magic and the id.
    var stamp = Array(bytes[30..<46])
    if !isOfThisState { stamp[0] ^= 1 }
    var old = ByteWriter()
    old.raw(Array("unknot sidecar 1".utf8))
    old.raw(before.0.id.bytes)
    old.raw(stamp)
    old.signed(7)
    let place = notes(of: "a.sqlite", on: "m").place
    let name = path("state-m/\(hexadecimal(Hashing.sha256(Array(place.utf8)).prefix(16))).sidecar")
    try Data(old.bytes + Hashing.sha256(old.bytes)).write(to: URL(filePath: name))
    try manager.removeItem(atPath: note)

    let device = try open("a.sqlite")
    let after = try write(device, since: before)
    #expect(after == (true, isOfThisState, isOfThisState ? nil : .restored))
    #expect(try own(device).epoch == (isOfThisState ? 0 : 8))
    #expect(
      try manager.contentsOfDirectory(atPath: path("state-m")) == [URL(filePath: note).lastPathComponent])
  }

  /// Ends the program where it is told to.
  private final class CutNotes: DeviceNotes, @unchecked Sendable {
    enum Cut { case before, after, afterCommit }
    struct Killed: Error {}
    let notes: NoteFolder
    var cut: Cut?

    init(_ notes: NoteFolder) { self.notes = notes }

    var place: String { notes.place }
    func isTaken(_ place: String, by device: DeviceID) -> Bool { notes.isTaken(place, by: device) }
    func load(_ device: DeviceID) throws -> [UInt8]? { try notes.load(device) }
    func devices() throws -> [DeviceID] { try notes.devices() }
    /// Called before a note is saved, once.
    var meanwhile: (() throws -> Void)?

    func save(_ note: [UInt8], of device: DeviceID, replacing expected: [UInt8]?) throws -> Bool {
      let isNarrowing = DeviceNote(note).map { $0.stamp == $0.stampBefore } ?? false
      if cut == .before || cut == .afterCommit && isNarrowing { throw Killed() }
      let body = meanwhile
      meanwhile = nil
      try body?()
      let isSaved = try notes.save(note, of: device, replacing: expected)
      if cut == .after { throw Killed() }
      return isSaved
    }
  }

  @Test func tenKillsBetweenNoteAndCommitLeaveOneActor() throws {
    let before = try written("a.sqlite")
    for kill in 0..<10 {
      let notes = CutNotes(notes(of: "a.sqlite", on: "m"))
      let device = try open("a.sqlite", notes)
      notes.cut = kill % 2 == 0 ? .after : .before
      #expect(throws: (any Error).self) { try device.create("visit") }
    }
    for _ in 0..<3 {
      let notes = CutNotes(notes(of: "a.sqlite", on: "m"))
      notes.cut = .afterCommit
      #expect(try write(open("a.sqlite", notes), since: before) == (true, true, nil))
    }
    let device = try open("a.sqlite")
    #expect(try write(device, since: before) == (true, true, nil))
    #expect(try own(device).actors.count == 1 && device.store.read { try $0.devices().count } == 1)
  }

  /// A copy is on its way to be another device: it becomes that one, and no second.
  @Test func tenKillsOfACopyLeaveOneNewDevice() throws {
    _ = try written("a.sqlite")
    try manager.copyItem(atPath: path("a.sqlite"), toPath: path("b.sqlite"))
    for _ in 0..<10 {
      let notes = CutNotes(notes(of: "b.sqlite", on: "m"))
      let device = try open("b.sqlite", notes)
      notes.cut = .after
      #expect(throws: (any Error).self) { try device.create("visit") }
    }
    let device = try open("b.sqlite")
    _ = try device.create("visit")
    #expect(try own(device).epoch == 0 && own(device).actors.count == 1)
    #expect(try device.store.read { try $0.devices().count } == 2)
  }

  /// One program notes its commit only when another one has committed its own: the later note stays.
  @Test func twoProgramsOfOneDevice() throws {
    let before = try written("a.sqlite")
    let late = CutNotes(notes(of: "a.sqlite", on: "m"))
    late.cut = .afterCommit
    let first = try open("a.sqlite", late)
    let second = try open("a.sqlite")
    #expect(try write(first, since: before) == (true, true, nil))
    let wide = Array(try Data(contentsOf: URL(filePath: note(of: before.0.id))))
    #expect(try write(second, since: before) == (true, true, nil))
    // What the first one had still to say.
    #expect(try !late.notes.save(wide, of: before.0.id, replacing: wide))
    #expect(try write(first, since: before) == (true, true, nil))
    #expect(try write(second, since: before) == (true, true, nil))
  }

  /// The first write after a backup was restored comes to nothing, in whatever way: the next one is another actor's too.
  @Test(arguments: [true, false]) func aRestoredBackupWhoseFirstWriteFails(isNoted: Bool) throws {
    let before = try written("a.sqlite")
    try manager.copyItem(atPath: path("a.sqlite"), toPath: path("backup.sqlite"))
    _ = try written("a.sqlite")
    try manager.removeItem(atPath: path("a.sqlite"))
    try manager.copyItem(atPath: path("backup.sqlite"), toPath: path("a.sqlite"))
    let notes = CutNotes(notes(of: "a.sqlite", on: "m"))
    notes.cut = isNoted ? .after : .before
    #expect(throws: (any Error).self) { try open("a.sqlite", notes).create("visit") }
    #expect(try write(open("a.sqlite"), since: before) == (true, false, .restored))
  }

  /// A journal is copied and moved, and both are written to in one moment.
  @Test func twoFilesAtOnce() throws {
    let before = try written("a.sqlite")
    try manager.copyItem(atPath: path("a.sqlite"), toPath: path("b.sqlite"))
    try manager.moveItem(atPath: path("a.sqlite"), toPath: path("c.sqlite"))
    let late = CutNotes(notes(of: "b.sqlite", on: "m"))
    let copy = try open("b.sqlite", late)
    late.meanwhile = {
      let seen = try write(open("c.sqlite"), since: before)
      #expect(seen == (true, true, nil))
    }
    #expect(throws: StorageError.busy) { try copy.create("visit") }
    let place = notes(of: "c.sqlite", on: "m").place
    #expect(try write(copy, since: before) == (false, false, .copied(from: place)))
  }

  /// The program ends before it has noted its commit; what it wrote is sent, and the state of before is restored.
  @Test func theStateOfBeforeIsABackupOnceTheNextOneWasSent() throws {
    let before = try written("a.sqlite")
    try manager.copyItem(atPath: path("a.sqlite"), toPath: path("backup.sqlite"))
    let notes = CutNotes(notes(of: "a.sqlite", on: "m"))
    notes.cut = .afterCommit
    #expect(try write(open("a.sqlite", notes), since: before) == (true, true, nil))
    let sent = try open("a.sqlite").synchronizer.export(to: .folder(folder.path), for: .everyone, full: true)
    #expect(sent.file != nil)
    try manager.removeItem(atPath: path("a.sqlite"))
    try manager.copyItem(atPath: path("backup.sqlite"), toPath: path("a.sqlite"))
    #expect(try write(open("a.sqlite"), since: before) == (true, false, .restored))
  }
}
