import UnknotEngine

/// How a conflict is decided.
public enum Resolution: Hashable, Sendable {
  /// The value of that number in what was shown, from 1.
  case take(Int)
  /// The value that the change of that id wrote.
  case takeChange(String)
  /// Another value, as `edit` takes it; for presence, `keep` or `delete`; for an order, `first`, `last` or `after ID`.
  case value(String)
}

extension Journal {
  /// Every field that devices disagree on.
  public func conflicts() throws(KitError) -> [ConflictItem] { try conflicts { try $0.array() } }

  /// The same one by one.
  public func conflicts<T>(_ body: (JournalSequence<ConflictItem>) throws -> T) throws(KitError) -> T {
    try read { session in
      try body(
        JournalSequence { each in
          try session.forEachFieldConflict { try each(try session.show($0)) }
        })
    }
  }

  /// How many fields devices disagree on; presence counts as one.
  public func conflictCount() throws(KitError) -> Int { try read { try $0.conflictCount() } }

  /// One of them.
  ///
  /// - Parameters:
  ///   - id: of the record.
  ///   - field: as the conflict names it.
  public func conflict(_ id: String, field: String) throws(KitError) -> ConflictItem {
    try read { session in
      try session.show(try session.conflict(of: try session.record(id), called: id, field: field))
    }
  }

  /// Decides a conflict as of what was shown: what was imported since then is not overruled, but in conflict with the
  /// decision.
  ///
  /// - Throws: of the kind `notFound` where it is decided meanwhile, or was written to on this device.
  public func resolve(_ conflict: ConflictItem, _ resolution: Resolution) throws(KitError) -> Written {
    try write("resolve", asOf: conflict.form) { session in
      let record = try session.record(conflict.record.id)
      let standing = try session.conflict(of: record, called: conflict.record.shortID, field: conflict.field)
      guard
        try !standing.state.entries.contains(where: { try session.reader.isOwn($0.dot, since: conflict.form) }
        )
      else {
        throw KitError(
          .notFound, "\(conflict.field) of \(conflict.record.shortID) was changed since it was shown",
          hint: "look at it again")
      }
      try session.resolve(standing, among: conflict.values.map(\.entry), resolution)
      return try session.written([record.id])
    }
  }
}

extension JournalTransaction {
  fileprivate func conflict(of record: StoredRecord, called id: String, field: String) throws -> FieldConflict
  {
    let conflicts = try fieldConflicts(of: record)
    guard let conflict = conflicts.first(where: { bytewiseEqual($0.field.description, field) }) else {
      let source = FieldKey(rawValue: field).flatMap { RecordType.named(record.kind)?.source(of: $0) }
      throw KitError(
        .notFound, "\(field) of \(id) is not in conflict",
        hint: conflicts.isEmpty
          ? "no field of it is"
          : source.map { "decide it with \($0)" }
            ?? "in conflict: \(conflicts.map(\.field.description).joined(separator: ", "))")
    }
    return conflict
  }
}

extension JournalWriter {
  /// - Parameter entries: those that a person chose between.
  fileprivate func resolve(
    _ conflict: FieldConflict, among entries: [StoredField.Entry], _ resolution: Resolution
  ) throws {
    switch resolution {
    case .take(let number):
      guard (1...entries.count).contains(number) else {
        throw KitError(.invalidValue, "there is no value \(number)", hint: "take 1 to \(entries.count)")
      }
      try decide(conflict, for: entries[number - 1])
    case .takeChange(let text):
      let change = try dot(text)
      guard let entry = entries.first(where: { $0.dot == change }) else {
        throw KitError(
          .invalidValue, "the change \(text) wrote none of these values",
          hint: "take \(entries.map { shortID($0.dot) }.joined(separator: " or "))")
      }
      try decide(conflict, for: entry)
    case .value(let text):
      let field = RecordType.named(conflict.record.kind)?.field(conflict.field.field)
      if conflict.field != .presence, field?.kind == .order {
        _ = try move(conflict.record, to: try listPlace(written: text))
      } else {
        try decide(conflict, as: try value(text, of: conflict, field))
      }
    }
  }

  private func value(_ text: String, of conflict: FieldConflict, _ field: FieldDescription?) throws -> Value {
    if conflict.field == .presence {
      switch text.lowercased() {
      case "keep": return .present
      case "delete": return .removed
      default: throw KitError(.invalidValue, "presence is keep or delete, not \(text)")
      }
    }
    guard let field, field.isCollection == conflict.field.isMapKey else {
      throw KitError(
        .invalidValue, "this program does not know \(conflict.field)", hint: "choose one with \(.choice)")
    }
    if let key = conflict.field.key { return try field.value(of: text, key: key).value }
    return try field.value(of: text, times: times(), reference: reference)
  }

  private func listPlace(written text: String) throws -> ListPlace {
    let words = text.split(separator: " ").map(String.init)
    switch (words.first?.lowercased(), words.count) {
    case ("first", 1): return .first
    case ("last", 1): return .last
    case ("after", 2): return .after(try record(words[1]).id)
    default:
      throw KitError(
        .invalidValue, "\(text) is not a place in an order", hint: "write first, last or after ID")
    }
  }
}

extension JournalTransaction {
  func conflictCount() throws -> Int {
    var count = 0
    try forEachConflictKey { _ in count += 1 }
    return count
  }

  fileprivate func show(_ conflict: FieldConflict) throws -> ConflictItem {
    let field = RecordType.named(conflict.record.kind)?.field(conflict.field.field)
    let record = conflict.record
    return ConflictItem(
      record: try show(record), field: conflict.field.description,
      values: try conflict.state.entries.map { entry in
        let written = try reader.value(of: conflict.field, writtenBy: entry.dot)
        let value = FieldValue(written, conflict.field.isMapKey ? nil : field)
        let json: JSONValue =
          conflict.field == .presence ? .string(written == .removed ? "delete" : "keep") : value.json
        return ConflictItem.Candidate(
          value: value, json: json,
          place: field?.kind == .order ? try place(of: record, with: written) : nil,
          device: try reader.deviceName(of: entry.dot.actor),
          recordedAt: moment(entry.recordedAt), isAhead: isAhead(entry.recordedAt),
          entry: entry, change: entry.dot.description)
      }, form: try reader.form)
  }

  /// Where a record would stand with that order key: "first", "after ql".
  func place(of record: StoredRecord, with key: Value) throws -> String {
    guard let before = try before(record, with: key) else { return "first" }
    guard case .text(let target) = before[.target] else { return "after \(shortID(before.id))" }
    return "after \(target) [\(shortID(before.id))]"
  }

  /// What a record would come after with that order key; nil: it would be the first.
  func before(_ record: StoredRecord, with key: Value) throws -> StoredRecord? {
    guard let type = RecordType.named(record.kind), let field = type.orderField, let parent = record.parent
    else { return nil }
    func bytes(_ value: Value) -> [UInt8] { if case .text(let key) = value { Array(key.utf8) } else { [] } }
    let own = bytes(key)
    let others = try children(type, of: parent, fields: [.target]).filter {
      $0.id != record.id
    }
    return others.last { other in
      let key = bytes(other[field])
      return key == own ? other.id < record.id : key.lexicographicallyPrecedes(own)
    }
  }
}
