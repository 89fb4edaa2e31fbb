import Foundation
import SeededRandom
import TestSupport
import Testing
import UnknotCausality

@Suite struct OrderKeyTests {
  private struct Vector: Decodable {
    let after: String?
    let before: String?
    let expect: String
  }

  private static let published = Repository.root.appending(path: "../shared/vectors/fractional-index.json")

  /// The published cases of the scheme, read from beside the repository where they are present.
  @Test(.enabled(if: (try? published.checkResourceIsReachable()) ?? false, "they lie beside the repository"))
  func agreesWithPublishedVectors() throws {
    let vectors = try JSONDecoder().decode([Vector].self, from: try Data(contentsOf: Self.published))
    #expect(vectors.count > 20)
    for vector in vectors {
      let result: String
      do {
        result = try OrderKey.between(vector.after, vector.before)
      } catch {
        result = "error: \(error)"
      }
      #expect(result == vector.expect, "between \(vector.after ?? "start") and \(vector.before ?? "end")")
    }
  }

  @Test(arguments: 0..<20)
  func insertionsAnywhereKeepTheOrder(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var keys: [String] = []
    for step in 0..<300 {
      let place = step % 3 == 0 ? 0 : random.pick(keys.count + 1)
      let key = try OrderKey.between(
        place == 0 ? nil : keys[place - 1], place == keys.count ? nil : keys[place])
      #expect(OrderKey.isValid(key))
      keys.insert(key, at: place)
    }
    for (left, right) in zip(keys, keys.dropFirst()) {
      #expect(Array(left.utf8).lexicographicallyPrecedes(Array(right.utf8)))
    }
  }

  @Test func refusesKeysOutOfOrder() {
    #expect(throws: OrderKeyError.self) { try OrderKey.between("a1", "a1") }
    #expect(throws: OrderKeyError.self) { try OrderKey.between("a2", "a1") }
    #expect(throws: OrderKeyError.self) { try OrderKey.between("", nil) }
    #expect(throws: OrderKeyError.self) { try OrderKey.between("a", nil) }
  }
}
