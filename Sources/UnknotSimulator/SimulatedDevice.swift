import Foundation
import SeededRandom
import UnknotCausality
import UnknotEngine
import UnknotStorage

/// A wall clock that may be anything but right, and randomness from the seed.
final class SimulatedEnvironment: ReplicaEnvironment, @unchecked Sendable {
  enum Clock: CaseIterable { case right, early, late, stopped, backwards }

  // One thread runs a simulation.
  private var generator: SeededGenerator
  private var ticks: Int64 = 0
  var clock: Clock

  init(seed: UInt64, clock: Clock) {
    generator = SeededGenerator(seed: seed)
    self.clock = clock
  }

  func now() -> Int64 {
    let start: Int64 = 1_700_000_000_000
    let tenYears: Int64 = 315_576_000_000
    ticks += 1
    // Several ticks fall into one millisecond, so that equal times come up.
    let passed = ticks / 4
    switch clock {
    case .right: return start + passed
    case .early: return start - tenYears + passed
    case .late: return start + tenYears + passed
    case .stopped: return start
    case .backwards: return start - passed
    }
  }

  func randomBytes(_ count: Int) -> [UInt8] { generator.bytes(count) }
}

/// One computer, as its journals see it: what is noted there, and where journals lie.
final class SimulatedMachine {
  var notes: [DeviceID: [UInt8]]
  var places: Set<String>

  init(notes: [DeviceID: [UInt8]] = [:], places: Set<String>) {
    self.notes = notes
    self.places = places
  }
}

/// Notes in memory, at which a transaction can be cut off.
final class SimulatedNotes: DeviceNotes, @unchecked Sendable {
  enum Cut { case beforeSaving, afterSaving }
  struct Killed: Error {}

  let machine: SimulatedMachine
  private(set) var place: String
  var cut: Cut?
  /// The program ends after each commit, before it has noted that.
  var isNeverNarrowed = false

  init(_ machine: SimulatedMachine, place: String) {
    self.machine = machine
    self.place = place
  }

  /// To where nothing is yet.
  func move(to place: String) {
    machine.places.remove(self.place)
    machine.places.insert(place)
    self.place = place
  }

  func load(_ device: DeviceID) throws -> [UInt8]? { machine.notes[device] }

  func devices() throws -> [DeviceID] {
    machine.notes.keys.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
  }

  func isTaken(_ place: String, by device: DeviceID) -> Bool {
    place != self.place && machine.places.contains(place)
  }

  func save(_ note: [UInt8], of device: DeviceID, replacing expected: [UInt8]?) throws -> Bool {
    if cut == .beforeSaving { throw Killed() }
    if isNeverNarrowed, let before = expected.flatMap({ DeviceNote($0) }), let after = DeviceNote(note),
      before.stamp == after.stamp, before.stampBefore != after.stampBefore
    {
      throw Killed()
    }
    guard machine.notes[device] == expected else { return false }
    machine.notes[device] = note
    if cut == .afterSaving { throw Killed() }
    return true
  }
}

/// A journal on its machine, and what the model says that it holds.
final class SimulatedDevice {
  struct Backup {
    let path: String
    let held: ChangeSet
    let journals: Set<Int>
    let notes: [DeviceID: [UInt8]]
  }

  let number: Int
  let name: String
  let path: String
  let environment: SimulatedEnvironment
  let notes: SimulatedNotes
  private(set) var store: Store
  /// What the newest program knows.
  let tables: [RecordKind]
  /// How many of the tables the program knows: a program's version.
  private(set) var tableCount: Int

  var held = ChangeSet()
  /// It takes files in and passes them on, and nobody writes on it.
  var onlyReads = false
  /// Ids of journals, by the model's numbers.
  var journals: Set<Int>
  var backups: [Backup] = []
  /// Where the journal stood when forms were opened that are still open.
  var forms: [(form: Form, seen: ChangeSet)] = []

  var synchronizer: Synchronizer { Synchronizer(store: store) }

  init(
    number: Int, folder: String, seed: UInt64, clock: SimulatedEnvironment.Clock, tables: [RecordKind],
    tableCount: Int
  ) throws {
    self.number = number
    self.tables = tables
    name = "device \(number)"
    path = "\(folder)/\(number).sqlite"
    environment = SimulatedEnvironment(seed: seed, clock: clock)
    self.tableCount = tableCount
    journals = [number]
    notes = SimulatedNotes(SimulatedMachine(places: ["journal"]), place: "journal")
    store = try Self.open(path, name, environment, notes, Array(tables.prefix(tableCount)))
    // So that the file is there.
    try store.write("init") { try $0.renameDevice(name) }
  }

  /// Takes the place of a journal that was copied or restored to this path.
  init(
    number: Int, path: String, notes: SimulatedNotes, held: ChangeSet, journals: Set<Int>, seed: UInt64,
    clock: SimulatedEnvironment.Clock, tables: [RecordKind], tableCount: Int
  ) throws {
    self.number = number
    name = "device \(number)"
    self.tables = tables
    self.path = path
    environment = SimulatedEnvironment(seed: seed, clock: clock)
    self.tableCount = tableCount
    self.held = held
    self.journals = journals
    self.notes = notes
    store = try Self.open(path, name, environment, notes, Array(tables.prefix(tableCount)))
  }

  private static func open(
    _ path: String, _ name: String, _ environment: SimulatedEnvironment, _ notes: SimulatedNotes,
    _ tables: [RecordKind]
  ) throws -> Store {
    try Store(
      path: path, tables: tables, deviceName: name, environment: environment, notes: notes)
  }

  func reopen(tableCount: Int? = nil) throws {
    self.tableCount = tableCount ?? self.tableCount
    store = try Self.open(path, name, environment, notes, Array(tables.prefix(self.tableCount)))
  }

  /// The journal's file, as a backup program would copy it: nothing is open in the middle of a transaction.
  func copy(to target: String) throws {
    try? FileManager.default.removeItem(atPath: target)
    try FileManager.default.copyItem(atPath: path, toPath: target)
  }

  func backUp(to target: String) throws {
    try copy(to: target)
    backups.append(
      Backup(path: target, held: held, journals: journals, notes: notes.machine.notes))
  }

  /// - Parameter withNotes: the whole home folder was restored, not the journal alone.
  func restore(_ backup: Backup, withNotes: Bool) throws {
    // The file is replaced, as a restoring program does it: who has the old one open keeps a file without a name.
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.copyItem(atPath: backup.path, toPath: path)
    if withNotes { notes.machine.notes = backup.notes }
    held = backup.held
    journals = backup.journals
    forms = []
    try reopen()
  }
}
