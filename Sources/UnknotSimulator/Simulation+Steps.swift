import Foundation
import SeededRandom
import UnknotCausality
import UnknotEngine
import UnknotStorage

extension Simulation {
  func perform(_ step: Step) throws {
    let device = step.isWrite ? anyWriter() : anyDevice()
    if isVerbose { print("\(self.step) \(step): \(device.name)") }
    if step.isWrite, device.held.count == 0 { isInOrder = false }
    switch step {
    case .create: try create(on: device)
    case .edit: try edit(on: device, form: nil)
    case .openForm: device.forms.append((try device.store.read { try $0.form }, device.held))
    case .editOldForm:
      if let form = generator.element(of: device.forms) { try edit(on: device, form: form) }
    case .delete:
      if let record = try anyRecord(device) { try write(on: device) { _ = try $0.delete(record) } }
    case .restore:
      if let record = try anyRecord(device) { try write(on: device) { _ = try $0.restore(record) } }
    case .move:
      if let record = try anyRecord(device) {
        let place = "a\(generator.pick(5))"
        try write(on: device) { _ = try $0.edit(record, [FieldName("place"): .text(place)]) }
      }
    case .place: try place(on: device)
    case .undo, .redo: try undo(on: device, redo: step == .redo)
    case .resolve: try resolve(on: device)
    case .export: _ = try export(from: device, to: nil, full: false)
    case .exportFor: _ = try export(from: device, to: try deviceName(anyDevice()), full: false)
    case .exportFull: _ = try export(from: device, to: nil, full: true)
    case .importFile:
      if let file = generator.element(of: reaching(device)) { try importFiles([file], into: device) }
    case .importFiles:
      let files = reaching(device)
      try importFiles((0..<3).compactMap { _ in generator.element(of: files) }, into: device)
    case .importDamaged: try importDamaged(into: device)
    case .loseFile:
      if files.count > 2 { files.remove(at: generator.pick(files.count)) }
    case .newDevice: if devices.count < most { try addDevice() }
    case .newStranger: if devices.count < most { try create(on: try addDevice()) }
    case .join: try join(device)
    case .reopen: try reopen(device)
    case .upgrade: try device.reopen(tableCount: 1 + generator.pick(tables.count))
    case .changeClock: device.environment.clock = anyClock()
    case .killWrite:
      try killed(device) { try device.store.write("killed") { _ = try $0.create("visit", parent: nil, [:]) } }
    case .killImport:
      if let file = generator.element(of: reaching(device)) {
        try killed(device) {
          _ = try device.synchronizer.importFiles([.path(file.path)])
        }
      }
    case .retire: try retire(by: device)
    case .compact: try compact(device)
    case .backUp: try device.backUp(to: newPath())
    case .restoreBackup, .restoreHome:
      if let backup = generator.element(of: device.backups) {
        try device.restore(backup, withNotes: step == .restoreHome)
        try check(device, fully: true)
      }
    case .copyJournal, .cloneHome: try clone(device, withNotes: step == .cloneHome)
    }
  }

  private func reaching(_ device: SimulatedDevice) -> [File] {
    hub == nil ? files : files.filter { reaches($0.writer, device.number) }
  }

  // MARK: Writes

  /// Puts a part into its visit, or moves one: it stands directly where it was put, whatever was inserted elsewhere
  /// meanwhile and whatever keys files have brought.
  private func place(on device: SimulatedDevice) throws {
    let parents = try device.store.read { session in
      try session.records(in: "visit", RecordFilter()).map(\.id)
    }
    guard let parent = generator.element(of: parents) else { return }
    let field = FieldName("place")
    // A program that does not know the table lists its records otherwise.
    guard device.tableCount > 1 else { return }
    func list(_ session: StoreReader, _ includeRemoved: Bool) throws -> [StoredRecord] {
      try session.children(of: parent, in: "part", includeRemoved: includeRemoved)
    }
    let before = try device.store.read { try list($0, true) }
    let seen = before.filter(\.isPresent)
    let moved = generator.once(in: 2) ? generator.element(of: seen) : nil
    let others = seen.filter { $0.id != moved?.id }
    let index = generator.pick(others.count + 1)
    func key(_ record: StoredRecord) -> String? {
      if case .text(let key) = record["place"] { key } else { nil }
    }
    var placed: Dot?
    try write(on: device) { writer in
      let insertion = try OrderKey.insertion(
        at: index, among: others.map(key), unseen: before.filter { !$0.isPresent }.compactMap(key),
        by: writer.actor)
      for other in insertion.rekeyed {
        _ = try writer.edit(others[other.place].id, [field: .text(other.key)])
      }
      if let moved {
        _ = try writer.edit(moved.id, [field: .text(insertion.key)])
        placed = moved.id
      } else {
        placed = try writer.create("part", parent: parent, [field: .text(insertion.key)])
      }
    }
    var expected = others.map(\.id)
    expected.insert(try require(placed), at: index)
    let after = try device.store.read { try list($0, false).map(\.id) }
    try expect(after == expected, "\(device.name): what was put into a list stands elsewhere")
  }

  func anyRecord(_ device: SimulatedDevice) throws -> Dot? {
    let records = device.held.numbers.filter { model.changes[$0].action == .create }
    guard let record = generator.element(of: records) else { return nil }
    return model.names(of: device.held)[record]
  }

  func create(on device: SimulatedDevice) throws {
    if generator.once(in: 3), try createInDomain(on: device) { return }
    let parents = ["visit": "part", "part": "detail"]
    let number = Int64(generator.pick(4))
    if let parent = try anyRecord(device), generator.pick(3) > 0,
      let table = try device.store.read({ try $0.record(parent)?.kind }), let below = parents[table]
    {
      try write(on: device) {
        _ = try $0.create(
          below, parent: parent,
          [FieldName("place"): .text("a\(number)"), FieldName("size"): .integer(number)])
      }
      return
    }
    let time = anyTime()
    try write(on: device) {
      _ = try $0.create(
        "visit", parent: nil,
        [
          FieldName("at"): time, FieldName("note"): .text("n\(number)"),
          FieldName("tags", key: "t\(number)"): .present,
        ])
    }
  }

  func anyTime() -> Value {
    .time(milliseconds: 1_700_000_000_000 + Int64(generator.pick(10)) * 60_000, offsetMinutes: 60)
  }

  func edit(on device: SimulatedDevice, form: (form: Form, seen: ChangeSet)?) throws {
    // A form shows only what was there when it was opened.
    let seen = form?.seen ?? device.held
    let records = seen.numbers.filter { model.changes[$0].action == .create }
    guard let number = generator.element(of: records), let other = generator.element(of: records) else {
      return
    }
    let names = model.names(of: device.held)
    let record = try require(names[number])
    if let type = domainType(of: number) {
      let values = domainValues(type) { names[generator.element(of: records) ?? number] }
      return try write(on: device, form: form) { _ = try $0.edit(record, values) }
    }
    let choices: [(FieldName, Value)] = [
      (FieldName("at"), anyTime()), (FieldName("note"), .text("n\(generator.pick(3))")),
      (FieldName("size"), .integer(Int64(generator.pick(3)))),
      (FieldName("place"), .text("a\(generator.pick(4))")),
      (FieldName("tags", key: "t\(generator.pick(3))"), generator.once(in: 2) ? .present : .null),
      (FieldName("future"), .bytes([UInt8(generator.pick(2))])), (FieldName("size"), .null),
      (FieldName("other"), .reference(try require(names[other]))),
    ]
    var fields: [FieldName: Value] = [:]
    for _ in 0...generator.pick(2) {
      let (name, value) = choices[generator.pick(choices.count)]
      fields[name] = value
    }
    try write(on: device, form: form) { _ = try $0.edit(record, fields) }
  }

  private func undo(on device: SimulatedDevice, redo: Bool) throws {
    do {
      try learn(device) { _ = try redo ? device.store.redo() : device.store.undo() }
    } catch StorageError.nothingToUndo, StorageError.nothingToRedo {}
  }

  private func resolve(on device: SimulatedDevice) throws {
    let conflicts = try device.store.read { try $0.conflictKeys() }
    guard let conflict = generator.element(of: conflicts) else { return }
    let register = try device.store.read { try $0.register(of: conflict.record, conflict.field) }
    let dot = try require(generator.element(of: require(register).entries)).dot
    let value = try device.store.read { try $0.value(of: conflict.field, writtenBy: dot) }
    try write(on: device) { writer in
      if conflict.field == .presence {
        _ = try value == .removed ? writer.delete(conflict.record) : writer.restore(conflict.record)
      } else {
        _ = try writer.edit(conflict.record, [conflict.field: value])
      }
    }
  }

  /// The program ends in the middle of a transaction: nothing of it is there afterwards.
  private func killed(_ device: SimulatedDevice, _ body: () throws -> Void) throws {
    device.notes.cut = generator.once(in: 2) ? .beforeSaving : .afterSaving
    do {
      try body()
    } catch {}
    device.notes.cut = nil
    try device.reopen()
    try check(device, fully: generator.once(in: 4))
  }

  private func reopen(_ device: SimulatedDevice) throws {
    if generator.once(in: 4) { device.notes.move(to: newPath()) }
    device.notes.isNeverNarrowed = generator.once(in: 4)
    try device.reopen()
  }

  /// Puts another device aside, or takes it back.
  private func retire(by device: SimulatedDevice) throws {
    let devices = try device.store.read { try $0.devices() }.filter { !$0.isThis }
    if let other = generator.element(of: devices) {
      _ = try device.store.setRetired(other.id, !other.isRetired)
    }
  }

  private func compact(_ device: SimulatedDevice) throws {
    let before = try device.store.read { try $0.digest() }
    // Whatever its clock: now, or some of the past.
    let cutoff = device.environment.now() + Int64(generator.pick(4) - 1) * 50
    let result = try device.store.compact(before: cutoff, dryRun: generator.once(in: 4))
    forgotten += result.changes
    try expect(try device.store.read { try $0.digest() } == before, "compaction changed something")
    try check(device, fully: true)
  }

  // MARK: Copies

  /// A device loses what it wrote last, or goes on twice; all that are left write, and hear of each other's files.
  func part() throws {
    let device = anyDevice()
    if devices.count == most || generator.once(in: 2) {
      try device.backUp(to: newPath())
      let backup = try require(device.backups.last)
      try edit(on: device, form: nil)
      try create(on: device)
      _ = try export(from: device, to: nil, full: true)
      try device.restore(backup, withNotes: generator.once(in: 2))
      try create(on: device)
    } else {
      try clone(device, withNotes: generator.once(in: 2))
      let copy = try require(devices.last)
      try create(on: device)
      try create(on: copy)
      _ = try export(from: copy, to: nil, full: true)
    }
    _ = try export(from: device, to: nil, full: true)
  }

  /// To another machine, with the notes or without, or to another place on the same one.
  private func clone(_ device: SimulatedDevice, withNotes: Bool) throws {
    guard devices.count < most else { return }
    let path = "\(folder)/\(devices.count).sqlite"
    try device.copy(to: path)
    let notes: SimulatedNotes
    if withNotes {
      notes = SimulatedNotes(
        SimulatedMachine(notes: device.notes.machine.notes, places: [device.notes.place]),
        place: device.notes.place)
    } else if generator.once(in: 2) {
      notes = SimulatedNotes(device.notes.machine, place: path)
      device.notes.machine.places.insert(path)
    } else {
      notes = SimulatedNotes(SimulatedMachine(places: ["journal"]), place: "journal")
    }
    let copy = try SimulatedDevice(
      number: devices.count, path: path, notes: notes, held: device.held,
      journals: device.journals, seed: generator.next(), clock: anyClock(), tables: tables,
      tableCount: device.tableCount)
    devices.append(copy)
  }

  // MARK: Exchange

  func export(from device: SimulatedDevice, to receiver: String?, full: Bool) throws -> File? {
    let result: ExportResult
    do {
      result = try device.synchronizer.export(
        to: .file(newPath()), for: Receiver(device: receiver), full: full)
    } catch SyncError.noSuchDevice {
      return nil
    }
    guard let path = result.file else { return nil }
    var base = ChangeSet()
    for (number, name) in model.names(of: device.held) where result.base.covers(name) { base.insert(number) }
    try expect(
      result.changes == UInt64(device.held.count - base.count), "an export says another number of changes")
    let file = File(
      path: path, base: base, tip: device.held, journals: device.journals, writer: device.number)
    files.append(file)
    if files.count > 60 { files.removeFirst() }
    return file
  }

  /// What the model says about an import; nil where it is refused.
  private func expected(_ chosen: [File], _ device: SimulatedDevice) -> (held: ChangeSet, journals: Set<Int>)?
  {
    var held = device.held
    var journals = device.journals
    var waiting = chosen
    while !waiting.isEmpty {
      // Another file can be what makes a stranger's one of the journal's own.
      let next = waiting.firstIndex { file in
        (held.count == 0 || !file.journals.isDisjoint(with: journals)) && file.base.isSubset(of: held)
      }
      guard let next else { return nil }
      let file = waiting.remove(at: next)
      if file.journals.isDisjoint(with: journals) { journals = file.journals }
      journals.formUnion(file.journals)
      held.formUnion(file.tip)
    }
    return (held, journals)
  }

  func importFiles(_ chosen: [File], into device: SimulatedDevice) throws {
    guard !chosen.isEmpty else { return }
    let expected = expected(chosen, device)
    do {
      let result = try device.synchronizer.importFiles(chosen.map { .path($0.path) })
      let (held, journals) = try require(expected)
      try expect(
        result.changesApplied == UInt64(held.count - device.held.count),
        "\(device.name): an import says \(result.changesApplied) new changes, the model "
          + "\(held.count - device.held.count)")
      forksTold += result.forks.count
      device.held = held
      device.journals = journals
    } catch let error as SyncError {
      switch error {
      case .changesMissing, .otherJournal:
        try expect(expected == nil, "\(device.name) refused what it could take: \(error)")
      default: throw failure("\(device.name) refused a file: \(error)")
      }
    }
    try check(device, fully: generator.once(in: 6))
  }

  private func join(_ device: SimulatedDevice) throws {
    guard let file = generator.element(of: files), file.base.isSubset(of: device.held) else { return }
    _ = try device.synchronizer.importFiles([.path(file.path)], MergeOptions(joins: true))
    device.journals =
      device.held.count == 0 && file.journals.isDisjoint(with: device.journals)
      ? file.journals : device.journals.union(file.journals)
    device.held.formUnion(file.tip)
    try check(device, fully: true)
  }

  private func importDamaged(into device: SimulatedDevice) throws {
    guard let file = generator.element(of: files) else { return }
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file.path)))
    switch generator.pick(3) {
    case 0: bytes.removeLast(1 + generator.pick(bytes.count))
    case 1: bytes[generator.pick(bytes.count)] ^= 1 << UInt8(generator.pick(8))
    default: bytes += generator.bytes(1 + generator.pick(40))
    }
    let path = newPath()
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let before = try device.store.read { try $0.digest() }
    do {
      _ = try device.synchronizer.importFiles([.path(path)], MergeOptions(joins: true))
      throw failure("\(device.name) took a damaged file")
    } catch is SyncError {}
    try expect(try device.store.read { try $0.digest() } == before, "a damaged file changed something")
    try check(device)
    try? FileManager.default.removeItem(atPath: path)
  }
}
