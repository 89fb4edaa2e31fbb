import UnknotCausality

/// Reads the values of one field of one shape, one after the other.
struct ValueReader {
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
      guard tag == 5 || Format.isText(bytes) else {
        throw ChangesetError.damaged("a text in it is not UTF-8 without NUL")
      }
      writer.unsigned(UInt64(bytes.count))
      writer.raw(bytes)
      position += bytes.count
      lengths += 1
    case 3:
      guard times < column.time.count, times < column.offset.count else { throw tooFew }
      // As in `ColumnReader`: modulo 2^64 and 2^32.
      time &+= column.time[times]
      offset &+= column.offset[times]
      writer.signed(time)
      writer.signed(Int64(offset))
      times += 1
    case 4, 6:
      if tag == 6 {
        guard content.count - position >= ChangeHash.byteCount else { throw tooFew }
        writer.raw(content[position..<position + ChangeHash.byteCount])
        position += ChangeHash.byteCount
      }
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
