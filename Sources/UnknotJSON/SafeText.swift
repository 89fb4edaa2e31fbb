/// Text from records may come from anywhere; on a terminal it must not act.
public enum SafeText {
  /// Control (C0, DEL, C1), bidirectional, annotating and line-separating characters, and those that no XML may have.
  /// All lie below U+10000.
  public static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7f...0x9f, 0x61c, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff,
      0xfff9...0xfffb, 0xfffe, 0xffff:
      true
    default: false
    }
  }

  /// The same text with those characters written out, as `\u{1b}`.
  public static func visible(_ text: String) -> String {
    if isPrintableASCII(text) { return text }
    guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      if isUnsafe(scalar) {
        bytes += "\\u{".utf8
        appendHexadecimal(scalar, digits: 1, to: &bytes)
        bytes.append(UInt8(ascii: "}"))
      } else {
        bytes += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// `String(_:radix:)` takes ten times as long, and a text from a file may be nothing else.
  ///
  /// - Parameter digits: how many there are at least.
  static func appendHexadecimal(_ scalar: Unicode.Scalar, digits: Int, to bytes: inout [UInt8]) {
    let needed = (scalar.value.bitWidth - scalar.value.leadingZeroBitCount + 3) / 4
    for place in (0..<max(digits, needed)).reversed() {
      let digit = UInt8(truncatingIfNeeded: scalar.value >> (4 * UInt32(place))) & 0xf
      bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
  }

  /// Most texts are: each byte is one character, of one column, that no terminal acts on. It saves looking at the
  /// characters one by one, which takes many times as long.
  public static func isPrintableASCII(_ text: String) -> Bool {
    text.utf8.allSatisfy { (0x20...0x7e).contains($0) }
  }
}
