import Foundation

/// The mean of changes that one person went through one after the other, with an interval that knows that they are
/// alike because they are near each other.
///
/// Usual t intervals are too narrow for one person's serial data (Tang and Landes 2020, PMC6999905). Here the number
/// of changes is taken as the number of independent ones: n(1 − r')/(1 + r'), with the bias-corrected lag-1
/// autocorrelation r' = r + (1 + 4 max(r, 0))/n within 0 … 0.9. How often the interval holds the true mean is
/// simulated in `Schema/statistics.md`.
public struct MeanChange: Hashable, Sendable {
  /// How sure it is.
  public enum Certainty: String, Hashable, Sendable {
    /// No interval is given: there are fewer than 6, or they stand for so few that it would say nothing.
    case tooFew
    /// Fewer than 20.
    case wide
    case usual
  }

  /// How many changes there are.
  public let count: Int
  /// In points where the changes are of ratings.
  public let mean: Double
  /// In the same unit as the mean.
  public let median: Double
  /// Nil of a single one.
  public let standardDeviation: Double?
  /// r', within 0 … 0.9.
  public let autocorrelation: Double
  /// How many independent changes they stand for: n(1 − r')/(1 + r'), but at least 2.
  public let effectiveCount: Double
  /// Of 95 %; nil below 6, and where it would be wider than asked for.
  public let interval: ClosedRange<Double>?
  /// By the number of changes: too few below 6, or without an interval; wide below 20.
  public var certainty: Certainty { interval == nil ? .tooFew : count < 20 ? .wide : .usual }

  /// - Parameters:
  ///   - changes: in the order of time. Nil without any.
  ///   - widest: the widest interval that is of use, in the unit of the changes.
  public init?(_ changes: [Double], widest: Double = .infinity) {
    guard let mean = Summary.mean(changes), let median = Summary.median(changes) else { return nil }
    count = changes.count
    self.mean = mean
    self.median = median
    let n = Double(count)
    let r = Summary.lagOneAutocorrelation(changes)
    let corrected = min(0.9, max(0, r + (1 + 4 * max(r, 0)) / n))
    autocorrelation = corrected
    effectiveCount = max(2, n * (1 - corrected) / (1 + corrected))
    standardDeviation = Summary.standardDeviation(changes)
    if count >= 6, let deviation = standardDeviation {
      let half =
        StudentT.quantile(0.975, degreesOfFreedom: effectiveCount - 1) * deviation / sqrt(effectiveCount)
      interval = 2 * half <= widest ? (mean - half)...(mean + half) : nil
    } else {
      interval = nil
    }
  }
}
