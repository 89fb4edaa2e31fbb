package import UnknotCausality

/// What a file says of a device.
package struct RemoteDevice: Sendable {
  package let id: DeviceID
  package let name: String
  package let nameRevision: Int64
  /// Its actors, roots of families only: branches belong to whom the root belongs to.
  package let actors: [ActorID]
  package let entries: [ClockEntry]
  package let epoch: Int64
  package let isRetired: Bool
  package let retiredRevision: Int64
  /// Nil where nobody vouches for them.
  package let keys: CertifiedKeys?
  package let lostEpoch: Int64

  package init(
    id: DeviceID, name: String, nameRevision: Int64, actors: [ActorID], entries: [ClockEntry],
    epoch: Int64 = 0, isRetired: Bool = false, retiredRevision: Int64 = 0, keys: CertifiedKeys? = nil,
    lostEpoch: Int64 = 0
  ) {
    self.id = id
    self.name = name
    self.nameRevision = nameRevision
    self.actors = actors
    self.entries = entries
    self.epoch = epoch
    self.isRetired = isRetired
    self.retiredRevision = retiredRevision
    self.keys = keys
    self.lostEpoch = lostEpoch
  }
}

extension Importer {
  /// Takes in the names of a file's devices and actors. `others` are actors that no device in the file claims; they
  /// are put down to the writer.
  package func hear(of devices: [RemoteDevice], others: [ActorID], from writer: DeviceID) throws {
    for device in devices {
      let number = try self.number(ofHeard: device)
      for actor in device.actors { _ = try lines.introduce(actor, device: number) }
      if let keys = device.keys { try door.note(keys, of: device.id, isOwnWord: device.id == writer) }
      // Of itself nobody says when it was lost: a key that it has begun since would count as one that it was given.
      if device.lostEpoch > 0, device.id != writer { try door.noteLost(device.id, epoch: device.lostEpoch) }
    }
    let writerNumber = try reader.number(of: writer) ?? 1
    for actor in others { _ = try lines.introduce(actor, device: writerNumber) }
    let count = try statements["SELECT count(*) FROM device"].first { Int($0.integer(0)) } ?? 0
    guard count <= JournalLimits.devices, lines.tree.count <= JournalLimits.actors else {
      throw InvalidChange("with it the journal would know too many devices")
    }
  }

  /// A changeset's reader refuses more, other callers are stopped here: the journal could not pass it on.
  private func check(_ device: RemoteDevice) throws {
    for count in [device.nameRevision, device.retiredRevision, device.epoch] {
      guard 0...JournalLimits.revision ~= count else {
        throw InvalidChange("it counts what a device did beyond what a journal can pass on")
      }
    }
  }

  /// Whether a file says that this device holds what it does not: then another journal lives under its name. Asked
  /// before the file's changes are taken in.
  package func noteClaims(_ devices: [RemoteDevice], of history: SentHistory) throws {
    guard let own = try reader.device(1) else { return }
    for device in devices where device.id.bytes == own.id && device.epoch >= own.epoch {
      if try !missing(device.entries, of: history).isEmpty { claimedByOther = device.entries }
    }
  }

  /// Whether a file tells that this device held more than it does now. Asked of a file that does not fit: the journal
  /// was restored together with its note, or it is a copy.
  package func hasLost(_ devices: [RemoteDevice], of history: SentHistory) throws -> Bool {
    guard let own = try reader.device(1) else { return false }
    return try devices.contains { device in
      guard device.id.bytes == own.id, device.epoch - own.epoch < Self.mostEpochsLost else { return false }
      return try !missing(device.entries, of: history).isEmpty
    }
  }

  /// What a device says of itself in a later epoch goes before what it said earlier. Once noted, the same file says
  /// nothing new.
  package func noteLoss(_ devices: [RemoteDevice], of history: SentHistory) throws {
    guard let own = try reader.device(1), try hasLost(devices, of: history),
      let epoch = devices.first(where: { $0.id.bytes == own.id })?.epoch, epoch >= own.epoch
    else { return }
    try door.beginEpoch(after: epoch)
  }

  /// A device begins an epoch each time it is restored: a file that names one far ahead does not come from there, and
  /// epochs are not to be used up by it.
  private static var mostEpochsLost: Int64 { 1000 }

  /// Takes in what each device holds, once the file's changes are here. What a device says of itself outranks what
  /// others say of it, whatever epoch they name; hearsay only fills what it has not said.
  package func acknowledge(_ devices: [RemoteDevice], of history: SentHistory, from writer: DeviceID) throws {
    let actors = Dictionary(history.actors.map { ($0.actor, $0) }, uniquingKeysWith: { first, _ in first })
    var writing: Set<Int64> = []
    for number in newlyWritten {
      try statements["SELECT device FROM line WHERE number = ?"].bind(number, at: 1)
        .eachRow { writing.insert($0.integer(0)) }
    }
    // A file of clocks alone that says nothing which was not known: its writer has not heard that it was heard.
    var isRepetition = Set(history.base) == Set(history.tip)
    for device in devices {
      guard let number = try reader.number(of: device.id), let known = try reader.device(number) else {
        continue
      }
      if number == 1 {
        if device.epoch == known.epoch, try noteHeard(by: writer, device.entries) { isRepetition = false }
        continue
      }
      let clock = lines.tree.closure(of: try device.entries.compactMap { try held($0, actors) })
      guard device.id == writer else {
        try takeHearsay(of: number, known, device.epoch, clock)
        continue
      }
      // Retired devices that write again are back; an old file of theirs that comes once more is nothing new.
      let isBack =
        known.isRetired && device.retiredRevision <= known.retiredRevision && writing.contains(number)
      let before = try reader.acknowledged(number)
      if try takeWord(of: number, known, device.epoch, clock) { try noteNews(of: number) }
      if try reader.acknowledged(number) != before { isRepetition = false }
      if isBack { try door.setRetired(number, false) }
    }
    if isRepetition,
      let entries = try reader.devices().first(where: { $0.id == writer && !$0.isThis })?.entries,
      try reader.told(writer, entries) == .once
    {
      try door.note(.askedAgain, of: writer, entries)
    }
  }

  /// What a device says of itself. Within an epoch its clock only grows, so an older file of its is told from a newer.
  /// One that says the same as before counts as newer: else what somebody made up of a device that does not write would
  /// stand for ever. What was heard of it in earnest is then forgotten as well, and files for it are larger for a while.
  ///
  /// - Returns: whether it says more than it ever said.
  private func takeWord(
    of device: Int64, _ known: StoreReader.DeviceRow, _ epoch: Int64, _ clock: LineClock
  ) throws -> Bool {
    var isNews = true
    if let saidEpoch = known.saidEpoch, epoch <= saidEpoch {
      let said = try reader.said(device)
      guard epoch == saidEpoch, clock.covers(said) else { return false }
      isNews = clock != said
    } else {
      try statements["DELETE FROM acknowledgement WHERE device = ?"].bind(device, at: 1).run()
    }
    try door.forgetHearsay(of: device)
    try door.raiseAcknowledgements(of: device, to: clock, isSaid: true)
    try statements["UPDATE device SET epoch = ?1, said_epoch = ?1 WHERE number = ?2"].bind(epoch, at: 1)
      .bind(device, at: 2).run()
    return isNews
  }

  private func takeHearsay(
    of device: Int64, _ known: StoreReader.DeviceRow, _ epoch: Int64, _ clock: LineClock
  ) throws {
    if let saidEpoch = known.saidEpoch {
      guard epoch == saidEpoch else { return }
    } else if epoch != known.epoch {
      guard epoch > known.epoch else { return }
      try statements["DELETE FROM acknowledgement WHERE device = ?"].bind(device, at: 1).run()
      try statements["UPDATE device SET epoch = ? WHERE number = ?"].bind(epoch, at: 1)
        .bind(device, at: 2).run()
    }
    try door.raiseAcknowledgements(of: device, to: clock)
  }

  /// What the writer believes this device to hold.
  ///
  /// - Returns: whether it believed something else when it wrote last.
  private func noteHeard(by writer: DeviceID, _ entries: [ClockEntry]) throws -> Bool {
    let hash = reader.hashOfClock(entries)
    let before = try statements["SELECT heard FROM device WHERE id = ?"].bind(writer.bytes, at: 1)
      .first { $0.bytes(0) }
    // Old files come again: that the writer has heard of all of this is not made undone by what it said before.
    if let before, before == reader.hashOfClock(try reader.entries()) { return false }
    try statements["UPDATE device SET heard = ? WHERE id = ? AND number <> 1"].bind(hash, at: 1)
      .bind(writer.bytes, at: 2).run()
    return before != hash
  }

  /// When it was last heard of. An old file that is read once more says nothing of that.
  private func noteNews(of device: Int64) throws {
    try statements["UPDATE device SET last_import = ? WHERE number = ?"]
      .bind(reader.store.environment.now(), at: 1).bind(device, at: 2).run()
  }

  private func number(ofHeard device: RemoteDevice) throws -> Int64 {
    let known = try reader.number(of: device.id)
    try check(device)
    if let number = known {
      // A device restored from a backup counts again from where it was then: of two with one number the greater name,
      // and that the device is back, are in force everywhere.
      try statements[
        """
        UPDATE device SET name = ?1, name_revision = ?2
        WHERE number = ?3 AND (name_revision < ?2 OR name_revision = ?2 AND name < ?1)
        """
      ].bind(device.name, at: 1).bind(device.nameRevision, at: 2).bind(number, at: 3).run()
      try statements[
        """
        UPDATE device SET retired = ?1, retired_revision = ?2
        WHERE number = ?3 AND (retired_revision < ?2 OR retired_revision = ?2 AND retired > ?1)
        """
      ].bind(device.isRetired ? 1 : 0, at: 1).bind(device.retiredRevision, at: 2).bind(number, at: 3).run()
      return number
    }
    return try door.insertDevice(
      device.id, name: device.name, nameRevision: device.nameRevision, epoch: device.epoch,
      isRetired: device.isRetired, retiredRevision: device.retiredRevision)
  }
}
