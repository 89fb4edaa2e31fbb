import UnknotCausality

// Which device this journal is, and whether it is sure to be the only one that writes as its actor.

extension StoreReader {
  struct DeviceRow {
    let id: [UInt8]
    let epoch: Int64
    let isRetired: Bool
    let retiredRevision: Int64
    let nameRevision: Int64
    /// Nil: it has not spoken for itself.
    let saidEpoch: Int64?
  }

  func device(_ number: Int64) throws -> DeviceRow? {
    try statements[
      """
      SELECT id, epoch, retired, retired_revision, name_revision, said_epoch FROM device WHERE number = ?
      """
    ].bind(number, at: 1).first {
      DeviceRow(
        id: $0.bytes(0), epoch: $0.integer(1), isRetired: $0.integer(2) != 0, retiredRevision: $0.integer(3),
        nameRevision: $0.integer(4), saidEpoch: $0.optionalInteger(5))
    }
  }

  /// Whether this file is the one that this machine last wrote as this device: the next write goes on as before then.
  func isAsNoted(_ notes: any DeviceNotes) throws -> Bool {
    guard let stamp = try stamp, let id = try device(1).flatMap({ DeviceID($0.id) }) else { return true }
    guard let note = try notes.load(id).flatMap({ DeviceNote($0) }), note.describes(stamp) else {
      return false
    }
    return !notes.isTaken(note.place, by: id)
  }

  func number(of id: DeviceID) throws -> Int64? {
    try statements["SELECT number FROM device WHERE id = ?"].bind(id.bytes, at: 1).first { $0.integer(0) }
  }

  /// What a device is known to hold.
  func acknowledged(_ device: Int64) throws -> LineClock {
    try clock("SELECT line, depth FROM acknowledgement WHERE device = ?", of: device)
  }

  /// What the device itself said that it holds.
  func said(_ device: Int64) throws -> LineClock {
    try clock("SELECT line, said FROM acknowledgement WHERE device = ? AND said > 0", of: device)
  }

  private func clock(_ select: String, of device: Int64) throws -> LineClock {
    var clock = LineClock()
    try statements[select].bind(device, at: 1).eachRow { row in
      guard let state = lines[row.integer(0)], (1...state.depth).contains(row.integer(1)) else {
        throw StorageError.damaged("an acknowledgement names no change")
      }
      clock[state.number] = row.integer(1)
    }
    return clock
  }

  /// Stands for a clock whatever its actors are called.
  func hashOfClock(_ entries: [ClockEntry]) -> [UInt8] {
    let hashes = entries.map(\.hash.bytes).sorted { $0.lexicographicallyPrecedes($1) }
    return Hashing.sha256(hashes.flatMap { $0 })
  }

  func name(_ device: Int64) throws -> String {
    try statements["SELECT name FROM device WHERE number = ?"].bind(device, at: 1).first { try $0.text(0) }
      ?? ""
  }

  var stamp: [UInt8]? {
    get throws { try statements["SELECT bytes FROM stamp"].first { $0.bytes(0) } }
  }
}
