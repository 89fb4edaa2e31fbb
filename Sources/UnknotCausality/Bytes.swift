/// Appends numbers, texts and lengths in the project's one compact form: LEB128 for unsigned numbers, zigzag
/// LEB128 for signed ones, a length before bytes.
public struct ByteWriter: Sendable {
  @usableFromInline var storage: [UInt8] = []
  /// All that was written since the start or the last `clear`.
  @inlinable public var bytes: [UInt8] { storage }

  /// A writer that has written nothing yet.
  @inlinable public init() {}

  /// Forgets what was written and keeps the memory for what comes next.
  @inlinable public mutating func clear() { storage.removeAll(keepingCapacity: true) }

  /// Appends one byte as it is.
  @inlinable public mutating func byte(_ byte: UInt8) { storage.append(byte) }

  /// Appends a number as LEB128, in 1 to 10 bytes.
  @inlinable public mutating func unsigned(_ number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      storage.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    storage.append(UInt8(rest))
  }

  /// Appends a number as zigzag LEB128, in 1 to 10 bytes: numbers near 0 are short, whatever their sign.
  @inlinable public mutating func signed(_ number: Int64) {
    unsigned(UInt64(bitPattern: number << 1 ^ number >> 63))
  }

  /// Appends bytes as they are, without their length.
  @inlinable public mutating func raw(_ more: [UInt8]) { storage.append(contentsOf: more) }

  /// Appends bytes as they are, without their length.
  @inlinable public mutating func raw(_ more: ArraySlice<UInt8>) { storage.append(contentsOf: more) }

  /// Appends the number of UTF-8 bytes, then the bytes. A NUL is written too, but `ByteReader.text` refuses it.
  @inlinable public mutating func text(_ text: String) {
    unsigned(UInt64(text.utf8.count))
    storage.append(contentsOf: text.utf8)
  }
}

/// Bytes that are not what they should be. Which file or row they came from is for the caller to say.
public struct MalformedBytes: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong with the bytes, as words to be put into a message.
  public let description: String
  /// - Parameter description: what is wrong with the bytes.
  public init(_ description: String) { self.description = description }
}

/// Reads what `ByteWriter` wrote. Every length is checked against what is left before anything is taken.
public struct ByteReader: Sendable {
  @usableFromInline let bytes: ArraySlice<UInt8>
  @usableFromInline var position: Int

  /// Reads from the start of the slice to its end.
  public init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// Reads from the first byte.
  public init(_ bytes: [UInt8]) { self.init(bytes[...]) }

  /// Whether every byte was read.
  @inlinable public var isAtEnd: Bool { position == bytes.endIndex }
  /// How many bytes were not read yet.
  @inlinable public var remaining: Int { bytes.endIndex - position }

  /// The next byte.
  ///
  /// - Throws: `MalformedBytes` where no byte is left.
  @inlinable public mutating func byte() throws(MalformedBytes) -> UInt8 {
    guard position < bytes.endIndex else { throw MalformedBytes("ends too early") }
    defer { position += 1 }
    return bytes[position]
  }

  /// The next number in LEB128.
  ///
  /// - Throws: `MalformedBytes` where it does not end, is larger than 64 bits, or is not in its shortest form.
  @inlinable public mutating func unsigned() throws(MalformedBytes) -> UInt64 {
    // Most numbers take one byte.
    if position < bytes.endIndex, bytes[position] < 0x80 {
      defer { position += 1 }
      return UInt64(bytes[position])
    }
    var number: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let byte = try byte()
      let part = UInt64(byte & 0x7f)
      guard shift < 63 || (shift == 63 && part <= 1) else { throw MalformedBytes("number too large") }
      number |= part << shift
      if byte & 0x80 == 0 {
        // A number has one form only, so that equal content has equal bytes.
        guard part != 0 || shift == 0 else { throw MalformedBytes("number not in its shortest form") }
        return number
      }
      shift += 7
    }
  }

  /// The next number in zigzag LEB128.
  ///
  /// - Throws: `MalformedBytes`, as `unsigned` does.
  @inlinable public mutating func signed() throws(MalformedBytes) -> Int64 {
    let number = try unsigned()
    return Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1)
  }

  /// The next `count` bytes, without a copy.
  ///
  /// - Throws: `MalformedBytes` where fewer are left.
  @inlinable public mutating func raw(_ count: UInt64) throws(MalformedBytes) -> ArraySlice<UInt8> {
    guard count <= UInt64(remaining) else { throw MalformedBytes("ends too early") }
    defer { position += Int(count) }
    return bytes[position..<position + Int(count)]
  }

  /// The next text: its number of bytes, then the bytes.
  ///
  /// - Throws: `MalformedBytes` where the bytes end too early, are not UTF-8, or contain a NUL.
  public mutating func text() throws(MalformedBytes) -> String {
    let slice = try raw(try unsigned())
    guard !slice.contains(0), let text = String(validating: slice, as: UTF8.self) else {
      throw MalformedBytes("text is not UTF-8 without NUL")
    }
    return text
  }
}
