import Foundation
import SwiftProtobuf
import UnknotCausality

/// Reads changes off a block's columns, one after the other.
struct ColumnReader {
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
    columns = try Unknot_Columns.strict(Array(bytes), within: .columns(changes: count))
    self.actors = actors
    self.shapes = shapes
    beginsLeft = columns.begins.first ?? 0
    guard columns.shape.count == count, columns.recordedAt.count == count,
      columns.subjectActor.count == count,
      columns.subjectSeq.count == columns.subjectActor.count(where: { $0 > 0 }),
      columns.begins.reduce(UInt64(0), { $0 + UInt64($1) }) == UInt64(count),
      columns.begins.dropFirst().allSatisfy({ $0 > 0 })
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
    // Differences are taken modulo 2^64, so that any two times have one: the sum is exact for every time.
    recordedAt &+= columns.recordedAt[row]
    var subject: Dot?
    if columns.subjectActor[row] > 0 {
      let (seq, overflow) = subjectSeq.addingReportingOverflow(columns.subjectSeq[subjectRow])
      subjectRow += 1
      guard !overflow, seq >= 1, seq <= Int64(Dot.maximumSeq) else {
        throw ChangesetError.damaged("a change names a record out of range")
      }
      subjectSeq = seq
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
}
