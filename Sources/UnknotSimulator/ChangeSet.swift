/// A set of the model's changes, by their numbers.
struct ChangeSet: Hashable {
  private var words: [UInt64] = []

  func contains(_ number: Int) -> Bool {
    number >> 6 < words.count && words[number >> 6] & (1 << UInt64(number & 63)) != 0
  }

  mutating func insert(_ number: Int) {
    while words.count <= number >> 6 { words.append(0) }
    words[number >> 6] |= 1 << UInt64(number & 63)
  }

  mutating func formUnion(_ other: ChangeSet) {
    while words.count < other.words.count { words.append(0) }
    for (index, word) in other.words.enumerated() { words[index] |= word }
  }

  func isSubset(of other: ChangeSet) -> Bool {
    for (index, word) in words.enumerated()
    where word & ~(index < other.words.count ? other.words[index] : 0) != 0 {
      return false
    }
    return true
  }

  static func == (left: ChangeSet, right: ChangeSet) -> Bool {
    left.isSubset(of: right) && right.isSubset(of: left)
  }

  func hash(into hasher: inout Hasher) { hasher.combine(count) }

  var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// In ascending order.
  var numbers: [Int] {
    words.enumerated().flatMap { index, word in
      (0..<64).filter { word & (1 << UInt64($0)) != 0 }.map { index << 6 | $0 }
    }
  }
}
