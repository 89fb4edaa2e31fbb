import SeededRandom
import UnknotCausality

/// Values at the edges of what a file can say.
enum Boundaries {
  static let integers: [Int64] =
    [0, 1, 7, 8, 10, 11, 20, 21, 100, 101, 255, 256, 600, 601, 1000, 1001, 1439, 1440, 1800, 1801, 86_400]
    .flatMap { [$0, -$0] }
    + [15, 31, 32, 52, 53, 62].flatMap { (bits: Int64) in
      let power = Int64(1) << bits
      return [power - 1, power, power + 1, -power - 1, -power, 1 - power]
    } + [
      719_162, -719_163, 2_932_896, 2_932_897, 106_751_991_167, -106_751_991_168, Int64.max / 60,
      Int64.max / 1000, Int64.min / 1000, Int64.max / 86_400_000, Int64.max - 1, .max, .min, .min + 1,
    ]

  static let times: [Int64] = [
    0, 1, -1, -62_135_596_800_000, -62_135_596_800_001, 253_402_300_799_999, 253_402_300_800_000,
    -62_167_219_200_000, 8_640_000_000_000_000, -8_640_000_000_000_001, 1 << 53, -(1 << 53), .max, .min,
    .max - 1, .min + 1, .max - 86_400_000, .min + 86_400_000, .max / 60_000, .min / 60_000,
  ]

  static let offsets: [Int32] = [
    0, 1, -1, 60, 839, 840, 841, -840, -841, 1079, 1080, -1080, 1439, 1440, -1440, 32_767, .max, .min,
    .max - 1,
    .min + 1,
  ]

  static let texts: [String] =
    [
      "", " ", "\t", "\n", "\r\n", "\r", "a\nb\r\nc\td", "\u{1b}[31mred\u{1b}[0m", "\u{1b}]0;title\u{7}",
      "\u{8}\u{8}",
      "\u{1}\u{2}\u{1f}\u{7f}\u{80}\u{85}\u{9b}31m", "\u{202e}reversed\u{202c}", "\u{2066}isolated",
      "\u{200f}\u{61c}",
      "\u{2028}line\u{2029}paragraph", "\u{feff}", "\u{fffd}",
      "é", "e\u{301}", "\u{301}", "a" + String(repeating: "\u{301}", count: 300), "\u{200d}", "👩‍👩‍👧‍👦", "🇩🇪🇩",
      "\u{ad}", "\u{34f}", "\u{2060}", "\u{e0001}", "ﷺ", "ｆｕｌｌ", "İ", "ß",
      "<b>&amp;</b>", "]]>", "<!-- -->", "</svg><script>alert(1)</script>", "\" onload=\"x", "'", "\\", "\\n",
      "&#27;",
      "=1+1", "@SUM(A1)", "-1", "+1", "a,b;c", "\"quoted\"", "END:VCALENDAR", "BEGIN:VEVENT", "null", "true",
      "%s%n%d",
      "../../etc/passwd", "/", "-", "--", "2026-05-14", "2026-05-14/am", "9999-99-99", "0000-00-00", "open",
      "daily",
      "99999999999999999999", "1e309", "-0", "NaN", "inf", "0.1", "1,5", "0x10",
      "99999999-01-01", "-2026-05-14", "+002026-05-14", "25:61", "24:00", "am", "excused:", ":", "a:b:c",
    ] + nonCharacters + lengths.map { String(repeating: "x", count: $0) }

  /// Swift's own literals refuse these; files do not.
  private static let nonCharacters = [0xfdd0, 0xfffe, 0xffff, 0x1fffe, 0x10ffff].compactMap {
    Unicode.Scalar($0 as UInt32).map { String(Character($0)) }
  }

  /// Around what names, keys and texts may have.
  private static let lengths = [100, 101, 255, 256, 257, 1000, 10_000, 10_001]

  static let orderKeys: [String] = [
    "", "a", "a0", "a0", "a00", "a1", "Zz", "z", "zzzzzzzzzzzzzzzzzzzzzzzzzzz", "A00000000000000000000000000",
    "A000000000000000000000000000", "0", "-", "a0é", "a0\u{1b}", "a0" + String(repeating: "V", count: 1022),
    "a0" + String(repeating: "V", count: 1023), "a0" + String(repeating: "0", count: 50), "b00", "b0", "~",
    "A",
    "zzzzzzzzzzzzzzzzzzzzzzzzzzzV",
  ]
}

extension SeededGenerator {
  mutating func integer() -> Int64 { once(in: 8) ? Int64(bitPattern: next()) : element(Boundaries.integers) }

  mutating func time() -> Value {
    .time(milliseconds: hostileMilliseconds(), offsetMinutes: element(Boundaries.offsets))
  }

  mutating func hostileMilliseconds() -> Int64 {
    once(in: 8) ? Int64(bitPattern: next()) : element(Boundaries.times)
  }

  mutating func text() -> String {
    (0...(once(in: 4) ? 2 : 0)).map { _ in element(Boundaries.texts) }.joined()
  }
}
