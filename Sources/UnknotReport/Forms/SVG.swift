import UnknotKit

/// Elements of a picture. Everything that goes in is escaped; colours are classes, which the frame gives their values
/// for light, dark and paper.
public struct SVG: Sendable {
  /// Of pictures for paper and wide screens: the smallest letters, 11 units, are 11 pixels or more from a page of 752
  /// pixels on.
  static let width = 720
  /// Of pictures for telephones: 11 units are 11 pixels or more from a page of 352 pixels on.
  static let narrowWidth = 320
  private(set) var text = ""

  init() {}

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) {
    text +=
      "<line x1=\"\(c(x1))\" y1=\"\(c(y1))\" x2=\"\(c(x2))\" y2=\"\(c(y2))\" class=\"\(style)\"/>\n"
  }

  mutating func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String) {
    text +=
      "<rect x=\"\(c(x))\" y=\"\(c(y))\" width=\"\(c(max(0, width)))\" height=\"\(c(max(0, height)))\" class=\"\(style)\"/>\n"
  }

  mutating func circle(_ x: Double, _ y: Double, _ radius: Double, _ style: String) {
    text += "<circle cx=\"\(c(x))\" cy=\"\(c(y))\" r=\"\(c(radius))\" class=\"\(style)\"/>\n"
  }

  mutating func ellipse(_ x: Double, _ y: Double, _ across: Double, _ down: Double, _ style: String) {
    text +=
      "<ellipse cx=\"\(c(x))\" cy=\"\(c(y))\" rx=\"\(c(across))\" ry=\"\(c(down))\" class=\"\(style)\"/>\n"
  }

  /// A closed line without corners: through the middles between the points, bent towards them.
  mutating func blob(_ points: [(x: Double, y: Double)], _ style: String) {
    guard points.count > 2, let last = points.last else { return }
    func middle(_ a: (x: Double, y: Double), _ b: (x: Double, y: Double)) -> String {
      "\(c((a.x + b.x) / 2)) \(c((a.y + b.y) / 2))"
    }
    let bends = zip(points, points.dropFirst() + points.prefix(1)).map {
      "Q\(c($0.x)) \(c($0.y)) \(middle($0, $1))"
    }
    text += "<path d=\"M\(middle(last, points[0]))\(bends.joined())Z\" class=\"\(style)\"/>\n"
  }

  mutating func path(_ points: [(x: Double, y: Double)], closed: Bool = false, _ style: String) {
    guard points.count > 1 else { return }
    let data = points.enumerated().map { "\($0 == 0 ? "M" : "L")\(c($1.x)) \(c($1.y))" }.joined()
    text += "<path d=\"\(data)\(closed ? "Z" : "")\" class=\"\(style)\"/>\n"
  }

  /// Many small squares as one element: a picture of ten years stays small.
  mutating func dots(_ points: [(x: Double, y: Double)], _ size: Double, _ style: String) {
    guard !points.isEmpty else { return }
    let data = points.map {
      "M\(c($0.x - size / 2)) \(c($0.y - size / 2))h\(c(size))v\(c(size))h-\(c(size))z"
    }
    text += "<path d=\"\(data.joined())\" class=\"\(style)\"/>\n"
  }

  enum Anchor: String { case start, middle, end }

  mutating func label(
    _ x: Double, _ y: Double, _ words: String, _ anchor: Anchor = .start, _ style: String = "t"
  ) {
    text +=
      "<text x=\"\(c(x))\" y=\"\(c(y))\" text-anchor=\"\(anchor.rawValue)\" class=\"\(style)\">\(Markup.escaped(words))</text>\n"
  }

  /// About how wide small letters are in most fonts: nothing here can measure them.
  static func width(of words: String) -> Double { Double(Table.width(of: words)) * 6.6 }

  /// Cut where there is no room for all of it.
  static func fitted(_ words: String, _ room: Double) -> String {
    guard width(of: words) > room else { return words }
    var cut = words
    while !cut.isEmpty, width(of: cut) + 6.6 > room { cut.removeLast() }
    return cut + "…"
  }

  private func c(_ value: Double) -> String { Number.coordinate(value) }

  /// The classes: Okabe and Ito's palette, which people with any kind of colour vision tell apart, and marks that differ
  /// in shape as well.
  static let style = """
    svg{--ink:#1a1a1a;--soft:#5f5f5f;--grid:#d9d9d9;--paper:#fff;--a:#0072b2;--b:#d55e00;--c:#009e73;--d:#e69f00;--e:#56b4e9;--f:#cc79a7}
    @media (prefers-color-scheme:dark){svg{--ink:#eee;--soft:#b0b0b0;--grid:#444;--paper:#16181b;--a:#56b4e9;--b:#ff8a4c;--c:#2fc79b;--d:#f0b93a;--e:#0072b2;--f:#e39ac3}}
    @media print{svg{--ink:#000;--soft:#444;--grid:#ccc;--paper:#fff;--a:#0072b2;--b:#d55e00;--c:#009e73;--d:#e69f00;--e:#56b4e9;--f:#cc79a7}}
    svg text{font-family:system-ui,sans-serif;font-size:12px;fill:var(--ink)}
    svg .s{font-size:11px;fill:var(--soft)} svg .h{font-size:15px;font-weight:600}
    svg .ground{fill:var(--paper)} svg .grid{stroke:var(--grid);stroke-width:1} svg .axis{stroke:var(--soft);stroke-width:1}
    svg .dot{fill:var(--a)} svg .hollow{fill:var(--paper);stroke:var(--a);stroke-width:1.2}
    svg .mean{fill:none;stroke:var(--b);stroke-width:2.2;stroke-linejoin:round}
    svg .fine{stroke-width:.9} svg .high{stroke:var(--a);stroke-width:1.2;stroke-opacity:.8}
    svg .bar{fill:var(--c)} svg .bar2{fill:var(--d)} svg .band{fill:var(--d);fill-opacity:.16} svg .ribbon{fill:var(--f);fill-opacity:.22}
    svg .course{fill:none;stroke:var(--soft);stroke-width:1.4;stroke-dasharray:5 4} svg .base{stroke:var(--f);stroke-width:1.4;stroke-dasharray:2 3}
    svg .rise{stroke:var(--b);stroke-width:2.4} svg .fall{stroke:var(--a);stroke-width:2.4} svg .same{stroke:var(--soft);stroke-width:1.6}
    svg .mark{fill:var(--f)}
    svg .skin{fill:var(--grid);fill-opacity:.35;stroke:var(--soft);stroke-width:1.2;stroke-linejoin:round}
    svg .pain{fill:var(--b);stroke:var(--b);stroke-width:1} svg .p1{fill-opacity:.14} svg .p2{fill-opacity:.3} svg .p3{fill-opacity:.48} svg .p4{fill-opacity:.68} svg .p5{fill-opacity:.9}
    svg .work{fill:none;stroke:var(--c);stroke-width:2.2} svg .halo{fill:none;stroke:var(--paper);stroke-width:4.4;stroke-opacity:.8} svg .lead{stroke:var(--soft);stroke-width:.7;stroke-opacity:.75}
    svg .arrow{fill:none;stroke:var(--a);stroke-width:1.8} svg .head{fill:var(--a)}
    svg .done{fill:var(--a)} svg .missed{fill:none;stroke:var(--b);stroke-width:1.4} svg .rest{fill:var(--grid)}
    """
}
