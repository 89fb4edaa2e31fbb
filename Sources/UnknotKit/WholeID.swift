import UnknotCausality

extension Dot {
  /// The record of a whole id, as files and merged records have it. A prefix is refused: it means another record on
  /// another device.
  ///
  /// - Parameter actors: those that are known, by their texts.
  init?(wholeID text: String, _ actors: [String: ActorID]) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let actor = actors[String(parts[0])], let seq = UInt64(parts[1]), seq >= 1,
      seq <= Dot.maximumSeq
    else { return nil }
    self.init(actor, seq)
  }
}
