import UnknotKit

/// Where it hurt as shades, what was pressed as rings, and arrows to where a press was felt; beside the body, what each
/// of them is.
struct BodyPicture: Picture {
  typealias Point = BodyOutline.Point

  let figures: BodyFigures
  let caption: String
  var marks: String { "The bodies are as somebody else sees you, not as in a mirror." }
  var isNarrow = false

  var width: Int { isNarrow ? SVG.narrowWidth : SVG.width }
  var height: Int { Int(legendTop) + (isNarrow ? 102 : 48) }
  var narrow: (any Picture)? {
    var copy = self
    copy.isNarrow = true
    return copy
  }

  /// What is written above a body.
  private static let head = 34.0
  private static let viewHeight = 504.0
  /// How far from a body's middle its labels begin: its arms hang within this.
  private static let labelsFrom = 84.0
  private static let largestRing = 11.5

  /// One with nothing on it would only be far to scroll past.
  var views: [BodyOutline] {
    let arrows = arrows.arrows
    let used = BodyOutline.allCases.filter { view in
      figures.pain.contains { view.holds($0.site, side: $0.side) }
        || figures.work.contains { view.holds($0.target, side: $0.side) }
        || arrows.contains { $0.view == view }
    }
    return used.isEmpty ? [.back] : used
  }

  /// What stands beside each other: back and front, and below them the sides.
  private var rows: [[BodyOutline]] {
    let views = views
    if isNarrow || views.count < 3 { return isNarrow ? views.map { [$0] } : [views] }
    return [[.back, .front], [.left, .right]].map { $0.filter(views.contains) }
  }

  private var legendTop: Double { Double(rows.count) * Self.viewHeight }

  /// Each body with its middle and its crown.
  private var origins: [(view: BodyOutline, origin: Point)] {
    rows.enumerated().flatMap { row, views in
      views.enumerated().map { column, view in
        let x = Double(width) * (Double(column) * 2 + 1) / Double(2 * views.count)
        return (view, (x, Double(row) * Self.viewHeight + Self.head))
      }
    }
  }

  // MARK: Sizes

  private var mostMinutes: Double { max(figures.work.map(\.minutes).max() ?? 0, 0.1) }
  /// Its area stands for the minutes.
  private func radius(_ minutes: Double) -> Double {
    max(1.8, Self.largestRing * (minutes / mostMinutes).squareRoot())
  }

  /// Round numbers of minutes that the legend shows the size of.
  private var sizes: [Double] {
    let round = [0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1_200, 3_000, 6_000, 12_000, 30_000]
    guard let large = round.last(where: { $0 <= mostMinutes }) else { return [mostMinutes] }
    return [round.last { $0 <= large / 4 }, large].compactMap { $0 }
  }

  static func shade(_ mean: Double) -> String { "pain p\(max(1, min(5, Int(mean / 2) + 1)))" }

  var arrows: BodyArrows {
    var marks: [BodyOutline: [(center: Point, radius: Double)]] = [:]
    for work in figures.work {
      for view in BodyOutline.views(of: work.target, side: work.side) {
        marks[view, default: []] += view.points(work.target, side: work.side)
          .map { ($0, radius(work.minutes)) }
      }
    }
    return BodyArrows(figures.referrals, marks: marks)
  }

  // MARK: Drawing

  func draw(_ svg: inout SVG) {
    let arrows = arrows
    for (view, origin) in origins {
      svg.label(origin.x, 13, view.title, .middle, top: origin.y - Self.head)
      svg.label(
        origin.x, 27,
        view == .back || view == .front
          ? "your left is on the \(view.ends.left == "left" ? "left" : "right")"
          : "seen from your \(view.rawValue)",
        .middle, "s", top: origin.y - Self.head)
      for shape in view.shapes { svg.blob(shape.map { (origin.x + $0.x, origin.y + $0.y) }, "skin") }
      svg.label(origin.x - 34, origin.y + 44, view.ends.left, .end, "s")
      svg.label(origin.x + 34, origin.y + 44, view.ends.right, .start, "s")
      draw(view, at: origin, arrows, &svg)
    }
    drawLegend(&svg, arrows)
  }

  /// Shades below rings below arrows: each can be seen through what lies on it.
  private func draw(_ view: BodyOutline, at origin: Point, _ arrows: BodyArrows, _ svg: inout SVG) {
    var labels = BodyLabels()
    // The larger first, else the smaller would be below them.
    let pain = figures.pain.filter { view.holds($0.site, side: $0.side) }
    for pain in pain.sorted(by: { ($1.side ?? "") > ($0.side ?? "") }) {
      let shades = view.shades(pain.site, side: pain.side)
      for shade in shades {
        svg.ellipse(
          origin.x + shade.center.x, origin.y + shade.center.y, shade.extent.x, shade.extent.y,
          Self.shade(pain.mean))
      }
      labels.add(pain, among: figures.pain, shades)
    }
    for work in figures.work where view.holds(work.target, side: work.side) {
      let points = view.points(work.target, side: work.side)
      let radius = radius(work.minutes)
      for point in points {
        for style in ["halo", "work"] {
          svg.circle(origin.x + point.x, origin.y + point.y, radius, style)
        }
      }
      labels.add(work, points, radius)
    }
    for arrow in arrows.arrows where arrow.view == view && !pain.contains(where: { $0.site == arrow.site }) {
      labels.add(arrow)
    }
    labels.draw(&svg, at: origin, from: Self.labelsFrom)
    for arrow in arrows.arrows where arrow.view == view {
      let points = arrow.points.map { (x: origin.x + $0.x, y: origin.y + $0.y) }
      Self.draw(points, &svg)
      // Which of the rings it comes from.
      if let start = points.first { svg.circle(start.x, start.y, 2.4, "head") }
    }
  }

  private static func draw(_ points: [Point], _ svg: inout SVG) {
    guard let tip = points.last, let before = points.last(where: { hypotenuse($0, tip) > 7 }) ?? points.first
    else { return }
    let length = max(0.1, hypotenuse(before, tip))
    let (ux, uy) = ((tip.x - before.x) / length, (tip.y - before.y) / length)
    let neck = (x: tip.x - ux * 6, y: tip.y - uy * 6)
    let line = points.filter { hypotenuse($0, tip) > 6.5 } + [neck]
    for style in ["halo", "arrow"] { svg.path(line.count > 1 ? line : [before, neck], style) }
    svg.path(
      [
        tip, (tip.x - ux * 8 - uy * 4, tip.y - uy * 8 + ux * 4),
        (tip.x - ux * 8 + uy * 4, tip.y - uy * 8 - ux * 4),
      ], closed: true, "head")
  }

  private static func hypotenuse(_ a: Point, _ b: Point) -> Double {
    ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)).squareRoot()
  }

  // MARK: Legend

  private func drawLegend(_ svg: inout SVG, _ arrows: BodyArrows) {
    let top = legendTop + 4
    let steps: [Point] =
      isNarrow ? [(12, top), (12, top + 32), (12, top + 64)] : [(16, top), (232, top), (476, top)]
    svg.label(steps[0].x, steps[0].y + 14, "mean pain", .start, "s")
    for step in 0...5 {
      let x = steps[0].x + 72 + Double(step) * 22
      if step < 5 { svg.rectangle(x, steps[0].y + 4, 22, 12, Self.shade(Double(step * 2))) }
      svg.label(x, steps[0].y + 28, String(step * 2), .middle, "s")
    }
    if !figures.work.isEmpty {
      svg.label(steps[1].x, steps[1].y + 16, "pressed", .start, "s")
      var x = steps[1].x + 58
      for size in sizes {
        let (radius, words) = (radius(size), "\(Number.text(size, size < 1 ? 1 : 0)) min")
        svg.circle(x + radius, steps[1].y + 12, radius, "work")
        svg.label(x + radius * 2 + 6, steps[1].y + 16, words, .start, "s")
        x += radius * 2 + 18 + SVG.width(of: words)
      }
    }
    guard !figures.referrals.isEmpty else { return }
    Self.draw([(steps[2].x, steps[2].y + 10), (steps[2].x + 28, steps[2].y + 10)], &svg)
    svg.label(steps[2].x + 36, steps[2].y + 14, "felt there while pressing here", .start, "s")
    if arrows.left > 0 {
      svg.label(steps[2].x + 36, steps[2].y + 28, "\(arrows.left) more without an arrow", .start, "s")
    }
  }
}

extension SVG {
  /// Below the top of a part of a picture.
  fileprivate mutating func label(
    _ x: Double, _ y: Double, _ words: String, _ anchor: Anchor, _ style: String = "t", top: Double
  ) {
    label(x, top + y, words, anchor, style)
  }
}
