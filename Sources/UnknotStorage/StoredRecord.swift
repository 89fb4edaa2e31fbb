public import UnknotCausality

/// A record as its registers stand.
public struct StoredRecord: Sendable {
  public let id: Dot
  public let table: String
  public let parent: Dot?
  /// When the creating change was recorded, in ms.
  public let createdAt: Int64
  public let presence: Register
  /// Only registers that somebody wrote.
  public let fields: [FieldName: Register]
  /// It and all its parents are present.
  public let isVisible: Bool

  /// By its own presence alone.
  public var isPresent: Bool { presence.visible != .removed }

  /// Whether there is something to restore in its own presence.
  public var isRestorable: Bool { !isPresent || presence.isInConflict }

  /// A field's visible value; null where nobody wrote one.
  public subscript(field: String) -> Value { fields[FieldName(field)]?.visible ?? .null }
}

extension StoreReader {
  /// Several records that stand for one thing, made by devices that did not know of each other, as one: of each
  /// field, whatever no other write has seen. It bears the id of the one that was made first.
  public func united(_ records: [StoredRecord]) throws -> StoredRecord? {
    let sorted = records.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    guard let first = sorted.first, sorted.count > 1 else { return sorted.first }
    var fields: [FieldName: Register] = [:]
    for name in Set(sorted.flatMap(\.fields.keys)) {
      fields[name] = Register(try unseen(sorted.flatMap { $0.fields[name]?.entries ?? [] }), rule: name.rule)
    }
    return StoredRecord(
      id: first.id, table: first.table, parent: first.parent, createdAt: first.createdAt,
      presence: first.presence, fields: fields, isVisible: first.isVisible)
  }

  /// Those entries that the writer of no other one had seen. A file can bring any number: an actor's last change has
  /// seen whatever its earlier ones had, so one context of each actor is enough.
  private func unseen(_ entries: [RegisterEntry]) throws -> [RegisterEntry] {
    let packed = entries.map { names.pack($0.dot) }
    var last: [Int64: LocalDot] = [:]
    for case let dot? in packed { last[Packing.actor(dot)] = max(last[Packing.actor(dot)] ?? 0, dot) }
    var seen = LocalClock()
    for dot in last.values {
      for (actor, seq) in try context(of: dot).entries where seq > seen[actor] { seen[actor] = seq }
    }
    return zip(entries, packed).filter { $1.map { !seen.covers($0) } ?? true }.map(\.0)
  }
}

/// Which records of a table are wanted.
public struct RecordFilter: Sendable {
  /// In ms; `since` is included, `until` is not.
  public var since: Int64?
  public var until: Int64?
  public var limit: Int?
  /// Also those that were removed, or whose parent was.
  public var includeRemoved = false

  public init(since: Int64? = nil, until: Int64? = nil, limit: Int? = nil, includeRemoved: Bool = false) {
    self.since = since
    self.until = until
    self.limit = limit
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

/// A register that holds two or more different values.
public struct Conflict: Sendable {
  public let record: Dot
  /// The record's.
  public let table: String
  public let field: FieldName
  /// The visible entry first.
  public let register: Register
}
