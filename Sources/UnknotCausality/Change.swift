/// One write to one record by one actor; stored as it is and never altered. Its context is kept beside it
/// (`ContextDelta`), since it moves once per import and not once per change.
public struct Change: Hashable, Sendable {
  /// The change's name: its actor and seq. For a create it is the record's id.
  public let dot: Dot
  /// What it does, to which kind of record, and to which fields.
  public let shape: Shape
  /// For an edit or a delete the record; for a create the parent, where there is one.
  public let subject: Dot?
  /// Milliseconds since 1970 UTC by the writer's wall clock.
  public let recordedAt: Int64
  /// Whether this change is the first of its operation: one command of one person, undone as one.
  public let beginsOperation: Bool
  /// The values, in the order of the shape's fields (`Body`).
  public let body: [UInt8]

  /// Takes the parts as they are: whether they fit together is not checked.
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
  /// The actor's first change under the new context.
  public let at: Dot
  /// In actor order.
  public let entries: [Dot]

  /// - Parameter entries: in any order; they are sorted.
  public init(at: Dot, entries: [Dot]) {
    self.at = at
    self.entries = entries.sorted()
  }
}

/// A gap-free run of one actor's changes under one context. Of changes that were forgotten (`merge.md`,
/// "Forgetting") it has the hashes instead.
public struct ChangeRun: Sendable {
  /// How the context moves at the run's first change; nil where it goes on under the one before.
  public let context: ContextDelta?
  /// In ascending order of seq; empty where the changes were forgotten.
  public let changes: [Change]
  /// The hashes of the changes, where they were forgotten; nil where `changes` has the changes themselves.
  public let forgotten: ForgottenChanges?

  /// A run of changes that are known.
  ///
  /// - Parameter changes: of one actor, in ascending order of seq, without gaps. This is not checked.
  public init(context: ContextDelta?, changes: [Change]) {
    self.context = context
    self.changes = changes
    forgotten = nil
  }

  /// A run of changes that were forgotten.
  public init(context: ContextDelta?, forgotten: ForgottenChanges) {
    self.context = context
    changes = []
    self.forgotten = forgotten
  }

  /// nil for a run of nothing.
  public var first: Dot? { forgotten?.first ?? changes.first?.dot }
  /// How many changes the run has, whether known or forgotten.
  public var count: UInt64 { forgotten?.count ?? UInt64(changes.count) }
}

/// Changes that happened and are no longer known: nothing that any register holds was written by them.
public struct ForgottenChanges: Hashable, Sendable {
  /// The name of the first of them; the others follow it without gaps.
  public let first: Dot
  /// `ChangeHash.byteCount` bytes each, in order.
  public let hashes: [UInt8]

  /// - Parameter hashes: of at least one change.
  public init?(first: Dot, hashes: [UInt8]) {
    guard !hashes.isEmpty, hashes.count % ChangeHash.byteCount == 0 else { return nil }
    self.first = first
    self.hashes = hashes
  }

  /// How many changes they are, at least one.
  public var count: UInt64 { UInt64(hashes.count / ChangeHash.byteCount) }
  /// The hash of the first change, `ChangeHash.byteCount` bytes.
  public var firstHash: [UInt8] { Array(hashes.prefix(ChangeHash.byteCount)) }
  /// Of the change of that place, from 0.
  public func hash(at place: UInt64) -> ChangeHash? {
    guard place < count else { return nil }
    return ChangeHash(hashes.dropFirst(Int(place) * ChangeHash.byteCount).prefix(ChangeHash.byteCount))
  }

  /// The hash of the last change, `ChangeHash.byteCount` bytes.
  public var lastHash: [UInt8] { Array(hashes.suffix(ChangeHash.byteCount)) }

  /// Without so many at the front; nil if none is left.
  public func dropFirst(_ count: UInt64) -> ForgottenChanges? {
    guard count < self.count else { return nil }
    return ForgottenChanges(
      first: Dot(first.actor, first.seq + count),
      hashes: Array(hashes.dropFirst(Int(count) * ChangeHash.byteCount)))
  }
}
