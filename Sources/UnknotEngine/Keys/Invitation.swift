/// The code of an invitation: 75 random bits in 15 characters, three groups of five. No letters that look like others.
enum Invitation {
  /// As a power of two: what each guess costs whoever has the file.
  static let workFactor = 17
  private static let characters = 15
  private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

  static func code(_ randomBytes: (Int) -> [UInt8]) -> String {
    // Of each byte five bits.
    grouped(randomBytes(characters).map { alphabet[Int($0 & 31)] })
  }

  /// - Parameter text: as a person has typed it.
  /// - Returns: the code as it was written; nil where it cannot be one.
  static func code(typed text: String) -> String? {
    var code: [UInt8] = []
    for character in text.uppercased().utf8 where ![UInt8(ascii: " "), UInt8(ascii: "-")].contains(character)
    {
      let meant =
        switch character {
        case UInt8(ascii: "O"): UInt8(ascii: "0")
        case UInt8(ascii: "I"), UInt8(ascii: "L"): UInt8(ascii: "1")
        default: character
        }
      guard alphabet.contains(meant) else { return nil }
      code.append(meant)
    }
    return code.count == characters ? grouped(code) : nil
  }

  private static func grouped(_ code: [UInt8]) -> String {
    stride(from: 0, to: code.count, by: 5).map {
      String(decoding: code[$0..<min($0 + 5, code.count)], as: UTF8.self)
    }
    .joined(separator: "-")
  }
}
