import Foundation
import SeededRandom
import UnknotCausality
import UnknotEngine
import UnknotStorage

/// Devices that exchange through folders which something carries, badly; that are copied, restored, retired and lost; and whose
/// keys change. One thread, and every choice from the seed. In the end all that somebody held is held by everybody who counts.
final class FolderSimulation {
  let seed: UInt64
  let root: String
  let most: Int
  let isSealed: Bool
  var generator: SeededGenerator
  let carrier = FolderCarrier()
  private(set) var devices: [SimulatedFolderDevice] = []
  /// Ids of devices that are not in their owner's hands any more.
  private var lost: Set<DeviceID> = []
  /// The recovery keys that somebody wrote down, the newest last.
  private var paper: [String] = []
  private var stranger: SimulatedFolderDevice?
  private var weights: [(element: FolderStep, weight: Int)] = []
  private(set) var stepsDone: [FolderStep: Int] = [:]
  private(set) var roundsDone = 0
  private(set) var step = 0
  /// In the journal that all of them share, at rest.
  private(set) var changes = 0
  /// Stands for everything that happened: two runs of one seed have the same.
  private(set) var trace: UInt64 = 0
  var isVerbose = false

  init(seed: UInt64, devices most: Int, folder: String) throws {
    self.seed = seed
    self.most = most
    root = folder
    generator = SeededGenerator(seed: seed)
    isSealed = generator.pick(5) > 0
    weights = FolderStep.allCases.compactMap { step in
      step.isAlwaysThere || generator.pick(3) > 0 ? (step, step.weight * (1 + generator.pick(3))) : nil
    }
    let first = try addDevice()
    try first.log()
    if isSealed {
      try first.replica.beginSealing()
      paper.append(try first.replica.recoveryKey())
    }
    try round(first)
    for _ in 0..<(1 + generator.pick(3)) { try addNewcomer() }
  }

  func run(steps: Int) throws {
    for _ in 0..<steps {
      step += 1
      guard let chosen = generator.element(weighted: weights) else { throw failure("nothing may happen") }
      stepsDone[chosen, default: 0] += 1
      do {
        try perform(chosen)
      } catch let failure as SimulationFailure {
        throw failure
      } catch {
        throw failure("\(chosen): \(error)")
      }
    }
    do {
      try rest()
    } catch let failure as SimulationFailure {
      throw failure
    } catch {
      throw failure("at rest: \(error)")
    }
  }

  private func failure(_ what: String) -> SimulationFailure {
    SimulationFailure(seed: seed, step: step, what: what)
  }

  private func expect(_ condition: Bool, _ what: @autoclosure () throws -> String) throws {
    if !condition { throw failure(try what()) }
  }

  private func anyDevice() -> SimulatedFolderDevice { devices[generator.pick(devices.count)] }

  // MARK: Steps

  private func perform(_ step: FolderStep) throws {
    let device = anyDevice()
    if isVerbose { print("\(self.step) \(step) \(device.name)") }
    defer {
      if isVerbose { print("  epochs \((try? devices.map { try $0.replica.keyState().epoch }) ?? [])") }
    }
    switch step {
    case .log: try device.log()
    case .edit: try device.edit(&generator)
    case .round: try round(device)
    case .carry: try carrier.visit(device.folder, &generator)
    case .tidy: try round(device, tidies: true)
    case .passDays: device.pass(days: Int64(generator.pick(10)))
    case .jumpClock: device.pass(days: Int64(generator.pick(58_000) - 29_000))
    case .wipeHalf:
      for name in try FolderCarrier.names(in: device.folder) where generator.once(in: 2) {
        try FileManager.default.removeItem(atPath: "\(device.folder)/\(name)")
      }
    case .damage: try damage(device)
    // Where nothing is sealed, a newcomer cannot know which of two journals it is to be of.
    case .bringStranger: if isSealed { try bringStranger(to: device) }
    case .leaveTemporary:
      try Data(generator.bytes(40)).write(
        to: URL(filePath: "\(device.folder)/.unknot-\(generator.next()).tmp"))
    case .reopen: try device.reopen()
    case .backUp: try device.backUp()
    case .restoreJournal, .restoreHome:
      if let backup = generator.element(of: device.backups) {
        try device.restore(backup, withState: step == .restoreHome)
        try device.replica.setFolder(device.folder)
      }
    case .cloneJournal, .cloneHome:
      guard devices.count < most else { return }
      try addDevice(copying: (device, step == .cloneHome))
    case .invite: if try isInHand(device) { try invite(device) }
    case .newcomer: if devices.count < most { try addNewcomer() }
    case .retire:
      let others = try device.replica.read { try $0.devices() }.filter { !$0.isThis }
      if try isInHand(device), let other = generator.element(of: others) {
        _ = try device.replica.setRetired(other.id, !other.isRetired)
      }
    case .lose: try lose(by: device)
    case .rotate: if try isInHand(device) { try rotate(device, losing: nil) }
    }
  }

  /// A round ends in no error, but for a device that has no key.
  private func round(_ device: SimulatedFolderDevice, tidies: Bool = false) throws {
    roundsDone += 1
    do {
      _ = try device.replica.synchronizeFolder(tidies: tidies)
    } catch SyncError.noKey {
      try expect(try !hasKey(device), "\(device.name) has a key, and says that it has none")
    } catch SyncError.locked {
      try expect(
        try !device.replica.keyState().isSealed, "\(device.name) is sealed, and stops at locked files")
    }
  }

  private func hasKey(_ device: SimulatedFolderDevice) throws -> Bool {
    let state = try device.replica.keyState()
    return state.isSealed && state.hasKey
  }

  private func isInHand(_ device: SimulatedFolderDevice) throws -> Bool {
    try device.id().map { !lost.contains($0) } ?? false
  }

  /// Somebody else's files.
  private func bringStranger(to device: SimulatedFolderDevice) throws {
    let other = try stranger ?? SimulatedFolderDevice("stranger", in: root, seed: generator.next())
    // What is open, a newcomer that has not joined yet would take for its own.
    if stranger == nil { try other.replica.beginSealing() }
    stranger = other
    try other.log()
    _ = try other.replica.synchronizeFolder()
    try hand(other.folder, to: device)
  }

  // MARK: Devices and keys

  @discardableResult
  private func addDevice(copying source: (SimulatedFolderDevice, Bool)? = nil) throws -> SimulatedFolderDevice
  {
    let device = try SimulatedFolderDevice(
      "device \(devices.count)", in: root, seed: generator.next(), copying: source)
    devices.append(device)
    return device
  }

  /// It is handed the folder as another one has it, as on a stick, and the recovery key of whoever has one.
  private func addNewcomer() throws {
    let inHand = try devices.filter(isInHand)
    guard let host = generator.element(of: inHand) else { return }
    let device = try addDevice()
    try hand(host.folder, to: device)
    if isSealed {
      try join(device, host)
    } else {
      // Which journal it is of, it would not know from a folder in which nothing is yet.
      let file = "\(root)/first-\(devices.count)"
      _ = try host.replica.export(to: .file(file), for: .everyone, full: true)
      _ = try device.replica.importFiles([.path(file)])
    }
    try round(device)
  }

  private func join(_ device: SimulatedFolderDevice, _ host: SimulatedFolderDevice) throws {
    guard try host.replica.keyState().hasKey else { return }
    do {
      try device.replica.join(host.replica.recoveryKey(), folder: device.folder, unites: true)
    } catch SyncError.wrongCode {
      // No file of that key is there yet.
    } catch SyncError.outdatedKey {
      if try !joinFromPaper(device) {
        try device.replica.join(
          host.replica.recoveryKey(), folder: device.folder, unites: true, takesOlder: true)
      }
    } catch SyncError.olderKey {
      // The other way round it works.
      do {
        try host.replica.join(device.replica.recoveryKey(), folder: host.folder, unites: true)
      } catch SyncError.wrongCode {}
    } catch SyncError.noKey {
      // The host lost its own.
    } catch SyncError.notSealing {
      // It has not heard that files are sealed.
    }
  }

  /// - Returns: whether one of them was right.
  @discardableResult
  private func joinFromPaper(_ device: SimulatedFolderDevice) throws -> Bool {
    for key in paper.reversed() {
      do {
        try device.replica.join(key, folder: device.folder, unites: true)
        return true
      } catch SyncError.wrongCode {} catch SyncError.olderKey {} catch SyncError.outdatedKey {}
    }
    return false
  }

  /// Whoever takes it up does so at once, or never.
  private func invite(_ device: SimulatedFolderDevice) throws {
    do {
      let code = try device.replica.invite()
      let guests = try devices.filter { try !$0.replica.keyState().hasKey && isInHand($0) }
      guard let guest = generator.element(of: guests) else { return }
      try hand(device.folder, to: guest)
      try guest.replica.join(code, folder: guest.folder, unites: true)
    } catch SyncError.noKey {} catch SyncError.notSealing {} catch SyncError.outdatedKey {}
  }

  /// - Returns: whether there is another key now.
  @discardableResult
  private func rotate(_ device: SimulatedFolderDevice, losing lost: DeviceID?) throws -> Bool {
    do {
      try device.replica.rotateKey(losing: lost)
      paper.append(try device.replica.recoveryKey())
      return true
    } catch SyncError.noKey {} catch SyncError.notSealing {} catch SyncError.noSuchDevice {}
    return false
  }

  /// Somebody takes a device away; whoever misses it says so.
  private func lose(by device: SimulatedFolderDevice) throws {
    guard isSealed, try isInHand(device), try devices.filter(isInHand).count > 2 else { return }
    let others = try device.replica.read { try $0.devices() }.filter { !$0.isThis && !lost.contains($0.id) }
    guard let other = generator.element(of: others), try device.replica.keyState().hasKey else { return }
    if try rotate(device, losing: other.id) { lost.insert(other.id) }
  }

  // MARK: Rest

  /// Carriers do what they promise, clocks are right, everybody comes by every day.
  private func rest() throws {
    carrier.isFaulty = false
    for device in devices { device.environment.milliseconds = 4_500_000_000_000 }
    let held = try devices.filter(isInHand).reduce(into: Set<String>()) { try $0.formUnion($1.texts()) }
    try forgetUntoldLosses()
    try days(40)
    let living = try devices.filter(isInHand)
    if isVerbose { try describe() }
    try expect(!living.isEmpty, "nobody is left")
    for device in living {
      try expect(
        device.digest() == living[0].digest(), "\(device.name) and \(living[0].name) show different things")
      try expect(
        held.isSubset(of: device.texts()),
        "\(device.name) lacks \(held.subtracting(try device.texts()).sorted())")
      try expect(device.replica.verify().isEmpty, "\(device.name): \(try device.replica.verify())")
      if isSealed {
        try expect(
          device.replica.recoveryKey() == living[0].replica.recoveryKey(), "\(device.name) has another key")
      }
      let ours = try FolderCarrier.names(in: device.folder).filter { $0.count < 40 }
      try expect(ours.count <= 17 * devices.count + 3, "\(ours.count) files in the folder of \(device.name)")
    }
    changes = try Int(living[0].replica.read { $0.clock }.changeCount(beyond: VectorClock()))
    trace = try living[0].digest().prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    try expectShutOut(living)
    try expectNewcomer(living[0])
  }

  /// A loss that nobody remembers who counts was never declared: whoever did it was restored, or is lost as well.
  private func forgetUntoldLosses() throws {
    while true {
      let known = try devices.filter(isInHand).reduce(into: Set<[UInt8]>()) { known, device in
        known.formUnion(
          try device.replica.read { try $0.deviceTrust().filter { $0.value.lostEpoch > 0 }.keys })
      }
      let untold = lost.filter { !known.contains($0.bytes) }
      guard !untold.isEmpty else { return }
      lost.subtract(untold)
    }
  }

  private func anyHost(of device: SimulatedFolderDevice) throws -> SimulatedFolderDevice? {
    let hosts = try devices.filter { try $0 !== device && isInHand($0) && hasKey($0) }
    return generator.element(of: hosts)
  }

  /// It says so, and a person types the key of another one then.
  private func isLockedOut(_ device: SimulatedFolderDevice) throws -> Bool {
    guard try hasKey(device) else { return true }
    return try device.replica.folderFiles().contains { $0.state == .locked || $0.state == .quarantined }
  }

  /// What each device holds and what it makes of its folder.
  private func describe() throws {
    for device in devices {
      let state = try device.replica.keyState()
      let files = Dictionary(grouping: try device.replica.folderFiles()) {
        "\($0.state.rawValue) \($0.reason)"
      }
      let id = try device.id().map { hexadecimal($0.bytes.prefix(4)) } ?? "none"
      print(
        "\(device.name) \(id)\(try isInHand(device) ? "" : " LOST") epoch \(state.epoch) key \(state.hasKey), "
          + "\(try device.texts().count) texts, "
          + files.map { "\($1.count) \($0)" }.sorted().joined(separator: "; "))
      let (others, trust) = try device.replica.read { (try $0.devices(), try $0.deviceTrust()) }
      for other in others where !other.isThis {
        let known = trust[other.id.bytes]
        print(
          "  knows \(other.name) \(hexadecimal(other.id.bytes.prefix(4)))\(other.isRetired ? ", retired" : "")",
          lost.contains(other.id) ? "LOST" : "",
          "let in by \(known?.keys?.epoch ?? 0), lost in \(known?.lostEpoch ?? 0)")
      }
    }
  }

  private func days(_ count: Int) throws {
    for day in 0..<count {
      for device in devices {
        try carrier.visit(device.folder, &generator)
        device.pass(days: 1)
        if isSealed, day < 20, try isInHand(device), try isLockedOut(device) {
          if let host = try anyHost(of: device) { try join(device, host) } else { try joinFromPaper(device) }
        }
        try round(device)
        try carrier.visit(device.folder, &generator)
      }
    }
  }

  /// Once all have heard that a device is lost, nobody takes from it, and it reads nothing that is new.
  private func expectShutOut(_ living: [SimulatedFolderDevice]) throws {
    let others = try devices.filter { try !isInHand($0) }
    guard !others.isEmpty else { return }
    let theirs = try others.map { try $0.log() }
    let ours = try living[0].log()
    try days(6)
    for device in living {
      try expect(
        device.texts().isDisjoint(with: theirs), "\(device.name) took in what a lost device wrote afterwards")
      try expect(device.texts().contains(ours), "\(device.name) lacks what was written last")
    }
    for device in others {
      try expect(!device.texts().contains(ours), "\(device.name) is lost, and reads on")
    }
  }

  /// Whoever has the folder and the key has everything.
  private func expectNewcomer(_ host: SimulatedFolderDevice) throws {
    let device = try addDevice()
    try hand(host.folder, to: device)
    if isSealed { try join(device, host) }
    try round(device)
    try expect(device.digest() == host.digest(), "a newcomer with folder and key shows something else")
  }
}
