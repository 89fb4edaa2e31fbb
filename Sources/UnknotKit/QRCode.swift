/// A QR code (ISO/IEC 18004), to carry a short text from one screen to another device's camera. Versions 1 to 10, with error
/// correction of level M: a seventh of it may be unreadable.
public struct QRCode: Hashable, Sendable {
  /// How many modules each side has, without the margin of 4 that a front end puts around it.
  public private(set) var size: Int
  private var modules: [Bool]
  private var isFixed: [Bool]

  /// - Parameter text: at most 311 characters of `0–9 A–Z $%*+-./:` and space, or 213 bytes of UTF-8.
  /// - Returns: nil where the text is longer.
  public init?(_ text: String) {
    let content = Content(text)
    guard let version = Version.all.first(where: { content.fits($0) }) else { return nil }
    size = 17 + 4 * version.number
    modules = Array(repeating: false, count: size * size)
    isFixed = modules
    drawPatterns(version)
    place(version.codewords(content.bits(version)))
    let candidates = (0..<8).map { mask in
      var code = self
      code.apply(mask)
      return code
    }
    guard let best = candidates.min(by: { $0.penalty < $1.penalty }) else { return nil }
    self = best
  }

  /// Whether a module is dark, counted from the upper left corner.
  public func isDark(_ row: Int, _ column: Int) -> Bool {
    (0..<size).contains(row) && (0..<size).contains(column) && modules[row * size + column]
  }

  // MARK: What is the same in all of a version

  private mutating func fix(_ row: Int, _ column: Int, _ isDark: Bool) {
    modules[row * size + column] = isDark
    isFixed[row * size + column] = true
  }

  private mutating func drawPatterns(_ version: Version) {
    for place in 0..<size {
      fix(6, place, place % 2 == 0)
      fix(place, 6, place % 2 == 0)
    }
    for (row, column) in [(3, 3), (3, size - 4), (size - 4, 3)] {
      for down in -4...4 {
        for right in -4...4 where (0..<size).contains(row + down) && (0..<size).contains(column + right) {
          let distance = max(abs(down), abs(right))
          fix(row + down, column + right, distance != 2 && distance != 4)
        }
      }
    }
    let places = version.alignments
    for (index, row) in places.enumerated() {
      for (other, column) in places.enumerated() {
        // Where the three large ones are, there is none.
        let ends = [0, places.count - 1]
        if ends.contains(index), ends.contains(other), index + other < 2 * (places.count - 1) { continue }
        for down in -2...2 {
          for right in -2...2 { fix(row + down, column + right, max(abs(down), abs(right)) != 1) }
        }
      }
    }
    drawFormat(0)
    guard version.number >= 7 else { return }
    let bits = version.number << 12 | Self.remainder(version.number << 12, by: 0x1f25, bits: 12)
    for bit in 0..<18 {
      let isDark = bits >> bit & 1 == 1
      fix(bit / 3, size - 11 + bit % 3, isDark)
      fix(size - 11 + bit % 3, bit / 3, isDark)
    }
  }

  /// The level of error correction, which is 0 for M, and the mask.
  private mutating func drawFormat(_ mask: Int) {
    let bits = (mask << 10 | Self.remainder(mask << 10, by: 0x537, bits: 10)) ^ 0x5412
    for bit in 0..<15 {
      let isDark = bits >> bit & 1 == 1
      switch bit {
      case 0..<6: fix(bit, 8, isDark)
      case 6: fix(7, 8, isDark)
      case 7: fix(8, 8, isDark)
      case 8: fix(8, 7, isDark)
      default: fix(8, 14 - bit, isDark)
      }
      if bit < 8 { fix(8, size - 1 - bit, isDark) } else { fix(size - 15 + bit, 8, isDark) }
    }
    fix(size - 8, 8, true)
  }

  private static func remainder(_ value: Int, by generator: Int, bits: Int) -> Int {
    var rest = value
    while rest >> bits > 0 {
      rest ^= generator << (Int.bitWidth - 1 - rest.leadingZeroBitCount - bits)
    }
    return rest
  }

  // MARK: What is said

  /// Two columns at a time, from the right, up and down by turns.
  private mutating func place(_ codewords: [UInt8]) {
    var bit = 0
    var column = size - 1
    while column > 0 {
      if column == 6 { column -= 1 }
      let isUpward = (size - 1 - column) / 2 % 2 == 0
      for step in 0..<size {
        let row = isUpward ? size - 1 - step : step
        for place in [column, column - 1] where !isFixed[row * size + place] {
          guard bit < codewords.count * 8 else { continue }
          modules[row * size + place] = codewords[bit / 8] >> UInt8(7 - bit % 8) & 1 == 1
          bit += 1
        }
      }
      column -= 2
    }
  }

  private mutating func apply(_ mask: Int) {
    for row in 0..<size {
      for column in 0..<size where !isFixed[row * size + column] && Self.isMasked(mask, row, column) {
        modules[row * size + column].toggle()
      }
    }
    drawFormat(mask)
  }

  static func isMasked(_ mask: Int, _ row: Int, _ column: Int) -> Bool {
    switch mask {
    case 0: (row + column) % 2 == 0
    case 1: row % 2 == 0
    case 2: column % 3 == 0
    case 3: (row + column) % 3 == 0
    case 4: (row / 2 + column / 3) % 2 == 0
    case 5: row * column % 2 + row * column % 3 == 0
    case 6: (row * column % 2 + row * column % 3) % 2 == 0
    default: ((row + column) % 2 + row * column % 3) % 2 == 0
    }
  }

  /// How hard it is to read: long runs, blocks of one colour, what looks like a corner, too much of one colour.
  private var penalty: Int {
    var sum = 0
    let lines = (0..<size).flatMap { line in
      [(0..<size).map { isDark(line, $0) }, (0..<size).map { isDark($0, line) }]
    }
    let corner = [true, false, true, true, true, false, true]
    let light = [Bool](repeating: false, count: 4)
    for line in lines {
      var run = 0
      for place in line.indices {
        run = place > 0 && line[place] == line[place - 1] ? run + 1 : 1
        if run == 5 { sum += 3 } else if run > 5 { sum += 1 }
        let piece = line[place...].prefix(11)
        if piece.elementsEqual(corner + light) || piece.elementsEqual(light + corner) { sum += 40 }
      }
    }
    for row in 1..<size {
      for column in 1..<size {
        let colour = isDark(row, column)
        if isDark(row - 1, column) == colour, isDark(row, column - 1) == colour,
          isDark(row - 1, column - 1) == colour
        {
          sum += 3
        }
      }
    }
    let dark = modules.count { $0 }
    return sum + abs(dark * 20 - modules.count * 10) / modules.count * 10
  }
}

/// A text in the shorter of the two forms that it can have.
private struct Content {
  private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:".utf8)
  private let bytes: [UInt8]
  /// Of each character its place in the alphabet; nil where there is one that is not in it.
  private let places: [Int]?

  init(_ text: String) {
    bytes = Array(text.utf8)
    let places = bytes.compactMap { Self.alphabet.firstIndex(of: $0) }
    self.places = places.count == bytes.count ? places : nil
  }

  private func countBits(_ version: Version) -> Int {
    places == nil ? (version.number < 10 ? 8 : 16) : (version.number < 10 ? 9 : 11)
  }

  private func bitCount(_ version: Version) -> Int {
    4 + countBits(version) + (places == nil ? bytes.count * 8 : bytes.count / 2 * 11 + bytes.count % 2 * 6)
  }

  func fits(_ version: Version) -> Bool { bitCount(version) <= version.dataCodewords * 8 }

  /// All of a version's bits, filled up.
  func bits(_ version: Version) -> [UInt8] {
    var bits: [Bool] = []
    func append(_ value: Int, _ count: Int) {
      for bit in (0..<count).reversed() { bits.append(value >> bit & 1 == 1) }
    }
    append(places == nil ? 4 : 2, 4)
    append(bytes.count, countBits(version))
    if let places {
      for place in stride(from: 0, to: places.count, by: 2) {
        if place + 1 < places.count {
          append(places[place] * 45 + places[place + 1], 11)
        } else {
          append(places[place], 6)
        }
      }
    } else {
      for byte in bytes { append(Int(byte), 8) }
    }
    append(0, min(4, version.dataCodewords * 8 - bits.count))
    append(0, (8 - bits.count % 8) % 8)
    var codewords = stride(from: 0, to: bits.count, by: 8).map { start in
      bits[start..<start + 8].reduce(UInt8(0)) { $0 << 1 | ($1 ? 1 : 0) }
    }
    let filling: [UInt8] = [0xec, 0x11]
    var filled = 0
    while codewords.count < version.dataCodewords {
      codewords.append(filling[filled % 2])
      filled += 1
    }
    return codewords
  }
}

/// A size of code, with level M.
private struct Version {
  let number: Int
  /// For error correction, of each block.
  let correction: Int
  /// Codewords of data of each block.
  let blocks: [Int]
  /// Rows, and columns, of the middles of alignment patterns.
  let alignments: [Int]

  var dataCodewords: Int { blocks.reduce(0, +) }

  static let all = [
    Version(number: 1, correction: 10, blocks: [16], alignments: []),
    Version(number: 2, correction: 16, blocks: [28], alignments: [6, 18]),
    Version(number: 3, correction: 26, blocks: [44], alignments: [6, 22]),
    Version(number: 4, correction: 18, blocks: [32, 32], alignments: [6, 26]),
    Version(number: 5, correction: 24, blocks: [43, 43], alignments: [6, 30]),
    Version(number: 6, correction: 16, blocks: [27, 27, 27, 27], alignments: [6, 34]),
    Version(number: 7, correction: 18, blocks: [31, 31, 31, 31], alignments: [6, 22, 38]),
    Version(number: 8, correction: 22, blocks: [38, 38, 39, 39], alignments: [6, 24, 42]),
    Version(number: 9, correction: 22, blocks: [36, 36, 36, 37, 37], alignments: [6, 26, 46]),
    Version(number: 10, correction: 26, blocks: [43, 43, 43, 43, 44], alignments: [6, 28, 50]),
  ]

  /// In blocks, each with its own error correction, one codeword of each block after the other.
  func codewords(_ data: [UInt8]) -> [UInt8] {
    var rest = data[...]
    let parts = blocks.map { count in
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    let corrections = parts.map { ReedSolomon.remainder(of: $0, count: correction) }
    func interleaved(_ parts: [[UInt8]]) -> [UInt8] {
      (0..<(parts.map(\.count).max() ?? 0)).flatMap { place in
        parts.filter { place < $0.count }.map { $0[place] }
      }
    }
    return interleaved(parts) + interleaved(corrections)
  }
}

/// Error correction over the field of 256 elements of the standard.
private enum ReedSolomon {
  static func remainder(of data: [UInt8], count: Int) -> [UInt8] {
    var generator: [UInt8] = [1]
    var root: UInt8 = 1
    for _ in 0..<count {
      // Times (x - root).
      generator = zip(generator + [0], [0] + generator.map { times($0, root) }).map { $0 ^ $1 }
      root = times(root, 2)
    }
    var rest = [UInt8](repeating: 0, count: count)
    for byte in data {
      let factor = byte ^ rest.removeFirst()
      rest.append(0)
      for index in rest.indices { rest[index] ^= times(generator[index + 1], factor) }
    }
    return rest
  }

  private static func times(_ one: UInt8, _ other: UInt8) -> UInt8 {
    var product: UInt8 = 0
    for bit in (0..<8).reversed() {
      product = product << 1 ^ (product & 0x80 == 0 ? 0 : 0x1d)
      if other >> UInt8(bit) & 1 == 1 { product ^= one }
    }
    return product
  }
}
