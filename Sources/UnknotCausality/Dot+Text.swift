extension Dot: LosslessStringConvertible {
  /// The name that `description` gives, as an app or a file keeps it.
  ///
  /// - Returns: nil for any other text, also for one that differs in the case of a letter.
  public init?(_ text: String) {
    guard let dash = text.utf8.lastIndex(of: UInt8(ascii: "-")), let actor = ActorID(text[..<dash]),
      let seq = UInt64(text[text.index(after: dash)...]), (1...Self.maximumSeq).contains(seq)
    else { return nil }
    self.init(actor, seq)
    guard bytewiseEqual(description, text) else { return nil }
  }
}

extension Dot: Codable {
  /// As the text of `description`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  /// Reads the text of `description`.
  ///
  /// - Throws: `DecodingError` for any other text.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let dot = Dot(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "this is not an id")
    }
    self = dot
  }
}
