import SwiftProtobuf
import UnknotCausality

extension ChangesetHeader {
  func message(_ actors: ActorTable) throws -> Unknot_Header {
    func entries(_ clock: [ClockEntry]) throws -> [Unknot_ClockEntry] {
      try clock.map { entry in
        var message = Unknot_ClockEntry()
        message.actor = try actors.place(entry.dot.actor)
        message.seq = entry.dot.seq
        message.hash = entry.hash.bytes.data
        return message
      }
    }
    var message = Unknot_Header()
    message.journal = journalIDs.map(\.data)
    message.writer = writer.data
    message.actor = actors.actors.map(\.bytes.data)
    message.base = try entries(base)
    message.tip = try entries(tip)
    var list = EntryList(base + tip)
    var before: [ActorID: ClockEntry] = [:]
    message.device = try devices.map { device in
      var part = Unknot_Device()
      part.id = device.id.data
      part.name = device.name
      part.nameRevision = device.nameRevision
      part.actor = try device.actors.map(actors.place)
      let clock = Dictionary(device.clock.map { ($0.dot.actor, $0) }, uniquingKeysWith: { first, _ in first })
      part.clock = device.clock.filter { before[$0.dot.actor] != $0 }.map { list.place(of: $0) }
      part.clockWithout = try before.keys.filter { clock[$0] == nil }.map(actors.place).sorted()
      before = clock
      part.epoch = device.epoch
      part.retired = device.isRetired
      part.retiredRevision = device.retiredRevision
      if let keys = device.keys {
        part.keys.signer = keys.signer.data
        part.keys.recipient = keys.recipient.data
        part.keys.epoch = keys.epoch
        part.keys.certificate = keys.certificate.data
      }
      part.lostEpoch = device.lostEpoch
      return part
    }
    message.entry = try entries(list.added)
    message.branch = try branches.map { branch in
      var part = Unknot_Branch()
      part.actor = try actors.place(branch.actor)
      part.root = try actors.place(branch.root)
      part.depth = branch.depth
      return part
    }
    message.changes = changeCount
    message.kind = kind.rawValue
    message.keyEpoch = keyEpoch
    message.secret = secrets.map { secret in
      var part = Unknot_Secret()
      part.epoch = secret.epoch
      part.identity = secret.identity.data
      return part
    }
    return message
  }
}

/// Clock entries, each once: devices hold much the same.
private struct EntryList {
  private var places: [ClockEntry: UInt32] = [:]
  private var count: UInt32 = 0
  private(set) var added: [ClockEntry] = []

  init(_ entries: [ClockEntry]) {
    for entry in entries {
      if places[entry] == nil { places[entry] = count }
      count += 1
    }
  }

  mutating func place(of entry: ClockEntry) -> UInt32 {
    if let place = places[entry] { return place }
    defer { count += 1 }
    places[entry] = count
    added.append(entry)
    return count
  }
}
