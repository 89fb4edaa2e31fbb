import Foundation
import SwiftProtobuf
import UnknotCausality

/// Gathers the values of one field of one shape. It takes them from a body's bytes, as they stand there: texts are
/// not made into strings on the way.
struct ValueColumnWriter {
  private var tags: [UInt8] = []
  private var integers = ByteWriter()
  private var contents = ContentWriter()
  private var times = ByteWriter()
  private var offsets = ByteWriter()
  private var referenceActors = ByteWriter()
  private var referenceSeqs = ByteWriter()
  private var hashes: [UInt8] = []
  private var time: Int64 = 0
  private var offset: Int32 = 0

  /// Moves one value over. The same is refused as by the reader (`ValueReader`): no file is written that none reads.
  mutating func take(_ reader: inout ByteReader, _ actors: ActorTable) throws {
    let tag = try reader.byte()
    tags.append(tag)
    switch tag {
    case 0: break
    case 1: integers.signed(try reader.signed())
    case 2, 5:
      let bytes = try reader.raw(try reader.unsigned())
      guard tag == 5 || Format.isText(bytes) else { throw MalformedBytes("text is not UTF-8 without NUL") }
      contents.append(bytes)
    case 3:
      let milliseconds = try reader.signed()
      guard let minutes = Int32(exactly: try reader.signed()) else {
        throw MalformedBytes("offset from UTC too large")
      }
      times.signed(milliseconds &- time)
      offsets.signed(Int64(minutes &- offset))
      time = milliseconds
      offset = minutes
    case 4, 6:
      if tag == 6 { hashes.append(contentsOf: try reader.raw(UInt64(ChangeHash.byteCount))) }
      guard let actor = ActorID(try reader.raw(UInt64(ActorID.byteCount))) else {
        throw MalformedBytes("ends too early")
      }
      let seq = try reader.unsigned()
      guard (1...Dot.maximumSeq).contains(seq) else { throw MalformedBytes("record number out of range") }
      referenceActors.unsigned(UInt64(try actors.place(actor)))
      referenceSeqs.unsigned(seq)
    default: throw MalformedBytes("value of an unknown type")
    }
  }

  var message: Unknot_ValueColumn {
    var message = Unknot_ValueColumn()
    let isUniform = tags.allSatisfy { $0 == tags[0] }
    message.tag = isUniform ? Data(tags.prefix(1)) : Data(tags)
    message.integer = Data(integers.bytes)
    message.length = Data(contents.lengths.bytes)
    message.content = Data(contents.content)
    message.choice = Data(contents.choices.bytes)
    message.time = Data(times.bytes)
    message.offset = Data(offsets.bytes)
    message.referenceActor = Data(referenceActors.bytes)
    message.referenceSeq = Data(referenceSeqs.bytes)
    message.referenceHash = Data(hashes)
    return message
  }
}

/// Texts and bytes. As long as few different ones come up, each is kept once and chosen from.
private struct ContentWriter {
  private static let mostChoices = 256

  private(set) var lengths = ByteWriter()
  private(set) var content: [UInt8] = []
  /// Places among the contents; empty once there are too many different ones.
  private(set) var choices = ByteWriter()
  private var places: [ArraySlice<UInt8>: Int] = [:]
  private var isChoosing = true
  private var order: [Int] = []

  mutating func append(_ bytes: ArraySlice<UInt8>) {
    guard isChoosing else { return put(bytes) }
    if let place = places[bytes] {
      order.append(place)
      choices.unsigned(UInt64(place))
    } else if places.count < Self.mostChoices {
      order.append(places.count)
      choices.unsigned(UInt64(places.count))
      places[bytes] = places.count
      put(bytes)
    } else {
      spell()
      put(bytes)
    }
  }

  private mutating func put(_ bytes: ArraySlice<UInt8>) {
    lengths.unsigned(UInt64(bytes.count))
    content.append(contentsOf: bytes)
  }

  /// Writes out what was only chosen so far.
  private mutating func spell() {
    let list = places.sorted { $0.value < $1.value }.map(\.key)
    places = [:]
    isChoosing = false
    lengths = ByteWriter()
    content = []
    choices = ByteWriter()
    for place in order { put(list[place]) }
    order = []
  }
}
