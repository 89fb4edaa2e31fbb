import UnknotJSON

extension Table {
  /// Broken between words; a word that is longer than a line within itself.
  ///
  /// - Parameters:
  ///   - text: one line; whatever a terminal would act on is made visible.
  ///   - width: of a line, in columns.
  ///   - indent: what every line but the first begins with.
  public static func wrapped(_ text: String, width: Int, indent: String = "") -> [String] {
    var lines: [String] = []
    var line = ""
    var isFresh = true
    func end() {
      while line.hasSuffix(" ") { line.removeLast() }
      lines.append(line)
      (line, isFresh) = (indent, true)
    }
    for word in SafeText.visible(text).split(separator: " ", omittingEmptySubsequences: false).map(
      String.init)
    {
      if !isFresh, self.width(of: line) + 1 + self.width(of: word) > width { end() }
      if !isFresh { line += " " }
      isFresh = false
      guard self.width(of: line) + self.width(of: word) > width else {
        line += word
        continue
      }
      for character in word {
        if self.width(of: line) + self.width(of: String(character)) > width, line != indent {
          end()
          isFresh = false
        }
        line.append(character)
      }
    }
    return lines + [line]
  }
}
