/// How likely a difference between two arms is where the arm makes none: by every other way in which the blocks could
/// have been given to the arms.
///
/// Exact: with 4 blocks of each there are 70 ways, and no p is below 2/70 = 0.029.
public struct PermutationTest: Hashable, Sendable {
  /// Mean of the second arm's blocks minus mean of the first one's.
  public let difference: Double
  /// Two-sided.
  public let p: Double
  /// How many ways there are.
  public let assignments: Int
  /// The smallest and the largest difference that a two-sided test at 5 % does not refuse; nil where every one of
  /// fewer than 20 ways has to be kept.
  public let interval: ClosedRange<Double>?

  /// The most blocks of both arms: 184,756 ways.
  public static let maximumBlocks = 20

  /// - Parameters:
  ///   - first: the mean of each block of the first arm.
  ///   - second: of the second.
  /// Nil where an arm has no block, or both have more than 20.
  public init?(_ first: [Double], _ second: [Double]) {
    let all = first + second
    guard !first.isEmpty, !second.isEmpty, all.count <= Self.maximumBlocks else { return nil }
    let test = Self.count(first, second, shift: 0)
    difference = test.difference
    assignments = test.all
    p = Double(test.asExtreme) / Double(test.all)
    interval = test.all >= 40 ? Self.interval(first, second, around: test.difference) : nil
  }

  /// Of all assignments, those whose difference is at least as far from none as the one that was.
  private static func count(
    _ first: [Double], _ second: [Double], shift: Double
  ) -> (difference: Double, asExtreme: Int, all: Int) {
    let values = first + second.map { $0 - shift }
    let sum = values.reduce(0, +)
    let (m, n) = (Double(first.count), Double(second.count))
    func difference(_ firstSum: Double) -> Double { (sum - firstSum) / n - firstSum / m }
    let observed = difference(values.prefix(first.count).reduce(0, +))
    // What differs only by how sums were rounded is as far.
    let bar = abs(observed) - 1e-9 * max(1, abs(observed))
    var (asExtreme, all) = (0, 0)
    func choose(_ next: Int, _ left: Int, _ firstSum: Double) {
      if left == 0 {
        all += 1
        if abs(difference(firstSum)) >= bar { asExtreme += 1 }
        return
      }
      guard values.count - next >= left else { return }
      choose(next + 1, left - 1, firstSum + values[next])
      choose(next + 1, left, firstSum)
    }
    choose(0, first.count, 0)
    return (observed, asExtreme, all)
  }

  /// By trying shifts, outwards from the difference, until the test refuses one.
  private static func interval(
    _ first: [Double], _ second: [Double], around difference: Double
  ) -> ClosedRange<Double>? {
    let all = first + second
    guard let low = all.min(), let high = all.max() else { return nil }
    func isKept(_ shift: Double) -> Bool {
      let test = count(first, second, shift: shift)
      return Double(test.asExtreme) / Double(test.all) > 0.05
    }
    func edge(_ direction: Double) -> Double? {
      var (inside, outside) = (difference, difference + direction * (2 * (high - low) + 1))
      guard !isKept(outside) else { return nil }
      for _ in 0..<24 {
        let middle = (inside + outside) / 2
        if isKept(middle) { inside = middle } else { outside = middle }
      }
      return inside
    }
    guard let lower = edge(-1), let upper = edge(1) else { return nil }
    return lower...upper
  }
}
