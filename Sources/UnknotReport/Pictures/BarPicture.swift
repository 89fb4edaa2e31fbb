import UnknotKit

/// Bars below each other, each with its number; those of one group without a gap under one label.
struct BarPicture: Picture {
  struct Bar: Sendable {
    let label: String
    let value: Double
    let words: String
    /// Of another kind than the others.
    var isSecond = false
    /// Where several bars are of one thing: what it is, and which part of it this one is of.
    var group: (name: String, part: String)?
  }

  /// Those of a group follow each other.
  let bars: [Bar]
  /// What the bars are of.
  let rows: String
  /// What their length is.
  let values: String
  let caption: String
  var marks = ""
  var isNarrow = false

  var width: Int { isNarrow ? SVG.narrowWidth : SVG.width }
  var height: Int { Int(tops.end) + 6 }
  var narrow: (any Picture)? {
    var copy = self
    copy.isNarrow = true
    return copy
  }

  private var groups: [[Bar]] {
    bars.reduce(into: []) { groups, bar in
      if let name = bar.group?.name, groups.last?.last?.group?.name == name {
        groups[groups.count - 1].append(bar)
      } else {
        groups.append([bar])
      }
    }
  }

  private func name(_ group: [Bar]) -> String { group.first.map { $0.group?.name ?? $0.label } ?? "" }

  private func words(_ bar: Bar) -> String {
    bar.group.map { $0.part.isEmpty ? bar.words : "\($0.part) \(bar.words)" } ?? bar.words
  }

  private var wordsWidth: Double { bars.map { SVG.width(of: words($0)) }.max() ?? 0 }
  /// Names have larger letters than the rest.
  private var namesWidth: Double {
    max(SVG.width(of: rows), (groups.map { SVG.width(of: name($0)) }.max() ?? 0) * 1.1)
  }
  /// On a telephone, long names stand above their bars: beside them there would be no bars to speak of.
  private var isStacked: Bool { isNarrow && Double(width) - namesWidth - wordsWidth < 140 }
  private var left: Double { isNarrow ? isStacked ? 4 : namesWidth + 12 : 180 }
  private var right: Double { max(left + 40, min(isNarrow ? 320 : 570, Double(width) - wordsWidth - 10)) }

  /// Where the bars of each group begin, and where the last ends.
  private var tops: (groups: [Double], end: Double) {
    var y = 20.0
    let groups = groups.map { group in
      if isStacked { y += 16 }
      let top = y
      y += Double(group.count) * 15 + (group.count > 1 || isStacked ? 8 : 5)
      return top
    }
    return (groups, y)
  }

  func draw(_ svg: inout SVG) {
    let most = max(bars.map(\.value).max() ?? 0, 1e-9)
    let tops = tops
    if isStacked {
      svg.label(left, 12, "\(rows): \(values)", .start, "s")
    } else {
      svg.label(left - 8, 12, rows, .end, "s")
      svg.label(left, 12, values, .start, "s")
    }
    svg.line(left, 18, left, tops.end, "axis")
    for (group, top) in zip(groups, tops.groups) {
      if isStacked {
        svg.label(left + 6, top - 4, SVG.fitted(name(group), Double(width) - 40))
      } else {
        let middle = top + Double(group.count) * 7.5 + 3.5
        svg.label(left - 8, middle, SVG.fitted(name(group), (left - 10) / 1.1), .end)
      }
      for (row, bar) in group.enumerated() {
        let y = top + Double(row) * 15
        let length = (right - left) * max(0, bar.value) / most
        svg.rectangle(left, y + 1, length, 13, bar.isSecond ? "bar2" : "bar")
        svg.label(left + length + 6, y + 11.5, words(bar), .start, "s")
      }
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
