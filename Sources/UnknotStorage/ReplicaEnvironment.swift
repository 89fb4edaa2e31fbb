/// Everything that the library may not fetch by itself.
public protocol ReplicaEnvironment: Sendable {
  /// Milliseconds since 1970 UTC by the wall clock.
  func now() -> Int64
  /// Unpredictable bytes: names of actors, devices and journals are made of them.
  func randomBytes(_ count: Int) -> [UInt8]
}
