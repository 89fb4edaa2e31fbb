import UnknotKit

/// Bars side by side, each with its number.
struct BarPicture: Picture {
  struct Bar: Sendable {
    let label: String
    let value: Double
    let words: String
    /// Of another kind than the others.
    var isSecond = false
  }

  let bars: [Bar]
  let caption: String
  private let left = 180.0
  private let right = 570.0
  var height: Int { 14 + bars.count * 20 }

  func draw(_ svg: inout SVG) {
    let most = max(bars.map(\.value).max() ?? 0, 1e-9)
    svg.line(left, 4, left, Double(height) - 4, "axis")
    for (row, bar) in bars.enumerated() {
      let y = 8 + Double(row) * 20
      svg.label(left - 8, y + 12, bar.label, .end)
      svg.rectangle(left, y + 2, (right - left) * max(0, bar.value) / most, 13, bar.isSecond ? "bar2" : "bar")
      svg.label(left + (right - left) * max(0, bar.value) / most + 6, y + 12, bar.words, .start, "s")
    }
  }

  func lines(width: Int) -> [String] {
    let most = max(bars.map(\.value).max() ?? 0, 1e-9)
    let name = min(24, bars.map { Table.width(of: $0.label) }.max() ?? 0)
    let words = bars.map { Table.width(of: $0.words) }.max() ?? 0
    let room = max(4, min(40, width - name - words - 4))
    return bars.map { bar in
      let label = bar.label.count > name ? String(bar.label.prefix(name - 1)) + "…" : bar.label
      let gap = String(repeating: " ", count: max(0, name - Table.width(of: label)))
      return "\(label)\(gap) ▕\(Blocks.bar(bar.value / most, width: room)) \(bar.words)"
    }
  }
}
