import UnknotEngine

/// What a name of another program sounds like, where no map says it.
///
/// An unsure name is a factor `other`: a label shows what was meant, a wrong rating would look like any other.
enum ImportGuess {
  /// Words that say nothing about what a name is of.
  private static let filler: Set<String> = [
    "my", "the", "a", "morning", "midday", "noon", "afternoon", "evening", "night", "today", "daily",
    "weekly",
  ]
  /// The same, of ratings.
  private static let ratingFiller: Set<String> = ["score", "rating", "level"]

  /// - Parameter isRating: it has numbers, and all of them can be pain ratings.
  static func meaning(of name: String, isRating: Bool) -> ImportMap.Meaning {
    let words = words(name).filter { !filler.contains($0) }
    if isRating, words.contains("pain"),
      let place = place(words.filter { $0 != "pain" && !ratingFiller.contains($0) })
    {
      return .pain(place)
    }
    let kind = words.joined(separator: "-")
    return .factor(Words.factors.words.first { bytewiseEqual($0, kind) } ?? "other")
  }

  /// The site, and the side, that a text names with nothing else beside them: `Lower back`, `left knee`, `hip/right`.
  static func place(_ text: String) -> PlaceText? { place(words(text)) }

  private static func place(_ words: [String]) -> PlaceText? {
    let sides = words.filter { $0 == "left" || $0 == "right" }
    let name = words.filter { !sides.contains($0) }.joined(separator: "-")
    guard sides.count <= 1, !name.isEmpty else { return nil }
    return try? PlaceText(site: ([name] + sides).joined(separator: "/"))
  }

  private static func words(_ text: String) -> [String] {
    text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
  }
}
