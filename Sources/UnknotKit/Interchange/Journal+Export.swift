import UnknotEngine

/// What leaves the journal for other programs: every visible record, and what is visible in it.
public struct ExportedRecord: Sendable {
  /// Its kind.
  public let type: RecordType
  /// `ACTOR-SEQ` in full: stable for ever.
  public let id: String
  /// The name of the device that made it.
  public let device: String
  /// When it was made, by that device's clock.
  public let recordedAt: Moment
  /// What it holds; a session has its bouts in it only where the export was asked for them.
  public let record: JournalRecord

  /// Of the fields that hold something; references by their full ids.
  public var json: JSONValue {
    var members: [(String, JSONValue)] = [
      ("id", .string(id)), ("type", .string(type.name)), ("device", .string(device)),
      ("recorded_at", .string(recordedAt.rfc3339)),
    ]
    members += record.fields.filter { !$0.value.isEmpty }.map { ($0.name, $0.value.json) }
    return .object(members)
  }

  /// The columns of its kind's table.
  public static func columns(_ type: RecordType) -> [String] {
    ["id", "type", "device", "recorded_at"] + type.fields.map(\.name)
  }

  /// A cell for each of those: words of a set with ; between, a map as JSON.
  public var cells: [String] {
    [id, type.name, device, recordedAt.rfc3339]
      + type.fields.map { field in
        let value = record[field.key]
        if value.isEmpty { return "" }
        switch field.kind {
        case .set: return value.keys.joined(separator: ";")
        case .map: return value.json.compact
        default: return value.json.plain
        }
      }
  }
}

extension Journal {
  /// Every visible record, the oldest of its kind first, each kind after those that it refers to.
  ///
  /// One transaction, in the memory of a record and of the ids of one kind. Sessions that still run are left out.
  ///
  /// - Parameters:
  ///   - withBouts: sessions have their bouts in them.
  ///   - began: is told of each kind before its records come.
  ///   - each: gets the records one by one.
  public func export(
    withBouts: Bool = false, began: (RecordType) throws -> Void = { _ in },
    _ each: (ExportedRecord) throws -> Void
  ) throws(KitError) {
    try read { session in
      for type in RecordType.inOrder {
        try began(type)
        var ids: [Dot] = []
        if type.isSingle {
          ids = try session.single(type, fields: []).map { [$0.id] } ?? []
        } else {
          try session.reader.scan(type.name, fields: [FieldName(.status)]) {
            if type != .session || $0.values[0] != SessionStatus.running.value { ids.append($0.id) }
          }
        }
        for id in ids {
          guard let stored = try session.record(id), stored.isVisible else { continue }
          if type == .bout, let parent = try stored.parent.flatMap({ try session.reader.record($0) }),
            parent[.status] == SessionStatus.running.value
          {
            continue
          }
          let record = try session.show(stored, withChildren: withBouts && type == .session)
          try each(
            ExportedRecord(
              type: type, id: record.id, device: record.device, recordedAt: record.recordedAt, record: record)
          )
        }
      }
    }
  }

  /// The document around the records of a JSON export: what comes before them and after.
  public static let jsonSchemaName = "unknot-records-1"
}
