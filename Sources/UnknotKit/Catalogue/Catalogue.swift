/// The words that the product knows. Other words can come from a newer program: they are shown as they are.
public struct WordList: Hashable, Sendable {
  /// What one of them is called: "target".
  public let name: String
  /// All that are known, in the order in which they are listed.
  public let words: [String]
  /// Other ways to write one of them, in small letters, as a person may; records hold the word itself.
  private let others: [String: String]

  ///
  /// - Parameters:
  ///   - name: what one of them is called; errors say it.
  ///   - words: those that are known, in the order in which they are shown.
  ///   - others: other ways to write a word, in small letters with `-` for blanks: "back" for "low-back".
  public init(name: String, words: [String], others: [String: String] = [:]) {
    self.name = name
    self.words = words
    self.others = others
  }

  /// The word itself, or an error that names the nearest.
  public func check(_ word: String) throws(KitError) -> String {
    if let known = words.first(where: { bytewiseEqualIgnoringCase($0, word) }) { return known }
    let joined = word.lowercased().split { " _-".contains($0) }.joined(separator: "-")
    if let meant = others[joined] ?? words.first(where: { bytewiseEqual($0, joined) }) { return meant }
    let nearest = words.nearest(to: word)
    throw KitError(
      .invalidValue, "\(word) is not \(withArticle(name))",
      hint: (nearest.map { "did you mean \($0)? " } ?? "") + "known: " + words.joined(separator: ", "))
  }
}

/// The core catalogue: targets, sites, sides, surfaces.
public enum Catalogue {
  /// Muscles that the ball is pressed into: above the pain, then below it.
  public static let targets = WordList(
    name: "target", words: TargetDescription.all.map(\.id),
    others: Dictionary(
      TargetDescription.all.flatMap { target in
        [target.name, target.latin].map { ($0.replacing(" ", with: "-"), target.id) }
      }, uniquingKeysWith: { first, _ in first }))
  /// Where it hurts.
  public static let sites = WordList(
    name: "site",
    words: [
      "low-back", "mid-back", "upper-back", "neck", "shoulder", "buttock", "sacrum", "tailbone", "hip",
      "groin", "thigh", "knee", "calf", "ankle", "foot",
    ],
    others: [
      "back": "low-back", "lower-back": "low-back", "lowback": "low-back", "lb": "low-back",
      "lumbar": "low-back",
      "middle-back": "mid-back", "midback": "mid-back", "mb": "mid-back", "upperback": "upper-back",
      "butt": "buttock", "bum": "buttock", "coccyx": "tailbone",
    ])
  /// Either of both.
  static let places = WordList(name: "target or site", words: targets.words + sites.words)
  /// Parts of a target from which pain is felt in different places.
  public static let subZones = WordList(
    name: "sub-zone", words: ["upper-outer", "lower-outer", "upper-inner", "lower-inner"])
  /// Which side of a site or a target is meant.
  public static let sides = WordList(
    name: "side", words: ["left", "right", "both", "midline"],
    others: ["l": "left", "r": "right", "b": "both"])
  /// What a step of a routine can say besides: the side that hurts when it is done.
  public static let stepSides = WordList(
    name: "side", words: ["left", "right", "both", "midline", "painful"])
  /// What holds the ball while the body presses on it.
  public static let surfaces = WordList(name: "surface", words: ["floor", "wall", "chair"])
  /// When, in relation to a session, a rating was made.
  public static let contexts = WordList(
    name: "context", words: ["before", "after", "scheduled", "spontaneous", "next-morning", pastWeek])
  /// The context of a rating of a whole week, from memory: never in one figure with those of a moment.
  public static let pastWeek = "past-week"
  /// How far a tender spot let go.
  public static let releases = WordList(name: "release", words: ["none", "partial", "full"])

  /// The site that is meant where none is said.
  public static let defaultSite = "low-back"

  /// What a site is called: "low back". Of a newer program's site, its id.
  public static func siteName(_ id: String) -> String {
    siteDescriptions.first { bytewiseEqual($0.id, id) }?.name ?? id
  }

  /// From this rating on, pain counts as too strong to press on: then a doctor's signs come first.
  public static let severeScore = 8
}

func bytewiseEqualIgnoringCase(_ left: String, _ right: String) -> Bool {
  left.lowercased().utf8.elementsEqual(right.lowercased().utf8)
}

extension [String] {
  /// The word that a typing mistake was most likely meant to be; nil where none is near.
  public func nearest(to word: String) -> String? {
    let lower = word.lowercased()
    // A word that was cut short is far from the whole one by its letters.
    let begun = filter { $0.utf8.starts(with: lower.utf8) }
    if begun.count == 1, lower.utf8.count > 1 { return begun[0] }
    let best = map { ($0, editDistance($0.lowercased(), lower)) }.min { $0.1 < $1.1 }
    guard let best, best.1 <= Swift.max(2, word.count / 2) else { return nil }
    return best.0
  }
}

/// Insertions, deletions, replacements and swaps of neighbours.
private func editDistance(_ left: String, _ right: String) -> Int {
  let a = Array(left.utf8.prefix(64))
  let b = Array(right.utf8.prefix(64))
  var rows = [Array(0...b.count)]
  for i in 0..<a.count {
    var row = [i + 1]
    for j in 0..<b.count {
      var cost = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, rows[i - 1][j - 1] + 1) }
      row.append(cost)
    }
    rows.append(row)
  }
  return rows[a.count][b.count]
}
