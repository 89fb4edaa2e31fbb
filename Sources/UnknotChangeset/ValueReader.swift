import UnknotCausality

/// Reads the values of one field of one shape, one after the other.
struct ValueReader {
  private let tags: ArraySlice<UInt8>
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

  /// - Parameter bytes: a `ValueColumn`.
  init(_ bytes: ArraySlice<UInt8>) throws {
    let column = try BytesFields(bytes, count: 10)
    tags = column[1]
    integers = ByteReader(column[2])
    contents = try ContentReader(lengths: column[3], content: column[4], choices: column[5])
    times = ByteReader(column[6])
    offsets = ByteReader(column[7])
    referenceActors = ByteReader(column[8])
    referenceSeqs = ByteReader(column[9])
    referenceHashes = ByteReader(column[10])
  }

  var isAtEnd: Bool {
    (tags.count == 1 || row == tags.count) && integers.isAtEnd && contents.isAtEnd && times.isAtEnd
      && offsets.isAtEnd && referenceActors.isAtEnd && referenceSeqs.isAtEnd && referenceHashes.isAtEnd
  }

  mutating func next(to writer: inout ByteWriter, _ actors: ActorTable) throws {
    let place = tags.count == 1 ? 0 : row
    guard let tag = place < tags.count ? tags[tags.startIndex + place] : nil else {
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
  private var content: ByteReader
  private var lengths: ByteReader
  private var choices: ByteReader
  private var list: [ArraySlice<UInt8>]?
  private var used = 0

  init(lengths: ArraySlice<UInt8>, content: ArraySlice<UInt8>, choices: ArraySlice<UInt8>) throws {
    self.content = ByteReader(content)
    self.lengths = ByteReader(lengths)
    self.choices = ByteReader(choices)
    guard !choices.isEmpty else { return }
    var list: [ArraySlice<UInt8>] = []
    while !self.lengths.isAtEnd { list.append(try nextContent()) }
    self.list = list
  }

  /// Everything was used: of a list, too, nothing is sent that nobody chose.
  var isAtEnd: Bool {
    lengths.isAtEnd && content.isAtEnd && choices.isAtEnd && used == (list?.count ?? 0)
  }

  private mutating func nextContent() throws -> ArraySlice<UInt8> {
    let length = try lengths.unsigned()
    guard length <= UInt64(content.remaining) else {
      throw ChangesetError.damaged("it has fewer values than changes")
    }
    return try content.raw(length)
  }

  mutating func next() throws -> ArraySlice<UInt8> {
    guard let list else { return try nextContent() }
    let place = try choices.unsigned()
    // In the order in which they come up first: there is one way only to write a column.
    guard place < UInt64(list.count), place <= UInt64(used) else {
      throw ChangesetError.damaged("it has fewer values than changes")
    }
    if place == UInt64(used) { used += 1 }
    return list[Int(place)]
  }
}
