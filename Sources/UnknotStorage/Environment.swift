/// Everything that the library may not fetch by itself.
public protocol Environment: Sendable {
  /// Milliseconds since 1970 UTC by the wall clock.
  func now() -> Int64
  /// Unpredictable bytes: names of actors, devices and journals are made of them.
  func randomBytes(_ count: Int) -> [UInt8]
}

/// How a table's records are listed and ordered. Everything else about a table is in its changes.
public struct TableSchema: Hashable, Sendable {
  public let name: String
  /// The field, a `Value.time`, by which records are listed; without one, by when they were created.
  public let timeField: String?
  /// The field, a text, whose order keys put the records of one parent in order; without one, their ids do.
  public let orderField: String?
  /// All its records stand for one thing (`StoreReader.united`).
  public let isSingle: Bool
  /// Fields that are derived from the one of their key, and are taken back with it alone.
  public let followers: [String: [String]]

  public init(
    name: String, timeField: String? = nil, orderField: String? = nil, isSingle: Bool = false,
    followers: [String: [String]] = [:]
  ) {
    self.name = name
    self.isSingle = isSingle
    self.followers = followers
    self.timeField = timeField
    self.orderField = orderField
  }
}
