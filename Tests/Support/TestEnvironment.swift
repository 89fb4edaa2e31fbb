import Foundation
import SeededRandom
import UnknotEngine

/// A clock that stands still until it is set or moved; several devices can share one.
package final class TestClock: @unchecked Sendable {
  private let lock = NSLock()
  private var time: Int64
  private let step: Int64

  /// - Parameters:
  ///   - now: milliseconds since 1970 UTC.
  ///   - step: by how many it moves whenever somebody looks.
  package init(_ now: Int64, step: Int64 = 0) {
    time = now
    self.step = step
  }

  package var now: Int64 {
    lock.withLock {
      time += step
      return time
    }
  }
  package func set(_ now: Int64) { lock.withLock { time = now } }
  package func advance(seconds: Int64) { lock.withLock { time += seconds * 1000 } }
}

/// A clock that the test sets, and randomness that it seeds.
package final class TestEnvironment: ReplicaEnvironment, @unchecked Sendable {
  package let clock: TestClock
  private let lock = NSLock()
  private var generator: SeededGenerator

  /// - Parameter seed: another one for each device: two with the same randomness would write as the same actor.
  package init(seed: UInt64 = 1, clock: TestClock) {
    self.clock = clock
    generator = SeededGenerator(seed: seed)
  }

  /// With a clock of its own.
  package convenience init(seed: UInt64 = 1, now: Int64 = 1_700_000_000_000) {
    self.init(seed: seed, clock: TestClock(now))
  }

  package func set(_ now: Int64) { clock.set(now) }
  package func now() -> Int64 { clock.now }
  package func randomBytes(_ count: Int) -> [UInt8] { lock.withLock { generator.bytes(count) } }
}
