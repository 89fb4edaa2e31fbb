/// SplitMix64 (Steele, Lea and Flood 2014): numbers that are the same for the same seed, for ever.
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// Each as likely as any other: numbers of the last, incomplete round are drawn again.
  mutating func below(_ bound: Int) -> Int {
    let bound = UInt64(bound)
    let limit = UInt64.max - UInt64.max % bound
    while true {
      let number = next()
      if number < limit { return Int(number % bound) }
    }
  }

  /// From 0 to below 1.
  mutating func share() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }

  /// About normal, of mean 0 and deviation 1: the sum of twelve.
  mutating func normal() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + share() } }
}
