import Foundation
import SwiftProtobuf
import UnknotCausality

extension [UInt8] {
  /// SwiftProtobuf's `bytes` fields are Foundation's.
  var data: Data { Data(self) }
}

/// Gathers changes into the columns of one block.
struct BlockEncoder {
  private var message = Unknot_Block()
  private var columns = Unknot_Columns()
  private var values: [UInt32: [Unknot_ValueColumn]] = [:]
  private var deltas: [UInt32: [ColumnState]] = [:]
  private var count = 0
  private var byteCount = 0
  private var recordedAt: Int64 = 0
  private var subjectSeq: Int64 = 0
  private var begins = false

  /// What the next value of a column is a difference to, and the tags so far.
  private struct ColumnState {
    var time: Int64 = 0
    var offset: Int32 = 0
    var tags: [UInt8] = []
    var content: [UInt8] = []
  }

  var isFull: Bool { count >= Format.changesPerBlock || byteCount >= Format.softBlockBytes }

  mutating func introduce(_ shape: Shape) {
    var part = Unknot_Shape()
    part.action = UInt32(shape.action.rawValue)
    part.table = shape.table
    part.field = shape.fields.map { name in
      var field = Unknot_Field()
      field.name = name.field
      if let key = name.key { field.key = key }
      return field
    }
    message.shape.append(part)
  }

  mutating func begin(_ run: ChangeRun, follows: ChangeHash?, _ actors: ActorTable) throws {
    guard let first = run.changes.first else { return }
    var part = Unknot_Run()
    part.actor = try actors.place(first.dot.actor)
    part.first = first.dot.seq
    if let follows { part.follows = follows.bytes.data }
    if let context = run.context {
      part.movesContext = true
      part.contextActor = try context.entries.map { try actors.place($0.actor) }
      part.contextSeq = context.entries.map(\.seq)
    }
    message.run.append(part)
  }

  mutating func append(_ change: Change, shape: UInt32, _ actors: ActorTable) throws {
    message.run[message.run.count - 1].count += 1
    count += 1
    byteCount += change.body.count + 8
    columns.shape.append(shape)
    if change.beginsOperation != begins || columns.begins.isEmpty {
      if columns.begins.isEmpty, change.beginsOperation { columns.begins.append(0) }
      columns.begins.append(0)
      begins = change.beginsOperation
    }
    columns.begins[columns.begins.count - 1] += 1
    columns.recordedAt.append(change.recordedAt &- recordedAt)
    recordedAt = change.recordedAt
    if let subject = change.subject {
      columns.subjectActor.append(try actors.place(subject.actor) + 1)
      columns.subjectSeq.append(Int64(subject.seq) - subjectSeq)
      subjectSeq = Int64(subject.seq)
    } else {
      columns.subjectActor.append(0)
    }
    let width = change.shape.fields.count
    if values[shape] == nil {
      values[shape] = Array(repeating: Unknot_ValueColumn(), count: width)
      deltas[shape] = Array(repeating: ColumnState(), count: width)
    }
    var reader = ByteReader(change.body)
    for index in 0..<width {
      try append(
        try Body.read(&reader), to: &values[shape, default: []][index],
        &deltas[shape, default: []][index], actors)
    }
  }

  private func append(
    _ value: Value, to column: inout Unknot_ValueColumn, _ state: inout ColumnState, _ actors: ActorTable
  ) throws {
    switch value {
    case .null: state.tags.append(0)
    case .integer(let number):
      state.tags.append(1)
      column.integer.append(number)
    case .text(let text):
      state.tags.append(2)
      column.length.append(UInt32(text.utf8.count))
      state.content.append(contentsOf: text.utf8)
    case .time(let milliseconds, let offset):
      state.tags.append(3)
      column.time.append(milliseconds &- state.time)
      column.offset.append(offset &- state.offset)
      state.time = milliseconds
      state.offset = offset
    case .reference(let dot):
      state.tags.append(4)
      column.referenceActor.append(try actors.place(dot.actor))
      column.referenceSeq.append(dot.seq)
    case .bytes(let bytes):
      state.tags.append(5)
      column.length.append(UInt32(bytes.count))
      state.content.append(contentsOf: bytes)
    }
  }

  /// The block's bytes, and an empty encoder; nil where it holds nothing.
  mutating func close() throws -> [UInt8]? {
    guard count > 0 else { return nil }
    for shape in values.keys.sorted() {
      for (index, var column) in (values[shape] ?? []).enumerated() {
        let state = deltas[shape]?[index] ?? ColumnState()
        let isUniform = state.tags.allSatisfy { $0 == state.tags[0] }
        column.tag = (isUniform ? Array(state.tags.prefix(1)) : state.tags).data
        column.content = state.content.data
        columns.values.append(column)
      }
    }
    message.columns = try columns.serializedBytes()
    let bytes: [UInt8] = try message.serializedBytes()
    self = BlockEncoder()
    return bytes
  }
}
