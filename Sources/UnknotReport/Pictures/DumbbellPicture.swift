import UnknotKit

/// Each session a line from the pain before to the pain after, the newest last.
struct DumbbellPicture: Picture {
  let pairs: [EffectFigures.Pair]
  let caption: String
  var marks: String { "Hollow: before; filled: after." }

  static let most = 30
  var isNarrow = false
  private let left = 96.0
  private var right: Double { Double(width) - 20 }
  var width: Int { isNarrow ? SVG.narrowWidth : SVG.width }
  var height: Int { 62 + pairs.count * 15 + legend.height }
  var narrow: (any Picture)? {
    var copy = self
    copy.isNarrow = true
    return copy
  }

  private func x(_ score: Int) -> Double { left + (right - left) * Double(score) / 10 }

  func draw(_ svg: inout SVG) {
    let bottom = 18 + Double(pairs.count) * 15
    for score in 0...10 {
      svg.line(x(score), 6, x(score), bottom, "grid")
      svg.label(x(score), bottom + 16, String(score), .middle, "s")
    }
    svg.label(left - 10, bottom + 16, "day", .end, "s")
    svg.label((left + right) / 2, bottom + 32, "pain 0–10", .middle, "s")
    legend.draw(&svg, top: bottom + 40)
    for (row, pair) in pairs.enumerated() {
      let y = 16 + Double(row) * 15
      svg.label(
        left - 10, y + 4, pair.day.description + (pair.side.map { " \($0.prefix(1))" } ?? ""), .end, "s")
      let style = pair.change < 0 ? "fall" : pair.change > 0 ? "rise" : "same"
      svg.line(x(pair.before), y, x(pair.after), y, style)
      svg.circle(x(pair.before), y, 3.5, "hollow")
      svg.circle(x(pair.after), y, 3.5, "dot")
    }
  }

  private var legend: Legend {
    var legend = Legend(from: isNarrow ? 12 : left, to: right)
    legend.add("before") { $0.circle($1 + 8, $2, 3.5, "hollow") }
    legend.add("after") { $0.circle($1 + 8, $2, 3.5, "dot") }
    if pairs.contains(where: { $0.change < 0 }) {
      legend.add("lower after") { $0.line($1, $2, $1 + 16, $2, "fall") }
    }
    if pairs.contains(where: { $0.change > 0 }) {
      legend.add("higher after") { $0.line($1, $2, $1 + 16, $2, "rise") }
    }
    return legend
  }

  func lines(width: Int) -> [String] {
    let room = max(11, min(41, width - 14))
    func column(_ score: Int) -> Int { score * (room - 1) / 10 }
    let rows = pairs.map { pair in
      var cells = [Character](repeating: " ", count: room)
      let (from, to) = (column(pair.before), column(pair.after))
      for cell in min(from, to)...max(from, to) { cells[cell] = "─" }
      cells[from] = "o"
      cells[to] = "●"
      var line = "\(pair.day) \(String(cells))"
      while line.last == " " { line.removeLast() }
      return line
    }
    var scale = [Character](repeating: " ", count: room)
    for score in [0, 5] { scale[column(score)] = Character(String(score)) }
    return rows + ["\(String(repeating: " ", count: 11))\(String(scale.dropLast()))10   o before, ● after"]
  }
}
