/// How far an export or an import has come. Whoever is told may throw: then everything is taken back.
public struct Progress: Sendable {
  /// Changes written or read so far.
  public let done: UInt64
  /// Changes in all the files together. An import can end below it: what is held here already is not counted as done.
  public let total: UInt64

  /// For programs that report work of their own in the same way; both are counted in changes.
  public init(done: UInt64, total: UInt64) {
    self.done = done
    self.total = total
  }
}

/// Called after every few thousand changes.
public typealias ProgressReport = (Progress) throws -> Void
