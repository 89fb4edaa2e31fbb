import UnknotCausality

extension ChangesetHeader {
  /// What must hold in every header. The writer checks it as the reader does: no file is written that none reads.
  func check() throws {
    guard (1...Format.maximumJournals).contains(journalIDs.count),
      journalIDs.allSatisfy({ $0.count == Format.idBytes }), Set(journalIDs).count == journalIDs.count,
      writer.count == Format.idBytes
    else { throw ChangesetError.damaged("the ids of its journal are malformed") }
    guard devices.count <= Format.maximumDevices else {
      throw ChangesetError.damaged("it lists too many devices")
    }
    guard devices.reduce(0, { $0 + $1.clock.count }) <= Format.maximumClockEntries else {
      throw ChangesetError.damaged("its devices' clocks are too large")
    }
    for device in devices {
      let name = Array(device.name.utf8)
      guard device.id.count == Format.idBytes, name.count <= Format.maximumNameBytes,
        !name.contains(0), device.nameRevision <= Format.maximumRevision,
        device.epoch <= Format.maximumRevision, device.retiredRevision <= Format.maximumRevision
      else { throw ChangesetError.damaged("a device is malformed") }
      if let keys = device.keys {
        guard keys.signer.count == Format.keyBytes, keys.recipient.count == Format.keyBytes,
          keys.certificate.count == Format.signatureBytes, (1...Format.maximumRevision).contains(keys.epoch)
        else { throw ChangesetError.damaged("a device's keys are malformed") }
      }
      guard device.lostEpoch <= Format.maximumRevision else {
        throw ChangesetError.damaged("a device is malformed")
      }
      try Self.check(device.clock)
    }
    try checkKind()
    guard Set(devices.map(\.id)).count == devices.count, devices.contains(where: { $0.id == writer })
    else { throw ChangesetError.damaged("its devices are malformed") }

    let branching = Set(branches.map(\.actor))
    guard branching.count == branches.count,
      branches.allSatisfy({ !branching.contains($0.root) && $0.depth <= Dot.maximumSeq })
    else { throw ChangesetError.damaged("its branches are malformed") }

    try Self.check(base)
    try Self.check(tip)
    let ends = Dictionary(tip.map { ($0.dot.actor, $0) }, uniquingKeysWith: { first, _ in first })
    var count: UInt64 = 0
    // At most 2^20 actors fit into a header, of 2^40 changes each: the sum cannot overflow.
    for entry in tip { count += entry.dot.seq }
    for entry in base {
      guard let end = ends[entry.dot.actor], end.dot.seq > entry.dot.seq || end == entry else {
        throw ChangesetError.damaged("it ends before it starts")
      }
      count -= entry.dot.seq
    }
    guard count == changeCount else { throw ChangesetError.damaged("its number of changes is wrong") }
  }

  private func checkKind() throws {
    let fits =
      switch kind {
      case .changes: true
      case .snapshot: base.isEmpty
      case .note, .keys: base.isEmpty && tip.isEmpty
      }
    guard fits, keyEpoch <= Format.maximumRevision,
      secrets.count <= Format.maximumSecrets,
      kind == .keys || secrets.isEmpty,
      secrets.allSatisfy({
        (1...Format.maximumRevision).contains($0.epoch) && $0.identity.count == Format.keyBytes
      }), Set(secrets).count == secrets.count
    else { throw ChangesetError.damaged("what it is for is malformed") }
  }

  private static func check(_ clock: [ClockEntry]) throws {
    var seen: Set<ActorID> = []
    for entry in clock {
      guard seen.insert(entry.dot.actor).inserted, (1...Dot.maximumSeq).contains(entry.dot.seq) else {
        throw ChangesetError.damaged("a clock entry is malformed")
      }
    }
  }
}

extension ChangesetHeader {
  /// Leaves out what devices other than the writer are known to hold from where it would be too much for a file: no
  /// one relies on being told.
  public mutating func leaveOutLargeClocks() {
    var known = Set(base + tip)
    var room = Format.maximumClockEntries - tip.count
    var roomForOthers = Format.maximumOtherEntries
    for index in devices.indices where devices[index].id != writer {
      let others = devices[index].clock.filter { !known.contains($0) }
      guard devices[index].clock.count <= room, others.count <= roomForOthers else {
        devices[index].clock = []
        continue
      }
      room -= devices[index].clock.count
      roomForOthers -= others.count
      known.formUnion(others)
    }
  }
}

extension VectorClock {
  /// The counts of a clock that was checked.
  init(checked entries: [ClockEntry]) {
    self.init(Dictionary(entries.map { ($0.dot.actor, $0.dot.seq) }, uniquingKeysWith: max))
  }
}
