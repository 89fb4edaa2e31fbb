import Crypto
import SwiftProtobuf
public import UnknotCausality

/// Writes a changeset as a stream: no more than one block is in memory.
///
/// What a reader would refuse is not written: the header's rules are checked at the start, each run's when it is
/// appended, and at the end whether the runs reach the tip. Each throws `ChangesetError.damaged`; what was written
/// until then is no changeset.
public struct ChangesetWriter {
  /// The format that files are written in, and the highest that is read.
  public static let formatVersion: UInt64 = Format.version

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

  /// - Parameter sink: takes the file's bytes, piece by piece.
  public init(_ header: ChangesetHeader, sink: @escaping ([UInt8]) throws -> Void) throws {
    try header.check()
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
    var end = ByteWriter()
    let checksum = Array(hasher.finalize())
    end.unsigned(Format.Field.checksum)
    end.unsigned(UInt64(checksum.count))
    end.raw(checksum)
    try sink(end.bytes)
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
