import Foundation
import SeededRandom
import TestSupport
import Testing
import UnknotCausality
import UnknotEngine
import UnknotStorage

/// Random histories of 2–5 devices, run on the engine and on the model of `merge.md`, compared after every import.
@Suite struct RandomHistoryTests {
  /// `UNKNOT_SEED` runs one history alone: the seed that a failure names.
  static var seeds: [UInt64] {
    if let text = ProcessInfo.processInfo.environment["UNKNOT_SEED"], let seed = UInt64(text) {
      return [seed]
    }
    return (0..<500).map { UInt64($0) }
  }

  @Test(arguments: seeds)
  func engineAgreesWithModel(seed: UInt64) throws {
    var history = try History(seed: seed)
    for _ in 0..<60 { try history.step() }
    try history.exchangeAll()
  }
}

private struct History {
  struct File {
    let path: String
    let base: VectorClock
    let tip: VectorClock
  }

  let seed: UInt64
  var generator: SeededGenerator
  let folder: TemporaryFolder
  var devices: [TestDevice] = []
  /// What the model says that each device holds.
  var clocks: [VectorClock]
  /// Where the journal stood earlier: what a form that was opened then has seen.
  var earlier: [[(clock: VectorClock, form: Form)]]
  var model = Model()
  var files: [File] = []

  init(seed: UInt64) throws {
    self.seed = seed
    generator = SeededGenerator(seed: seed)
    folder = try TemporaryFolder()
    let count = Int.random(in: 2...5, using: &generator)
    for index in 0..<count {
      // One device in three runs a program that knows fewer tables.
      let tables = Int.random(in: 0..<3, using: &generator) == 0 ? Array(testTables.prefix(1)) : testTables
      devices.append(try TestDevice("device \(index)", seed: seed &* 31 &+ UInt64(index), tables: tables))
    }
    clocks = Array(repeating: VectorClock(), count: count)
    earlier = Array(repeating: [(VectorClock(), Form([]))], count: count)
    // All begin with one journal: the first device's.
    _ = try write(0) { try $0.create("visit", parent: nil, ["at": Self.time(0)].named) }
    let first = try devices[0].synchronizer.export(to: .folder(folder.path), for: .everyone, full: true)
    for index in 1..<count {
      _ = try devices[index].synchronizer.importFiles([.path(try #require(first.file))])
      clocks[index] = clocks[0]
    }
  }

  private static func time(_ minutes: Int64) -> Value {
    .time(milliseconds: 1_700_000_000_000 + minutes * 60_000, offsetMinutes: 60)
  }

  private mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &generator) }

  mutating func step() throws {
    let index = pick(devices.count)
    // Clocks of devices are wrong, and often equal.
    devices[index].environment.set(1_700_000_000_000 + Int64(pick(5)) * 1000)
    switch pick(20) {
    case 0..<3: try create(index)
    case 3..<8: try edit(index)
    case 8, 9: try toggle(index, delete: true)
    case 10: try toggle(index, delete: false)
    case 11: try undoOrRedo(index)
    case 12..<15: try export(index)
    default: try importSome(index)
    }
  }

  // MARK: Writes

  /// Runs a write on the engine and takes what it wrote into the model, with the clock that the model says.
  private mutating func write<T>(
    _ index: Int, asOf form: (clock: VectorClock, form: Form)? = nil,
    _ body: (StoreWriter) throws -> T
  ) throws -> T {
    let result = try devices[index].store.write("step", asOf: form?.form, body)
    try learn(index, asOf: form?.clock)
    return result
  }

  private mutating func learn(_ index: Int, asOf form: VectorClock? = nil) throws {
    let before = clocks[index]
    var changes: [Change] = []
    try devices[index].store.read { session in
      try session.forEachRun(after: before) { run, _ in changes += run.changes }
    }
    for change in changes {
      var context = form.map { $0.intersection(before) } ?? clocks[index]
      context[change.dot.actor] = change.dot.seq - 1
      model.add(
        Model.Write(
          dot: change.dot, context: context, record: change.record, action: change.shape.action,
          recordedAt: devices[index].environment.now(), fields: try change.values()),
        table: change.shape.table, parent: change.shape.action == .create ? change.subject : nil)
      #expect(change.dot.seq == clocks[index][change.dot.actor] + 1, "seed \(seed)")
      clocks[index][change.dot.actor] = change.dot.seq
    }
    earlier[index].append((clocks[index], try devices[index].form))
    #expect(try devices[index].clock == clocks[index], "seed \(seed)")
  }

  private mutating func anyRecord(_ index: Int) -> Model.Record? {
    model.held(by: clocks[index]).randomElement(using: &generator)
  }

  private mutating func create(_ index: Int) throws {
    let parents = ["visit": "part", "part": "detail"]
    let number = Int64(pick(4))
    if let parent = anyRecord(index), let table = parents[parent.table], pick(3) > 0 {
      _ = try write(index) {
        try $0.create(
          table, parent: parent.id, ["place": .text("a\(number)"), "size": .integer(number)].named)
      }
    } else {
      let at = Self.time(Int64(pick(10)))
      _ = try write(index) {
        try $0.create(
          "visit", parent: nil, ["at": at, "note": .text("n\(number)"), "tags/t\(number)": .present].named)
      }
    }
  }

  private mutating func edit(_ index: Int) throws {
    guard let record = anyRecord(index) else { return }
    let choices: [(String, Value)] = [
      ("at", Self.time(Int64(pick(10)))), ("note", .text("n\(pick(3))")), ("size", .integer(Int64(pick(3)))),
      ("place", .text("a\(pick(4))")), ("tags/t\(pick(3))", pick(2) == 0 ? .present : .null),
      ("future", .bytes([UInt8(pick(2))])), ("size", .null), ("other", .reference(record.id)),
    ]
    var fields: [String: Value] = [:]
    for _ in 0...pick(2) {
      let (name, value) = choices[pick(choices.count)]
      fields[name] = value
    }
    // One form in four was opened some time ago, but after the record was there.
    let forms = earlier[index].filter { $0.clock.covers(record.id) }
    let form = pick(4) == 0 ? forms.randomElement(using: &generator) : nil
    let clock = clocks[index]
    let expected = fields.named.contains { name, value in
      let register = model.register(record.id, name, at: clock)
      return register.isInConflict || (register.visible ?? .null) != value
    }
    let isWritten = try write(index, asOf: form) { try $0.edit(record.id, fields.named) }
    #expect(isWritten == expected, "seed \(seed): a write that changes nothing is not written")
  }

  private mutating func toggle(_ index: Int, delete: Bool) throws {
    guard let record = anyRecord(index) else { return }
    let presence = model.presence(record.id, at: clocks[index])
    let expected = presence.isInConflict || presence.visible != (delete ? .removed : .present)
    let isWritten = try write(index) { try delete ? $0.delete(record.id) : $0.restore(record.id) }
    #expect(isWritten == expected, "seed \(seed)")
  }

  private mutating func undoOrRedo(_ index: Int) throws {
    do {
      _ = try pick(3) == 0 ? devices[index].store.redo() : devices[index].store.undo()
    } catch StorageError.nothingToUndo, StorageError.nothingToRedo {
      return
    }
    try learn(index)
  }

  // MARK: Exchange

  private mutating func export(_ index: Int) throws {
    let others = devices.indices.filter { $0 != index }
    let receiver = pick(2) == 0 ? others.randomElement(using: &generator).map { devices[$0].name } : nil
    do {
      let result = try devices[index].synchronizer.export(
        to: .folder(folder.path), for: Receiver(device: receiver), full: pick(8) == 0)
      if let file = result.file { files.append(File(path: file, base: result.base, tip: result.tip)) }
    } catch SyncError.noSuchDevice {
      // Devices hear of each other by and by.
    }
  }

  private mutating func importSome(_ index: Int) throws {
    guard !files.isEmpty else { return }
    let chosen = (0...pick(2)).map { _ in files[pick(files.count)] }
    // Which of them can be taken in, in whatever order.
    var clock = clocks[index]
    var waiting = chosen
    while let next = waiting.firstIndex(where: { clock.covers($0.base) }) {
      clock.merge(waiting.remove(at: next).tip)
    }
    do {
      let result = try devices[index].synchronizer.importFiles(chosen.map { .path($0.path) })
      #expect(waiting.isEmpty, "seed \(seed): a file was taken in without what it needs")
      #expect(result.changesApplied == clock.changeCount(beyond: clocks[index]), "seed \(seed)")
      clocks[index] = clock
      earlier[index].append((clock, try devices[index].form))
    } catch SyncError.changesMissing {
      #expect(!waiting.isEmpty, "seed \(seed): a file was refused though nothing is missing")
    }
    try compare(index)
  }

  /// Everyone sends to everyone until all hold the same.
  mutating func exchangeAll() throws {
    for sender in devices.indices {
      for receiver in devices.indices where receiver != sender {
        if try devices[sender].send(to: devices[receiver], in: folder, full: true) != nil {
          clocks[receiver].merge(clocks[sender])
        }
      }
    }
    for sender in devices.indices.reversed() where sender != 0 {
      try devices[sender].send(to: devices[0], in: folder, full: true)
      clocks[0].merge(clocks[sender])
    }
    for receiver in devices.indices where receiver != 0 {
      try devices[0].send(to: devices[receiver], in: folder, full: true)
      clocks[receiver].merge(clocks[0])
    }
    for index in devices.indices { try compare(index) }
    #expect(
      Set(try devices.map { try $0.digest }).count == 1, "seed \(seed): equal clocks, different digests")
  }

  private func compare(_ index: Int) throws {
    let clock = clocks[index]
    try devices[index].store.read { session in
      #expect(session.clock == clock, "seed \(seed)")
      for expected in model.held(by: clock) {
        let record = try #require(try session.record(expected.id), "seed \(seed)")
        #expect(record.kind == expected.table && record.parent == expected.parent, "seed \(seed)")
        #expect(
          record.presence.entries == model.presence(expected.id, at: clock).entries,
          "seed \(seed): presence of \(expected.id)")
        #expect(record.isVisible == model.isVisible(expected.id, at: clock), "seed \(seed)")
        #expect(
          record.fields.keys.sorted() == model.fieldNames(of: expected.id, at: clock), "seed \(seed)")
        for (name, field) in record.fields {
          let register = model.register(expected.id, name, at: clock)
          #expect(
            register.stored == field,
            "seed \(seed): \(name) of \(expected.id)")
          #expect(
            try session.register(of: expected.id, name)?.entries == register.entries,
            "seed \(seed): values of \(name) of \(expected.id)")
        }
      }
      #expect(
        try session.conflictKeys().map { "\($0.record) \($0.field)" } == model.conflicts(at: clock),
        "seed \(seed)")
      #expect(try session.digest() == model.digest(at: clock), "seed \(seed)")
      #expect(try session.tableFaults() == [], "seed \(seed)")
      #expect(try session.logFaults() == [], "seed \(seed)")
      for table in testTables.map(\.name) {
        let listed = try session.records(in: table, RecordFilter()).map(\.id)
        let expected = model.held(by: clock).filter { $0.table == table && model.isVisible($0.id, at: clock) }
        #expect(listed.sorted() == expected.map(\.id), "seed \(seed)")
      }
    }
  }
}
