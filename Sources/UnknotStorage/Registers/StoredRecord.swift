public import UnknotCausality

/// A record as its registers stand.
public struct StoredRecord: Sendable, Identifiable {
  public let id: Dot
  /// Of which kind it is: the name of a `RecordKind`.
  public let kind: String
  public let parent: Dot?
  /// When the creating change was recorded, in ms.
  public let createdAt: Int64
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
  public struct Entry: Hashable, Sendable {
    public let dot: Dot
    /// When its device's clock said that it was written, in ms.
    public let recordedAt: Int64

    public init(dot: Dot, recordedAt: Int64) {
      self.dot = dot
      self.recordedAt = recordedAt
    }
  }

  /// The one whose value is shown first, then the others as the register has them.
  public let entries: [Entry]
  public let visible: Value
  /// Two or more different values.
  public let isInConflict: Bool

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

  public init(time: Int64, id: Dot) {
    self.time = time
    self.id = id
  }
}

/// Which records of a table are wanted.
public struct RecordFilter: Sendable {
  /// In ms; `since` is included, `until` is not.
  public var since: Int64?
  public var until: Int64?
  public var limit: Int?
  /// Only what is listed after it: newer records come before.
  public var after: RecordPlace?
  /// Also those that were removed, or whose parent was.
  public var includeRemoved = false

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
  public let change: Change
  /// The first change of the operation that it is part of.
  public let operation: Dot
  public let values: [FieldName: Value]
}

/// Which register is in conflict.
public struct ConflictKey: Hashable, Sendable {
  public let record: Dot
  public let field: FieldName

  public init(record: Dot, field: FieldName) {
    self.record = record
    self.field = field
  }
}

extension ConflictKey: Comparable {
  public static func < (left: ConflictKey, right: ConflictKey) -> Bool {
    left.record == right.record ? left.field < right.field : left.record < right.record
  }
}
