public import UnknotCausality

/// A field of a record that devices wrote different values to without knowing of each other, as it stood when it was read.
///
/// Show it to a person, and decide it with what they choose: `Replica.resolve`. The decision is written as of what was
/// shown. What came since stays in conflict with it, and is shown next.
public struct Conflict: Hashable, Sendable, Identifiable {
  /// One of the values.
  public struct Candidate: Hashable, Sendable, Identifiable {
    /// The change that wrote it: it stays the same, whatever is imported meanwhile.
    public let id: Dot
    /// Of presence, `present` or `removed`.
    public let value: Value
    /// The name of the device that wrote it.
    public let device: String
    /// When, in milliseconds since 1970 UTC by that device's clock: for people; it decides nothing.
    public let recordedAt: Int64
  }

  public let id: ConflictKey
  /// The kind of the record.
  public let kind: String
  /// The one whose value is shown until somebody decides comes first.
  public let candidates: [Candidate]
  /// Where the replica stood.
  public let form: Form

  public var record: Dot { id.record }
  public var field: FieldName { id.field }
}

extension StoreReader {
  /// A field's conflict; nil where there is none.
  ///
  /// - Throws: `StorageError`.
  public func conflict(_ key: ConflictKey) throws -> Conflict? {
    guard try isInConflict(key), let entries = try register(of: key.record, key.field)?.entries else {
      return nil
    }
    return Conflict(
      id: key, kind: try table(of: key.record),
      candidates: try entries.map {
        Conflict.Candidate(
          id: $0.dot, value: $0.value, device: try deviceName(of: $0.dot.actor), recordedAt: $0.recordedAt)
      }, form: try form)
  }
}

extension StoreWriter {
  /// Decides a conflict for one of its values. To be written as of the conflict's form.
  ///
  /// - Parameter candidate: the id of one of its candidates.
  /// - Throws: `StorageError.conflictChanged` where it is decided meanwhile, or this device has written to it;
  ///   `.invalidWrite` for an id that is not a candidate's.
  public func resolve(_ conflict: Conflict, choosing candidate: Dot) throws {
    guard let chosen = conflict.candidates.first(where: { $0.id == candidate }) else {
      throw StorageError.invalidWrite("the change \(candidate) wrote none of these values")
    }
    try resolve(conflict, with: chosen.value)
  }

  /// Decides a conflict for another value. To be written as of the conflict's form.
  ///
  /// - Parameter value: of presence, `present` or `removed`.
  /// - Throws: `StorageError.conflictChanged` where it is decided meanwhile, or this device has written to it.
  public func resolve(_ conflict: Conflict, with value: Value) throws {
    try expect(conflict)
    guard conflict.field == .presence else {
      _ = try edit(conflict.record, [conflict.field: value])
      return
    }
    _ = try value == .removed ? delete(conflict.record) : restore(conflict.record)
  }

  /// Whether it is still for the person to decide.
  private func expect(_ conflict: Conflict) throws {
    guard isWritten(asOf: conflict.form) else {
      throw StorageError.invalidWrite("a conflict is decided as of when it was shown")
    }
    let standing = try reader.register(of: conflict.record, conflict.field)?.entries.map(\.dot) ?? []
    guard try reader.isInConflict(conflict.id),
      try !standing.contains(where: { try reader.isOwn($0, since: conflict.form) })
    else { throw StorageError.conflictChanged(conflict.id) }
  }
}
