/// One write to one record by one actor; stored as it is and never altered. Its context is kept beside it
/// (`ContextDelta`), since it moves once per import and not once per change.
public struct Change: Hashable, Sendable {
  public let dot: Dot
  public let shape: Shape
  /// For an edit or a delete the record; for a create the parent, where there is one.
  public let subject: Dot?
  /// Milliseconds since 1970 UTC by the writer's wall clock.
  public let recordedAt: Int64
  /// Whether this change is the first of its operation: one command of one person, undone as one.
  public let beginsOperation: Bool
  /// The values, in the order of the shape's fields (`Body`).
  public let body: [UInt8]

  public init(
    dot: Dot, shape: Shape, subject: Dot?, recordedAt: Int64, beginsOperation: Bool, body: [UInt8]
  ) {
    self.dot = dot
    self.shape = shape
    self.subject = subject
    self.recordedAt = recordedAt
    self.beginsOperation = beginsOperation
    self.body = body
  }

  /// The record that the change makes, edits or deletes.
  public var record: Dot { shape.action == .create ? dot : subject ?? dot }

  /// - Throws: `MalformedBytes`. References come by their canonical names.
  public func values() throws -> [FieldName: Value] {
    let values = try Body.decode(body[...], count: shape.fields.count)
    return Dictionary(uniqueKeysWithValues: zip(shape.fields, values))
  }
}

/// From change `at` on, until the next delta of the same actor, the actor's context differs from the one before
/// by these entries (seq 0 takes an entry away). The actor's own entry is never among them: it is `seq − 1`.
public struct ContextDelta: Hashable, Sendable {
  public let at: Dot
  /// In actor order.
  public let entries: [Dot]

  public init(at: Dot, entries: [Dot]) {
    self.at = at
    self.entries = entries.sorted()
  }
}

/// A gap-free run of one actor's changes under one context. Of changes that were forgotten (`merge.md`,
/// "Forgetting") it has the hashes instead.
public struct ChangeRun: Sendable {
  public let context: ContextDelta?
  public let changes: [Change]
  public let forgotten: ForgottenChanges?

  public init(context: ContextDelta?, changes: [Change]) {
    self.context = context
    self.changes = changes
    forgotten = nil
  }

  public init(context: ContextDelta?, forgotten: ForgottenChanges) {
    self.context = context
    changes = []
    self.forgotten = forgotten
  }

  /// nil for a run of nothing.
  public var first: Dot? { forgotten?.first ?? changes.first?.dot }
  public var count: UInt64 { forgotten?.count ?? UInt64(changes.count) }
}

/// Changes that happened and are no longer known: nothing that any register holds was written by them.
public struct ForgottenChanges: Hashable, Sendable {
  public let first: Dot
  /// `ChangeHash.byteCount` bytes each, in order.
  public let hashes: [UInt8]

  /// - Parameter hashes: of at least one change.
  public init?(first: Dot, hashes: [UInt8]) {
    guard !hashes.isEmpty, hashes.count % ChangeHash.byteCount == 0 else { return nil }
    self.first = first
    self.hashes = hashes
  }

  public var count: UInt64 { UInt64(hashes.count / ChangeHash.byteCount) }
  public var firstHash: [UInt8] { Array(hashes.prefix(ChangeHash.byteCount)) }
  /// Of the change of that place, from 0.
  public func hash(at place: UInt64) -> ChangeHash? {
    guard place < count else { return nil }
    return ChangeHash(hashes.dropFirst(Int(place) * ChangeHash.byteCount).prefix(ChangeHash.byteCount))
  }

  public var lastHash: [UInt8] { Array(hashes.suffix(ChangeHash.byteCount)) }

  /// Without so many at the front; nil if none is left.
  public func dropFirst(_ count: UInt64) -> ForgottenChanges? {
    guard count < self.count else { return nil }
    return ForgottenChanges(
      first: Dot(first.actor, first.seq + count),
      hashes: Array(hashes.dropFirst(Int(count) * ChangeHash.byteCount)))
  }
}
