import UnknotKit

/// A few scores from 0 to 10, one after the other: a small line that is read at one look.
struct LinePicture: Picture {
  struct Point: Sendable {
    let day: LocalDay
    let score: Double
    let words: String
  }

  /// In the order of time, at least two.
  let points: [Point]
  /// What they are: "PEG".
  let name: String
  let caption: String
  var isNarrow = false

  var width: Int { isNarrow ? SVG.narrowWidth : SVG.width }
  var height: Int { 80 }
  var narrow: (any Picture)? {
    var copy = self
    copy.isNarrow = true
    return copy
  }

  private static let top = 26.0
  private static let bottom = 56.0

  /// Days apart are as far apart: a gap is seen.
  private var places: [(x: Double, y: Double)] {
    let (left, right) = (isNarrow ? 36.0 : 96, Double(width) - 36)
    guard let first = points.first?.day.number, let last = points.last?.day.number else { return [] }
    return points.map { point in
      let share = last > first ? Double(point.day.number - first) / Double(last - first) : 0.5
      let height = min(max(point.score / 10, 0), 1)
      return (left + share * (right - left), Self.bottom - height * (Self.bottom - Self.top))
    }
  }

  func draw(_ svg: inout SVG) {
    let places = places
    svg.label(8, 12, "\(name), 0–10", .start, "s")
    svg.line(8, Self.bottom, Double(width) - 8, Self.bottom, "grid")
    svg.path(places, "mean")
    // Labels that would run into the one before are left out; the last one is always there.
    var free = -Double.infinity
    for (index, (point, place)) in zip(points, places).enumerated() {
      svg.circle(place.x, place.y, 3, "dot")
      let day = point.day.short
      let half = max(SVG.width(of: point.words), SVG.width(of: day)) / 2
      let isLast = index == points.count - 1
      let lastLeft = (places.last?.x ?? 0) - half - 6
      guard place.x - half > free, isLast || place.x + half < lastLeft else { continue }
      free = place.x + half + 6
      svg.label(place.x, place.y - 7, point.words, .middle, "s")
      svg.label(place.x, 72, day, .middle, "s")
    }
  }

  func lines(width: Int) -> [String] {
    let bars = Array("▁▂▃▄▅▆▇█")
    let line = points.map { String(bars[min(7, max(0, Int($0.score * 0.75)))]) }.joined()
    return ["\(name), 0–10: \(line)  \(points.map(\.words).joined(separator: " "))"]
  }
}
