import SeededRandom
import Testing
import UnknotKit

/// Codes, read as a reader does that knows the standard and not the writer.
@Suite struct QRCodeTests {
  @Test(arguments: [
    "", "A", "HELLO WORLD", "7PENP-BQKY0-DNG5Q", "with small letters, and a € sign",
    "AGE-SECRET-KEY-1YTDJGWAEFAYCTZZVL3JW37P0SXY2X2W4JZ5LDMZFLJM2M8G32FDSPK2Z0D",
  ])
  func whatIsWrittenIsRead(text: String) throws {
    let code = try #require(QRCode(text))
    #expect(try Reading(code).text == text)
  }

  @Test func everyLength() throws {
    var generator = SeededGenerator(seed: 5)
    let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    var sizes: Set<Int> = []
    for length in 0...311 {
      let text = String((0..<length).map { _ in alphabet.randomElement(using: &generator) ?? "A" })
      let code = try #require(QRCode(text), "\(length)")
      sizes.insert(code.size)
      #expect(try Reading(code).text == text)
      let small = String(repeating: "a", count: length)
      if length <= 213 {
        #expect(try Reading(#require(QRCode(small))).text == small)
      } else {
        #expect(QRCode(small) == nil)
      }
    }
    #expect(sizes.count == 10)
    #expect(QRCode(String(repeating: "A", count: 312)) == nil)
  }
}

private struct Reading {
  private let code: QRCode
  private let version: Int
  /// Of each version: codewords for error correction in a block, and of data in each block.
  private static let blocks: [(correction: Int, data: [Int])] = [
    (10, [16]), (16, [28]), (26, [44]), (18, [32, 32]), (24, [43, 43]), (16, [27, 27, 27, 27]),
    (18, [31, 31, 31, 31]), (22, [38, 38, 39, 39]), (22, [36, 36, 36, 37, 37]), (26, [43, 43, 43, 43, 44]),
  ]

  init(_ code: QRCode) {
    self.code = code
    version = (code.size - 17) / 4
  }

  /// Whether a module is none of the data's.
  private func isPattern(_ row: Int, _ column: Int) -> Bool {
    let size = code.size
    if row == 6 || column == 6 { return true }
    if row < 9 && (column < 9 || column >= size - 8) || row >= size - 8 && column < 9 { return true }
    if version >= 7, row < 6 && column >= size - 11 || column < 6 && row >= size - 11 { return true }
    guard version > 1 else { return false }
    let last = size - 7
    let middles = version < 7 ? [6, last] : [6, (6 + last) / 2, last]
    return middles.contains { middle in
      middles.contains { other in
        let isCorner =
          (middle, other) == (6, 6) || (middle, other) == (6, last) || (middle, other) == (last, 6)
        return !isCorner && abs(row - middle) <= 2 && abs(column - other) <= 2
      }
    }
  }

  private func isMasked(_ mask: Int, _ i: Int, _ j: Int) -> Bool {
    [
      (i + j) % 2, i % 2, j % 3, (i + j) % 3, (i / 2 + j / 3) % 2, i * j % 2 + i * j % 3,
      (i * j % 2 + i * j % 3) % 2, ((i + j) % 2 + i * j % 3) % 2,
    ][mask] == 0
  }

  var text: String? {
    get throws {
      // The format, beside the upper left corner: level and mask.
      var format = 0
      for (row, column) in [(8, 0), (8, 1), (8, 2), (8, 3), (8, 4)] {
        format = format << 1 | (code.isDark(row, column) ? 1 : 0)
      }
      format ^= 0b10101
      #expect(format >> 3 == 0, "level M")
      let mask = format & 7
      #expect(code.isDark(code.size - 8, 8))
      var bits: [Bool] = []
      var isUpward = true
      for right in stride(from: code.size - 1, to: 0, by: -2).map({ $0 <= 6 ? $0 - 1 : $0 }) {
        for step in 0..<code.size {
          let row = isUpward ? code.size - 1 - step : step
          for column in [right, right - 1] where column >= 0 && !isPattern(row, column) {
            bits.append(code.isDark(row, column) != isMasked(mask, row, column))
          }
        }
        isUpward.toggle()
      }
      let (correction, data) = Self.blocks[version - 1]
      let total = data.reduce(0, +) + data.count * correction
      let words = (0..<total).map { word in bits[word * 8..<word * 8 + 8].reduce(0) { $0 << 1 | ($1 ? 1 : 0) }
      }
      var blocks = data.map { _ in [Int]() }
      var rest = words[...]
      for place in 0..<(data.max() ?? 0) {
        for block in data.indices where place < data[block] { blocks[block].append(rest.removeFirst()) }
      }
      let content = blocks.flatMap { $0 }
      for _ in 0..<correction { for block in data.indices { blocks[block].append(rest.removeFirst()) } }
      for block in blocks { #expect(Self.isCodeword(block, correction)) }
      return Self.decode(content, version)
    }
  }

  /// Whether the polynomial is zero at each root of the generator.
  private static func isCodeword(_ block: [Int], _ correction: Int) -> Bool {
    var powers = [1]
    for _ in 1..<255 {
      let next = (powers.last ?? 1) * 2
      powers.append(next > 255 ? next ^ 0x11d : next)
    }
    func times(_ one: Int, _ other: Int) -> Int {
      guard let i = powers.firstIndex(of: one), let j = powers.firstIndex(of: other) else { return 0 }
      return powers[(i + j) % 255]
    }
    return (0..<correction).allSatisfy { root in
      block.reduce(0) { times($0, powers[root]) ^ $1 } == 0
    }
  }

  private static func decode(_ words: [Int], _ version: Int) -> String? {
    var bits = words.flatMap { word in (0..<8).reversed().map { word >> $0 & 1 } }[...]
    func number(_ count: Int) -> Int {
      defer { bits = bits.dropFirst(count) }
      return bits.prefix(count).reduce(0) { $0 << 1 | $1 }
    }
    let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    switch number(4) {
    case 2:
      let count = number(version < 10 ? 9 : 11)
      var text = ""
      for place in stride(from: 0, to: count, by: 2) {
        if place + 1 < count {
          let pair = number(11)
          text += [alphabet[pair / 45], alphabet[pair % 45]]
        } else {
          text.append(alphabet[number(6)])
        }
      }
      return text
    case 4:
      let count = number(version < 10 ? 8 : 16)
      return String(validating: (0..<count).map { _ in UInt8(number(8)) }, as: UTF8.self)
    default: return nil
    }
  }
}
