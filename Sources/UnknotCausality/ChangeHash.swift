/// SHA-256 over a change's content and the hash of its actor's change before it (`merge.md`, "One actor, one
/// history"). Two clocks are compared by these, never by counts alone.
public struct ChangeHash: Hashable, Sendable, CustomStringConvertible {
  /// How many bytes a hash has.
  public static let byteCount = 32
  /// The hash itself, `byteCount` bytes.
  public let bytes: [UInt8]

  /// Takes exactly 32 bytes; nil for any other count.
  public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    self.bytes = Array(bytes)
  }

  /// The hash in 64 lower-case hexadecimal digits.
  public var description: String { hexadecimal(bytes) }
}

/// A clock entry as devices exchange it: a count is only meant together with the hash of the change it names.
public struct ClockEntry: Hashable, Sendable {
  /// The actor, and the highest of its seqs that the clock has seen.
  public let dot: Dot
  /// The hash of the change that `dot` names.
  public let hash: ChangeHash

  /// An entry of a clock that has seen the changes of an actor up to this one, which has this hash.
  public init(_ dot: Dot, _ hash: ChangeHash) {
    self.dot = dot
    self.hash = hash
  }
}

/// Lower-case hexadecimal, two characters a byte.
public func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  return String(
    decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

/// The bytes that `hexadecimal` writes so; nil for what it would not write.
package func bytes(hexadecimal text: some StringProtocol) -> [UInt8]? {
  let digits = Array(text.utf8)
  guard digits.count.isMultiple(of: 2) else { return nil }
  let bytes = stride(from: 0, to: digits.count, by: 2).compactMap { start in
    UInt8(String(decoding: digits[start..<start + 2], as: UTF8.self), radix: 16)
  }
  return hexadecimal(bytes).utf8.elementsEqual(digits) ? bytes : nil
}
