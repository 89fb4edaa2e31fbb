import Crypto

/// Bytes from a source, each taken into the checksum when it is used.
struct HashingInput {
  private let source: (Int) throws -> [UInt8]
  private var buffer: ArraySlice<UInt8> = []
  private var hasher = SHA256()
  private(set) var count: UInt64 = 0

  init(source: @escaping (Int) throws -> [UInt8]) { self.source = source }

  /// SHA-256 over everything taken so far.
  var checksum: [UInt8] {
    let copy = hasher
    return Array(copy.finalize())
  }

  private mutating func fill() throws -> Bool {
    if buffer.isEmpty { buffer = try source(1 << 16)[...] }
    return !buffer.isEmpty
  }

  private mutating func byte() throws -> UInt8? {
    guard try fill(), let byte = buffer.popFirst() else { return nil }
    hasher.update(data: [byte])
    count += 1
    return byte
  }

  /// Takes bytes as long as they are these.
  mutating func begins(with expected: [UInt8]) throws -> Bool {
    for wanted in expected {
      guard try byte() == wanted else { return false }
    }
    return true
  }

  /// - Parameter orEnd: nil where the input ends before the number begins; an error otherwise.
  mutating func varint(orEnd: Bool) throws -> UInt64? {
    var number: UInt64 = 0
    for index in 0..<10 {
      guard let byte = try byte() else {
        if orEnd, index == 0 { return nil }
        throw ChangesetError.damaged("it ends too early: it is incomplete")
      }
      guard index < 9 || byte <= 1, byte != 0 || index == 0 else { break }
      number |= UInt64(byte & 0x7f) << (7 * UInt64(index))
      if byte & 0x80 == 0 { return number }
    }
    throw ChangesetError.damaged("a number in it is malformed")
  }

  mutating func varint() throws -> UInt64 {
    guard let number = try varint(orEnd: false) else { throw ChangesetError.damaged("it ends too early") }
    return number
  }

  /// Exactly so many bytes. Memory grows as they arrive, never by what a length claims.
  mutating func take(_ wanted: UInt64) throws -> [UInt8] {
    guard wanted <= Format.maximumPartBytes else { throw ChangesetError.damaged("a part of it is too large") }
    var bytes: [UInt8] = []
    var left = wanted
    while let piece = try piece(of: &left) { bytes += piece }
    return bytes
  }

  /// The next of so many bytes, as they come; nil once there are none left.
  mutating func piece(of left: inout UInt64) throws -> ArraySlice<UInt8>? {
    guard left > 0 else { return nil }
    guard try fill() else { throw ChangesetError.damaged("it ends too early: it is incomplete") }
    let piece = buffer.prefix(Int(min(left, UInt64(buffer.count))))
    buffer = buffer.dropFirst(piece.count)
    hasher.update(data: piece)
    count += UInt64(piece.count)
    left -= UInt64(piece.count)
    return piece
  }
}
