import SeededRandom

extension SeededGenerator {
  /// - Parameter list: not empty.
  mutating func element<T>(_ list: [T]) -> T { list[pick(list.count)] }
}
