import Foundation
import SeededRandom
import UnknotCausality
import UnknotEngine
import UnknotKit
import UnknotStorage

/// What went wrong in a simulation, with what is needed to see it again.
struct SimulationFailure: Error, CustomStringConvertible {
  let seed: UInt64
  let step: Int
  let what: String
  var description: String { "seed \(seed), step \(step): \(what)" }
}

/// Devices that write, exchange files and suffer what devices suffer: one thread, and every choice from the seed.
/// After each step, what the engine holds is compared with the model.
final class Simulation {
  struct File {
    let path: String
    let base: ChangeSet
    let tip: ChangeSet
    let journals: Set<Int>
    let writer: Int
  }

  let seed: UInt64
  let folder: String
  let most: Int
  var generator: SeededGenerator
  var model = Model()
  var devices: [SimulatedDevice] = []
  var files: [File] = []
  var weights: [(element: Step, weight: Int)] = []
  private(set) var step = 0
  private(set) var stepsDone: [Step: Int] = [:]
  /// How many forks were told of, and how many files had to be written whole for a device to go on.
  var forksTold = 0
  var fullExportsNeeded = 0
  var forgotten = 0
  private(set) var rounds = 0
  /// Seeds in which everything goes as people mean it: for these plain exports have to be enough.
  private(set) var ordered = 0
  /// A device that writes before it took in a file begins a journal of its own.
  var isInOrder = true
  /// The number of the device that all files go through; nil: anyone sends to anyone.
  private(set) var hub: Int?
  var isVerbose = false
  private var digests: [ChangeSet: [UInt8]] = [:]
  /// Stands for everything that happened: two runs of one seed have the same.
  private(set) var trace: UInt64 = 14_695_981_039_346_656_037

  private let only: Selection?
  /// Of the product's kinds of records, those that come up with this seed.
  let domain: [RecordType]
  /// Three of no product, with all that tables can have, and those.
  let tables: [RecordKind]

  init(seed: UInt64, devices most: Int, folder: String, only: Selection? = nil) throws {
    self.seed = seed
    self.most = most
    self.folder = folder
    self.only = only
    var generator = SeededGenerator(seed: seed)
    let domain = Self.chosenTypes(&generator)
    self.domain = domain
    tables =
      [
        // Some fields are declared otherwise than they are written, and some not at all.
        RecordKind(
          name: "visit",
          fields: [
            RecordField("note", .text), RecordField("size", .integer), RecordField("tags", .set),
            RecordField("other", .reference),
          ], timeField: "at"),
        RecordKind(
          name: "part",
          fields: [RecordField("note", .text), RecordField("size", .text), RecordField("tags", .map)],
          orderField: "place", parentName: "visit"),
        RecordKind(name: "detail"),
      ] + RecordType.schemas.filter { schema in domain.contains { $0.name == schema.name } }
    self.generator = generator
    // Swarm testing: each seed has its own mixture of steps, and some kinds not at all.
    weights = Step.allCases.compactMap { step in
      step.isAlwaysThere || generator.pick(4) > 0 ? (step, step.weight * (1 + generator.pick(4))) : nil
    }
    if only == .clones { weights = weights.filter(\.element.isOfClones) }
    // Some seeds without copies, strangers and retired devices, so that plain exports are held to what they promise.
    if only == nil, generator.once(in: 3) { weights.removeAll { $0.element.isDisorder } }
    // Of clones alone: room is left for them.
    let room = only == .clones ? most - 2 : most
    for _ in 0..<max(2, min(room, 2 + generator.pick(4))) { try addDevice() }
    if only == nil, generator.once(in: 3) { hub = generator.pick(devices.count) }
    // All but strangers begin with the first one's journal.
    try create(on: devices[0])
    let file = try require(try export(from: devices[0], to: nil, full: true))
    guard let hub else {
      for device in devices.dropFirst() { try importFiles([file], into: device) }
      return
    }
    if hub != 0 { try importFiles([file], into: devices[hub]) }
    let onward = try require(try export(from: devices[hub], to: nil, full: true))
    for device in devices.dropFirst() where device.number != hub { try importFiles([onward], into: device) }
  }

  func run(steps: Int) throws {
    for _ in 0..<steps {
      step += 1
      let chosen = try require(generator.element(weighted: weights))
      stepsDone[chosen, default: 0] += 1
      if chosen.isDisorder { isInOrder = false }
      note("\(chosen)")
      if only == .clones, step == max(1, steps / 2) {
        // It restores or copies a device: what others believe that one to hold, nobody may ever say again.
        isInOrder = false
        try part()
      }
      do {
        try perform(chosen)
        if isVerbose { try lookAtLogs() }
      } catch let failure as SimulationFailure {
        throw failure
      } catch {
        throw failure("\(chosen): \(error)")
      }
    }
    try rest()
  }

  /// A fault of the log shows when it is written, and not only when somebody reads it.
  private func lookAtLogs() throws {
    for device in devices {
      let faults = try device.store.read { try $0.logFaults(most: 1) }
      try expect(faults.isEmpty, "\(device.name): \(faults), since this step")
    }
  }

  // MARK: Helpers

  func failure(_ what: String) -> SimulationFailure { SimulationFailure(seed: seed, step: step, what: what) }

  func expect(_ condition: Bool, _ what: @autoclosure () -> String) throws {
    if !condition { throw failure(what()) }
  }

  func require<T>(_ value: T?) throws -> T {
    guard let value else { throw failure("something that must be there is not") }
    return value
  }

  func note(_ text: String) {
    for byte in text.utf8 { trace = (trace ^ UInt64(byte)) &* 1_099_511_628_211 }
  }

  func anyDevice() -> SimulatedDevice { devices[generator.pick(devices.count)] }

  /// The first one always writes.
  func anyWriter() -> SimulatedDevice {
    let writers = devices.filter { !$0.onlyReads }
    return writers[generator.pick(writers.count)]
  }

  /// Whether files of the one come to the other.
  func reaches(_ sender: Int, _ receiver: Int) -> Bool {
    hub.map { sender == $0 || receiver == $0 } ?? true
  }

  func newPath() -> String { "\(folder)/\(generator.next()).file" }

  @discardableResult
  func addDevice() throws -> SimulatedDevice {
    let device = try SimulatedDevice(
      number: devices.count, folder: folder, seed: generator.next(), clock: anyClock(),
      tables: tables, tableCount: generator.once(in: 3) ? 1 : tables.count)
    device.onlyReads = only == nil && !devices.isEmpty && generator.once(in: 4)
    devices.append(device)
    return device
  }

  func anyClock() -> SimulatedEnvironment.Clock {
    generator.element(of: SimulatedEnvironment.Clock.allCases) ?? .right
  }

  // MARK: Checks

  /// What a device holds and shows is what the model says.
  func check(_ device: SimulatedDevice, fully: Bool = false) throws {
    let state = model.state(of: device.held)
    try device.store.read { session in
      try expect(session.clock == state.clock, "\(device.name) has another clock than the model")
      let faults = try session.tableFaults(most: 1)
      try expect(faults.isEmpty, "\(device.name): \(faults)")
      guard fully || generator.once(in: 8) else { return }
      let digest = try session.digest()
      if let other = digests[device.held] {
        try expect(other == digest, "\(device.name): the same changes, another digest")
      }
      digests[device.held] = digest
      note(hexadecimal(digest.prefix(4)))
      guard fully else { return }
      let logFaults = try session.logFaults(most: 1)
      try expect(logFaults.isEmpty, "\(device.name): \(logFaults)")
      for number in state.names.keys.sorted() {
        let hash = try session.hash(of: state.name(number))
        try expect(
          hash == nil || hash == model.changes[number].hash,
          "\(device.name) has another change under a name than the model")
      }
      for record in state.records { try check(record, state, session, device) }
      let conflicts = try session.conflictKeys().map { "\($0.record) \($0.field)" }
      try expect(conflicts == state.conflicts, "\(device.name) lists other conflicts than the model")
      for table in tables.map(\.name) {
        let records = try session.records(in: table, RecordFilter())
        try expect(
          records.map(\.id).sorted() == state.visible(in: table),
          "\(device.name) lists other records than the model")
        try expect(
          isNewestFirst(records, device), "\(device.name) lists \(table) in another order than the model")
      }
      try expect(digest == state.digest, "\(device.name) has another digest than the model")
    }
  }

  /// By the time field of tables that the program knows and lists by one, and then by id.
  private func isNewestFirst(_ records: [StoredRecord], _ device: SimulatedDevice) -> Bool {
    let field = tables.prefix(device.tableCount)
      .first { $0.name == records.first?.kind }?.timeField
    let times = records.map { record -> Int64 in
      if let field, case .time(let milliseconds, _) = record[field] { return milliseconds }
      return record.createdAt
    }
    return records.indices.dropFirst().allSatisfy {
      times[$0 - 1] > times[$0] || times[$0 - 1] == times[$0] && records[$0 - 1].id > records[$0].id
    }
  }

  private func check(
    _ record: Int, _ state: ModelState, _ session: StoreReader, _ device: SimulatedDevice
  ) throws {
    let id = state.name(record)
    let stored = try require(try session.record(id))
    try expect(
      stored.kind == model.changes[record].table
        && stored.parent == model.changes[record].parent.map(state.name),
      "\(device.name): \(id) is of another table or parent")
    try expect(
      stored.presence.entries == state.presence(record).entries, "\(device.name): presence of \(id)")
    try expect(stored.isVisible == state.isVisible(record), "\(device.name): visibility of \(id)")
    try expect(
      stored.fields.keys.sorted() == state.fieldNames(of: record), "\(device.name): fields of \(id)")
    for table in tables.prefix(device.tableCount) {
      let listed = try session.children(of: id, in: table.name, includeRemoved: true).map(\.id)
      try expect(
        listed == state.children(of: record, in: table),
        "\(device.name) lists the children of \(id) in another order than the model")
    }
    // The values that are not shown are part of the digest.
    for (name, field) in stored.fields {
      let register = state.register(record, name)
      try expect(
        register.stored == field,
        "\(device.name): \(name) of \(id) is \(field), the model says \(register.entries)")
    }
  }

  // MARK: Rest

  /// All faults end, everyone sends to everyone: after a bounded number of rounds all show the same.
  private func rest() throws {
    for device in devices {
      device.notes.cut = nil
      device.notes.isNeverNarrowed = false
      try check(device, fully: true)
    }
    if isInOrder { try exchangePlainly() }
    let bound = devices.count + 2
    while try exchangeOnce() {
      rounds += 1
      try expect(rounds <= bound, "devices go on exchanging without becoming equal")
    }
    for device in devices {
      try check(device, fully: true)
      for other in devices where !other.journals.isDisjoint(with: device.journals) {
        try expect(other.held == device.held, "\(device.name) and \(other.name) hold different changes")
      }
      try rebuild(device)
    }
  }

  /// Devices that keep exchanging become equal, and then have nothing more to tell: each says `sync export`, and whoever
  /// is reached takes what fits, round after round. Nobody knows what the other lacks but by what was said.
  private func exchangePlainly() throws {
    ordered += 1
    for round in 0... {
      try expect(round <= 2 * devices.count + 4, "devices that keep exchanging do not come to an end")
      var isQuiet = true
      for sender in devices {
        // One that holds nothing has to be begun with everything, as a person does it.
        for newcomer in devices where newcomer.held.count == 0 && reaches(sender.number, newcomer.number) {
          guard let whole = try export(from: sender, to: nil, full: true) else { continue }
          try importFiles([whole], into: newcomer)
        }
        guard let file = try export(from: sender, to: nil, full: false) else { continue }
        isQuiet = false
        if isVerbose {
          print("round \(round): \(sender.name) tells \(file.tip.count - file.base.count) changes")
        }
        for receiver in devices where receiver !== sender && reaches(sender.number, receiver.number) {
          try importFiles([file], into: receiver)
        }
      }
      if isQuiet { break }
    }
    for device in devices {
      try expect(device.held == devices[0].held, "\(device.name) has not heard of everything")
    }
  }

  /// Each sends to the next one that takes files of its journal; once that teaches nobody anything, whoever still
  /// lacks something is sent it directly.
  ///
  /// - Returns: whether anyone learned anything.
  private func exchangeOnce() throws -> Bool {
    var learned = false
    for (place, sender) in devices.enumerated() {
      let following = devices[(place + 1)...] + devices[..<place]
      guard let receiver = following.first(where: { takes($0, from: sender) }) else { continue }
      if try sendAndTell(from: sender, to: receiver) { learned = true }
    }
    guard !learned else { return true }
    for sender in devices {
      for receiver in devices where receiver !== sender && takes(receiver, from: sender) {
        guard !sender.held.isSubset(of: receiver.held) || !sender.journals.isSubset(of: receiver.journals)
        else { continue }
        if try sendAndTell(from: sender, to: receiver) { learned = true }
      }
    }
    return learned
  }

  private func takes(_ receiver: SimulatedDevice, from sender: SimulatedDevice) -> Bool {
    !sender.journals.isDisjoint(with: receiver.journals) || receiver.held.count == 0
  }

  private func sendAndTell(from sender: SimulatedDevice, to receiver: SimulatedDevice) throws -> Bool {
    let before = (receiver.held, receiver.journals)
    try send(from: sender, to: receiver)
    return (receiver.held, receiver.journals) != before
  }

  /// What the sender believes that the receiver lacks, everything to one that it never heard of; where that was too
  /// little, everything.
  private func send(from sender: SimulatedDevice, to receiver: SimulatedDevice) throws {
    let name = try deviceName(receiver)
    let isKnown = try sender.store.read { try $0.devices().contains { !$0.isThis && $0.name == name } }
    let file = try export(from: sender, to: isKnown ? name : nil, full: !isKnown)
    if let file, file.base.isSubset(of: receiver.held) { try importFiles([file], into: receiver) }
    guard !sender.held.isSubset(of: receiver.held) else { return }
    fullExportsNeeded += 1
    try importFiles([try require(try export(from: sender, to: nil, full: true))], into: receiver)
  }

  /// A journal that is made anew from the change log shows the same.
  private func rebuild(_ device: SimulatedDevice) throws {
    guard device.held.count > 0 else { return }
    let path = newPath()
    _ = try device.synchronizer.export(to: .file(path), for: .everyone, full: true)
    let store = try Store(
      path: nil, tables: tables, deviceName: "rebuilt",
      environment: SimulatedEnvironment(seed: generator.next(), clock: .right), notes: nil)
    _ = try Synchronizer(store: store).importFiles([.path(path)])
    let digest = try device.store.read { try $0.digest() }
    try expect(try store.read { try $0.digest() } == digest, "\(device.name): rebuilt, another digest")
    try? FileManager.default.removeItem(atPath: path)
  }

  /// What a device is called among the others just now.
  func deviceName(_ device: SimulatedDevice) throws -> String {
    try device.store.read { try $0.devices().first { $0.isThis }?.name ?? "" }
  }
}
