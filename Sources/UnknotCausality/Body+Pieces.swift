extension Body {
  /// A value as it lies in a body: nothing is copied, and no text is made of its bytes.
  public struct Piece: Sendable {
    /// The type of a value. References with and without a hash are one kind.
    public enum Kind: Sendable {
      /// `Value.null`.
      case null
      /// `Value.integer`.
      case integer
      /// `Value.text`.
      case text
      /// `Value.time`.
      case time
      /// `Value.reference`.
      case reference
      /// `Value.bytes`.
      case bytes
    }

    /// Says which of the other properties count: those of another kind stay 0 or empty.
    public let kind: Kind
    /// The integer, or the time's milliseconds.
    public var number: Int64 = 0
    /// A time's minutes east of UTC.
    public var offsetMinutes: Int64 = 0
    /// The bytes of a text (UTF-8) or of bytes; of a reference the whole value, for `Body.read`.
    public var content: Range<Int> = 0..<0

    /// What a field holds that nobody wrote.
    public static let null = Piece(kind: .null)
  }

  /// Where each value of a body lies.
  ///
  /// - Parameter pieces: emptied first; its memory is used again.
  public static func pieces(of bytes: [UInt8], into pieces: inout [Piece]) throws(MalformedBytes) {
    pieces.removeAll(keepingCapacity: true)
    var reader = ByteReader(bytes)
    while !reader.isAtEnd { pieces.append(try piece(&reader)) }
  }

  private static func piece(_ reader: inout ByteReader) throws(MalformedBytes) -> Piece {
    let start = reader.position
    switch Tag(rawValue: try reader.byte()) {
    case .null: return Piece(kind: .null)
    case .integer: return Piece(kind: .integer, number: try reader.signed())
    case .text: return Piece(kind: .text, content: try content(&reader))
    case .bytes: return Piece(kind: .bytes, content: try content(&reader))
    case .time:
      let milliseconds = try reader.signed()
      return Piece(kind: .time, number: milliseconds, offsetMinutes: try reader.signed())
    case .reference, .branchReference:
      let length = bytesBeforeSeq(ofTag: reader.bytes[start])
      _ = try reader.raw(length)
      _ = try reader.unsigned()
      return Piece(kind: .reference, content: start..<reader.position)
    case nil: throw MalformedBytes("value of an unknown type")
    }
  }

  private static func bytesBeforeSeq(ofTag tag: UInt8) -> UInt64 {
    UInt64(ActorID.byteCount + (tag == Tag.branchReference.rawValue ? ChangeHash.byteCount : 0))
  }

  private static func content(_ reader: inout ByteReader) throws(MalformedBytes) -> Range<Int> {
    let slice = try reader.raw(try reader.unsigned())
    return slice.startIndex..<slice.endIndex
  }
}
