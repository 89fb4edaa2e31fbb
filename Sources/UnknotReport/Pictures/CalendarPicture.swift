import UnknotKit

/// Weeks as columns and days as rows; each slot a cell with a mark of its own.
struct CalendarPicture: Picture {
  /// In the order of time.
  private let slots: [SlotStatus]
  private let days: [LocalDay: [SlotStatus]]
  let caption: String
  private let isNarrow: Bool

  var marks: String {
    "Full: done; half: partial; empty frame: missed. Crossed (excused) and bars (paused) do not count."
  }

  init(slots: [SlotStatus], caption: String, isNarrow: Bool = false) {
    self.slots = slots
    self.isNarrow = isNarrow
    self.caption = caption
    days = Dictionary(grouping: slots, by: \.day)
  }

  private var weeks: ClosedRange<Int>? {
    guard let first = slots.first?.day, let last = slots.last?.day else { return nil }
    return (first.number - first.weekday) / 7...(last.number - last.weekday) / 7
  }
  /// At most the last 53 weeks.
  private var shown: ClosedRange<Int>? {
    weeks.map { max($0.lowerBound, $0.upperBound - 52)...$0.upperBound }
  }
  var width: Int { isNarrow ? SVG.narrowWidth : SVG.width }
  var height: Int { strips.count * Self.stripHeight + 4 + legend.height }
  var narrow: (any Picture)? { CalendarPicture(slots: slots, caption: caption, isNarrow: true) }
  private static let stripHeight = 132

  /// On one row of weeks, or below each other on a telephone: a year's cells would be too small to tell apart.
  private var strips: [[Int]] {
    guard let shown else { return [] }
    let count = isNarrow ? (shown.count + 26) / 27 : 1
    let length = (shown.count + count - 1) / count
    return stride(from: shown.lowerBound, through: shown.upperBound, by: length).map {
      Array($0...min($0 + length - 1, shown.upperBound))
    }
  }

  static func mark(_ state: SlotState) -> String {
    switch state {
    case .done: "x"
    case .partial: "/"
    case .missed: "-"
    case .excused: "e"
    case .paused: "p"
    case .moved: "m"
    case .open, .upcoming: "."
    }
  }

  private static let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

  func draw(_ svg: inout SVG) {
    let strips = strips
    let size = min(16, (Double(width) - 60) / Double(max(1, strips.first?.count ?? 1)))
    for (index, weeks) in strips.enumerated() {
      draw(&svg, weeks, size, top: Double(index * Self.stripHeight))
    }
    legend.draw(&svg, top: Double(strips.count * Self.stripHeight) + 4)
  }

  private func draw(_ svg: inout SVG, _ weeks: [Int], _ size: Double, top: Double) {
    svg.label(38, top + 12, "day", .end, "s")
    for (row, name) in Self.names.enumerated() where row.isMultiple(of: 2) {
      svg.label(38, top + 30 + Double(row) * 16, name, .end, "s")
    }
    var month = ""
    // Where the last name of a month ends, so that the next does not run into it.
    var end = 0.0
    for (column, week) in weeks.enumerated() {
      let x = 46 + Double(column) * size
      let words = LocalDay(number: week * 7 + 4).text.split(separator: " ").map(String.init)
      if words.count > 2, words[2] != month, x >= end, x + SVG.width(of: words[2]) <= Double(width) {
        month = words[2]
        svg.label(x, top + 12, month, .start, "s")
        end = x + SVG.width(of: month) + 6
      }
      for row in 0..<7 {
        // Day 0, 1970-01-01, was a Thursday.
        let own = days[LocalDay(number: week * 7 + weekOffset + row)] ?? []
        let height = 14 / Double(max(1, own.count))
        for (index, slot) in own.enumerated() {
          let y = top + 19 + Double(row) * 16 + Double(index) * height
          cell(&svg, x, y, size - 2, height - 1, slot.state)
        }
      }
    }
  }

  private var legend: Legend {
    var legend = Legend(from: isNarrow ? 12 : 46, to: Double(width) - 4)
    for state in [SlotState.done, .partial, .missed, .excused, .paused] {
      legend.add(state.rawValue) { cell(&$0, $1 + 4, $2 - 5.5, 11, 11, state) }
    }
    return legend
  }

  private var weekOffset: Int {
    guard let first = slots.first?.day else { return 0 }
    let monday = first.number - first.weekday
    return monday - monday / 7 * 7
  }

  /// Full, half, an empty frame, crossed, or a dot: to be told apart without colour.
  private func cell(
    _ svg: inout SVG, _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ state: SlotState
  ) {
    switch state {
    case .done: svg.rectangle(x, y, width, height, "done")
    case .partial:
      svg.rectangle(x, y, width, height, "rest")
      svg.path([(x, y + height), (x + width, y), (x + width, y + height)], closed: true, "done")
    case .missed: svg.rectangle(x + 0.7, y + 0.7, width - 1.4, height - 1.4, "missed")
    case .excused, .moved:
      svg.rectangle(x, y, width, height, "rest")
      svg.line(x, y, x + width, y + height, "axis")
      svg.line(x, y + height, x + width, y, "axis")
    case .paused:
      svg.rectangle(x, y, width, height, "rest")
      svg.line(x, y + height / 2, x + width, y + height / 2, "axis")
    case .open, .upcoming: svg.circle(x + width / 2, y + height / 2, 1.2, "mark")
    }
  }

  func lines(width: Int) -> [String] {
    guard let shown else { return [] }
    let perDay = max(1, days.values.map(\.count).max() ?? 1)
    let columns = max(1, (width - 4) / (perDay + 1))
    let weeks = shown.suffix(columns)
    var lines = (0..<7).map { row in
      var line = "\(Self.names[row]) "
      for week in weeks {
        let own = days[LocalDay(number: week * 7 + weekOffset + row)] ?? []
        let marks = own.map { Self.mark($0.state) }.joined()
        line += marks + String(repeating: " ", count: perDay + 1 - own.count)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
    lines.append("x done, / partial, - missed, e excused, p paused, . to come")
    return lines
  }
}
