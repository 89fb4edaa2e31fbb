public import UnknotCausality
public import UnknotStorage

extension Replica {
  /// Fields that devices disagree on, by record and then by field.
  ///
  /// - Parameter limit: so many at most: a file can bring any number.
  /// - Throws: `StorageError`, `CancellationError`.
  public func conflicts(limit: Int = 100) async throws -> [Conflict] {
    try await read { session in
      try session.conflictKeys().prefix(limit).compactMap { try session.conflict($0) }
    }
  }

  /// Decides a conflict for one of its values, as of what was shown: what was imported since then stays in conflict with
  /// the decision.
  ///
  /// - Parameters:
  ///   - conflict: as it was shown.
  ///   - candidate: the id of one of its candidates.
  /// - Throws: `StorageError.conflictChanged` where it is decided meanwhile, or this device has written to the field:
  ///   show it anew.
  public func resolve(_ conflict: Conflict, choosing candidate: Dot) async throws {
    try await write("resolve", asOf: conflict.form) { try $0.resolve(conflict, choosing: candidate) }
  }

  /// Decides a conflict for another value, likewise.
  ///
  /// - Parameters:
  ///   - conflict: as it was shown.
  ///   - value: of presence, `present` or `removed`.
  public func resolve(_ conflict: Conflict, with value: Value) async throws {
    try await write("resolve", asOf: conflict.form) { try $0.resolve(conflict, with: value) }
  }
}
