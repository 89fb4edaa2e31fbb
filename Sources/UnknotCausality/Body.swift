/// A change's values in the order of its shape's fields, as bytes: what is stored, hashed and sent is one form.
///
/// Each value is a tag and its payload: 0 null · 1 integer · 2 text · 3 time (ms, offset in minutes) ·
/// 4 reference (16 bytes of the root actor, depth) · 5 bytes · 6 reference to one branch of several (32 bytes of
/// the change's hash, then as 4). References are canonical (`CanonicalReference`): a body stays as it is when
/// actors are renamed.
public enum Body {
  /// No change carries more than this; a program that would write more refuses.
  public static let maximumBytes = 1 << 20

  enum Tag: UInt8 { case null, integer, text, time, reference, bytes, branchReference }

  /// The bytes of the values, one after the other. References are written by the dots that they hold.
  public static func encode(_ values: some Sequence<Value>) -> [UInt8] {
    encode(values) { CanonicalReference(origin: $0) }
  }

  /// - Parameter canonical: how a reference is named for good.
  public static func encode<Failure: Error>(
    _ values: some Sequence<Value>, canonical: (Dot) throws(Failure) -> CanonicalReference
  ) throws(Failure) -> [UInt8] {
    var writer = ByteWriter()
    for value in values { try write(value, to: &writer, canonical: canonical) }
    return writer.bytes
  }

  /// A reference as it stands.
  public static func write(_ value: Value, to writer: inout ByteWriter) {
    write(value, to: &writer) { CanonicalReference(origin: $0) }
  }

  /// Appends one value: its tag and its payload.
  ///
  /// - Parameter canonical: how a reference is named for good; asked only where the value is one.
  /// - Throws: only what `canonical` throws.
  public static func write<Failure: Error>(
    _ value: Value, to writer: inout ByteWriter, canonical: (Dot) throws(Failure) -> CanonicalReference
  ) throws(Failure) {
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
      let reference = try canonical(dot)
      writer.byte(reference.hash == nil ? Tag.reference.rawValue : Tag.branchReference.rawValue)
      if let hash = reference.hash { writer.raw(hash.bytes) }
      writer.raw(reference.origin.actor.bytes)
      writer.unsigned(reference.origin.seq)
    case .bytes(let bytes):
      writer.byte(Tag.bytes.rawValue)
      writer.unsigned(UInt64(bytes.count))
      writer.raw(bytes)
    }
  }

  /// - Parameter resolve: what a reference is called here; by default as it stands.
  public static func read(
    _ reader: inout ByteReader, resolve: (CanonicalReference) throws -> Dot = { $0.origin }
  ) throws -> Value {
    let tag = Tag(rawValue: try reader.byte())
    switch tag {
    case .null: return .null
    case .integer: return .integer(try reader.signed())
    case .text: return .text(try reader.text())
    case .time:
      let milliseconds = try reader.signed()
      guard let offset = Int32(exactly: try reader.signed()) else {
        throw MalformedBytes("offset from UTC too large")
      }
      return .time(milliseconds: milliseconds, offsetMinutes: offset)
    case .reference, .branchReference:
      let hash = tag == .branchReference ? ChangeHash(try reader.raw(UInt64(ChangeHash.byteCount))) : nil
      guard let actor = ActorID(try reader.raw(UInt64(ActorID.byteCount))) else {
        throw MalformedBytes("ends too early")
      }
      let seq = try reader.unsigned()
      guard (1...Dot.maximumSeq).contains(seq) else { throw MalformedBytes("record number out of range") }
      return .reference(try resolve(CanonicalReference(origin: Dot(actor, seq), hash: hash)))
    case .bytes: return .bytes(Array(try reader.raw(try reader.unsigned())))
    case nil: throw MalformedBytes("value of an unknown type")
    }
  }

  /// Passes over a value, whose bytes were checked when they were stored.
  public static func skip(_ reader: inout ByteReader) throws {
    switch Tag(rawValue: try reader.byte()) {
    case .null: break
    case .integer: _ = try reader.unsigned()
    case .text, .bytes: _ = try reader.raw(try reader.unsigned())
    case .time:
      _ = try reader.unsigned()
      _ = try reader.unsigned()
    case .reference:
      _ = try reader.raw(UInt64(ActorID.byteCount))
      _ = try reader.unsigned()
    case .branchReference:
      _ = try reader.raw(UInt64(ChangeHash.byteCount + ActorID.byteCount))
      _ = try reader.unsigned()
    case nil: throw MalformedBytes("value of an unknown type")
    }
  }

  /// Exactly `count` values; anything left over is an error.
  public static func decode(
    _ bytes: ArraySlice<UInt8>, count: Int, resolve: (CanonicalReference) throws -> Dot = { $0.origin }
  ) throws -> [Value] {
    var reader = ByteReader(bytes)
    var values: [Value] = []
    for _ in 0..<count { values.append(try read(&reader, resolve: resolve)) }
    guard reader.isAtEnd else { throw MalformedBytes("more values than fields") }
    return values
  }
}
