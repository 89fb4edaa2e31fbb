import UnknotKit

/// What the marks on one body are, in a column on each side of it: none of the words lie on each other or on the body.
struct BodyLabels {
  typealias Point = BodyOutline.Point

  private struct Label {
    let lines: [(words: String, style: String)]
    /// Where its line ends.
    let end: Point
    /// On which side of the drawing.
    let isLeft: Bool

    var height: Double { Double(lines.count) * 13 + 5 }
  }

  private var labels: [Label] = []
  /// As wide as the column is on a telephone.
  private static let room = 75.0

  /// - Parameter others: all that was rated: beside a left or a right one, one without a side is marked.
  mutating func add(
    _ pain: BodyFigures.Pain, among others: [BodyFigures.Pain], _ shades: [(center: Point, extent: Point)]
  ) {
    let (mean, count) = (Number.text(pain.mean), "n \(pain.ratings)")
    let numbers = "\(mean), \(count)"
    var lines = [(Report.site(pain.site), "t")]
    lines +=
      SVG.width(of: numbers) * 1.1 <= Self.room ? [(numbers, "t")] : [(mean, "t"), (count, "t")]
    let isPaired =
      BodyOutline.isPaired(pain.site)
      || others.contains { bytewiseEqual($0.site, pain.site) && $0.side != nil }
    switch pain.side {
    case "both": lines.append(("both sides", "s"))
    case "midline": lines.append(("midline", "s"))
    case nil where isPaired: lines.append(("no side", "s"))
    default: break
    }
    add(lines, shades.map { ($0.center, $0.extent.x * 0.75) })
  }

  mutating func add(_ work: BodyFigures.Work, _ points: [Point], _ radius: Double) {
    let minutes = Number.text(work.minutes, work.minutes < 9.95 ? 1 : 0)
    var lines = [(work.target, "s"), ("\(minutes) min", "s")]
    if work.side == "both" { lines.append(("both sides", "s")) }
    if work.side == nil, BodyOutline.views(of: work.target, side: nil).count > 1 {
      lines.append(("no side", "s"))
    }
    add(lines, points.map { ($0, radius + 1) })
  }

  /// Where it was felt: once, however many arrows end there.
  mutating func add(_ arrow: BodyArrows.Arrow) {
    guard let tip = arrow.points.last else { return }
    let words = "→ \(Report.site(arrow.site))"
    guard !labels.contains(where: { $0.isLeft == (tip.x < 0) && $0.lines[0].words == words }) else { return }
    add([(words, "s")], [(tip, 1)])
  }

  /// On the side where the mark is; of marks near the middle or on both sides, where there are fewer.
  private mutating func add(_ lines: [(String, String)], _ marks: [(center: Point, reach: Double)]) {
    guard let first = marks.first else { return }
    let isSingle = marks.count == 1 && abs(first.center.x) >= 2
    let isLeft =
      isSingle ? first.center.x < 0 : labels.count { $0.isLeft } * 2 < labels.count
    let mark = marks.first { isLeft == ($0.center.x < 0) } ?? first
    let end = (mark.center.x + (isLeft ? -mark.reach : mark.reach), mark.center.y)
    labels.append(Label(lines: lines.map { (words: $0.0, style: $0.1) }, end: end, isLeft: isLeft))
  }

  func draw(_ svg: inout SVG, at origin: Point, from distance: Double) {
    for isLeft in [true, false] {
      // The outer first: lines to what is further in then pass below them.
      let column = labels.filter { $0.isLeft == isLeft }
        .sorted { ($0.end.y, -abs($0.end.x)) < ($1.end.y, -abs($1.end.x)) }
      let x = origin.x + (isLeft ? -distance : distance)
      for (label, top) in zip(column, Self.tops(column.map { ($0.end.y, $0.height) })) {
        let y = origin.y + top + label.height / 2
        svg.line(x + (isLeft ? 3 : -3), y, origin.x + label.end.x, origin.y + label.end.y, "lead")
        for (index, line) in label.lines.enumerated() {
          svg.label(
            x, origin.y + top + 12 + Double(index) * 13, line.words, isLeft ? .end : .start, line.style)
        }
      }
    }
  }

  /// As near to what they are of as they can be without lying on each other: those that would are moved together.
  static func tops(_ wishes: [(middle: Double, height: Double)]) -> [Double] {
    var blocks: [(top: Double, height: Double, count: Int)] = []
    for wish in wishes {
      var block = (top: wish.middle - wish.height / 2, height: wish.height, count: 1)
      while let above = blocks.last, above.top + above.height > block.top {
        // Where the two together are as far off on average as they can be.
        let count = above.count + block.count
        let top =
          (above.top * Double(above.count) + (block.top - above.height) * Double(block.count)) / Double(count)
        block = (top, above.height + block.height, count)
        blocks.removeLast()
      }
      block.top = max(0, min(468 - block.height, block.top))
      blocks.append(block)
    }
    var tops: [Double] = []
    for block in blocks {
      var top = block.top
      for _ in 0..<block.count {
        let height = wishes[tops.count].height
        tops.append(top)
        top += height
      }
    }
    return tops
  }
}
