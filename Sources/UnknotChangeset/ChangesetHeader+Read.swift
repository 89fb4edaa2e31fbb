import Foundation
import SwiftProtobuf
import UnknotCausality

extension ChangesetHeader {
  /// Takes a header apart; every name, count and place is checked (`check`).
  static func read(_ message: Unknot_Header) throws -> (ChangesetHeader, ActorTable) {
    let list = try message.actor.map { bytes -> ActorID in
      guard let actor = ActorID(bytes) else {
        throw ChangesetError.damaged("an actor id is not 16 bytes long")
      }
      return actor
    }
    guard Set(list).count == list.count else { throw ChangesetError.damaged("an actor is listed twice") }
    let actors = ActorTable(
      list,
      branches: try message.branch.map { branch in
        guard Int(branch.actor) < list.count else {
          throw ChangesetError.damaged("it names an actor that it does not list")
        }
        return list[Int(branch.actor)]
      })
    guard message.device.allSatisfy({ $0.actor.count <= list.count }) else {
      throw ChangesetError.damaged("a device has more actors than there are")
    }

    func clock(_ entries: [Unknot_ClockEntry]) throws -> [ClockEntry] {
      try entries.map { entry in
        guard let hash = ChangeHash(entry.hash) else {
          throw ChangesetError.damaged("a clock entry is malformed")
        }
        return ClockEntry(Dot(try actors.actor(at: entry.actor), entry.seq), hash)
      }
    }
    var header = ChangesetHeader(
      journalIDs: message.journal.map { Array($0) }, writer: Array(message.writer),
      base: try clock(message.base), tip: try clock(message.tip),
      devices: try message.device.map { device in
        DeviceState(
          id: Array(device.id), name: device.name, nameRevision: device.nameRevision,
          actors: try device.actor.map(actors.actor(at:)), clock: try clock(device.clock),
          epoch: device.epoch, isRetired: device.retired, retiredRevision: device.retiredRevision)
      },
      changeCount: message.changes, extraActors: [],
      branches: try message.branch.map {
        Branch(actor: try actors.actor(at: $0.actor), root: try actors.actor(at: $0.root), depth: $0.depth)
      })
    try header.check()
    let named = header.namedActors
    header.extraActors = list.filter { !named.contains($0) }
    return (header, actors)
  }

  /// The actors that the header names outside `extraActors`.
  var namedActors: Set<ActorID> {
    Set(
      (base + tip).map(\.dot.actor) + devices.flatMap { $0.actors + $0.clock.map(\.dot.actor) }
        + branches.flatMap { [$0.actor, $0.root] })
  }
}
