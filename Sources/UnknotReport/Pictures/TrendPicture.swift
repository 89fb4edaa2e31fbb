import UnknotKit

/// Daily pain from 0 to 10 over time; below it, minutes pressed and what else was done.
struct TrendPicture: Picture {
  let figures: TrendFigures
  let days: ClosedRange<LocalDay>
  let caption: String
  var height: Int { 340 }

  private let left = 34.0
  private let right = 708.0
  private let top = 16.0
  private let bottom = 226.0

  private var axis: TimeAxis { TimeAxis(days: days) }
  private func x(_ day: LocalDay) -> Double { left + 6 + (right - left - 12) * axis.share(day) }
  private func y(_ value: Double) -> Double { bottom - (bottom - top) * max(0, min(10, value)) / 10 }

  func draw(_ svg: inout SVG) {
    for band in figures.episodes where band.until >= days.lowerBound && band.from <= days.upperBound {
      let (from, until) = (max(band.from, days.lowerBound), min(band.until, days.upperBound))
      svg.rectangle(x(from) - 2, top, x(until) - x(from) + 4, bottom - top, "band")
    }
    if let baseline = figures.baseline {
      let (low, high) = (max(0, baseline - 2), min(10, baseline + 2))
      svg.rectangle(left, y(high), right - left, y(low) - y(high), "ribbon")
      svg.line(left, y(baseline), right, y(baseline), "base")
    }
    for value in stride(from: 0, through: 10, by: 2) {
      svg.line(left, y(Double(value)), right, y(Double(value)), "grid")
      svg.label(left - 6, y(Double(value)) + 4, String(value), .end, "s")
    }
    for tick in axis.ticks(8) {
      svg.line(x(tick.day), bottom, x(tick.day), bottom + 4, "axis")
      let anchor: SVG.Anchor =
        axis.share(tick.day) > 0.95 ? .end : axis.share(tick.day) < 0.05 ? .start : .middle
      svg.label(x(tick.day), bottom + 17, tick.label, anchor, "s")
    }
    if let course = figures.course {
      let last = min(days.upperBound.number, course.from.number + 364)
      let first = max(days.lowerBound.number, course.from.number)
      let step = max(1, (last - first) / 120)
      if first < last {
        svg.path(
          stride(from: first, through: last, by: step).map { number in
            let day = LocalDay(number: number)
            return (x(day), y(course.value(on: day)))
          }, "course")
      }
    }
    drawDots(&svg)
    for piece in pieces(figures.means.map { ($0.day, $0.mean) }) {
      svg.path(
        piece.map { (x($0.day), y($0.value)) },
        days.upperBound.number - days.lowerBound.number > 800 ? "mean fine" : "mean")
    }
    drawBelow(&svg)
  }

  private func drawDots(_ svg: inout SVG) {
    let size = figures.days.count > 400 ? 3.0 : 7.0
    let full = figures.days.filter { !$0.isBackfilled }.map { (x: x($0.day), y: y($0.value)) }
    let hollow = figures.days.filter(\.isBackfilled).map { (x: x($0.day), y: y($0.value)) }
    if figures.days.count > 400 {
      svg.dots(full, size, "dot")
      svg.dots(hollow, size, "hollow")
    } else {
      for point in full { svg.circle(point.x, point.y, size / 2, "dot") }
      for point in hollow { svg.circle(point.x, point.y, size / 2, "hollow") }
    }
  }

  /// Minutes as bars that hang from a line, and a mark for each day with something else.
  private func drawBelow(_ svg: inout SVG) {
    let ground = 302.0
    svg.line(left, ground, right, ground, "axis")
    svg.label(left - 6, ground, "min", .end, "s")
    let shown = figures.minutes.filter { days.contains($0.day) }
    let most = max(10, shown.map(\.minutes).max() ?? 0)
    let width = max(
      0.6, min(10, (right - left) / Double(max(1, days.upperBound.number - days.lowerBound.number)) * 0.7))
    for bar in shown {
      let height = 38 * bar.minutes / most
      svg.rectangle(x(bar.day) - width / 2, ground - height, width, height, "bar")
    }
    if let most = shown.map(\.minutes).max() {
      svg.label(right, ground - 42, "most: \(Number.text(most, 0)) min", .end, "s")
    }
    var seen: Set<Int> = []
    for factor in figures.factors where days.contains(factor.day) {
      // One mark where several would lie on each other.
      guard seen.insert(Int(x(factor.day) / 6)).inserted else { continue }
      let (x, y) = (x(factor.day), ground + 10)
      svg.path([(x, y - 4), (x + 4, y + 3), (x - 4, y + 3)], closed: true, "mark")
    }
    if !figures.factors.isEmpty { svg.label(left - 6, ground + 14, "also", .end, "s") }
    drawLegend(&svg, 334)
  }

  private func drawLegend(_ svg: inout SVG, _ y: Double) {
    var x = left
    func item(_ words: String, _ symbol: (inout SVG, Double) -> Void) {
      symbol(&svg, x)
      svg.label(x + 20, y, words, .start, "s")
      x += 30 + Double(words.count) * 6.6
    }
    item("day") { $0.circle($1 + 8, y - 4, 3.5, "dot") }
    if figures.days.contains(where: \.isBackfilled) {
      item("from memory") { $0.circle($1 + 8, y - 4, 3.5, "hollow") }
    }
    if !figures.means.isEmpty { item("7-day mean") { $0.line($1, y - 4, $1 + 16, y - 4, "mean") } }
    if !figures.episodes.isEmpty { item("episode") { $0.rectangle($1, y - 10, 16, 11, "band") } }
    if figures.baseline != nil { item("baseline ± 2") { $0.rectangle($1, y - 10, 16, 11, "ribbon") } }
    if figures.course != nil {
      item("untreated, in studies") { $0.line($1, y - 4, $1 + 16, y - 4, "course") }
    }
    if !figures.factors.isEmpty {
      item("other") { $0.path([($1 + 8, y - 9), ($1 + 12, y - 2), ($1 + 4, y - 2)], closed: true, "mark") }
    }
  }

  /// A gap in the days is a gap in the line.
  private func pieces(_ means: [(day: LocalDay, value: Double)]) -> [[(day: LocalDay, value: Double)]] {
    var pieces: [[(day: LocalDay, value: Double)]] = []
    for mean in means where days.contains(mean.day) {
      if let last = pieces.last?.last, last.day.number + 1 == mean.day.number {
        pieces[pieces.count - 1].append(mean)
      } else {
        pieces.append([mean])
      }
    }
    // A line needs two ends.
    return pieces.map { $0.count == 1 ? $0 + $0 : $0 }
  }

  func lines(width: Int) -> [String] {
    let columns = max(10, width - 4)
    var canvas = Braille(columns: columns, rows: 11)
    func dot(_ day: LocalDay) -> Int { Int((Double(canvas.width - 1) * axis.share(day)).rounded()) }
    func dot(_ value: Double) -> Int { Int((Double(40) * (1 - max(0, min(10, value)) / 10)).rounded()) + 1 }
    for piece in pieces(figures.means.map { ($0.day, $0.mean) }) {
      for (from, to) in zip(piece, piece.dropFirst()) {
        canvas.line(dot(from.day), dot(from.value), dot(to.day), dot(to.value))
      }
    }
    for day in figures.days where days.contains(day.day) {
      let (x, y) = (dot(day.day), dot(day.value))
      // Two dots one over the other, so that a day is seen beside the line; one from memory is a single one.
      canvas.set(x, y)
      if !day.isBackfilled { canvas.set(x, y + 1) }
    }
    var lines = canvas.lines.enumerated().map { row, line in
      let value = row == 0 ? "10" : row == 5 ? " 5" : row == 10 ? " 0" : "  "
      return "\(value) ┤\(line)"
    }
    var bars = [Double](repeating: 0, count: columns)
    for bar in figures.minutes where days.contains(bar.day) {
      bars[min(columns - 1, dot(bar.day) / 2)] = max(bars[min(columns - 1, dot(bar.day) / 2)], bar.minutes)
    }
    if let most = bars.max(), most > 0 {
      var row = bars.map { Blocks.column($0 / most) }.joined()
      while row.last == " " { row.removeLast() }
      lines.append("min┤\(row)")
    }
    let (first, last) = (days.lowerBound.description, days.upperBound.description)
    lines.append(
      "    \(first)" + String(repeating: " ", count: max(1, columns - first.count - last.count)) + last)
    return lines
  }
}
