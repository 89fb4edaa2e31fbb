import UnknotKit

/// Pain as discs with its mean in them, work as rings, and arrows to where a press was felt.
struct BodyPicture: Picture {
  let figures: BodyFigures
  let caption: String
  var height: Int { 520 }

  private func middle(_ view: BodyOutline) -> Double {
    switch view {
    case .back: 150
    case .front: 370
    case .side: 570
    }
  }

  func draw(_ svg: inout SVG) {
    for view in BodyOutline.allCases {
      svg.path(view.points.map { (middle(view) + $0.x, 20 + $0.y) }, closed: true, "skin")
      svg.label(middle(view), 14, view.rawValue, .middle, "s")
    }
    for (view, words) in [(BodyOutline.back, ["left", "right"]), (.front, ["right", "left"])] {
      svg.label(middle(view) - 86, 120, words[0], .middle, "s")
      svg.label(middle(view) + 86, 120, words[1], .middle, "s")
    }
    let most = max(1, figures.work.map(\.minutes).max() ?? 1)
    for work in figures.work {
      each(work.target, work.side) { svg.circle($0, $1, 4 + 9 * (work.minutes / most).squareRoot(), "work") }
    }
    for pain in figures.pain {
      each(pain.site, pain.side) {
        svg.circle($0, $1, 6 + pain.mean * 0.7, "pain")
        svg.label($0, $1 + 4, Number.text(pain.mean, 0), .middle)
      }
      guard let place = BodyOutline.points(pain.site, side: pain.side), place.view == .side else { continue }
      let name = placed(Report.site(pain.site), pain.side)
      svg.label(
        middle(.side) + 44, 24 + place.points[0].y + (pain.side == "right" ? 14 : 0), name, .start, "s")
    }
    for referral in figures.referrals { arrow(&svg, referral) }
    svg.circle(40, 505, 8, "pain")
    svg.label(54, 509, "mean pain, 0–10", .start, "s")
    svg.circle(190, 505, 8, "work")
    svg.label(204, 509, "minutes pressed", .start, "s")
    svg.path([(330, 505), (352, 505)], "arrow")
    svg.path([(352, 501), (360, 505), (352, 509)], closed: true, "head")
    svg.label(366, 509, "felt there when pressed", .start, "s")
  }

  private func each(_ name: String, _ side: String?, _ body: (Double, Double) -> Void) {
    guard let place = BodyOutline.points(name, side: side) else { return }
    for point in place.points { body(middle(place.view) + point.x, 20 + point.y) }
  }

  private func arrow(_ svg: inout SVG, _ referral: BodyFigures.Referral) {
    guard let from = BodyOutline.points(referral.target, side: referral.side),
      let to = BodyOutline.points(referral.site, side: referral.side, on: from.view)
    else { return }
    for (start, end) in zip(from.points, to.points) {
      let a = (x: middle(from.view) + start.x, y: 20 + start.y)
      let b = (x: middle(to.view) + end.x, y: 20 + end.y)
      let (dx, dy) = (b.x - a.x, b.y - a.y)
      let length = (dx * dx + dy * dy).squareRoot()
      guard length > 4 else { continue }
      let (ux, uy) = (dx / length, dy / length)
      let tip = (x: b.x - ux * 3, y: b.y - uy * 3)
      svg.path([a, (tip.x - ux * 6, tip.y - uy * 6)], "arrow")
      svg.path(
        [
          tip, (tip.x - ux * 8 - uy * 4, tip.y - uy * 8 + ux * 4),
          (tip.x - ux * 8 + uy * 4, tip.y - uy * 8 - ux * 4),
        ],
        closed: true, "head")
    }
  }

  /// The back and the front, with the mean pain of each place as a digit; too narrow a terminal has the table alone.
  func lines(width: Int) -> [String] {
    let views: [BodyOutline] = width >= 58 ? [.back, .front, .side] : [.back, .front]
    guard width >= 38 else { return [] }
    let (rows, columns) = (24, 18)
    let scale = Double(rows * 4 - 2) / 470
    var lines = [String](repeating: "", count: rows)
    for view in views {
      var canvas = Braille(columns: columns, rows: rows)
      let points = view.points.map { point in
        (Int((point.x * scale).rounded()) + columns, Int((point.y * scale).rounded()))
      }
      for (from, to) in zip(points, points.dropFirst() + points.prefix(1)) {
        canvas.line(from.0, from.1, to.0, to.1)
      }
      var cells = canvas.lines.map { line in
        Array(line) + [Character](repeating: " ", count: max(0, columns - line.count))
      }
      for pain in figures.pain {
        guard let place = BodyOutline.points(pain.site, side: pain.side), place.view == view else { continue }
        for point in place.points {
          let (column, row) = ((Int(point.x * scale) + columns) / 2, Int(point.y * scale) / 4)
          let digit = pain.mean >= 9.5 ? "X" : Number.text(pain.mean, 0)
          if cells.indices.contains(row), cells[row].indices.contains(column) {
            cells[row][column] = Character(digit)
          }
        }
      }
      for row in 0..<rows { lines[row] += String(cells[row]) }
    }
    let titles = views.map { view in
      let gap = (columns - view.rawValue.count) / 2
      return String(repeating: " ", count: gap) + view.rawValue
        + String(repeating: " ", count: columns - gap - view.rawValue.count)
    }.joined()
    return
      ([titles] + lines + [
        "digits: mean pain (X: 10); from behind, left is left; from the front, it is right"
      ])
      .map { line in
        var line = line
        while line.last == " " { line.removeLast() }
        return line
      }
  }
}
