/// What the marks of a picture are: as many on a line as there is room for.
struct Legend {
  private typealias Symbol = (_ svg: inout SVG, _ x: Double, _ y: Double) -> Void

  private let left: Double
  private let right: Double
  private var items: [(words: String, x: Double, row: Int, symbol: Symbol)] = []
  private var x: Double
  private var row = 0
  private static let rowHeight = 15.0

  init(from left: Double, to right: Double) {
    (self.left, self.right, x) = (left, right, left)
  }

  /// - Parameter symbol: draws into 16 by 11 units, of which x is the left and y the middle.
  mutating func add(_ words: String, _ symbol: @escaping (_ svg: inout SVG, _ x: Double, _ y: Double) -> Void)
  {
    let width = 20 + SVG.width(of: words)
    if x > left, x + width > right { (x, row) = (left, row + 1) }
    items.append((words, x, row, symbol))
    x += width + 10
  }

  /// From the first line's letters to below the last's.
  var height: Int { (row + 1) * Int(Self.rowHeight) }

  func draw(_ svg: inout SVG, top: Double) {
    for item in items {
      let y = top + Double(item.row) * Self.rowHeight + 5.5
      item.symbol(&svg, item.x, y)
      svg.label(item.x + 20, y + 4, item.words, .start, "s")
    }
  }
}
