import Foundation
import SwiftProtobuf
import UnknotCausality

extension ChangesetHeader {
  /// Takes a header apart; every name, count and place is checked (`check`).
  ///
  /// - Parameter version: the first one has neither kinds nor keys.
  static func read(_ message: Unknot_Header, version: UInt64) throws -> (ChangesetHeader, ActorTable) {
    guard version > Format.firstVersion || !message.isOfSecondVersion else { throw ChangesetError.unwritten }
    guard let kind = ChangesetKind(rawValue: message.kind) else {
      throw ChangesetError.damaged("what it is for is not known")
    }
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
    let (base, tip) = (try clock(message.base), try clock(message.tip))
    let clocks = try Self.clocks(message.device, among: base + tip + clock(message.entry), actors)
    var header = ChangesetHeader(
      journalIDs: message.journal.map { Array($0) }, writer: Array(message.writer),
      base: base, tip: tip,
      devices: try zip(message.device, clocks).map { device, clock in
        DeviceState(
          id: Array(device.id), name: device.name, nameRevision: device.nameRevision,
          actors: try device.actor.map(actors.actor(at:)), clock: clock,
          epoch: device.epoch, isRetired: device.retired, retiredRevision: device.retiredRevision,
          keys: device.hasKeys ? DeviceKeys(device.keys) : nil, lostEpoch: device.lostEpoch)
      },
      changeCount: message.changes, extraActors: [],
      branches: try message.branch.map {
        Branch(actor: try actors.actor(at: $0.actor), root: try actors.actor(at: $0.root), depth: $0.depth)
      }, kind: kind, keyEpoch: message.keyEpoch,
      secrets: message.secret.map { EpochSecret(epoch: $0.epoch, identity: Array($0.identity)) })
    try header.check()
    let named = header.namedActors
    header.extraActors = list.filter { !named.contains($0) }
    return (header, actors)
  }

  /// Each device's clock, by what differs from the one before. A few bytes can say that they are all large: their
  /// sum is bounded.
  private static func clocks(
    _ devices: [Unknot_Device], among entries: [ClockEntry], _ actors: ActorTable
  ) throws -> [[ClockEntry]] {
    var clock: [ActorID: ClockEntry] = [:]
    var total = 0
    return try devices.map { device in
      for actor in device.clockWithout {
        guard clock.removeValue(forKey: try actors.actor(at: actor)) != nil else {
          throw ChangesetError.damaged("a device's clock is malformed")
        }
      }
      for place in device.clock {
        guard Int(place) < entries.count else {
          throw ChangesetError.damaged("a device's clock is malformed")
        }
        let entry = entries[Int(place)]
        guard clock.updateValue(entry, forKey: entry.dot.actor) != entry else {
          throw ChangesetError.damaged("a device's clock is malformed")
        }
      }
      total += clock.count
      guard total <= Format.maximumClockEntries else {
        throw ChangesetError.damaged("its devices' clocks are too large")
      }
      return clock.values.sorted { $0.dot < $1.dot }
    }
  }

  /// The actors that the header names outside `extraActors`.
  var namedActors: Set<ActorID> {
    Set(
      (base + tip).map(\.dot.actor) + devices.flatMap { $0.actors + $0.clock.map(\.dot.actor) }
        + branches.flatMap { [$0.actor, $0.root] })
  }
}

extension Unknot_Header {
  /// Whether it says what the format's first version has no words for.
  fileprivate var isOfSecondVersion: Bool {
    kind != 0 || keyEpoch != 0 || !secret.isEmpty
      || device.contains { $0.hasKeys || $0.lostEpoch != 0 }
  }
}

extension DeviceKeys {
  fileprivate init(_ message: Unknot_Keys) {
    self.init(
      signer: Array(message.signer), recipient: Array(message.recipient), epoch: message.epoch,
      certificate: Array(message.certificate))
  }
}
