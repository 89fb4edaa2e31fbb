import Crypto
import SwiftProtobuf
public import UnknotCausality

/// Writes a changeset as a stream: no more than one block is in memory.
///
/// What a reader would refuse is not written: the header's rules are checked at the start, each run's when it is
/// appended, and at the end whether the runs reach the tip. Each throws `ChangesetError.damaged`; what was written
/// until then is no changeset.
public struct ChangesetWriter {
  private let sink: ([UInt8]) throws -> Void
  private var hasher = SHA256()
  private let actors: ActorTable
  private var shapes = ShapeNumbers()
  private var block = BlockEncoder()
  /// Where the runs so far end, and where the last ones have to.
  private var clock: VectorClock
  private let tip: VectorClock
  private let branches: Set<ActorID>
  private var lastActor: ActorID?
  private var isFinished = false
  private var bytes: UInt64 = 0
  private let seal: Seal?

  /// How a file is closed that only those may read who have its key.
  public struct Seal {
    /// 32 bytes: the public key of Ed25519 by which it is signed.
    let signer: [UInt8]
    /// Makes the signature, 64 bytes, of a message.
    let sign: ([UInt8]) throws -> [UInt8]
    /// What a file of so many bytes is padded to: at least as many.
    let padded: (UInt64) -> UInt64

    /// - Parameter padded: grows with what it is given, and without end.
    public init(
      signer: [UInt8], sign: @escaping ([UInt8]) throws -> [UInt8], padded: @escaping (UInt64) -> UInt64
    ) {
      (self.signer, self.sign, self.padded) = (signer, sign, padded)
    }
  }

  /// - Parameters:
  ///   - seal: signs and pads it; nil: neither.
  ///   - sink: takes the file's bytes, piece by piece.
  public init(
    _ header: ChangesetHeader, seal: Seal? = nil, sink: @escaping ([UInt8]) throws -> Void
  ) throws {
    try header.check()
    self.seal = seal
    self.sink = sink
    actors = ActorTable(of: header)
    clock = VectorClock(checked: header.base)
    tip = VectorClock(checked: header.tip)
    branches = Set(header.branches.map(\.actor))
    var start = ByteWriter()
    start.raw(Format.start)
    start.unsigned(Format.Field.version)
    start.unsigned(Format.version)
    try put(start.bytes)
    try put(part: Format.Field.header, try header.message(actors).serializedBytes())
  }

  /// Appends a run. A long one may come in pieces, of which only the first has the context and `follows`.
  public mutating func append(_ run: ChangeRun, follows: ChangeHash?) throws {
    precondition(!isFinished, "nothing is appended to a finished changeset")
    guard let first = run.first else {
      guard run.context == nil else { throw ChangesetError.damaged("a context moves at no change") }
      return
    }
    try check(run, follows: follows)
    if let forgotten = run.forgotten {
      try block.begin(at: first, context: run.context, follows: follows, actors)
      block.forget(forgotten)
      lastActor = nil
      if block.isFull { try flush() }
      return
    }
    // A piece that goes on where the last one ended needs no run of its own.
    var isBegun = run.context == nil && follows == nil && lastActor == first.actor && !block.isEmpty
    for change in run.changes {
      if !isBegun {
        let isFirst = change.dot == first
        try block.begin(
          at: change.dot, context: isFirst ? run.context : nil, follows: isFirst ? follows : nil, actors)
        isBegun = true
      }
      try append(change)
      if block.isFull {
        try flush()
        isBegun = false
      }
    }
    lastActor = first.actor
  }

  private mutating func append(_ change: Change) throws {
    guard change.subject != nil || change.shape.action == .create else {
      throw ChangesetError.damaged("a change names no record")
    }
    guard change.body.count <= Body.maximumBytes else {
      throw ChangesetError.damaged("a change is too large")
    }
    let (number, isNew) = try shapes.number(of: change.shape)
    if isNew { block.introduce(change.shape) }
    try block.append(change, shape: number, actors)
  }

  /// That the run goes on where its actor stands, without a gap and not beyond the tip.
  private mutating func check(_ run: ChangeRun, follows: ChangeHash?) throws {
    guard let first = run.first else { return }
    let before = clock[first.actor]
    guard run.count <= tip[first.actor] - before,
      run.forgotten == nil || run.count <= UInt64(Format.changesPerBlock), first.seq == before + 1
    else {
      throw ChangesetError.damaged("it goes beyond its tip")
    }
    for (place, change) in run.changes.enumerated() {
      guard change.dot.actor == first.actor, change.dot.seq == before + 1 + UInt64(place) else {
        throw ChangesetError.damaged("changes of an actor are not in order")
      }
    }
    let isBranching = first.seq == 1 && branches.contains(first.actor)
    guard follows == nil ? !isBranching : first.seq > 1 || isBranching else {
      throw ChangesetError.damaged("a first change follows what its actor's kind does not allow")
    }
    if let context = run.context {
      guard context.at == first else { throw ChangesetError.damaged("a context moves within a run") }
      try context.check()
    }
    clock[first.actor] = before + run.count
  }

  /// The last block and the checksum.
  public mutating func finish() throws {
    precondition(!isFinished, "a changeset is finished once")
    guard clock == tip else { throw ChangesetError.damaged("it ends before its tip") }
    isFinished = true
    try flush()
    if let seal {
      try pad(seal)
      var message = Unknot_Seal()
      message.signer = seal.signer.data
      message.signature = try seal.sign(ChangesetSeal.message(digest)).data
      try put(part: Format.Field.seal, try message.serializedBytes())
    }
    var end = ByteWriter()
    let checksum = digest
    end.unsigned(Format.Field.checksum)
    end.unsigned(UInt64(checksum.count))
    end.raw(checksum)
    try sink(end.bytes)
  }

  /// The SHA-256 of what was written so far.
  private var digest: [UInt8] {
    let copy = hasher
    return Array(copy.finalize())
  }

  /// Of what comes behind the padding: a seal and a checksum, with their tags and lengths.
  private static let endBytes: UInt64 = 102 + 34

  private mutating func pad(_ seal: Seal) throws {
    let least = bytes + Self.endBytes
    var target = seal.padded(least)
    while target > least {
      // Its tag is one byte; how long its length is depends on it.
      let room = target - least - 1
      for lengthBytes: UInt64 in 1...4 where room > lengthBytes {
        let length = room - lengthBytes
        guard length >= (lengthBytes == 1 ? 1 : 1 << (7 * (lengthBytes - 1))), length < 1 << (7 * lengthBytes)
        else { continue }
        try put(part: Format.Field.padding, [UInt8](repeating: 0, count: Int(length)))
        return
      }
      // No length makes this size.
      target = seal.padded(target + 1)
    }
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
    self.bytes += UInt64(bytes.count)
    try sink(bytes)
  }
}

/// The shapes of a file by the order in which they came up.
private struct ShapeNumbers {
  private var numbers: [Shape: UInt32] = [:]
  private var last: (shape: Shape, number: UInt32)?

  mutating func number(of shape: Shape) throws -> (UInt32, isNew: Bool) {
    if let last, last.shape == shape { return (last.number, false) }
    if let number = numbers[shape] {
      last = (shape, number)
      return (number, false)
    }
    guard shape.isValid else { throw ChangesetError.damaged("the names of its fields are malformed") }
    let number = UInt32(numbers.count)
    numbers[shape] = number
    last = (shape, number)
    return (number, true)
  }
}
