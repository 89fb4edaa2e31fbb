import Foundation
import ShoppingList
import Synchronization
import UnknotEngine

/// The same sequence for the same seed (SplitMix64).
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// A device whose clock and randomness come from a seed: it runs wrong by hours, and stands still at times.
final class SeededEnvironment: ReplicaEnvironment {
  private let state: Mutex<(random: Seeded, now: Int64)>

  init(seed: UInt64) {
    var random = Seeded(state: seed)
    let now = 1_780_000_000_000 + Int64.random(in: -7_200_000...7_200_000, using: &random)
    state = Mutex((random, now))
  }

  func now() -> Int64 {
    state.withLock { state in
      state.now += Int64.random(in: 0...2, using: &state.random) * 1000
      return state.now
    }
  }

  func randomBytes(_ count: Int) -> [UInt8] {
    state.withLock { state in (0..<count).map { _ in UInt8.random(in: 0...255, using: &state.random) } }
  }
}

/// A folder that is gone with the test.
final class Folder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "shopping-\(UUID())").path()
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func replica(_ name: String, seed: UInt64, inMemory: Bool = false) async throws -> Replica {
    try await Replica(
      at: inMemory ? nil : "\(path)/\(name).sqlite", kinds: kinds, deviceName: name,
      environment: SeededEnvironment(seed: seed), noteFolder: inMemory ? nil : "\(path)/notes-\(name)")
  }
}
