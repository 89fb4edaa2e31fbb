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
    message.device = try devices.map { device in
      var part = Unknot_Device()
      part.id = device.id.data
      part.name = device.name
      part.nameRevision = device.nameRevision
      part.actor = try device.actors.map(actors.place)
      part.clock = try entries(device.clock)
      part.epoch = device.epoch
      part.retired = device.isRetired
      part.retiredRevision = device.retiredRevision
      return part
    }
    message.branch = try branches.map { branch in
      var part = Unknot_Branch()
      part.actor = try actors.place(branch.actor)
      part.root = try actors.place(branch.root)
      part.depth = branch.depth
      return part
    }
    message.changes = changeCount
    return message
  }
}
