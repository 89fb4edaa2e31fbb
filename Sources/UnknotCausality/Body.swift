/// A change's values in the order of its shape's fields, as bytes: what is stored, hashed and sent is one form.
///
/// Each value is a tag and its payload: 0 null · 1 integer · 2 text · 3 time (ms, offset in minutes) ·
/// 4 reference (16 bytes of actor, seq) · 5 bytes.
public enum Body {
  /// No change carries more than this; a program that would write more refuses.
  public static let maximumBytes = 1 << 20

  enum Tag: UInt8 { case null, integer, text, time, reference, bytes }

  public static func encode(_ values: some Sequence<Value>) -> [UInt8] {
    var writer = ByteWriter()
    for value in values { write(value, to: &writer) }
    return writer.bytes
  }

  public static func write(_ value: Value, to writer: inout ByteWriter) {
    switch value {
    case .null: writer.byte(Tag.null.rawValue)
    case .integer(let number):
      writer.byte(Tag.integer.rawValue)
      writer.signed(number)
    case .text(let text):
      writer.byte(Tag.text.rawValue)
      writer.text(text)
    case .time(let milliseconds, let offset):
      writer.byte(Tag.time.rawValue)
      writer.signed(milliseconds)
      writer.signed(Int64(offset))
    case .reference(let dot):
      writer.byte(Tag.reference.rawValue)
      writer.raw(dot.actor.bytes)
      writer.unsigned(dot.seq)
    case .bytes(let bytes):
      writer.byte(Tag.bytes.rawValue)
      writer.unsigned(UInt64(bytes.count))
      writer.raw(bytes)
    }
  }

  public static func read(_ reader: inout ByteReader) throws(MalformedBytes) -> Value {
    switch Tag(rawValue: try reader.byte()) {
    case .null: return .null
    case .integer: return .integer(try reader.signed())
    case .text: return .text(try reader.text())
    case .time:
      let milliseconds = try reader.signed()
      guard let offset = Int32(exactly: try reader.signed()) else {
        throw MalformedBytes("offset from UTC too large")
      }
      return .time(milliseconds: milliseconds, offsetMinutes: offset)
    case .reference:
      guard let actor = ActorID(try reader.raw(16)) else { throw MalformedBytes("ends too early") }
      let seq = try reader.unsigned()
      guard (1...Dot.maximumSeq).contains(seq) else { throw MalformedBytes("record number out of range") }
      return .reference(Dot(actor, seq))
    case .bytes: return .bytes(Array(try reader.raw(try reader.unsigned())))
    case nil: throw MalformedBytes("value of an unknown type")
    }
  }

  /// Exactly `count` values; anything left over is an error.
  public static func decode(_ bytes: ArraySlice<UInt8>, count: Int) throws(MalformedBytes) -> [Value] {
    var reader = ByteReader(bytes)
    var values: [Value] = []
    for _ in 0..<count { values.append(try read(&reader)) }
    guard reader.isAtEnd else { throw MalformedBytes("more values than fields") }
    return values
  }
}
