public import UnknotEngine

extension JournalTransaction {
  fileprivate func show(_ entry: HistoryEntry, _ type: RecordType?) throws -> HistoryItem {
    let change = entry.change
    let action: String =
      switch change.shape.action {
      case .create: "create"
      case .edit: change.shape.fields.isEmpty ? "restore" : "edit"
      case .delete: "delete"
      }
    return HistoryItem(
      id: change.dot.description, shortID: shortID(change.dot), action: action,
      device: try reader.deviceName(of: change.dot.actor),
      recordedAt: moment(change.recordedAt), isAhead: isAhead(change.recordedAt),
      operation: entry.operation.description,
      fields: change.shape.fields.map {
        ($0.description, FieldValue(entry.values[$0] ?? .null, type?.field($0.field)))
      })
  }

  fileprivate func forEachListed(
    _ type: RecordType, _ filter: ListFilter, _ each: (JournalRecord) throws -> Void
  ) throws {
    // How many have to be looked at for so many that are wanted is not known before.
    var range = filter.range
    range.limit = nil
    let limit = filter.limit ?? .max
    guard limit > 0 else { return }
    var count = 0
    try filter.check(type)
    let parent = RecordType.all.first { $0.childName == type.name }
    func isWanted(_ record: StoredRecord) throws -> Bool {
      // What belongs to something is chosen by what it says itself.
      guard parent != nil || filter.isMet(by: record) else { return false }
      guard filter.hasDays else { return true }
      return filter.contains(try day(of: record))
    }
    let after = try filter.after.map { try cursor($0, type) }
    if type.isSingle {
      if after == nil, let record = try single(type), try isWanted(record) { try each(try show(record)) }
      return
    }
    if parent != nil, filter.isOfRemoved { return }
    guard let parent else {
      range.after = after.map { RecordPlace(time: $0.time, id: $0.record) }
      return try reader.forEachRecord(in: type.name, range) { record in
        guard try isWanted(record) else { return true }
        try each(try show(record, includeRemoved: filter.includesRemoved || filter.isOfRemoved))
        count += 1
        return count < limit
      }
    }
    let above = try after.flatMap { try reader.record($0.record, fields: [])?.parent }
    let isStray = try after != nil && above.map { try !isRecord($0, of: parent) } ?? true
    var parents: Set<Dot> = []
    try reader.forEachRecord(in: parent.name, range) { record in
      guard try isWanted(record) else { return true }
      parents.insert(record.id)
      if let after, try isStray || place(record.id, isBefore: after, above) { return true }
      var children = try children(type, of: record.id, includeRemoved: true, fields: [])
      if let after, record.id == above, let last = children.firstIndex(where: { $0.id == after.record }) {
        children.removeFirst(last + 1)
      }
      if !filter.includesRemoved { children.removeAll { !$0.isPresent } }
      children = try children.filter { try isMet(filter, by: $0.id) }
      for child in children.prefix(limit - count) { try each(try show(child.id)) }
      count += min(children.count, limit - count)
      return count < limit
    }
    guard count < limit else { return }
    var strays = try strays(type, of: parent, besides: parents, filter)
    if isStray, let last = strays.firstIndex(where: { $0 == after?.record }) { strays.removeFirst(last + 1) }
    for id in strays where count < limit {
      guard let record = try reader.record(id), try isWanted(record), filter.isMet(by: record) else {
        continue
      }
      try each(try show(record))
      count += 1
    }
  }

  private func isMet(_ filter: ListFilter, by child: Dot) throws -> Bool {
    try !filter.choosesByContent || reader.record(child).map { filter.isMet(by: $0) } ?? false
  }

  /// A record after which a list goes on.
  private struct Cursor {
    let record: Dot
    /// By which it, or what it belongs to, is listed.
    let time: Int64
  }

  /// - Parameter text: an id, or `MILLISECONDS@ID`.
  private func cursor(_ text: String, _ type: RecordType) throws -> Cursor {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    let record = try record(String(parts[parts.count - 1]), type: type).id
    guard parts.count == 2 else { return Cursor(record: record, time: try listedTime(of: record)) }
    guard let time = Int64(parts[0]) else {
      throw KitError(
        .invalidValue, "\(text) is not the end of a page", hint: "give its last record's id")
    }
    return Cursor(record: record, time: time)
  }

  /// Bouts and steps are listed by what they belong to.
  fileprivate func listedTime(of record: Dot) throws -> Int64 {
    let table = try reader.kind(of: record)
    let parent = RecordType.all.first { $0.childName.map { bytewiseEqual($0, table) } ?? false }
    let above = try reader.record(record, fields: [])?.parent
    guard let parent, let above, try isRecord(above, of: parent) else {
      return try reader.place(of: record).time
    }
    return try reader.place(of: above).time
  }

  private func isRecord(_ record: Dot, of type: RecordType) throws -> Bool {
    try reader.record(record, fields: []).map { bytewiseEqual($0.kind, type.name) } ?? false
  }

  /// Whether a parent is listed before the one of the record after which the list goes on.
  private func place(_ parent: Dot, isBefore after: Cursor, _ above: Dot?) throws -> Bool {
    guard let above, parent != above else { return false }
    let place = try reader.place(of: parent)
    return place.time > after.time || place.time == after.time && place.id > above
  }

  /// Records that belong to something else than their kind does, as a file can bring them: what is not listed cannot be
  /// removed either.
  private func strays(
    _ type: RecordType, of parent: RecordType, besides parents: Set<Dot>, _ filter: ListFilter
  ) throws -> [Dot] {
    var known: [Dot: Bool] = [:]
    var strays: [Dot] = []
    try reader.scan(type.name, fields: [], includeRemoved: filter.includesRemoved) { record in
      if let id = record.parent {
        guard !parents.contains(id) else { return }
        let isOfKind =
          try known[id] ?? reader.record(id, fields: []).map { bytewiseEqual($0.kind, parent.name) } ?? false
        known[id] = isOfKind
        if isOfKind { return }
      }
      strays.append(record.id)
    }
    return strays
  }
}

extension Journal {
  /// The words that `list` takes.
  public static let listable = RecordType.all.map(\.plural)

  /// Newest first. Bouts and steps by what they belong to, and there in order.
  ///
  /// - Parameters:
  ///   - plural: "sessions", "pain", "bouts", "routines", "steps"; or the name of the kind, "session".
  ///   - filter: which of them.
  public func list(_ plural: String, _ filter: ListFilter = ListFilter()) throws(KitError) -> [JournalRecord]
  {
    try list(plural, filter) { try $0.array() }
  }

  static func type(listed word: String) throws(KitError) -> RecordType {
    guard let type = RecordType(listed: word) else {
      throw KitError(
        .usage, "\(word) cannot be listed",
        hint: (Self.listable.nearest(to: word).map { "did you mean \($0)? " } ?? "") + "there are: "
          + Self.listable.joined(separator: ", "))
    }
    return type
  }

  /// The same one by one.
  public func list<T>(
    _ plural: String, _ filter: ListFilter = ListFilter(),
    _ body: (JournalSequence<JournalRecord>) throws -> T
  ) throws(KitError) -> T {
    try read { session in
      let type = try Self.type(listed: plural)
      return try body(JournalSequence { each in try session.forEachListed(type, filter, each) })
    }
  }

  /// Where a record stands in the list of its kind: for `ListFilter.after`. Other than its id, it still says so when the
  /// record's time is edited before the next page is asked for.
  public func cursor(after id: String) throws(KitError) -> String {
    try read { session in
      let record = try session.record(id).id
      return "\(try session.listedTime(of: record))@\(session.shortID(record))"
    }
  }

  /// Records by their ids, one by one.
  public func records<T>(
    _ ids: [String], _ body: (JournalSequence<JournalRecord>) throws -> T
  ) throws(KitError) -> T {
    try read { session in
      try body(
        JournalSequence { each in for id in ids { try each(try session.show(try session.record(id))) } })
    }
  }

  /// One record by its id, also one that was removed.
  ///
  /// - Throws: `KitError` of the kind `notFound` where there is none, or where the id is too short to be unique.
  public func show(_ id: String) throws(KitError) -> JournalRecord {
    try read { session in try session.show(try session.record(id)) }
  }

  ///
  /// - Parameters:
  ///   - id: of the record.
  ///   - assignments: `FIELD=VALUE`, each; an empty value empties the field.
  ///   - form: where the journal stood when the person saw the record; nil: as it stands now.
  public func edit(_ id: String, _ assignments: [String], asOf form: Form? = nil) throws(KitError)
    -> Written
  {
    try write("edit", asOf: form) { session in
      let record = try session.record(id)
      return try session.written(try session.edit(record, assignments) ? [record.id] : [])
    }
  }

  /// Removes all of these records, or none; what belongs to them goes with them. `restore` brings them back.
  ///
  /// - Returns: without those that were removed already.
  public func remove(_ ids: [String]) throws(KitError) -> Written {
    try write("rm") { session in
      let records = try ids.map { try session.record($0) }
      return try session.written(try records.filter { try session.remove($0) }.map(\.id))
    }
  }

  /// Brings back all of these records that were removed, or none.
  ///
  /// - Returns: without those that are there already.
  public func restore(_ ids: [String]) throws(KitError) -> Written {
    try write("restore") { session in
      let records = try ids.map { try session.record($0) }
      return try session.written(try records.filter { try session.restore($0) }.map(\.id))
    }
  }

  /// Every change of a record, oldest first.
  public func history(_ id: String) throws(KitError) -> [HistoryItem] { try history(id) { try $0.array() } }

  /// The same one by one.
  public func history<T>(
    _ id: String, _ body: (JournalSequence<HistoryItem>) throws -> T
  ) throws(KitError) -> T {
    try read { session in
      let id = try session.record(id).id
      let type = RecordType.named(try session.reader.kind(of: id))
      return try body(
        JournalSequence { each in
          try session.reader.forEachChange(of: id) { try each(try session.show($0, type)) }
        })
    }
  }

  // MARK: Undo

  /// Takes back an operation of this device; without an id, the last one that is in force.
  public func undo(_ operation: String? = nil) throws(KitError) -> Undone {
    let id = try operation.map { text throws(KitError) in try read { try $0.dot(text) } }
    return try undone(try undo(id), isRedo: false)
  }

  /// Takes back the last undo, as long as nothing else was written since.
  public func redo() throws(KitError) -> Undone {
    try undone(try redoLast(), isRedo: true)
  }

  private func undone(_ reverted: Reverted, isRedo: Bool) throws(KitError) -> Undone {
    try readBack { session in
      let isTaken = reverted.operation.isImport && !isRedo && !reverted.changed.isEmpty
      return Undone(
        label: reverted.operation.label, operation: session.shortID(reverted.operation.id),
        records: reverted.changed.map(\.description),
        kept: reverted.keptLater.map { (session.shortID($0.record), $0.field.description) },
        decided: try reverted.decided.compactMap { try session.show($0) },
        notices: !isTaken
          ? []
          : [
            Notice(
              level: .warning,
              text:
                "this takes back what that import had brought, here and with the next file on your other devices too: \(.redo) brings it back"
            )
          ])
    }
  }
}

/// What an undo or a redo did.
public struct Undone: Sendable {
  /// The command that was taken back, and its id.
  public let label: String
  /// The operation's short id.
  public let operation: String
  /// The full ids of the records that were written: of an import, any number.
  public let records: [String]
  /// Fields that have been written again since, and were left as they are.
  public let kept: [(record: String, field: String)]
  /// Conflicts that the operation had decided, and that are not back: an undo is one write, and has seen all values.
  public let decided: [DecidedConflict]
  /// What the person should know about it.
  public let notices: [Notice]
}

/// What another device wrote and is not shown again.
public struct DecidedConflict: Sendable {
  /// The record's short id.
  public let record: String
  /// The field's name; `FIELD/KEY` of one key of a set or a map, or `presence`.
  public let field: String
  /// Of a place in an order, what the record is a part of: such a field is moved, not edited.
  public let parent: String?
  /// Some of them, in words, and as `edit` takes it; presence is "keep" or "delete", a place in an order "first" or
  /// "after ID".
  public let values: [(text: ToldText, device: String)]
  /// How many there are beside those.
  public let more: Int
}

extension JournalTransaction {
  /// Nil of a field that is not a person's to decide.
  fileprivate func show(
    _ decided: (record: Dot, field: FieldName, others: [StoredField.Entry])
  ) throws -> DecidedConflict? {
    guard let record = try record(decided.record) else { return nil }
    let type = RecordType.named(record.kind)
    if decided.field != .presence, let type, !isForPeople(decided.field, of: record, type) { return nil }
    let field = decided.field.isMapKey ? nil : type?.field(decided.field.field)
    return DecidedConflict(
      record: shortID(record.id), field: decided.field.description,
      parent: field?.kind == .order ? record.parent.map { shortID($0) } : nil,
      values: try decided.others.prefix(ToldText.most).map { entry in
        let value = try reader.value(of: decided.field, writtenBy: entry.dot)
        let text =
          if decided.field == .presence {
            value == .removed ? "delete" : "keep"
          } else if field?.kind == .order {
            try before(record, with: value).map { "after \(shortID($0.id))" } ?? "first"
          } else {
            FieldValue(value, field).json.plain
          }
        return (ToldText(text), try reader.deviceName(of: entry.dot.actor))
      }, more: max(0, decided.others.count - ToldText.most))
  }
}
