import Foundation
import Testing

@testable import UnknotKit

/// What `Scripts/check-statistics` compares with SciPy, and how often the intervals hold the true mean.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["UNKNOT_STATISTICS"] != nil)) struct StatisticsStudy {
  private let folder = ProcessInfo.processInfo.environment["UNKNOT_STATISTICS"] ?? ""

  /// Of one person: each value like the one before, by `phi`.
  private func series(_ count: Int, _ phi: Double, _ random: inout SeededRandom) -> [Double] {
    var last = random.normal()
    return (0..<count).map { index in
      if index > 0 { last = phi * last + (1 - phi * phi).squareRoot() * random.normal() }
      return last
    }
  }

  @Test func writeSeries() throws {
    var random = SeededRandom(11)
    var lines: [String] = []
    for _ in 0..<1000 {
      let values = series(
        Int.random(in: 6...60, using: &random), Double(Int.random(in: 0...8, using: &random)) / 10, &random)
      let change = try #require(MeanChange(values))
      let interval = try #require(change.interval)
      let arms = (0..<2).map { _ in (0..<Int.random(in: 2...6, using: &random)).map { _ in random.normal() } }
      let test = try #require(PermutationTest(arms[0], arms[1]))
      let numbers =
        [
          change.mean, change.median, change.standardDeviation ?? .nan, change.autocorrelation,
          change.effectiveCount, interval.lowerBound, interval.upperBound, test.difference, test.p,
        ]
      lines.append("{\"values\":\(values),\"first\":\(arms[0]),\"second\":\(arms[1]),\"found\":\(numbers)}")
    }
    try lines.joined(separator: "\n").write(
      toFile: folder + "/series.ndjson", atomically: true, encoding: .utf8)
  }

  @Test func coverage() throws {
    var table = "| n | φ | plain t | this interval |\n|---|---|---|---|\n"
    for count in [6, 10, 20, 40] {
      for phi in [0.0, 0.3, 0.6] {
        var random = SeededRandom(UInt64(count * 10) + UInt64(phi * 10))
        var (plain, corrected) = (0, 0)
        for _ in 0..<3000 {
          let values = series(count, phi, &random)
          let change = try #require(MeanChange(values))
          if change.interval?.contains(0) == true { corrected += 1 }
          let half =
            StudentT.quantile(0.975, degreesOfFreedom: Double(count - 1))
            * (change.standardDeviation ?? 0) / Double(count).squareRoot()
          if abs(change.mean) <= half { plain += 1 }
        }
        table += "| \(count) | \(phi) | \(share(plain)) | \(share(corrected)) |\n"
      }
    }
    try table.write(toFile: folder + "/coverage.md", atomically: true, encoding: .utf8)
  }

  /// Sessions that do nothing, on pain that falls back to its mean by itself: the matched difference has to be none.
  @Test func coverageOfTheMatchedControl() throws {
    var table =
      "| sessions | pairs without | φ | before and after alone | matched difference | mean difference |\n"
    table += "|---|---|---|---|---|---|\n"
    for (sessions, others) in [(12, 12), (24, 15), (24, 40), (60, 60)] {
      for phi in [0.0, 0.6] {
        var random = SeededRandom(UInt64(sessions * 100 + others) + UInt64(phi * 10))
        var (naive, matched, given, sum) = (0, 0, 0, 0.0)
        for _ in 0..<1000 {
          let own = pairs(sessions, from: 5, phi, &random)
          let without = pairs(others, from: 4, phi, &random)
          guard let control = MatchedControl(own, without), let interval = control.interval else { continue }
          given += 1
          sum += control.difference
          if interval.contains(0) { matched += 1 }
          if MeanChange(own.map(\.change))?.interval?.contains(0) == true { naive += 1 }
        }
        let all = Double(max(1, given))
        table +=
          "| \(sessions) | \(others) | \(phi) | \(text(Double(naive) / all)) | \(text(Double(matched) / all)) | \(text(sum / all)) |\n"
      }
    }
    try table.write(toFile: folder + "/control.md", atomically: true, encoding: .utf8)
  }

  /// Pain around 3, of which only what is high is rated: it is lower ten minutes later whatever is done.
  private func pairs(_ count: Int, from level: Double, _ phi: Double, _ random: inout SeededRandom)
    -> [RatingPair]
  {
    var noise = random.normal()
    return (0..<count).map { _ in
      noise = phi * noise + (1 - phi * phi).squareRoot() * random.normal()
      let before = max(0, min(10, (level + 1.2 * random.normal()).rounded()))
      let after = max(0, min(10, (3 + 0.6 * (before - 3) + 0.8 * noise).rounded()))
      return RatingPair(before: before, after: after, gap: 10 + 2 * abs(random.normal()))
    }
  }

  private func share(_ count: Int) -> String { text(Double(count) / 3000) }

  private func text(_ value: Double) -> String {
    let thousandths = Int((abs(value) * 1000).rounded())
    return
      "\(value < 0 && thousandths > 0 ? "−" : "")\(thousandths / 1000).\(String("00\(thousandths % 1000)".suffix(3)))"
  }
}
