import Foundation

/// Plain figures of a series of numbers.
public enum Summary {
  /// Nil of no values.
  public static func mean(_ values: some Collection<Double>) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// Of an even number of values, the mean of the two in the middle.
  public static func median(_ values: some Collection<Double>) -> Double? {
    let sorted = values.sorted()
    guard let upper = sorted.indices.dropFirst(sorted.count / 2).first else { return nil }
    return sorted.count.isMultiple(of: 2) ? (sorted[upper - 1] + sorted[upper]) / 2 : sorted[upper]
  }

  /// With n − 1 below; nil of fewer than two.
  public static func standardDeviation(_ values: some Collection<Double>) -> Double? {
    guard values.count >= 2, let mean = mean(values) else { return nil }
    return sqrt(values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1))
  }

  /// How much a value resembles the one before it, −1 … 1; 0 where nothing varies.
  public static func lagOneAutocorrelation(_ values: [Double]) -> Double {
    guard values.count >= 2, let mean = mean(values) else { return 0 }
    let below = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    guard below > 0 else { return 0 }
    return zip(values, values.dropFirst()).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) } / below
  }
}
