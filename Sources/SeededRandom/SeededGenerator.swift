/// SplitMix64: a seed is the whole of a failure's report.
package struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number from 0 to `count` − 1.
  package mutating func pick(_ count: Int) -> Int { Int(next() % UInt64(count)) }

  /// Once in so many times.
  package mutating func once(in times: Int) -> Bool { pick(times) == 0 }

  package mutating func element<T>(of list: [T]) -> T? { list.isEmpty ? nil : list[pick(list.count)] }

  /// One of them, as often as its weight says; nil where no weight is above 0.
  package mutating func element<T>(weighted list: [(element: T, weight: Int)]) -> T? {
    let sum = list.reduce(0) { $0 + $1.weight }
    guard sum > 0 else { return nil }
    var place = pick(sum)
    for (element, weight) in list {
      if place < weight { return element }
      place -= weight
    }
    return nil
  }

  package mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
  }
}
