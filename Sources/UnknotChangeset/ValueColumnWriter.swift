import Foundation
import SwiftProtobuf
import UnknotCausality

/// Gathers the values of one field of one shape. It takes them from a body's bytes, as they stand there: texts are
/// not made into strings on the way.
struct ValueColumnWriter {
  private var tags: [UInt8] = []
  private var integers: [Int64] = []
  private var lengths: [UInt32] = []
  private var content: [UInt8] = []
  private var times: [Int64] = []
  private var offsets: [Int32] = []
  private var referenceActors: [UInt32] = []
  private var referenceSeqs: [UInt64] = []
  private var time: Int64 = 0
  private var offset: Int32 = 0

  /// Moves one value over. The same is refused as by the reader (`ValueReader`): no file is written that none reads.
  mutating func take(_ reader: inout ByteReader, _ actors: ActorTable) throws {
    let tag = try reader.byte()
    tags.append(tag)
    switch tag {
    case 0: break
    case 1: integers.append(try reader.signed())
    case 2, 5:
      let bytes = try reader.raw(try reader.unsigned())
      guard tag == 5 || Format.isText(bytes) else { throw MalformedBytes("text is not UTF-8 without NUL") }
      lengths.append(UInt32(bytes.count))
      content.append(contentsOf: bytes)
    case 3:
      let milliseconds = try reader.signed()
      guard let minutes = Int32(exactly: try reader.signed()) else {
        throw MalformedBytes("offset from UTC too large")
      }
      times.append(milliseconds &- time)
      offsets.append(minutes &- offset)
      time = milliseconds
      offset = minutes
    case 4, 6:
      if tag == 6 { content.append(contentsOf: try reader.raw(UInt64(ChangeHash.byteCount))) }
      guard let actor = ActorID(try reader.raw(UInt64(ActorID.byteCount))) else {
        throw MalformedBytes("ends too early")
      }
      let seq = try reader.unsigned()
      guard (1...Dot.maximumSeq).contains(seq) else { throw MalformedBytes("record number out of range") }
      referenceActors.append(try actors.place(actor))
      referenceSeqs.append(seq)
    default: throw MalformedBytes("value of an unknown type")
    }
  }

  var message: Unknot_ValueColumn {
    var message = Unknot_ValueColumn()
    let isUniform = tags.allSatisfy { $0 == tags[0] }
    message.tag = isUniform ? Data(tags.prefix(1)) : Data(tags)
    message.integer = integers
    message.length = lengths
    message.content = Data(content)
    message.time = times
    message.offset = offsets
    message.referenceActor = referenceActors
    message.referenceSeq = referenceSeqs
    return message
  }
}
