import UnknotCausality

// Who this journal writes as, and what it knows of other devices.

extension Door {
  func insertDevice(
    _ id: DeviceID, name: String, nameRevision: Int64 = 0, epoch: Int64 = 0, isRetired: Bool = false,
    retiredRevision: Int64 = 0, number: Int64? = nil
  ) throws -> Int64 {
    try statements[
      """
      INSERT INTO device (number, id, name, name_revision, epoch, retired, retired_revision)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """
    ].bind(number, at: 1).bind(id.bytes, at: 2).bind(name, at: 3).bind(nameRevision, at: 4)
      .bind(epoch, at: 5).bind(isRetired ? 1 : 0, at: 6).bind(retiredRevision, at: 7).run()
    guard let number = try reader.number(of: id) else {
      throw StorageError.damaged("a device was not stored")
    }
    return number
  }

  /// - Parameter isSaid: by the device itself.
  func raiseAcknowledgements(of device: Int64, to clock: LineClock, isSaid: Bool = false) throws {
    for key in clock.keys {
      try statements[
        """
        INSERT INTO acknowledgement (device, line, depth, said) VALUES (?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET depth = max(depth, excluded.depth), said = max(said, excluded.said)
        WHERE excluded.depth > depth OR excluded.said > said
        """
      ].bind(device, at: 1).bind(key.line, at: 2).bind(key.depth, at: 3).bind(isSaid ? key.depth : 0, at: 4)
        .run()
    }
  }

  /// The device has spoken: nothing that others said of it counts any more.
  func forgetHearsay(of device: Int64) throws {
    try statements["DELETE FROM acknowledgement WHERE device = ? AND said = 0"].bind(device, at: 1).run()
    try statements["UPDATE acknowledgement SET depth = said WHERE device = ? AND depth <> said"]
      .bind(device, at: 1).run()
  }

  func setRetired(_ device: Int64, _ isRetired: Bool) throws {
    try statements[
      "UPDATE device SET retired = ?, retired_revision = min(retired_revision + 1, ?) WHERE number = ?"
    ].bind(isRetired ? 1 : 0, at: 1).bind(JournalLimits.revision, at: 2).bind(device, at: 3).run()
  }

  /// What others believed this device to hold, it may have lost, or another device holds it.
  private func forgetWhoHeard() throws { try statements["UPDATE device SET heard = NULL, told = NULL"].run() }

  // MARK: Copies and backups

  /// At the start of a transaction that may write: is this file the one that this machine last wrote as this device?
  ///
  /// - Returns: what it was found to be otherwise; nil: it is.
  func checkIdentity(_ notes: any DeviceNotes) throws -> IdentityChange? {
    guard let stamp = try reader.stamp, let own = try reader.device(1), let id = DeviceID(own.id) else {
      return nil
    }
    let noted = try notes.load(id)
    let note = noted.flatMap { DeviceNote($0) }
    knownNote = noted.map { (id, $0) }
    isDoubted = isDoubted || note?.isDoubted == true
    if noted != nil, !notes.isTaken(note?.place ?? "", by: id) {
      // There, or moved from there; or nothing is left of the note.
      if note?.describes(stamp) == true { return nil }
      try beginEpoch(after: max(note?.epoch ?? 0, own.epoch))
      return .restored
    }
    // Another device's journal was put in place of this one's, which it knows: no stranger's, as on another stick.
    if let other = try notes.noteOfPlace(except: id), let number = try reader.number(of: other.device) {
      let epoch = try max(other.epoch, reader.device(number)?.epoch ?? 0)
      try exchangeIdentity(other.device, name: try reader.name(number), epoch: Self.next(epoch))
      return .restored
    }
    // A copy: who wrote it until now may live on elsewhere. It keeps the name until the person gives it one.
    try exchangeIdentity(try newDeviceID(), name: try reader.name(1), epoch: 0)
    return note.map { .copied(from: $0.place) } ?? .unnoted
  }

  /// This device may hold less than it said: it writes as another actor, and tells anew what it holds.
  func beginEpoch(after epoch: Int64) throws {
    isIdentityNew = true
    try statements["UPDATE device SET writer = NULL, epoch = ? WHERE number = 1"]
      .bind(Self.next(epoch), at: 1).run()
    try forgetWhoHeard()
  }

  private func newDeviceID() throws -> DeviceID {
    guard let id = DeviceID(randomBytes(DeviceID.byteCount)) else {
      preconditionFailure("randomness gave too few bytes")
    }
    return id
  }

  /// From now on this journal is another device's; who it was until now becomes one of the others.
  ///
  /// - Parameter clock: what is known of who it was until now; nil: that it held what is held.
  private func exchangeIdentity(
    _ id: DeviceID, name: String, epoch: Int64, leaving clock: LineClock? = nil
  ) throws {
    isIdentityNew = true
    guard let other = try statements["SELECT max(number) + 1 FROM device"].first({ $0.integer(0) }) else {
      throw StorageError.damaged("the journal does not know its own device")
    }
    try statements["PRAGMA defer_foreign_keys = ON"].run()
    try statements["UPDATE device SET number = ?, writer = NULL WHERE number = 1"].bind(other, at: 1).run()
    try statements["UPDATE line SET device = ? WHERE device = 1"].bind(other, at: 1).run()
    var revisions: (name: Int64, isRetired: Bool, retired: Int64) = (0, false, 0)
    if let known = try reader.number(of: id) {
      // What was said of this device counts on from what others have heard.
      revisions =
        try statements["SELECT name_revision, retired, retired_revision FROM device WHERE number = ?"]
        .bind(known, at: 1).first { ($0.integer(0), $0.integer(1) != 0, $0.integer(2)) } ?? revisions
      try statements["UPDATE line SET device = 1 WHERE device = ?"].bind(known, at: 1).run()
      try statements["DELETE FROM acknowledgement WHERE device = ?"].bind(known, at: 1).run()
      try statements["DELETE FROM device WHERE number = ?"].bind(known, at: 1).run()
    }
    _ = try insertDevice(
      id, name: name, nameRevision: revisions.name, epoch: epoch, isRetired: revisions.isRetired,
      retiredRevision: revisions.retired, number: 1)
    try raiseAcknowledgements(of: other, to: clock ?? lines.held)
    try forgetWhoHeard()
  }

  private static func next(_ revision: Int64) -> Int64 {
    min(max(revision, 0), JournalLimits.revision - 1) + 1
  }

  /// Another journal lives under this device's name: this one takes a name of its own.
  func becomeAnotherDevice(leaving entries: [ClockEntry]?) throws {
    let held = try (entries ?? []).compactMap { entry -> ChangeKey? in
      guard let actor = lines.tree.actor(entry.dot.actor), entry.dot.seq <= Dot.maximumSeq else { return nil }
      return try reader.find(
        root: lines.tree.root(of: actor.last.line), depth: actor.depth + Int64(entry.dot.seq),
        hash: entry.hash.bytes)
    }
    try exchangeIdentity(
      try newDeviceID(), name: try freeName(try reader.name(1)), epoch: 0,
      leaving: lines.tree.closure(of: held))
  }

  /// The name, or the name with the first number that no device bears yet.
  private func freeName(_ name: String) throws -> String {
    var taken: Set<[UInt8]> = []
    try statements["SELECT name FROM device"].eachRow { taken.insert($0.bytes(0)) }
    if !taken.contains(Array(name.utf8)) { return name }
    let number = (2...).first { !taken.contains(Array("\(name) \($0)".utf8)) } ?? 0
    return "\(name) \(number)"
  }

  // MARK: The stamp

  /// At the end of a transaction that wrote: the file is another one now, and this machine is about to know.
  ///
  /// - Returns: the file's new stamp, and what was noted, which is narrowed once the transaction is committed.
  func renewStamp(_ notes: (any DeviceNotes)?) throws -> (stamp: [UInt8], note: DeviceNote?) {
    let stamp = randomBytes(DeviceNote.stampBytes)
    // What another wrote is not to be taken for this one's, should this transaction come to nothing.
    let before = try isIdentityNew ? stamp : reader.stamp ?? stamp
    try statements["INSERT OR REPLACE INTO stamp (number, bytes) VALUES (1, ?)"].bind(stamp, at: 1).run()
    guard let notes, let own = try reader.device(1), let id = DeviceID(own.id) else { return (stamp, nil) }
    let note = DeviceNote(
      device: id, epoch: own.epoch, stampBefore: before, stamp: stamp, place: notes.place,
      isDoubted: isDoubted)
    let known = try knownNote.flatMap { $0.device == id ? $0.bytes : nil } ?? notes.load(id)
    // A copy of this file may be written to at this moment.
    guard try notes.save(note.bytes, of: id, replacing: known) else { throw StorageError.busy }
    if known.flatMap({ DeviceNote($0) }).map({ !bytewiseEqual($0.place, note.place) }) ?? true {
      try notes.forgetPlace(except: id)
    }
    return (stamp, note)
  }

  /// Of two stamps that are noted, the one that is not the journal's is forgotten: a backup that has it is one.
  func narrowNote(_ notes: any DeviceNotes) throws {
    guard let stamp = try reader.stamp, let id = try reader.device(1).flatMap({ DeviceID($0.id) }),
      let bytes = try notes.load(id), let note = DeviceNote(bytes), note.describes(stamp),
      note.stamp != note.stampBefore
    else { return }
    _ = try notes.save(note.narrowed(to: stamp).bytes, of: id, replacing: bytes)
  }
}

/// What became of a journal that is not the one that this machine last wrote as its device. A write that finds it so
/// goes on as another actor; nothing is lost by it.
public enum IdentityChange: Hashable, Sendable {
  /// It is older than what this device last wrote, or it is another device's and was put in the place of this one's.
  case restored
  /// Another journal of the same device lies there: this one is another device from now on, and still called the same.
  case copied(from: String)
  /// This machine has no note of it: it is another device from now on, and still called the same.
  case unnoted
}
