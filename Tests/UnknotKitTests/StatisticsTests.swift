import Foundation
import Testing
import UnknotCausality

@testable import UnknotKit

/// A generator whose seed is a whole bug report.
struct SeededRandom: RandomNumberGenerator {
  private var mix: SplitMix
  init(_ seed: UInt64) { mix = SplitMix(state: seed) }
  mutating func next() -> UInt64 { mix.next() }
  mutating func normal() -> Double { mix.normal() }
}

/// Statistics against tables and against the slow way of computing the same. Against SciPy: `Scripts/check-statistics`.
@Suite struct StatisticsTests {
  /// From printed tables of the distribution.
  @Test(arguments: [
    (1.0, 12.7062), (2, 4.3027), (3, 3.1824), (5, 2.5706), (10, 2.2281), (30, 2.0423), (120, 1.9799),
  ])
  func quantilesOfStudentsT(_ df: Double, _ value: Double) {
    #expect(abs(StudentT.quantile(0.975, degreesOfFreedom: df) - value) < 0.00006)
    #expect(abs(StudentT.cumulative(value, degreesOfFreedom: df) - 0.975) < 0.00001)
    #expect(abs(StudentT.cumulative(-value, degreesOfFreedom: df) - 0.025) < 0.00001)
  }

  /// With one degree of freedom it is Cauchy's distribution.
  @Test func oneDegreeOfFreedomIsCauchy() {
    for t in stride(from: -20.0, through: 20, by: 0.37) {
      #expect(abs(StudentT.cumulative(t, degreesOfFreedom: 1) - (0.5 + atan(t) / .pi)) < 1e-12)
    }
  }

  @Test func summaries() {
    #expect(Summary.mean([Double]()) == nil && Summary.median([Double]()) == nil)
    #expect(Summary.median([3, 1, 2]) == 2 && Summary.median([4.0, 1, 2, 3]) == 2.5)
    #expect(
      Summary.standardDeviation([5.0]) == nil && Summary.standardDeviation([1.0, 3]) == 2.0.squareRoot())
    #expect(Summary.lagOneAutocorrelation([2, 2, 2]) == 0 && Summary.lagOneAutocorrelation([1]) == 0)
    // By hand: mean 2, deviations −1 0 1, products 0 + 0, below 2.
    #expect(Summary.lagOneAutocorrelation([1, 2, 3]) == 0)
    #expect(Summary.lagOneAutocorrelation([1, 3, 1, 3]) == -0.75)
  }

  @Test func noIntervalBelowSixAndWideUncertaintyBelowTwenty() throws {
    var random = SeededRandom(7)
    #expect(MeanChange([]) == nil)
    for count in 1...40 {
      let change = try #require(MeanChange((0..<count).map { _ in random.normal() }))
      #expect((change.interval == nil) == (count < 6))
      #expect(change.certainty == (count < 6 ? .tooFew : count < 20 ? .wide : .usual))
      #expect((2...Double(max(2, count))).contains(change.effectiveCount))
    }
    // All alike: an interval of no width, and no division by nothing.
    let alike = try #require(MeanChange([Double](repeating: -2, count: 8)))
    #expect(alike.mean == -2 && alike.interval == -2 ... -2)
  }

  /// Of changes that resemble each other so much that they are worth two, the interval would be wider than the scale.
  @Test func anIntervalThatIsWiderThanAskedForIsNone() throws {
    let changes = [-3.0, -3, -2, 1, 2, 2, 1]
    let whole = try #require(MeanChange(changes)?.interval)
    #expect(whole.upperBound - whole.lowerBound > 10)
    let change = try #require(MeanChange(changes, widest: 10))
    #expect(change.interval == nil && change.certainty == .tooFew)
    // Its width counts, and not its half.
    #expect(MeanChange(changes, widest: (whole.upperBound - whole.lowerBound) * 0.9)?.interval == nil)
    #expect(MeanChange(changes, widest: whole.upperBound - whole.lowerBound)?.interval == whole)
  }

  /// By hand: mean 2, products 1 − 1 + 1 − 1 + 1 − 1 + 1 over 8, and (1 + 4 · 0.125) / 8 more.
  @Test func anAutocorrelationIsCorrectedForFewValues() throws {
    let change = try #require(MeanChange([1, 1, 3, 3, 1, 1, 3, 3]))
    #expect(change.autocorrelation == 0.3125)
    #expect(abs(change.effectiveCount - 8 * 0.6875 / 1.3125) < 1e-12)
    let interval = try #require(change.interval)
    let half =
      StudentT.quantile(0.975, degreesOfFreedom: change.effectiveCount - 1) * (8.0 / 7).squareRoot()
      / change.effectiveCount.squareRoot()
    #expect(abs(interval.upperBound - 2 - half) < 1e-12 && abs(2 - interval.lowerBound - half) < 1e-12)
  }

  /// Every assignment counted by its bits.
  @Test(arguments: 0..<40) func permutationsAgainstBruteForce(_ seed: UInt64) throws {
    var random = SeededRandom(seed)
    let (m, n) = (Int.random(in: 1...5, using: &random), Int.random(in: 1...5, using: &random))
    let first = (0..<m).map { _ in Double(Int.random(in: -6...6, using: &random)) / 2 }
    let second = (0..<n).map { _ in Double(Int.random(in: -6...6, using: &random)) / 2 }
    let test = try #require(PermutationTest(first, second))
    let all = first + second
    func difference(_ mask: Int) -> Double {
      let a = all.indices.filter { mask & 1 << $0 != 0 }.map { all[$0] }
      let b = all.indices.filter { mask & 1 << $0 == 0 }.map { all[$0] }
      return b.reduce(0, +) / Double(b.count) - a.reduce(0, +) / Double(a.count)
    }
    let masks = (0..<1 << all.count).filter { $0.nonzeroBitCount == m }
    let observed = difference((1 << m) - 1)
    let extreme = masks.count { abs(difference($0)) >= abs(observed) - 1e-9 }
    #expect(test.assignments == masks.count && abs(test.difference - observed) < 1e-12)
    #expect(abs(test.p - Double(extreme) / Double(masks.count)) < 1e-12)
    if let interval = test.interval { #expect(interval.contains(test.difference)) }
  }

  @Test func theSmallestPOfFourAgainstFour() throws {
    let test = try #require(PermutationTest([1, 2, 3, 4], [11, 12, 13, 14]))
    #expect(test.assignments == 70 && test.p == 2.0 / 70)
    #expect(PermutationTest([], [1]) == nil && PermutationTest([1], []) == nil)
    #expect(PermutationTest([Double](repeating: 0, count: 11), [Double](repeating: 1, count: 10)) == nil)
  }

  @Test func controlsBeginNearAndLastAsLong() throws {
    let session = RatingPair(before: 6, after: 4, gap: 10)
    let fitting = RatingPair(before: 5, after: 4, gap: 14)
    let others = [
      fitting, RatingPair(before: 4, after: 0, gap: 10), RatingPair(before: 6, after: 0, gap: 16),
      RatingPair(before: 6, after: 0, gap: 4),
    ]
    let control = try #require(MatchedControl([session], others))
    #expect(control.matched == 1 && control.controls == 1 && control.controlMean == -1)
    #expect(control.difference == -1 && control.interval == nil)
    #expect(MatchedControl([session], []) == nil && MatchedControl([], others) == nil)
  }

  @Test func whatAChangeMeans() {
    #expect(ChangeMeaning(from: 6, to: 4) == .likely)
    #expect(ChangeMeaning(from: 9, to: 7) == .possible)
    #expect(ChangeMeaning(from: 2, to: 1) == .possible)
    #expect(ChangeMeaning(from: 0.3, to: 0.4) == .withinVariation)
    #expect(ChangeMeaning(from: 5, to: 4) == .withinVariation)
    #expect(ChangeMeaning(from: 0, to: 1) == .withinVariation)
  }

  /// The cohorts' own points, and straight lines between them.
  @Test func theNaturalCourse() {
    #expect(NaturalCourse.share(.acute, afterDays: 0) == 1)
    #expect(NaturalCourse.share(.acute, afterDays: 42) == 23.0 / 52)
    #expect(NaturalCourse.share(.persistent, afterDays: 182) == 26.0 / 51)
    #expect(NaturalCourse.share(.acute, afterDays: 21) == 37.5 / 52)
    #expect(NaturalCourse.share(.acute, afterDays: 9999) == 6.0 / 52)
  }

  // MARK: Days

  private func point(
    _ day: Int, _ score: Int, _ context: String? = nil, late: Bool = false, minute: Int64 = 0, seq: UInt64 = 1
  ) -> PainPoint {
    guard let actor = ActorID([UInt8](repeating: 2, count: 16)) else { preconditionFailure("16 bytes") }
    return PainPoint(
      id: Dot(actor, seq), time: Int64(day) * 86_400_000 + minute * 60_000, day: LocalDay(number: day),
      score: score, side: nil, context: context,
      session: nil, isBackfilled: late, isApproximate: false, recordedAt: 0)
  }

  /// Devices hold one day's ratings in orders of their own.
  @Test func daysAreTheSameInAnyOrder() {
    let points = [
      point(1, 2, "scheduled", minute: 9, seq: 4), point(1, 3, "scheduled", minute: 8, seq: 7),
      point(1, 4, "scheduled", minute: 8, seq: 6), point(1, 9), point(2, 1), point(2, 5, late: true),
      point(2, 7),
    ]
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<50 {
      var values = DailyValues()
      for point in points.shuffled(using: &generator) { values.add(point) }
      #expect(values.all.map(\.value) == [4, 5])
    }
  }

  @Test func aDaysValueIsItsCheckInElseTheMedianOfTheOthers() {
    var values = DailyValues()
    for point in [
      point(1, 9, "before"), point(1, 2, "spontaneous"), point(1, 5), point(1, 6, late: true),
      point(2, 7, "after"),
      point(3, 8), point(3, 4, "scheduled", late: true), point(3, 6, "scheduled"), point(5, 1, late: true),
    ] { values.add(point) }
    let days = values.all
    #expect(days.map(\.day.number) == [1, 3, 5])
    #expect(days.map(\.value) == [5, 4, 1])
    #expect(days.map(\.isCheckIn) == [false, true, false])
    #expect(days.map(\.isBackfilled) == [false, true, true])
  }

  @Test(arguments: 0..<30) func trailingMeansAgainstBruteForce(_ seed: UInt64) {
    var random = SeededRandom(seed)
    var values = DailyValues()
    var scores: [Int: Int] = [:]
    var day = 20_000
    for _ in 0..<60 {
      day += Bool.random(using: &random) ? 1 : Int.random(in: 1...9, using: &random)
      scores[day] = Int.random(in: 0...10, using: &random)
      values.add(point(day, scores[day] ?? 0))
    }
    let means = values.all.trailingMeans
    var expected: [Int: Double] = [:]
    for day in (scores.keys.min() ?? 0)...(scores.keys.max() ?? 0) {
      let window = (day - 6...day).compactMap { scores[$0] }
      if window.count >= 4 { expected[day] = Double(window.reduce(0, +)) / Double(window.count) }
    }
    #expect(means.count == expected.count)
    for mean in means { #expect(abs(mean.mean - (expected[mean.day.number] ?? .nan)) < 1e-12) }
  }

  // MARK: Trials

  @Test func aTrialsBlocksAreBalancedAndFollowFromTheSeed() {
    var orders: Set<[Bool]> = []
    for seed in UInt32(0)..<3000 {
      let blocks = TrialPlan.draw(seed: seed, blocks: 4)
      #expect(blocks.count == 8 && blocks.count(where: \.isSecond) == 4)
      #expect(blocks.allSatisfy { (2...4).contains($0.days) })
      #expect(TrialPlan.draw(seed: seed, blocks: 4).map(\.days) == blocks.map(\.days))
      orders.insert(blocks.map(\.isSecond))
    }
    // Every one of the 70 orders comes up.
    #expect(orders.count == 70)
  }
}
