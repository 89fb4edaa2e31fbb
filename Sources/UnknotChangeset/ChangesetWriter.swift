import Crypto
import SwiftProtobuf
public import UnknotCausality

/// Writes a changeset as a stream: no more than one block is in memory.
public struct ChangesetWriter {
  public static let formatVersion = Format.version

  private let sink: ([UInt8]) throws -> Void
  private var hasher = SHA256()
  private let actors: ActorTable
  private var shapes: [Shape: UInt32] = [:]
  private var block = BlockEncoder()
  private var isFinished = false

  /// - Parameter sink: takes the file's bytes, piece by piece.
  public init(_ header: ChangesetHeader, sink: @escaping ([UInt8]) throws -> Void) throws {
    self.sink = sink
    actors = ActorTable(of: header)
    var start = ByteWriter()
    start.unsigned(Format.Field.magic)
    start.unsigned(UInt64(Format.magic.count))
    start.raw(Format.magic)
    start.unsigned(Format.Field.version)
    start.unsigned(Format.version)
    try put(start.bytes)
    try put(part: Format.Field.header, try header.message(actors).serializedBytes())
  }

  /// Appends a run. A long one may come in pieces, of which only the first has the context and `follows`.
  public mutating func append(_ run: ChangeRun, follows: ChangeHash?) throws {
    guard !run.changes.isEmpty else { return }
    try block.begin(run, follows: follows, actors)
    for (index, change) in run.changes.enumerated() {
      if block.isFull {
        try flush()
        try block.begin(
          ChangeRun(context: nil, changes: Array(run.changes[index...].prefix(1))), follows: nil, actors)
      }
      let shape = number(of: change.shape)
      try block.append(change, shape: shape, actors)
    }
    if block.isFull { try flush() }
  }

  /// The last block and the checksum.
  public mutating func finish() throws {
    precondition(!isFinished, "a changeset is finished once")
    isFinished = true
    try flush()
    var end = ByteWriter()
    let checksum = Array(hasher.finalize())
    end.unsigned(Format.Field.checksum)
    end.unsigned(UInt64(checksum.count))
    end.raw(checksum)
    try sink(end.bytes)
  }

  private mutating func number(of shape: Shape) -> UInt32 {
    if let number = shapes[shape] { return number }
    let number = UInt32(shapes.count)
    shapes[shape] = number
    block.introduce(shape)
    return number
  }

  private mutating func flush() throws {
    guard let bytes = try block.close() else { return }
    try put(part: Format.Field.block, bytes)
  }

  private mutating func put(part field: UInt64, _ bytes: [UInt8]) throws {
    guard UInt64(bytes.count) <= Format.maximumPartBytes else {
      throw ChangesetError.damaged("a part would be larger than the format allows")
    }
    var start = ByteWriter()
    start.unsigned(field)
    start.unsigned(UInt64(bytes.count))
    try put(start.bytes)
    try put(bytes)
  }

  private mutating func put(_ bytes: [UInt8]) throws {
    hasher.update(data: bytes)
    try sink(bytes)
  }
}

/// Every actor that a file names, by its place in the header's list.
struct ActorTable {
  let actors: [ActorID]
  private let places: [ActorID: UInt32]

  init(of header: ChangesetHeader) {
    let all =
      header.base.map(\.dot.actor) + header.tip.map(\.dot.actor) + header.extraActors
      + header.devices.flatMap { $0.actors + $0.clock.map(\.dot.actor) }
    self.init(Set(all).sorted())
  }

  init(_ actors: [ActorID]) {
    self.actors = actors
    places = Dictionary(zip(actors, 0...).map { ($0, UInt32($1)) }, uniquingKeysWith: { first, _ in first })
  }

  func place(_ actor: ActorID) throws -> UInt32 {
    guard let place = places[actor] else {
      throw ChangesetError.damaged("a change names an actor that the header does not list")
    }
    return place
  }
}

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
      return part
    }
    message.changes = changeCount
    return message
  }
}
