import UnknotCausality
import UnknotStorage

/// How a conflict is decided.
public enum Resolution: Hashable, Sendable {
  /// The value of that number in the list, from 1.
  case take(Int)
  /// Another value, as `edit` takes it; for presence, `keep` or `delete`.
  case value(String)
}

extension Journal {
  /// Every field that devices disagree on.
  public func conflicts() throws(KitError) -> [ConflictItem] {
    try read { session in try session.reader.conflicts().map { try session.show($0) } }
  }

  public func resolve(_ id: String, field: String, _ resolution: Resolution) throws(KitError) -> Written {
    try write("resolve") { session in
      let record = try session.record(id)
      let conflicts = try session.reader.conflicts().filter { $0.record == record.id }
      guard let conflict = conflicts.first(where: { bytewiseEqual($0.field.description, field) }) else {
        throw KitError(
          .notFound, "\(field) of \(id) is not in conflict",
          hint: conflicts.isEmpty
            ? "nothing of this record is"
            : "in conflict: \(conflicts.map(\.field.description).joined(separator: ", "))")
      }
      let value = try session.value(of: resolution, conflict)
      if conflict.field == .presence {
        _ = try value == .removed ? session.reader.delete(record.id) : session.reader.restore(record.id)
      } else {
        // Of two values that devices wrote, each was checked where it was written.
        _ =
          if case .value = resolution {
            try session.edit(record, [conflict.field: value])
          } else {
            try session.reader.edit(record.id, [conflict.field: value])
          }
      }
      return try session.written([record.id])
    }
  }
}

extension JournalTransaction {
  fileprivate func show(_ conflict: Conflict) throws -> ConflictItem {
    let field = RecordType.named(conflict.table)?.field(conflict.field.field)
    return ConflictItem(
      record: try show(conflict.record), field: conflict.field.description,
      values: try conflict.register.entries.map { entry in
        let value = FieldValue(entry.value, conflict.field.isMapKey ? nil : field)
        let json: JSONValue =
          conflict.field == .presence ? .string(entry.value == .removed ? "delete" : "keep") : value.json
        return ConflictItem.Candidate(
          value: value, json: json, device: try reader.deviceName(of: entry.dot.actor),
          recordedAt: moment(entry.recordedAt))
      })
  }

  fileprivate func value(of resolution: Resolution, _ conflict: Conflict) throws -> Value {
    switch resolution {
    case .take(let number):
      guard (1...conflict.register.entries.count).contains(number) else {
        throw KitError(
          .invalidValue, "there is no value \(number)", hint: "take 1 to \(conflict.register.entries.count)")
      }
      return conflict.register.entries[number - 1].value
    case .value(let text):
      if conflict.field == .presence {
        switch text.lowercased() {
        case "keep": return .present
        case "delete": return .removed
        default: throw KitError(.invalidValue, "presence is keep or delete, not \(text)")
        }
      }
      guard let field = RecordType.named(conflict.table)?.field(conflict.field.field),
        field.isCollection == conflict.field.isMapKey
      else {
        throw KitError(
          .invalidValue, "this program does not know \(conflict.field)", hint: "choose one with --take")
      }
      if let key = conflict.field.key { return try field.value(of: text, key: key).value }
      if field.kind == .order { return .text(text) }
      return try field.value(of: text, times: journal.times, reference: reference)
    }
  }
}
