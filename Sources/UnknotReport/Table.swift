import UnknotKit

/// Rows under headers, for people.
public enum Table {
  /// Kept in a column of a table: what stands above it, and what becomes of it where there is little room.
  public struct Column: Sendable {
    /// What a narrow terminal does to it.
    public enum Use: Sendable {
      /// Stays as it is, as long as it can.
      case fixed
      /// Free text: cut first.
      case text
      /// Left out where the others have no room.
      case optional
    }

    let header: String
    let use: Use

    /// - Parameters:
    ///   - header: what stands above the column.
    ///   - use: what a narrow terminal does to the column.
    public init(_ header: String, _ use: Use = .fixed) {
      self.header = header
      self.use = use
    }
  }

  private static let gap = 2
  private static let shortestText = 12
  private static let longestKept = 20
  /// Where nothing is cut, a longer cell stands out of its column: a hundred others are not filled up to it.
  private static let widestColumn = 1000

  /// The header and the rows, aligned; columns without content are left out.
  ///
  /// - Parameters:
  ///   - columns: what they are called, and how they are filled.
  ///   - rows: a cell for each column.
  ///   - width: of the terminal; nil: nothing is cut.
  ///   - isWhole: what is too long for its column goes on below, and is not cut.
  public static func lines(
    _ columns: [Column], _ rows: [[String]], width: Int?, isWhole: Bool = false
  ) -> [String] {
    var layout = Layout(columns, width: width, isWhole: isWhole)
    for row in rows { layout.measure(row) }
    layout.fit()
    return layout.headers + rows.flatMap(layout.lines)
  }

  /// How wide the columns are: every row is measured, then they are fitted, then each row is a line. So nothing has to
  /// be held of rows that can be read twice.
  public struct Layout {
    private let columns: [Column]
    private let width: Int?
    private let isWhole: Bool
    private var widths: [Int]
    private var longestWords: [Int]
    private var used: [Int]
    private var optional: [Int] = []
    /// The terminal is too narrow for columns: each row is a few lines, a cell a line, and there is no line of headers.
    public private(set) var isStacked = false

    /// - Parameters:
    ///   - columns: what they are called, and how they are filled.
    ///   - width: of the terminal; nil: nothing is cut.
    ///   - keepsEmpty: columns without content are not left out.
    ///   - isWhole: what is too long for its column goes on below, and is not cut.
    public init(_ columns: [Column], width: Int?, keepsEmpty: Bool = false, isWhole: Bool = false) {
      self.columns = columns
      self.width = width
      self.isWhole = isWhole
      widths = columns.map { Table.width(of: Table.cleaned($0.header)) }
      longestWords = columns.map { Table.longestWord(of: Table.cleaned($0.header)) }
      used = keepsEmpty ? Array(columns.indices) : []
    }

    /// Makes room for a row: to be called for every row, before `fit`. A row has a cell for every column.
    public mutating func measure(_ row: [String]) {
      for column in columns.indices {
        if !row[column].isEmpty, !used.contains(column) { used.append(column) }
        let cell = Table.cleaned(row[column])
        widths[column] = max(widths[column], Table.width(of: cell))
        // A longer one is broken in any case.
        longestWords[column] = max(longestWords[column], min(Table.longestWord(of: cell), Table.longestKept))
      }
    }

    /// Fits the columns to the width: to be called once, after all rows are measured and before `headers` and `lines`.
    public mutating func fit() {
      fitWidths()
      // Words are broken only where no line has room for them.
      guard isWhole, !isStacked, used.contains(where: { widths[$0] < longestWords[$0] }) else { return }
      stack()
    }

    private mutating func fitWidths() {
      used.sort()
      widths = widths.map { min(width ?? widestColumn, $0) }
      guard let width else { return }
      func total() -> Int { used.reduce(0) { $0 + widths[$1] } + gap * (used.count - 1) }
      func shrink(_ candidates: [Int], to shortest: Int) {
        while total() > width, let widest = candidates.max(by: { widths[$0] < widths[$1] }),
          widths[widest] > shortest
        {
          widths[widest] -= 1
        }
      }
      shrink(used.filter { columns[$0].use == .text }, to: shortestText)
      while total() > width, let column = used.last(where: { columns[$0].use == .optional }) {
        used.removeAll { $0 == column }
        optional.append(column)
      }
      guard total() > width else { return }
      // What stays as it is, is whole: an id that is cut is none.
      stack()
    }

    private mutating func stack() {
      isStacked = true
      used = (used + optional).sorted()
    }

    /// The columns' headers; none where each cell is named on its line.
    public var headers: [String] { isStacked ? [] : lines(columns.map(\.header)) }

    /// What a row looks like: a line, or some where there is little room or nothing is cut.
    public func lines(_ row: [String]) -> [String] {
      guard isStacked, let width, let first = used.first(where: { !row[$0].isEmpty }) else {
        return isWhole ? wholeLines(row) : [line(row)]
      }
      let others = used.filter { $0 != first && !row[$0].isEmpty }
      return Table.wrapped(Table.cleaned(row[first]), width: width)
        + others.flatMap { column in
          let cell = "  \(columns[column].header): \(Table.cleaned(row[column]))"
          return Table.wrapped(cell, width: width, indent: "    ")
        }
    }

    /// The lines of one row, with all that is in it.
    private func wholeLines(_ row: [String]) -> [String] {
      guard width != nil else { return [line(row)] }
      var parts: [Int: [String]] = [:]
      for column in used { parts[column] = Table.wrapped(Table.cleaned(row[column]), width: widths[column]) }
      let count = parts.values.map(\.count).max() ?? 0
      return (0..<count).map { index in
        line(
          columns.indices.map { column in
            let part = parts[column] ?? []
            return index < part.count ? part[index] : ""
          })
      }
    }

    /// The line of one row, in columns. Where there is a width, a cell that is too long is cut and ends in "…".
    private func line(_ row: [String]) -> String {
      var line = ""
      for (index, column) in used.enumerated() {
        if index > 0 { line += String(repeating: " ", count: gap) }
        append(Table.cleaned(row[column]), in: widths[column], isCut: width != nil, to: &line)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  /// One word after the other: a long text has more of them than a list of them all has room for.
  private static func longestWord(of cell: String) -> Int {
    var longest = 0
    var rest = cell[...]
    while !rest.isEmpty {
      let word = rest.prefix { $0 != " " }
      longest = max(longest, width(of: String(word)))
      rest = rest[word.endIndex...].dropFirst()
    }
    return longest
  }

  /// On one line: a space for line ends between other characters.
  private static func cleaned(_ cell: String) -> String {
    if SafeText.isPrintableASCII(cell) { return cell }
    guard cell.contains(where: \.isNewline) else { return SafeText.visible(cell) }
    var line = ""
    var isSpaced = false
    for character in cell {
      if character.isNewline {
        isSpaced = !line.isEmpty
      } else {
        if isSpaced { line += " " }
        isSpaced = false
        line.append(character)
      }
    }
    return SafeText.visible(line)
  }

  /// The text in exactly so many columns of a terminal; in more where it is not to be cut.
  private static func append(_ text: String, in width: Int, isCut: Bool, to line: inout String) {
    var count = self.width(of: text)
    if isCut, count > width {
      var kept = text
      while count > width - 1, let last = kept.popLast() { count -= self.width(of: last) }
      line += kept + "…"
      count += 1
    } else {
      line += text
    }
    line += String(repeating: " ", count: max(0, width - count))
  }

  /// How many columns of a terminal a text takes: two for a wide East Asian character or an emoji.
  public static func width(of text: String) -> Int {
    SafeText.isPrintableASCII(text) ? text.utf8.count : text.reduce(0) { $0 + width(of: $1) }
  }

  /// East Asian wide characters and emoji take two columns; marks without a letter take none.
  private static func width(of character: Character) -> Int {
    guard let first = character.unicodeScalars.first, !first.isASCII else { return 1 }
    switch first.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    if character.unicodeScalars.contains(where: \.properties.isEmojiPresentation) { return 2 }
    if character.unicodeScalars.contains("\u{fe0f}") { return 2 }
    switch first.value {
    case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0x4dbf, 0x4e00...0xa4cf, 0xa960...0xa97f,
      0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6, 0x20000...0x3fffd:
      return 2
    default: return 1
    }
  }
}
