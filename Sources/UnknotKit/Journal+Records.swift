import UnknotCausality
import UnknotStorage

/// Which records a list shows.
public struct ListFilter: Sendable {
  public var since: Moment?
  /// Not included.
  public var until: Moment?
  public var limit: Int?
  /// Also removed ones, and what went with them.
  public var includesRemoved: Bool

  public init(since: Moment? = nil, until: Moment? = nil, limit: Int? = nil, includesRemoved: Bool = false) {
    self.since = since
    self.until = until
    self.limit = limit
    self.includesRemoved = includesRemoved
  }
}

extension Journal {
  /// The words that `list` takes.
  public static let listable = RecordType.all.map(\.plural)

  /// Newest first. Bouts and steps by what they belong to, and there in order.
  ///
  /// - Parameter plural: "sessions", "pain", "bouts", "routines", "steps".
  public func list(_ plural: String, _ filter: ListFilter = ListFilter()) throws(KitError) -> [JournalRecord]
  {
    try read { session in
      guard let type = RecordType.all.first(where: { bytewiseEqual($0.plural, plural) }) else {
        throw KitError(
          .usage, "\(plural) cannot be listed",
          hint: (Self.listable.nearest(to: plural).map { "did you mean \($0)? " } ?? "") + "there are: "
            + Self.listable.joined(separator: ", "))
      }
      var range = RecordFilter(
        since: filter.since?.milliseconds, until: filter.until?.milliseconds, limit: filter.limit,
        includeRemoved: filter.includesRemoved)
      if let parent = RecordType.all.first(where: { $0.childName == type.name }) {
        range.limit = nil
        var children: [StoredRecord] = []
        for record in try session.reader.records(in: parent.name, range) {
          children += try session.reader.children(
            of: record.id, in: type.name, includeRemoved: filter.includesRemoved)
          if let limit = filter.limit, children.count >= limit { break }
        }
        return try children.prefix(filter.limit ?? .max).map { try session.show($0) }
      }
      return try session.reader.records(in: type.name, range).map {
        try session.show($0, includeRemoved: filter.includesRemoved)
      }
    }
  }

  public func show(_ id: String) throws(KitError) -> JournalRecord {
    try read { session in try session.show(try session.record(id)) }
  }

  /// - Parameters:
  ///   - assignments: `FIELD=VALUE`, each; an empty value empties the field.
  ///   - form: where the journal stood when the person saw the record; nil: as it stands now.
  public func edit(_ id: String, _ assignments: [String], asOf form: JournalForm? = nil) throws(KitError)
    -> Written
  {
    try write("edit", asOf: form) { session in
      let record = try session.record(id)
      return try session.written(try session.edit(record, assignments) ? [record.id] : [])
    }
  }

  public func remove(_ ids: [String]) throws(KitError) -> Written {
    try write("rm") { session in
      let records = try ids.map { try session.record($0).id }
      return try session.written(try records.filter { try session.reader.delete($0) })
    }
  }

  public func restore(_ ids: [String]) throws(KitError) -> Written {
    try write("restore") { session in
      let records = try ids.map { try session.record($0).id }
      return try session.written(try records.filter { try session.reader.restore($0) })
    }
  }

  /// Every change of a record, oldest first.
  public func history(_ id: String) throws(KitError) -> [HistoryItem] {
    try read { session in
      let record = try session.record(id)
      let type = RecordType.named(record.table)
      return try session.reader.history(of: record.id).map { entry in
        let change = entry.change
        let action: String =
          switch change.shape.action {
          case .create: "create"
          case .edit: change.shape.fields.isEmpty ? "restore" : "edit"
          case .delete: "delete"
          }
        return HistoryItem(
          id: change.dot.description, shortID: session.shortID(change.dot), action: action,
          device: try session.reader.deviceName(of: change.dot.actor),
          recordedAt: session.moment(change.recordedAt), operation: entry.operation.description,
          fields: change.shape.fields.map {
            ($0.description, FieldValue(entry.values[$0] ?? .null, type?.field($0.field)))
          })
      }
    }
  }

  // MARK: Undo

  /// Takes back an operation of this device; without an id, the last one that is in force.
  public func undo(_ operation: String? = nil) throws(KitError) -> Undone {
    let id = try operation.map { text throws(KitError) in try read { try $0.dot(text) } }
    return try undone(try KitError.translating { try store.undo(id) })
  }

  /// Takes back the last undo, as long as nothing else was written since.
  public func redo() throws(KitError) -> Undone {
    try undone(try KitError.translating { try store.redo() })
  }

  private func undone(_ reverted: Reverted) throws(KitError) -> Undone {
    try read { session in
      Undone(
        label: reverted.operation.label, operation: session.shortID(reverted.operation.id),
        records: try reverted.changed.map { try session.show($0) },
        kept: reverted.keptLater.map { (session.shortID($0.record), $0.field.description) })
    }
  }
}

/// What an undo or a redo did.
public struct Undone: Sendable {
  /// The command that was taken back, and its id.
  public let label: String
  public let operation: String
  /// The records that were written, as they are now.
  public let records: [JournalRecord]
  /// Fields that have been written again since, and were left as they are.
  public let kept: [(record: String, field: String)]
}
