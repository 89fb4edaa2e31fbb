import Foundation
import SwiftProtobuf
import UnknotCausality

/// Takes a block's columns apart into changes. Every number is checked before it is used.
struct BlockDecoder {
  let actors: ActorTable

  static func shape(_ message: Unknot_Shape) throws -> Shape {
    guard let action = UInt8(exactly: message.action).flatMap(Shape.Action.init(rawValue:)) else {
      throw ChangesetError.damaged("a change does something that this format does not know")
    }
    let fields = message.field.map { FieldName($0.name, key: $0.hasKey ? $0.key : nil) }
    let shape = Shape(action, table: message.table, fields: fields)
    guard shape.isValid, shape.fields == fields else {
      throw ChangesetError.damaged("the names of its fields are malformed")
    }
    return shape
  }

  /// - Parameter clock: where the runs begin; moved on to where they end.
  func runs(
    of message: Unknot_Block, _ shapes: [Shape], skipping known: VectorClock, _ clock: inout VectorClock
  ) throws -> [SentRun] {
    var starts: [(actor: ActorID, first: UInt64, count: Int)] = []
    var total = 0
    for run in message.run {
      let actor = try actors.actor(at: run.actor)
      guard run.first == clock[actor] + 1, run.count > 0, run.count <= Format.changesPerBlock else {
        throw ChangesetError.damaged("changes of an actor are not in order")
      }
      let last = run.first + UInt64(run.count) - 1
      guard last <= Dot.maximumSeq else { throw ChangesetError.damaged("an actor has too many changes") }
      clock[actor] = last
      starts.append((actor, run.first, Int(run.count)))
      total += Int(run.count)
    }
    guard total <= Format.changesPerBlock, total > 0 else {
      throw ChangesetError.damaged("a block has too many changes")
    }

    let isKnown = starts.allSatisfy { known[$0.actor] >= $0.first + UInt64($0.count) - 1 }
    var columns = isKnown ? nil : try ColumnReader(message.columns, actors, shapes, count: total)
    var runs: [SentRun] = []
    for (run, start) in zip(message.run, starts) {
      var changes: [Change] = []
      if columns != nil {
        for seq in start.first..<start.first + UInt64(start.count) {
          let dot = Dot(start.actor, seq)
          // Columns are read in order: a change that is held is read too, and left out.
          if let change = try columns?.next(dot), !known.covers(dot) { changes.append(change) }
        }
      }
      let follows = run.follows.isEmpty ? nil : ChangeHash(run.follows)
      guard run.follows.isEmpty || follows != nil else {
        throw ChangesetError.damaged("a hash is not 32 bytes long")
      }
      // Once changes at its front are left out, a run no longer follows what it says.
      let isWhole = changes.first?.dot.seq == start.first
      runs.append(
        SentRun(
          run: ChangeRun(context: try context(run, start.actor), changes: changes),
          follows: isWhole ? follows : nil))
    }
    try columns?.expectEnd()
    return runs
  }

  private func context(_ run: Unknot_Run, _ actor: ActorID) throws -> ContextDelta? {
    guard run.movesContext else { return nil }
    guard run.contextActor.count == run.contextSeq.count, run.contextSeq.allSatisfy({ $0 <= Dot.maximumSeq })
    else { throw ChangesetError.damaged("a context is malformed") }
    let entries = try zip(run.contextActor, run.contextSeq).map { Dot(try actors.actor(at: $0), $1) }
    guard Set(entries.map(\.actor)).count == entries.count else {
      throw ChangesetError.damaged("a context names an actor twice")
    }
    return ContextDelta(at: Dot(actor, run.first), entries: entries)
  }
}

/// Reads changes off a block's columns, one after the other.
private struct ColumnReader {
  private let columns: Unknot_Columns
  private let actors: ActorTable
  private let shapes: [Shape]
  private var values: [UInt32: [ValueReader]] = [:]
  private var row = 0
  private var subjectRow = 0
  private var recordedAt: Int64 = 0
  private var subjectSeq: Int64 = 0
  private var beginsRow = 0
  private var beginsLeft: UInt32

  init(_ bytes: Data, _ actors: ActorTable, _ shapes: [Shape], count: Int) throws {
    do {
      columns = try Unknot_Columns(serializedBytes: bytes)
    } catch {
      throw ChangesetError.damaged("its columns are not what a writer writes")
    }
    self.actors = actors
    self.shapes = shapes
    beginsLeft = columns.begins.first ?? 0
    guard columns.shape.count == count, columns.recordedAt.count == count,
      columns.subjectActor.count == count,
      columns.subjectSeq.count == columns.subjectActor.count(where: { $0 > 0 }),
      columns.begins.reduce(UInt64(0), { $0 + UInt64($1) }) == UInt64(count)
    else { throw ChangesetError.damaged("its columns do not fit each other") }
    var next = 0
    for number in Set(columns.shape).sorted() {
      guard Int(number) < shapes.count else { throw ChangesetError.damaged("a change has no shape") }
      let width = shapes[Int(number)].fields.count
      guard columns.values.count - next >= width else { throw ChangesetError.damaged("a column is missing") }
      values[number] = columns.values[next..<next + width].map(ValueReader.init)
      next += width
    }
    guard next == columns.values.count else { throw ChangesetError.damaged("it has a column too many") }
  }

  mutating func next(_ dot: Dot) throws -> Change {
    defer { row += 1 }
    let number = columns.shape[row]
    let shape = shapes[Int(number)]
    while beginsLeft == 0 {
      beginsRow += 1
      guard beginsRow < columns.begins.count else {
        throw ChangesetError.damaged("its columns do not fit each other")
      }
      beginsLeft = columns.begins[beginsRow]
    }
    beginsLeft -= 1
    recordedAt = try sum(recordedAt, columns.recordedAt[row])
    var subject: Dot?
    if columns.subjectActor[row] > 0 {
      subjectSeq = try sum(subjectSeq, columns.subjectSeq[subjectRow])
      subjectRow += 1
      guard subjectSeq >= 1, subjectSeq <= Int64(Dot.maximumSeq) else {
        throw ChangesetError.damaged("a change names a record out of range")
      }
      subject = Dot(try actors.actor(at: columns.subjectActor[row] - 1), UInt64(subjectSeq))
    }
    guard subject != nil || shape.action == .create else {
      throw ChangesetError.damaged("a change names no record")
    }
    var body = ByteWriter()
    for index in shape.fields.indices {
      try values[number, default: []][index].next(to: &body, actors)
      guard body.bytes.count <= Body.maximumBytes else {
        throw ChangesetError.damaged("a change is too large")
      }
    }
    return Change(
      dot: dot, shape: shape, subject: subject, recordedAt: recordedAt, beginsOperation: beginsRow % 2 == 1,
      body: body.bytes)
  }

  func expectEnd() throws {
    guard values.values.allSatisfy({ $0.allSatisfy(\.isAtEnd) }) else {
      throw ChangesetError.damaged("it has more values than changes")
    }
  }

  private func sum(_ left: Int64, _ right: Int64) throws -> Int64 {
    let (sum, overflow) = left.addingReportingOverflow(right)
    guard !overflow else { throw ChangesetError.damaged("a number in it is out of range") }
    return sum
  }
}

/// Reads the values of one field of one shape, one after the other.
private struct ValueReader {
  private let column: Unknot_ValueColumn
  private let tags: [UInt8]
  private let content: [UInt8]
  private var row = 0
  private var integers = 0
  private var lengths = 0
  private var position = 0
  private var times = 0
  private var references = 0
  private var time: Int64 = 0
  private var offset: Int32 = 0

  init(_ column: Unknot_ValueColumn) {
    self.column = column
    tags = Array(column.tag)
    content = Array(column.content)
  }

  var isAtEnd: Bool {
    (tags.count == 1 || row == tags.count) && integers == column.integer.count
      && lengths == column.length.count && position == content.count && times == column.time.count
      && times == column.offset.count && references == column.referenceActor.count
      && references == column.referenceSeq.count
  }

  mutating func next(to writer: inout ByteWriter, _ actors: ActorTable) throws {
    guard let tag = tags.count == 1 ? tags[0] : row < tags.count ? tags[row] : nil else { throw tooFew }
    row += 1
    writer.byte(tag)
    switch tag {
    case 0: break
    case 1:
      guard integers < column.integer.count else { throw tooFew }
      writer.signed(column.integer[integers])
      integers += 1
    case 2, 5:
      guard lengths < column.length.count, Int(column.length[lengths]) <= content.count - position else {
        throw tooFew
      }
      let bytes = content[position..<position + Int(column.length[lengths])]
      if tag == 2, bytes.contains(0) || String(validating: bytes, as: UTF8.self) == nil {
        throw ChangesetError.damaged("a text in it is not UTF-8 without NUL")
      }
      writer.unsigned(UInt64(bytes.count))
      writer.raw(bytes)
      position += bytes.count
      lengths += 1
    case 3:
      guard times < column.time.count, times < column.offset.count else { throw tooFew }
      let (time, overflow) = time.addingReportingOverflow(column.time[times])
      let (offset, offsetOverflow) = offset.addingReportingOverflow(column.offset[times])
      guard !overflow, !offsetOverflow else { throw ChangesetError.damaged("a time in it is out of range") }
      self.time = time
      self.offset = offset
      writer.signed(time)
      writer.signed(Int64(offset))
      times += 1
    case 4:
      guard references < column.referenceActor.count, references < column.referenceSeq.count,
        (1...Dot.maximumSeq).contains(column.referenceSeq[references])
      else { throw tooFew }
      writer.raw(try actors.actor(at: column.referenceActor[references]).bytes)
      writer.unsigned(column.referenceSeq[references])
      references += 1
    default: throw ChangesetError.damaged("a value in it is of a type that this format does not know")
    }
  }

  private var tooFew: ChangesetError { .damaged("it has fewer values than changes") }
}
