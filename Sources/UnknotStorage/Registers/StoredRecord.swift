public import UnknotCausality

/// A record as its registers stand.
public struct StoredRecord: Sendable, Identifiable {
  /// The dot of the change that created it.
  public let id: Dot
  /// Of which kind it is: the name of a `RecordKind`.
  public let kind: String
  /// The record that it belongs to, set when it was created; nil where it belongs to none.
  public let parent: Dot?
  /// When the creating change was recorded, in ms.
  public let createdAt: Int64
  /// The register of its own presence: `Value.present` or `.removed`. Whether its parents are there is not in it.
  public let presence: Register
  /// Only those that somebody wrote, and that were asked for: where not all were, texts of more than 40,000 bytes are
  /// the hashes of them, as bytes.
  public let fields: [FieldName: StoredField]
  /// The names of those that were asked for; nil: all.
  let asked: Set<String>?
  /// It and all its parents are present.
  public let isVisible: Bool

  /// Whether all its fields were asked for.
  public var isWhole: Bool { asked == nil }

  /// Whether what it has not is not there either.
  public func has(asked field: String) -> Bool { asked?.contains(field) ?? true }

  /// By its own presence alone.
  public var isPresent: Bool { presence.visible != .removed }

  /// Whether there is something to restore in its own presence.
  public var isRestorable: Bool { !isPresent || presence.isInConflict }

  /// A field's visible value; null where nobody wrote one.
  public subscript(field: String) -> Value {
    assert(has(asked: field), "\(field) was not asked for")
    return fields[FieldName(field)]?.visible ?? .null
  }

  /// What is there of a set or a map, by key in the order of their bytes.
  public func members(of field: String) -> [(key: String, value: Value)] {
    assert(has(asked: field), "\(field) was not asked for")
    let names = fields.keys.filter { $0.isMapKey && bytewiseEqual($0.field, field) }
    return names.sorted().compactMap { name in
      guard let key = name.key, let value = fields[name]?.visible, value != .removed else { return nil }
      return (key, value)
    }
  }
}

/// A field as it stands: the value that is shown, and which changes stand in its register. The other values stay in the
/// log (`StoreReader.value`): a file can bring any number of them.
public struct StoredField: Hashable, Sendable {
  /// A change whose value stands in the field's register.
  public struct Entry: Hashable, Sendable {
    /// The change.
    public let dot: Dot
    /// When its device's clock said that it was written, in ms.
    public let recordedAt: Int64

    /// - Parameter recordedAt: in ms since 1970 UTC.
    public init(dot: Dot, recordedAt: Int64) {
      self.dot = dot
      self.recordedAt = recordedAt
    }
  }

  /// The one whose value is shown first, then the others as the register has them.
  public let entries: [Entry]
  /// The value that is shown; null where the field was set to empty, or the key of a map or a set is absent.
  public let visible: Value
  /// Two or more different values.
  public let isInConflict: Bool

  /// - Parameter entries: the one whose value is `visible` comes first. This is not checked.
  public init(entries: [Entry], visible: Value, isInConflict: Bool) {
    self.entries = entries
    self.visible = visible
    self.isInConflict = isInConflict
  }
}

extension StoredField {
  /// A register whose values are at hand.
  public init(_ register: Register, visible: Value) {
    self.init(
      entries: register.entries.map { Entry(dot: $0.dot, recordedAt: $0.recordedAt) }, visible: visible,
      isInConflict: register.isInConflict)
  }

  /// One that a single change has written.
  init(dot: Dot, recordedAt: Int64, value: Value) {
    self.init(entries: [Entry(dot: dot, recordedAt: recordedAt)], visible: value, isInConflict: false)
  }
}

extension Value {
  /// As it stands in a record that is only looked at, of which there can be many: a text that is longer than any person
  /// writes as the bytes of its hash. What is equal is equal.
  var lookedAt: Value {
    guard case .text(let text) = self, text.utf8.count > 40_000 else { return self }
    return .bytes(Hashing.sha256(Array(text.utf8)))
  }
}

/// Where a record stands in the list of its table: the next page begins after it, whatever was written meanwhile.
public struct RecordPlace: Hashable, Sendable, Codable {
  /// By which it is listed, in ms.
  public let time: Int64
  /// Of one time, records are listed by their ids.
  public let id: Dot

  /// The place of a record that is listed by this time; `StoreReader.place` finds it by the id.
  public init(time: Int64, id: Dot) {
    self.time = time
    self.id = id
  }
}

/// Which records of a table are wanted.
public struct RecordFilter: Sendable {
  /// In ms; `since` is included, `until` is not.
  public var since: Int64?
  /// In ms; only what is listed by an earlier time. Nil: there is no end.
  public var until: Int64?
  /// How many records are wanted at most: none for 0 or less, all for nil.
  public var limit: Int?
  /// Only what is listed after it: newer records come before.
  public var after: RecordPlace?
  /// Also those that were removed, or whose parent was.
  public var includeRemoved = false
  /// Only what was itself removed, and not with what it belongs to.
  public var onlyRemoved = false

  /// Without any of these, all records that are visible are wanted.
  public init(
    since: Int64? = nil, until: Int64? = nil, limit: Int? = nil, after: RecordPlace? = nil,
    includeRemoved: Bool = false
  ) {
    self.since = since
    self.until = until
    self.limit = limit
    self.after = after
    self.includeRemoved = includeRemoved
  }
}

/// One change of a record, for people to read.
public struct HistoryEntry: Sendable {
  /// The change itself: a create, an edit or a delete of the record.
  public let change: Change
  /// The first change of the operation that it is part of.
  public let operation: Dot
  /// What the change wrote to each field of its shape; empty for a delete, and where it only restored the record.
  public let values: [FieldName: Value]
}

/// Which register is in conflict.
public struct ConflictKey: Hashable, Sendable {
  /// The record.
  public let record: Dot
  /// The field of it, a key of a map or a set, or `presence`.
  public let field: FieldName

  /// Names a register, whether or not it is in conflict.
  public init(record: Dot, field: FieldName) {
    self.record = record
    self.field = field
  }
}

extension ConflictKey: Comparable {
  /// By record id, then by field.
  public static func < (left: ConflictKey, right: ConflictKey) -> Bool {
    left.record == right.record ? left.field < right.field : left.record < right.record
  }
}
