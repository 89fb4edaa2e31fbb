import UnknotEngine

extension Dot {
  /// The record of a whole id, as files and merged records have it. A prefix is refused: it means another record on
  /// another device.
  ///
  /// - Parameter actors: those that are known, by their texts.
  init?(wholeID text: String, _ actors: [String: ActorID]) {
    guard let mark = text.place(of: "-"), let actor = actors[String(text[..<mark])],
      let seq = UInt64(text[text.index(after: mark)...]), seq >= 1, seq <= Dot.maximumSeq
    else { return nil }
    self.init(actor, seq)
  }
}
