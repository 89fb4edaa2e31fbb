import UnknotKit

extension BodyPicture {
  /// The bodies with digits for pain, and in words what hurt and what was pressed; the narrowest terminals have only the words.
  func lines(width: Int) -> [String] {
    var lines: [String] = []
    if width >= 38 {
      let perRow = width >= 74 ? 4 : 2
      for start in stride(from: 0, to: views.count, by: perRow) {
        lines += Self.drawn(Array(views[start..<min(start + perRow, views.count)]), figures)
      }
      lines += Table.wrapped("digits: mean pain (X: 10); o: pressed", width: width)
      lines += Table.wrapped("back: your left is on the left; front: on the right", width: width)
      lines.append("")
    }
    if !figures.pain.isEmpty {
      lines.append("pain")
      let rows = figures.pain.map { pain in
        (
          placed(Report.site(pain.site), pain.side), "mean \(Number.text(pain.mean)), n \(pain.ratings)"
        )
      }
      lines += Self.columns(rows, width)
    }
    if !figures.work.isEmpty {
      lines.append("pressed")
      lines += Self.columns(presses, width)
    }
    return lines.map(Self.trimmed)
  }

  /// Each target once, the sides beside each other: "left 5 min, right 2 min".
  private var presses: [(String, String)] {
    var targets: [String] = []
    for work in figures.work where !targets.contains(work.target) { targets.append(work.target) }
    return targets.map { target in
      let sides = figures.work.filter { $0.target == target }.sorted { ($0.side ?? "~") < ($1.side ?? "~") }
        .map { "\($0.side.map { "\($0) " } ?? "")\(Number.text($0.minutes)) min" }
      return (target, sides.joined(separator: ", "))
    }
  }

  /// Names in a column of their own, where there is room for one.
  private static func columns(_ rows: [(name: String, words: String)], _ width: Int) -> [String] {
    let column = (rows.map { Table.width(of: $0.name) }.max() ?? 0) + 2
    let most = rows.map { Table.width(of: $0.words) }.max() ?? 0
    return rows.flatMap { row in
      if column + 2 + most <= width {
        let gap = String(repeating: " ", count: column - Table.width(of: row.name))
        return ["  \(row.name)\(gap)\(row.words)"]
      }
      return Table.wrapped(row.name, width: width - 2).map { "  \($0)" }
        + Table.wrapped(row.words, width: width - 4).map { "    \($0)" }
    }
  }

  private static func trimmed(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line
  }

  private static func drawn(_ views: [BodyOutline], _ figures: BodyFigures) -> [String] {
    let (rows, columns) = (24, 18)
    let scale = Double(rows * 4 - 2) / 470
    var lines = [String](repeating: "", count: rows + 1)
    for view in views {
      var canvas = Braille(columns: columns, rows: rows)
      for shape in view.shapes {
        let points = shape.map { point in
          (Int((point.x * scale).rounded()) + columns, Int((point.y * scale).rounded()))
        }
        for (from, to) in zip(points, points.dropFirst() + points.prefix(1)) {
          canvas.line(from.0, from.1, to.0, to.1)
        }
      }
      var cells = canvas.lines.map { line in
        Array(line) + [Character](repeating: " ", count: max(0, columns - line.count))
      }
      func put(_ character: Character, _ point: Point) {
        let column = (Int((point.x * scale).rounded()) + columns) / 2
        let row = Int(point.y * scale) / 4
        if cells.indices.contains(row), cells[row].indices.contains(column) { cells[row][column] = character }
      }
      for work in figures.work where view.holds(work.target, side: work.side) {
        for point in view.points(work.target, side: work.side) { put("o", point) }
      }
      // Last, so that no press hides it.
      for pain in figures.pain where view.holds(pain.site, side: pain.side) {
        let digit: Character = pain.mean >= 9.5 ? "X" : Number.text(pain.mean, 0).first ?? "?"
        for shade in view.shades(pain.site, side: pain.side) { put(digit, shade.center) }
      }
      let gap = (columns - view.title.count) / 2
      lines[0] +=
        String(repeating: " ", count: gap) + view.title
        + String(repeating: " ", count: columns - gap - view.title.count)
      for row in 0..<rows { lines[row + 1] += String(cells[row]) }
    }
    return lines
  }
}
