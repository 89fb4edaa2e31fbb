internal import UnknotPlatform
public import UnknotStorage

/// The wall clock and the randomness of the system that the program runs on: what an app gives to a replica.
///
/// Tests give it one of their own, with a clock that they set and bytes from a seed.
public struct SystemEnvironment: ReplicaEnvironment {
  /// Takes nothing: both are the system's.
  public init() {}

  /// The system's wall clock, in milliseconds since 1970 UTC. It can jump when somebody sets it.
  public func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// So many unpredictable bytes from the system's generator of random numbers.
  public func randomBytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
  }
}
