import UnknotCausality
import UnknotStorage

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Writes pain ratings of 7 fields into a journal, 1,000 to an operation, for `Scripts/scale` to measure.
@main
enum Main {
  private struct Clock: UnknotStorage.Environment {
    func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1000) }
    func randomBytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in .random(in: 0...255) } }
  }

  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 3, let count = Int(arguments[2]), count > 0 else {
      print("usage: UnknotBench JOURNAL COUNT")
      return
    }
    let store = try Store(
      path: arguments[1], tables: [TableSchema(name: "pain", timeField: "at")], deviceName: "bench",
      environment: Clock())
    let start = ContinuousClock.now
    for first in stride(from: 0, to: count, by: 1000) {
      try store.write("bench") { writer in
        for index in first..<min(first + 1000, count) {
          _ = try writer.create("pain", parent: nil, rating(UInt64(index)))
        }
      }
    }
    print("wrote \(count) ratings in \(ContinuousClock.now - start)")
  }

  private static let sides = ["left", "right", "both"]
  private static let sites = ["low-back", "mid-back", "buttock", "hip", "sacrum", "groin", "thigh", "calf"]
  private static let words = [
    "tight", "sore", "stiff", "warm", "tender", "dull", "after", "walk", "desk", "better",
  ]

  /// The same values in every run.
  private static func rating(_ index: UInt64) -> [FieldName: Value] {
    var mixed = (index &+ 1) &* 0x9E37_79B9_7F4A_7C15
    func next(_ bound: UInt64) -> Int {
      mixed ^= mixed >> 31
      mixed = mixed &* 0xBF58_476D_1CE4_E5B9
      return Int(mixed >> 33 % 64) % Int(bound)
    }
    var note = ""
    while note.utf8.count < 30 { note += words[abs(next(10))] + " " }
    return [
      FieldName("at"): .time(milliseconds: 1_600_000_000_000 + Int64(index) * 60_000, offsetMinutes: 120),
      FieldName("score"): .integer(Int64(abs(next(11)))), FieldName("site"): .text(sites[abs(next(8))]),
      FieldName("side"): .text(sides[abs(next(3))]), FieldName("context"): .text("spontaneous"),
      FieldName("minutes"): .integer(Int64(10 + abs(next(80)))),
      FieldName("note"): .text(String(note.prefix(30))),
    ]
  }
}
