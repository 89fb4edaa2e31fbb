/// Bech32 (BIP 173) as age writes keys: a name, the bytes, and a checksum that finds what was mistyped.
enum Bech32 {
  private static let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)

  static func encode(_ name: String, _ bytes: [UInt8]) -> String {
    let words = regrouped(bytes, from: 8, to: 5, isPadded: true) ?? []
    let check = remainder(of: expanded(name) + words + [UInt8](repeating: 0, count: 6)) ^ 1
    let checksum = (0..<6).map { UInt8(check >> UInt32(5 * (5 - $0)) & 31) }
    return name + "1" + String(decoding: (words + checksum).map { alphabet[Int($0)] }, as: UTF8.self)
  }

  /// - Returns: nil where the text is not of this name, or was mistyped.
  static func decode(_ text: String, name: String) -> [UInt8]? {
    let lowercase = text.lowercased()
    guard text == lowercase || text == text.uppercased() else { return nil }
    let characters = Array(lowercase.utf8)
    let head = Array(name.utf8) + [UInt8(ascii: "1")]
    guard characters.starts(with: head), characters.count >= head.count + 6 else { return nil }
    var words: [UInt8] = []
    for character in characters.dropFirst(head.count) {
      guard let word = alphabet.firstIndex(of: character) else { return nil }
      words.append(UInt8(word))
    }
    guard remainder(of: expanded(name) + words) == 1 else { return nil }
    return regrouped(Array(words.dropLast(6)), from: 5, to: 8, isPadded: false)
  }

  private static func expanded(_ name: String) -> [UInt8] {
    name.utf8.map { $0 >> 5 } + [0] + name.utf8.map { $0 & 31 }
  }

  private static func remainder(of words: [UInt8]) -> UInt32 {
    let generators: [UInt32] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3]
    var check: UInt32 = 1
    for word in words {
      let top = check >> 25
      check = (check & 0x1ff_ffff) << 5 ^ UInt32(word)
      for (bit, generator) in generators.enumerated() where top >> UInt32(bit) & 1 == 1 { check ^= generator }
    }
    return check
  }

  private static func regrouped(_ words: [UInt8], from: UInt32, to: UInt32, isPadded: Bool) -> [UInt8]? {
    var (bits, held): (UInt32, UInt32) = (0, 0)
    var result: [UInt8] = []
    for word in words {
      bits = (bits << from | UInt32(word)) & 0xfff
      held += from
      while held >= to {
        held -= to
        result.append(UInt8(truncatingIfNeeded: bits >> held & (1 << to - 1)))
      }
    }
    if isPadded {
      if held > 0 { result.append(UInt8(truncatingIfNeeded: bits << (to - held) & (1 << to - 1))) }
      return result
    }
    return held < from && bits & (1 << held - 1) == 0 ? result : nil
  }
}
