public import UnknotCausality

/// A device, as it is called among devices: 16 random bytes. People see its name.
public struct DeviceID: Hashable, Sendable {
  /// How many bytes an id has.
  public static let byteCount = 16
  /// The id itself, `byteCount` bytes.
  public let bytes: [UInt8]

  /// Takes exactly 16 bytes; nil for any other count.
  public init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    self.bytes = bytes
  }

  /// nil for what `hexadecimal` would not write.
  init?(hexadecimal text: some StringProtocol) {
    guard let bytes = UnknotCausality.bytes(hexadecimal: text) else { return nil }
    self.init(bytes)
  }
}

/// What a journal knows of a device: of the one that it lies on, or of another that it has heard of.
public struct Device: Sendable {
  let number: Int64
  /// What devices call it among each other: no two have the same.
  public let id: DeviceID
  /// What people call it. Two devices can have the same.
  public let name: String
  /// Counts renames; the name with the highest is in force.
  public let nameRevision: Int64
  /// Whether it is the one that this journal lies on.
  public let isThis: Bool
  /// Roots of families: branches belong to whom the root belongs to.
  public let actors: [ActorID]
  /// What it is known to hold; for this device, what is held.
  package let entries: [ClockEntry]
  /// When a file was imported that told more of what it holds than was known, in ms; nil: none was.
  public let lastImport: Int64?
  /// Counts restored backups.
  public let epoch: Int64
  /// Nobody waits for it any more.
  public let isRetired: Bool
  /// Counts retirements and returns; the state with the highest is in force.
  public let retiredRevision: Int64
  /// Whether it is known to have heard of all that is held here.
  public let hasHeard: Bool
  /// Whether it was told what it is known to hold: it then knows that it was heard.
  public let isTold: Bool

  /// What it is known to hold, as counts alone; for this device, what is held.
  public var clock: VectorClock {
    VectorClock(Dictionary(uniqueKeysWithValues: entries.map { ($0.dot.actor, $0.dot.seq) }))
  }
}

/// How far a device was told what it is known to hold (`device.told`).
enum Told {
  case never, once, askedAgain, twice

  init(_ bytes: [UInt8], _ hash: [UInt8]) {
    self =
      switch bytes {
      case hash: .once
      case hash + [1]: .askedAgain
      case hash + [2]: .twice
      default: .never
      }
  }

  func bytes(_ hash: [UInt8]) -> [UInt8] {
    switch self {
    case .never: []
    case .once: hash
    case .askedAgain: hash + [1]
    case .twice: hash + [2]
    }
  }

  var isEnough: Bool { self == .once || self == .twice }
}

extension Store {
  /// Notes that these devices were sent what they are known to hold, as it stood then. Without the note they are told
  /// once more; so it does no harm where the journal cannot be written to.
  package func noteTold(_ devices: [Device]) {
    guard devices.contains(where: { !$0.isTold }) else { return }
    try? transaction { door in
      for device in devices where !device.isTold {
        let told = try door.reader.told(device.id, device.entries)
        try door.note(told == .askedAgain ? .twice : .once, of: device.id, device.entries)
      }
    }
  }
}

extension StoreReader {
  func told(_ device: DeviceID, _ entries: [ClockEntry]) throws -> Told {
    let bytes = try statements["SELECT told FROM device WHERE id = ?"].bind(device.bytes, at: 1)
      .first { $0.bytes(0) }
    return Told(bytes ?? [], hashOfClock(entries))
  }

  /// This device first, then the others in the order in which they were heard of.
  public func devices() throws -> [Device] {
    var actors: [Int64: [ActorID]] = [:]
    try statements["SELECT actor, device FROM line WHERE actor IS NOT NULL ORDER BY number"].eachRow { row in
      guard let actor = ActorID(row.bytes(0)) else { throw StorageError.damaged("an actor id is too short") }
      actors[row.integer(1), default: []].append(actor)
    }
    var known: [Int64: [ClockEntry]] = [:]
    for number in try devicesWithAcknowledgements {
      known[number] = try entries(of: acknowledged(number))
    }
    let held = try entries()
    let hashOfHeld = hashOfClock(held)
    // A journal of before there was a limit may hold more: it can still be written into a file.
    func revision(_ number: Int64) -> Int64 { min(number, JournalLimits.revision) }
    var devices: [Device] = []
    try statements[
      """
      SELECT number, id, name, name_revision, last_import, epoch, retired, retired_revision, heard, told
      FROM device
      ORDER BY number
      """
    ].eachRow { row in
      let number = row.integer(0)
      guard let id = DeviceID(row.bytes(1)), row.integer(3) >= 0, row.integer(5) >= 0, row.integer(7) >= 0
      else { throw StorageError.damaged("a device is malformed") }
      let entries = number == 1 ? held : known[number] ?? []
      devices.append(
        Device(
          number: number, id: id, name: try row.text(2), nameRevision: revision(row.integer(3)),
          isThis: number == 1, actors: actors[number] ?? [],
          entries: entries,
          lastImport: row.optionalInteger(4),
          epoch: revision(row.integer(5)), isRetired: row.integer(6) != 0,
          retiredRevision: revision(row.integer(7)), hasHeard: row.bytes(8) == hashOfHeld,
          isTold: entries.isEmpty || Told(row.bytes(9), hashOfClock(entries)).isEnough))
    }
    return devices
  }

  /// The journal's vector clock as devices exchange it, in actor order.
  package func entries() throws -> [ClockEntry] { try entries(of: lines.held) }

  private func entries(of clock: LineClock) throws -> [ClockEntry] {
    try lines.tree.vectorClock(clock).sorted.map { dot in
      guard let hash = try hash(of: dot) else { throw StorageError.damaged("a clock names no change") }
      return ClockEntry(dot, hash)
    }
  }

  private var devicesWithAcknowledgements: [Int64] {
    get throws {
      var devices: [Int64] = []
      try statements["SELECT DISTINCT device FROM acknowledgement"].eachRow { devices.append($0.integer(0)) }
      return devices
    }
  }

  /// The name of the device that writes, or wrote, as this actor.
  public func deviceName(of actor: ActorID) throws -> String {
    guard let line = lines.tree.root(of: actor) else { return "" }
    return try statements[
      "SELECT device.name FROM line JOIN device ON device.number = line.device WHERE line.number = ?"
    ].bind(line, at: 1).first { try $0.text(0) } ?? ""
  }

  var isIntroduced: Bool {
    get throws { try statements["SELECT 1 FROM device WHERE number = 1"].first { _ in true } ?? false }
  }

  /// How many histories a device wrote: more than one where its file was copied, or restored and written to again before
  /// anyone noticed.
  public func historyCount(of device: Device) throws -> Int {
    1 + (try branches().count { device.actors.contains($0.root) })
  }

  /// Actors that go on from another's history.
  package func branches() throws -> [SentActor] {
    lines.tree.actorIDs.compactMap { lines.tree.actor($0) }.filter { $0.id != $0.root }.map {
      SentActor(actor: $0.id, root: $0.root, depth: UInt64($0.depth))
    }.sorted { $0.actor < $1.actor }
  }
}

extension Device {
  /// What cannot be told to others is not taken.
  static func checkName(_ name: String) throws(StorageError) {
    guard name.utf8.count <= JournalLimits.deviceNameBytes, !name.utf8.contains(0) else {
      throw StorageError.invalidWrite(
        "a device's name has at most \(JournalLimits.deviceNameBytes) bytes, and no NUL")
    }
  }
}

extension Door {
  func note(_ told: Told, of device: DeviceID, _ entries: [ClockEntry]) throws {
    try statements["UPDATE device SET told = ? WHERE id = ? AND number <> 1"]
      .bind(told.bytes(reader.hashOfClock(entries)), at: 1).bind(device.bytes, at: 2).run()
  }

  /// A new journal gets its random id, and this device its own and its name.
  func introduce(deviceName: String) throws {
    guard try !reader.isIntroduced else { return }
    try Device.checkName(deviceName)
    try statements["INSERT INTO journal (id) VALUES (?)"]
      .bind(randomBytes(16), at: 1).run()
    guard let id = DeviceID(randomBytes(DeviceID.byteCount)) else {
      preconditionFailure("randomness gave too few bytes")
    }
    _ = try insertDevice(id, name: deviceName, number: 1)
  }
}
