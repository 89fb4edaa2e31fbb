/// What is held, and what it comes to: two devices with the same clock have the same digest.
public struct StateDigest: Sendable {
  /// 64 characters of hexadecimal.
  public let digest: String
  /// An entry for each actor with changes here, in the order of the actors.
  public let clock: [ClockItem]

  /// The first 64 bits as four words that can be read out, such as `lusab babad gutih tugad`: 16 bits each, as consonant,
  /// vowel, consonant, vowel, consonant ("proquints", D. S. Wilkerson, 2009). Enough to tell two states apart, not to prove one.
  public var words: [String] {
    let (consonants, vowels) = (Array("bdfghjklmnprstvz"), Array("aiou"))
    return (0..<4).map { part in
      let bits = Int(digest.dropFirst(part * 4).prefix(4), radix: 16) ?? 0
      return String([
        consonants[bits >> 12 & 15], vowels[bits >> 10 & 3], consonants[bits >> 6 & 15],
        vowels[bits >> 4 & 3],
        consonants[bits & 15],
      ])
    }
  }

  /// An object with `digest` and `clock`.
  public var json: JSONValue {
    .object([("digest", .string(digest)), ("clock", .array(clock.map(\.json)))])
  }
}
