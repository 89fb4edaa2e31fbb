/// Dots in a terminal: two across and four down in every character.
struct Braille {
  /// In dots.
  let width: Int
  let height: Int
  private var cells: [UInt8]
  private let columns: Int

  init(columns: Int, rows: Int) {
    self.columns = max(1, columns)
    width = self.columns * 2
    height = max(1, rows) * 4
    cells = [UInt8](repeating: 0, count: self.columns * max(1, rows))
  }

  /// From the left and from the top; what lies outside is left out.
  mutating func set(_ x: Int, _ y: Int) {
    guard (0..<width).contains(x), (0..<height).contains(y) else { return }
    let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
    cells[y / 4 * columns + x / 2] |= bits[y % 4][x % 2]
  }

  mutating func line(_ x1: Int, _ y1: Int, _ x2: Int, _ y2: Int) {
    let steps = max(abs(x2 - x1), abs(y2 - y1), 1)
    for step in 0...steps { set(x1 + (x2 - x1) * step / steps, y1 + (y2 - y1) * step / steps) }
  }

  var lines: [String] {
    stride(from: 0, to: cells.count, by: columns).map { start in
      var line = ""
      for cell in cells[start..<start + columns] {
        if cell == 0 {
          line += " "
        } else if let scalar = Unicode.Scalar(0x2800 + UInt32(cell)) {
          line.unicodeScalars.append(scalar)
        }
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}

/// Bars of eighths of a character.
enum Blocks {
  static func bar(_ share: Double, width: Int) -> String {
    let eighths = Int((max(0, min(1, share)) * Double(width) * 8).rounded())
    let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    return String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
  }

  /// One column of a bar chart: nothing to whole.
  static func column(_ share: Double) -> String {
    let parts = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    return parts[share <= 0 ? 0 : max(1, min(8, Int((share * 8).rounded())))]
  }
}
