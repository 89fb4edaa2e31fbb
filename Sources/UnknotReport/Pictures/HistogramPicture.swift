import UnknotKit

/// How often each whole number was seen.
struct HistogramPicture: Picture {
  /// From `first` on.
  let counts: [Int]
  let first: Int
  /// What was counted.
  let values: String
  let caption: String
  private let isNarrow: Bool
  var width: Int { isNarrow ? SVG.narrowWidth : SVG.width }
  var height: Int { 164 }
  var narrow: (any Picture)? {
    HistogramPicture(counts, first: first, values: values, caption: caption, isNarrow: true)
  }

  /// Without the empty ends, but always with what lies around zero.
  init(_ counts: [Int], first: Int, values: String, caption: String, isNarrow: Bool = false) {
    let used = counts.indices.filter { counts[$0] > 0 || (-1...1).contains($0 + first) }
    let range = (used.first ?? 0)...(used.last ?? 0)
    self.counts = Array(counts[range])
    self.first = first + range.lowerBound
    self.values = values
    self.caption = caption
    self.isNarrow = isNarrow
  }

  func draw(_ svg: inout SVG) {
    let most = Double(max(1, counts.max() ?? 1))
    let width = min(60, (Double(self.width) - 20) / Double(max(1, counts.count)))
    let middle = Double(self.width) / 2
    let left = middle - width * Double(counts.count) / 2
    let gap = min(3, width / 6)
    svg.label(middle, 156, "\(values), by change of pain in points", .middle, "s")
    svg.line(left, 122, left + width * Double(counts.count), 122, "axis")
    for (index, count) in counts.enumerated() {
      let x = left + Double(index) * width
      let height = 96 * Double(count) / most
      svg.rectangle(
        x + gap, 122 - height, width - 2 * gap, height,
        index + first < 0 ? "done" : index + first > 0 ? "bar2" : "rest")
      // Every second number, and so the 0, where all would run into each other.
      if width >= 24 || (index + first).isMultiple(of: 2) {
        svg.label(x + width / 2, 138, Number.signed(Double(index + first), 0), .middle, "s")
      }
      if count > 0 { svg.label(x + width / 2, 118 - height, String(count), .middle, "s") }
    }
  }

  func lines(width: Int) -> [String] {
    let most = Double(max(1, counts.max() ?? 1))
    let room = max(4, min(40, width - 12))
    return counts.enumerated().map { index, count in
      let number = Number.signed(Double(index + first), 0)
      let gap = String(repeating: " ", count: max(0, 4 - number.count))
      return "\(gap)\(number) ▕\(Blocks.bar(Double(count) / most, width: room)) \(count)"
    }
  }
}
