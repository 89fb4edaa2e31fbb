import Foundation
import SwiftProtobuf
import UnknotCausality

extension ChangesetHeader {
  /// Takes a header apart; every name, count and place is checked.
  static func read(_ message: Unknot_Header) throws -> (ChangesetHeader, ActorTable) {
    let list = try message.actor.map { bytes -> ActorID in
      guard let actor = ActorID(bytes) else {
        throw ChangesetError.damaged("an actor id is not 16 bytes long")
      }
      return actor
    }
    guard Set(list).count == list.count else { throw ChangesetError.damaged("an actor is listed twice") }
    let actors = ActorTable(list)

    func clock(_ entries: [Unknot_ClockEntry]) throws -> [ClockEntry] {
      var seen: Set<UInt32> = []
      return try entries.map { entry in
        guard seen.insert(entry.actor).inserted, (1...Dot.maximumSeq).contains(entry.seq),
          let hash = ChangeHash(entry.hash)
        else { throw ChangesetError.damaged("a clock entry is malformed") }
        return ClockEntry(Dot(try actors.actor(at: entry.actor), entry.seq), hash)
      }
    }
    guard (1...Format.maximumJournals).contains(message.journal.count),
      message.journal.allSatisfy({ $0.count == 16 }), message.writer.count == 16
    else { throw ChangesetError.damaged("the ids of its journal are malformed") }
    guard message.device.count <= Format.maximumDevices else {
      throw ChangesetError.damaged("it lists too many devices")
    }
    let devices = try message.device.map { device in
      guard device.id.count == 16, device.name.utf8.count <= Format.maximumNameBytes,
        !device.name.utf8.contains(0), device.nameRevision <= UInt64(Int64.max)
      else { throw ChangesetError.damaged("a device is malformed") }
      return DeviceState(
        id: Array(device.id), name: device.name, nameRevision: device.nameRevision,
        actors: try device.actor.map(actors.actor(at:)), clock: try clock(device.clock))
    }
    guard Set(devices.map(\.id)).count == devices.count,
      devices.contains(where: { $0.id == Array(message.writer) })
    else { throw ChangesetError.damaged("its devices are malformed") }

    let base = try clock(message.base)
    let tip = try clock(message.tip)
    let ends = Dictionary(uniqueKeysWithValues: tip.map { ($0.dot.actor, $0.dot.seq) })
    var starts: [ActorID: UInt64] = [:]
    for entry in base {
      guard let end = ends[entry.dot.actor], end >= entry.dot.seq else {
        throw ChangesetError.damaged("it ends before it starts")
      }
      starts[entry.dot.actor] = entry.dot.seq
    }
    // At most 2^24 actors fit into a header, of 2^40 changes each: the sum cannot overflow.
    let count = tip.reduce(UInt64(0)) { $0 + $1.dot.seq - (starts[$1.dot.actor] ?? 0) }
    guard count == message.changes else { throw ChangesetError.damaged("its number of changes is wrong") }

    let named = Set(
      (base + tip).map(\.dot.actor) + devices.flatMap { $0.actors + $0.clock.map(\.dot.actor) })
    let header = ChangesetHeader(
      journalIDs: message.journal.map { Array($0) }, writer: Array(message.writer), base: base, tip: tip,
      devices: devices, changeCount: message.changes, extraActors: list.filter { !named.contains($0) })
    return (header, actors)
  }
}

extension ActorTable {
  func actor(at place: UInt32) throws -> ActorID {
    guard Int(place) < actors.count else {
      throw ChangesetError.damaged("it names an actor that it does not list")
    }
    return actors[Int(place)]
  }
}
