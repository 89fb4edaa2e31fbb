import UnknotCausality

/// Reads the values of one field of one shape, one after the other.
struct ValueReader {
  private let tags: [UInt8]
  private var row = 0
  private var integers: ByteReader
  private var contents: ContentReader
  private var times: ByteReader
  private var offsets: ByteReader
  private var referenceActors: ByteReader
  private var referenceSeqs: ByteReader
  private var referenceHashes: ByteReader
  private var time: Int64 = 0
  private var offset: Int32 = 0

  init(_ column: Unknot_ValueColumn) throws {
    tags = Array(column.tag)
    integers = ByteReader(Array(column.integer))
    contents = try ContentReader(column)
    times = ByteReader(Array(column.time))
    offsets = ByteReader(Array(column.offset))
    referenceActors = ByteReader(Array(column.referenceActor))
    referenceSeqs = ByteReader(Array(column.referenceSeq))
    referenceHashes = ByteReader(Array(column.referenceHash))
  }

  var isAtEnd: Bool {
    (tags.count == 1 || row == tags.count) && integers.isAtEnd && contents.isAtEnd && times.isAtEnd
      && offsets.isAtEnd && referenceActors.isAtEnd && referenceSeqs.isAtEnd && referenceHashes.isAtEnd
  }

  mutating func next(to writer: inout ByteWriter, _ actors: ActorTable) throws {
    guard let tag = tags.count == 1 ? tags[0] : row < tags.count ? tags[row] : nil else {
      throw ChangesetError.damaged("it has fewer values than changes")
    }
    row += 1
    writer.byte(tag)
    switch tag {
    case 0: break
    case 1: writer.signed(try integers.signed())
    case 2, 5:
      let bytes = try contents.next()
      guard tag == 5 || Format.isText(bytes) else {
        throw ChangesetError.damaged("a text in it is not UTF-8 without NUL")
      }
      writer.unsigned(UInt64(bytes.count))
      writer.raw(bytes)
    case 3:
      // As in `ColumnReader`: modulo 2^64 and 2^32.
      time &+= try times.signed()
      guard let moved = Int32(exactly: try offsets.signed()) else {
        throw ChangesetError.damaged("an offset from UTC is out of range")
      }
      offset &+= moved
      writer.signed(time)
      writer.signed(Int64(offset))
    case 4, 6:
      if tag == 6 { writer.raw(try referenceHashes.raw(UInt64(ChangeHash.byteCount))) }
      let actor = try actors.actor(at: try referenceActors.unsigned())
      let seq = try referenceSeqs.unsigned()
      guard (1...Dot.maximumSeq).contains(seq), !actors.branches.contains(actor) else {
        throw ChangesetError.damaged("a change names a record out of range")
      }
      writer.raw(actor.bytes)
      writer.unsigned(seq)
    default: throw ChangesetError.damaged("a value in it is of a type that this format does not know")
    }
  }
}

/// Texts and bytes, one after the other or chosen from a list.
private struct ContentReader {
  private let content: [UInt8]
  private var lengths: ByteReader
  private var position = 0
  private var choices: ByteReader
  private var list: [Range<Int>]?
  private var used = 0

  init(_ column: Unknot_ValueColumn) throws {
    content = Array(column.content)
    lengths = ByteReader(Array(column.length))
    choices = ByteReader(Array(column.choice))
    guard !column.choice.isEmpty else { return }
    var list: [Range<Int>] = []
    while !lengths.isAtEnd { list.append(try nextRange()) }
    self.list = list
  }

  /// Everything was used: of a list, too, nothing is sent that nobody chose.
  var isAtEnd: Bool {
    lengths.isAtEnd && position == content.count && choices.isAtEnd && used == (list?.count ?? 0)
  }

  private mutating func nextRange() throws -> Range<Int> {
    let length = try lengths.unsigned()
    guard length <= UInt64(content.count - position) else {
      throw ChangesetError.damaged("it has fewer values than changes")
    }
    let range = position..<position + Int(length)
    position = range.upperBound
    return range
  }

  mutating func next() throws -> ArraySlice<UInt8> {
    guard let list else { return content[try nextRange()] }
    let place = try choices.unsigned()
    // In the order in which they come up first: there is one way only to write a column.
    guard place < UInt64(list.count), place <= UInt64(used) else {
      throw ChangesetError.damaged("it has fewer values than changes")
    }
    if place == UInt64(used) { used += 1 }
    return content[list[Int(place)]]
  }
}
