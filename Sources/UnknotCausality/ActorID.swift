/// A single writer: 16 random bytes. A device starts with one actor and takes a new one whenever it can
/// no longer be sure that it alone owns the old one (`merge.md`, "Words").
///
/// Ordered and compared as bytes. The text form is 26 characters of Crockford's base 32 in lower case.
public struct ActorID: Hashable, Sendable, Comparable {
  /// Bytes 0–7 and 8–15, big-endian, so that comparing the two numbers compares the bytes.
  let high: UInt64
  let low: UInt64

  /// How many bytes an actor has.
  public static let byteCount = 16

  /// Takes exactly 16 bytes; nil for any other count.
  public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    var high: UInt64 = 0
    var low: UInt64 = 0
    for (index, byte) in bytes.enumerated() {
      if index < 8 { high = high << 8 | UInt64(byte) } else { low = low << 8 | UInt64(byte) }
    }
    self.high = high
    self.low = low
  }

  /// The 16 bytes of the actor.
  public var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.actor(self)
    return writer.bytes
  }

  /// By the bytes, the first one first.
  public static func < (left: ActorID, right: ActorID) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}

extension ByteWriter {
  /// Its 16 bytes.
  public mutating func actor(_ actor: ActorID) {
    withUnsafeBytes(of: (actor.high.bigEndian, actor.low.bigEndian)) { storage.append(contentsOf: $0) }
  }
}

extension ActorID: CustomStringConvertible {
  private static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

  /// 26 characters, most significant bits first; the last carries the two remaining bits.
  public var description: String {
    var text: [UInt8] = []
    var pending: UInt32 = 0
    var bits = 0
    for byte in bytes {
      pending = pending << 8 | UInt32(byte)
      bits += 8
      while bits >= 5 {
        bits -= 5
        text.append(Self.digits[Int(pending >> UInt32(bits) & 31)])
      }
      pending &= (1 << UInt32(bits)) - 1
    }
    if bits > 0 { text.append(Self.digits[Int(pending << UInt32(5 - bits) & 31)]) }
    return String(decoding: text, as: UTF8.self)
  }

  /// The actor that `description` is of.
  ///
  /// - Returns: nil for any other text, also for one in upper case.
  public init?(_ text: some StringProtocol) {
    var bytes: [UInt8] = []
    var pending: UInt32 = 0
    var bits = 0
    for character in text.utf8 {
      guard let digit = Self.digits.firstIndex(of: character), bytes.count <= Self.byteCount else {
        return nil
      }
      pending = (pending << 5 | UInt32(digit)) & 0xfff
      bits += 5
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: pending >> UInt32(bits)))
      }
    }
    self.init(bytes)
    // The last digit has bits to spare: another text would give the same bytes.
    guard bytewiseEqual(description, String(text)) else { return nil }
  }
}
