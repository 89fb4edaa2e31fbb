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

  /// Which field of which record it is.
  public let id: ConflictKey
  /// The kind of the record.
  public let kind: String
  /// The one whose value is shown until somebody decides comes first.
  public let candidates: [Candidate]
  /// Where the replica stood.
  public let form: Form

  /// The record whose field is in conflict; it may be removed.
  public var record: Dot { id.record }
  /// The field that is in conflict, a key of a map or a set, or `presence`.
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
      id: key, kind: try kind(of: key.record),
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
    guard form == conflict.form else {
      throw StorageError.invalidWrite("a conflict is decided as of when it was shown")
    }
    try decide(conflict.id, as: value)
  }

  /// Decides a conflict of which only the key is at hand, for one of the values that still stand. To be written as of the
  /// form with which it was shown.
  ///
  /// - Parameter candidate: the id of the change that wrote the value.
  /// - Throws: `StorageError.conflictChanged` where it is decided meanwhile, this device has written to it, or the value
  ///   is overwritten; `.invalidWrite` without a form.
  public func resolve(_ key: ConflictKey, choosing candidate: Dot) throws {
    guard form != nil else {
      throw StorageError.invalidWrite("a conflict is decided as of when it was shown")
    }
    guard let chosen = try reader.conflict(key)?.candidates.first(where: { $0.id == candidate }) else {
      throw StorageError.conflictChanged(key)
    }
    try decide(key, as: chosen.value)
  }

  private func decide(_ key: ConflictKey, as value: Value) throws {
    // Whether it is still for the person to decide.
    let standing = try reader.register(of: key.record, key.field)?.entries.map(\.dot) ?? []
    guard let form, try reader.isInConflict(key),
      try !standing.contains(where: { try reader.isOwn($0, since: form) })
    else { throw StorageError.conflictChanged(key) }
    guard key.field == .presence else {
      _ = try edit(key.record, [key.field: value])
      return
    }
    _ = try value == .removed ? delete(key.record) : restore(key.record)
  }
}
