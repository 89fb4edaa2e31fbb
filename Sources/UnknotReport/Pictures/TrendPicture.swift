import UnknotKit

/// Daily pain from 0 to 10 over time; below it, minutes pressed and what else was done.
struct TrendPicture: Picture {
  let figures: TrendFigures
  let days: ClosedRange<LocalDay>
  let caption: String
  var isNarrow = false
  var width: Int { isNarrow ? SVG.narrowWidth : SVG.width }
  var height: Int { Int(ground) + 23 + legend.height }
  var narrow: (any Picture)? {
    var copy = self
    copy.isNarrow = true
    return copy
  }

  private var isFromMemory: Bool { figures.days.contains { $0.isBackfilled && days.contains($0.day) } }

  var marks: String {
    [
      isFromMemory ? "Hollow: from memory." : nil,
      higher.isEmpty ? nil : "Thin lines: up to the highest rating of the day.",
      figures.factors.isEmpty ? nil : "Triangles: what else was logged.",
      figures.course == nil ? nil : "Dashed: untreated back pain in studies.",
    ].compactMap(\.self).joined(separator: " ")
  }

  var lineMarks: String { isFromMemory ? "A single dot: from memory." : "" }

  private let left = 34.0
  private var right: Double { Double(width) - 12 }
  private let top = 16.0
  private var bottom: Double { isNarrow ? 176 : 222 }
  /// On which the bars of the minutes stand.
  private var ground: Double { bottom + 80 }

  private var length: Int { days.upperBound.number - days.lowerBound.number }
  /// How far apart two days are.
  private var spacing: Double { (right - left - 12) / Double(max(1, length)) }
  /// How many days a bar or a mark below is of: as many as keep it apart from the next.
  private var step: Int {
    [1, 7, 28, 91, 364].first { Double($0) * spacing >= 4.5 } ?? 3640
  }

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
    svg.label(left, 10, "pain 0–10", .start, "s")
    svg.label(left - 6, bottom + 17, "day", .end, "s")
    // What would lie on the label before it is left out.
    var end = -Double.infinity
    for tick in axis.ticks(isNarrow ? 4 : 8) {
      svg.line(x(tick.day), bottom, x(tick.day), bottom + 4, "axis")
      let anchor: SVG.Anchor =
        axis.share(tick.day) > 0.95 ? .end : axis.share(tick.day) < 0.05 ? .start : .middle
      let width = SVG.width(of: tick.label)
      let start = x(tick.day) - (anchor == .start ? 0 : anchor == .end ? width : width / 2)
      guard start > end else { continue }
      end = start + width + 4
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
      svg.path(piece.map { (x($0.day), y($0.value)) }, isCrowded ? "mean fine" : "mean")
    }
    drawBelow(&svg)
    legend.draw(&svg, top: ground + 21)
  }

  /// Days on which a rating was higher than the day's value: a check-in of 3 does not hide a 9. Where days lie close, they are left out.
  private var higher: [(day: DailyValue, score: Int)] {
    guard spacing >= 1.2 else { return [] }
    let highest = Dictionary(figures.highest.map { ($0.day, $0.score) }) { max($0, $1) }
    return figures.days.compactMap { day in
      highest[day.day].flatMap { days.contains(day.day) && Double($0) >= day.value + 1 ? (day, $0) : nil }
    }
  }

  private var isCrowded: Bool { spacing < 0.85 }

  /// The closer the days, the smaller their dots.
  private func drawDots(_ svg: inout SVG) {
    let size = spacing >= 4 ? 7.0 : spacing >= 1.2 ? 4.4 : 2.6
    let full = figures.days.filter { !$0.isBackfilled }.map { (x: x($0.day), y: y($0.value)) }
    for (day, score) in higher {
      svg.line(x(day.day), y(day.value) - size / 2, x(day.day), y(Double(score)), "high")
      svg.line(x(day.day) - size / 2, y(Double(score)), x(day.day) + size / 2, y(Double(score)), "high")
    }
    let hollow = figures.days.filter(\.isBackfilled).map { (x: x($0.day), y: y($0.value)) }
    if figures.days.count > 400 || isCrowded {
      svg.dots(full, size, "dot")
      svg.dots(hollow, size, "hollow")
    } else {
      for point in full { svg.circle(point.x, point.y, size / 2, "dot") }
      for point in hollow { svg.circle(point.x, point.y, size / 2, "hollow") }
    }
  }

  private func block(_ day: LocalDay) -> Int { (day.number - days.lowerBound.number) / step }
  /// Of the whole of it, also where the days end before: else the last would lie on the one before.
  private func middle(_ block: Int) -> Double {
    let middle = left + 6 + Double(2 * block * step + step - 1) / 2 * spacing
    return length == 0 ? x(days.lowerBound) : min(middle, right + 6)
  }

  /// Minutes as bars, and a mark where there was something else: of each day, or of each week or longer where those of
  /// days would merge.
  private func drawBelow(_ svg: inout SVG) {
    let each =
      step == 1
      ? "a day" : step == 7 ? "a week" : step < 364 ? "in \(step / 7) weeks" : "in \(step / 364) × 52 weeks"
    svg.line(left, ground, right, ground, "axis")
    svg.label(left, ground - 45, "minutes pressed \(each)", .start, "s")
    let minutes = figures.minutes.filter { days.contains($0.day) }.reduce(into: [Int: Double]()) {
      $0[block($1.day), default: 0] += $1.minutes
    }
    if let highest = minutes.values.max(), highest > 0 {
      let most = max(10, highest)
      let width = min(10, spacing * Double(step) * 0.7)
      for (block, value) in minutes.sorted(by: { $0.key < $1.key }) {
        let height = 38 * value / most
        svg.rectangle(middle(block) - width / 2, ground - height, width, height, "bar")
      }
      svg.line(left - 3, ground - 38, left, ground - 38, "axis")
      svg.label(left - 6, ground - 34, Number.text(most, 0), .end, "s")
      svg.label(left - 6, ground, "0", .end, "s")
    }
    let half = min(3, spacing * Double(step) * 0.4)
    for block in Set(figures.factors.filter { days.contains($0.day) }.map { block($0.day) }).sorted() {
      let (x, y) = (middle(block), ground + 10)
      svg.path([(x, y - 4), (x + half, y + 3), (x - half, y + 3)], closed: true, "mark")
    }
    if !figures.factors.isEmpty { svg.label(left - 6, ground + 14, "also", .end, "s") }
  }

  private var legend: Legend {
    var legend = Legend(from: isNarrow ? 12 : left, to: right)
    legend.add("day") { $0.circle($1 + 8, $2, 3.5, "dot") }
    if figures.days.contains(where: \.isBackfilled) {
      legend.add("from memory") { $0.circle($1 + 8, $2, 3.5, "hollow") }
    }
    if !higher.isEmpty {
      legend.add("highest") {
        $0.line($1 + 8, $2 - 4, $1 + 8, $2 + 5, "high")
        $0.line($1 + 4.5, $2 - 4, $1 + 11.5, $2 - 4, "high")
      }
    }
    if !figures.means.isEmpty { legend.add("7-day mean") { $0.line($1, $2, $1 + 16, $2, "mean") } }
    if !figures.episodes.isEmpty { legend.add("episode") { $0.rectangle($1, $2 - 5.5, 16, 11, "band") } }
    if figures.baseline != nil {
      legend.add("baseline ± 2") { $0.rectangle($1, $2 - 5.5, 16, 11, "ribbon") }
    }
    if figures.course != nil {
      legend.add("untreated, in studies") { $0.line($1, $2, $1 + 16, $2, "course") }
    }
    if !figures.factors.isEmpty {
      legend.add("other") {
        $0.path([($1 + 8, $2 - 4), ($1 + 11, $2 + 3), ($1 + 5, $2 + 3)], closed: true, "mark")
      }
    }
    return legend
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
