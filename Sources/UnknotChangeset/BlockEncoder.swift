import Foundation
import SwiftProtobuf
import UnknotCausality

extension [UInt8] {
  /// SwiftProtobuf's `bytes` fields are Foundation's.
  var data: Data { Data(self) }
}

/// Gathers changes into the columns of one block.
struct BlockEncoder {
  private var shapes: [Unknot_Shape] = []
  private var runs: [Unknot_Run] = []
  /// How many changes the last run has so far.
  private var runCount: UInt32 = 0
  private var count = 0
  /// About how large the block has become; no part of it is left out.
  private var byteCount = 0

  private var shapeNumbers = ByteWriter()
  private var begins = ByteWriter()
  /// How long the present run of changes that begin an operation, or do not, is.
  private var beginsRun: UInt64 = 0
  private var lastBegins = false
  private var recordedAts = ByteWriter()
  private var recordedAt: Int64 = 0
  private var subjectActors = ByteWriter()
  private var subjectSeqs = ByteWriter()
  private var subjectSeq: Int64 = 0
  /// The columns of all shapes in one array, a shape's one after the other from its place on.
  private var values: [ValueColumnWriter] = []
  private var places: [UInt32: Range<Int>] = [:]

  var isEmpty: Bool { runs.isEmpty }
  var isFull: Bool {
    count >= Format.changesPerBlock || runs.count >= Format.changesPerBlock
      || byteCount >= Format.softBlockBytes
  }

  mutating func introduce(_ shape: Shape) {
    var part = Unknot_Shape()
    part.action = UInt32(shape.action.rawValue)
    part.table = shape.table
    part.field = shape.fields.map { name in
      var field = Unknot_Field()
      field.name = name.field
      if let key = name.key { field.key = key }
      byteCount += name.field.utf8.count + (name.key?.utf8.count ?? 0) + 12
      return field
    }
    byteCount += shape.table.utf8.count + 12
    shapes.append(part)
  }

  /// Begins a run at a change.
  mutating func begin(at first: Dot, context: ContextDelta?, follows: ChangeHash?, _ actors: ActorTable)
    throws
  {
    endRun()
    var part = Unknot_Run()
    part.actor = try actors.place(first.actor)
    part.first = first.seq
    if let follows { part.follows = follows.bytes.data }
    if let context {
      part.movesContext = true
      part.contextActor = try context.entries.map { try actors.place($0.actor) }
      part.contextSeq = context.entries.map(\.seq)
      byteCount += context.entries.count * 12
    }
    byteCount += 64
    runs.append(part)
  }

  /// Makes the run that was begun last one of forgotten changes.
  mutating func forget(_ forgotten: ForgottenChanges) {
    guard !runs.isEmpty else { return }
    runs[runs.count - 1].forgotten = forgotten.hashes.data
    byteCount += forgotten.hashes.count
    runCount = UInt32(clamping: forgotten.count)
  }

  private mutating func endRun() {
    if !runs.isEmpty { runs[runs.count - 1].count = runCount }
    runCount = 0
  }

  mutating func append(_ change: Change, shape: UInt32, _ actors: ActorTable) throws {
    shapeNumbers.unsigned(UInt64(shape))
    if change.beginsOperation != lastBegins {
      begins.unsigned(beginsRun)
      beginsRun = 0
      lastBegins = change.beginsOperation
    }
    beginsRun += 1
    recordedAts.signed(change.recordedAt &- recordedAt)
    recordedAt = change.recordedAt
    if let subject = change.subject {
      guard (1...Dot.maximumSeq).contains(subject.seq) else {
        throw ChangesetError.damaged("a change names a record out of range")
      }
      subjectActors.unsigned(UInt64(try actors.place(subject.actor)) + 1)
      subjectSeqs.signed(Int64(subject.seq) - subjectSeq)
      subjectSeq = Int64(subject.seq)
    } else {
      subjectActors.unsigned(0)
    }

    let width = change.shape.fields.count
    let place: Range<Int>
    if let known = places[shape] {
      place = known
    } else {
      place = values.count..<values.count + width
      places[shape] = place
      for _ in place { values.append(ValueColumnWriter()) }
      byteCount += width * 24
    }
    do {
      var reader = ByteReader(change.body)
      for index in place { try values[index].take(&reader, actors) }
      guard reader.isAtEnd else { throw MalformedBytes("more values than fields") }
    } catch let error as MalformedBytes {
      throw ChangesetError.damaged("the values of \(change.dot) are malformed: \(error)")
    }
    runCount += 1
    count += 1
    byteCount += change.body.count + 24
  }

  /// The block's bytes, and an empty encoder; nil where it holds nothing.
  mutating func close() throws -> [UInt8]? {
    guard !isEmpty else { return nil }
    endRun()
    var columns = Unknot_Columns()
    columns.shape = shapeNumbers.bytes.data
    if beginsRun > 0 { begins.unsigned(beginsRun) }
    columns.begins = begins.bytes.data
    columns.recordedAt = recordedAts.bytes.data
    columns.subjectActor = subjectActors.bytes.data
    columns.subjectSeq = subjectSeqs.bytes.data
    for (_, place) in places.sorted(by: { $0.key < $1.key }) {
      columns.values += values[place].map(\.message)
    }
    var message = Unknot_Block()
    message.shape = shapes
    message.run = runs
    let bytes: [UInt8] = try columns.serializedBytes()
    message.columns = try Deflate.deflate(bytes).data
    message.columnsSize = UInt32(bytes.count)
    let block: [UInt8] = try message.serializedBytes()
    self = BlockEncoder()
    return block
  }
}
