import Foundation

/// Student's t distribution, also with fractions of degrees of freedom.
///
/// By the regularised incomplete beta function as a continued fraction (Abramowitz and Stegun 26.5.8, evaluated by
/// Lentz's method). Against SciPy: `Scripts/check-statistics`.
public enum StudentT {
  /// How likely a value up to `t` is.
  public static func cumulative(_ t: Double, degreesOfFreedom df: Double) -> Double {
    guard df > 0, t.isFinite else { return t.isNaN || df <= 0 ? .nan : t > 0 ? 1 : 0 }
    let tail = 0.5 * incompleteBeta(df / (df + t * t), df / 2, 0.5)
    return t > 0 ? 1 - tail : tail
  }

  /// The value that is exceeded with a probability of `1 - p`.
  ///
  /// - Parameters:
  ///   - p: within 0.5 and 1, both left out.
  ///   - df: degrees of freedom, above 0.
  public static func quantile(_ p: Double, degreesOfFreedom df: Double) -> Double {
    precondition(p > 0.5 && p < 1 && df > 0, "a quantile of the upper half")
    var (low, high) = (0.0, 1.0)
    while cumulative(high, degreesOfFreedom: df) < p, high < 1e9 { high *= 2 }
    for _ in 0..<200 where high - low > 1e-13 * high {
      let middle = (low + high) / 2
      if cumulative(middle, degreesOfFreedom: df) < p { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  private static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    // The fraction goes to its end quickly on one side of the mean only.
    if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
    let scale: Double = lgamma(a + b) - lgamma(a) - lgamma(b)
    let powers: Double = a * log(x) + b * log(1 - x)
    let front: Double = exp(scale + powers) / a
    let tiny = 1e-300
    func whole(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / whole(1 - (a + b) * x / (a + 1))
    var fraction = d
    for step in 1...500 {
      let m = Double(step)
      let twice: Double = a + 2 * m
      let even: Double = m * (b - m) * x / ((twice - 1) * twice)
      d = 1 / whole(1 + even * d)
      c = whole(1 + even / c)
      fraction *= d * c
      let odd: Double = -(a + m) * (a + b + m) * x / (twice * (twice + 1))
      d = 1 / whole(1 + odd * d)
      c = whole(1 + odd / c)
      let change = d * c
      fraction *= change
      if abs(change - 1) < 1e-15 { break }
    }
    return front * fraction
  }
}
