import UnknotKit

/// Weeks as columns and days as rows; each slot a cell with a mark of its own.
struct CalendarPicture: Picture {
  /// In the order of time.
  private let slots: [SlotStatus]
  private let days: [LocalDay: [SlotStatus]]
  let caption: String

  init(slots: [SlotStatus], caption: String) {
    self.slots = slots
    self.caption = caption
    days = Dictionary(grouping: slots, by: \.day)
  }

  private var weeks: ClosedRange<Int>? {
    guard let first = slots.first?.day, let last = slots.last?.day else { return nil }
    return (first.number - first.weekday) / 7...(last.number - last.weekday) / 7
  }
  /// At most the last 53 weeks on one row of weeks.
  private var shown: ClosedRange<Int>? {
    weeks.map { max($0.lowerBound, $0.upperBound - 52)...$0.upperBound }
  }
  var height: Int { 150 }

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
    guard let shown else { return }
    let size = min(16, 660 / Double(shown.count))
    for (row, name) in Self.names.enumerated() where row.isMultiple(of: 2) {
      svg.label(38, 30 + Double(row) * 16, name, .end, "s")
    }
    var month = ""
    for (column, week) in shown.enumerated() {
      let x = 46 + Double(column) * size
      let words = LocalDay(number: week * 7 + 4).text.split(separator: " ").map(String.init)
      if words.count > 2, words[2] != month, size >= 12 || column.isMultiple(of: 4) {
        month = words[2]
        svg.label(x, 12, month, .start, "s")
      }
      for row in 0..<7 {
        // Day 0, 1970-01-01, was a Thursday.
        let own = days[LocalDay(number: week * 7 + weekOffset + row)] ?? []
        let height = 14 / Double(max(1, own.count))
        for (index, slot) in own.enumerated() {
          let y = 19 + Double(row) * 16 + Double(index) * height
          cell(&svg, x, y, size - 2, height - 1, slot.state)
        }
      }
    }
    var x = 46.0
    for state in [SlotState.done, .partial, .missed, .excused, .paused] {
      cell(&svg, x, 136, 11, 11, state)
      svg.label(x + 16, 146, state.rawValue, .start, "s")
      x += 34 + Double(state.rawValue.count) * 6.5
    }
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
