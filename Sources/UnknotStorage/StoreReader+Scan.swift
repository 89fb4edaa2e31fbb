public import UnknotCausality

/// Some fields of a record, as they stand: what figures over many records are made of.
public struct ScannedRecord {
  /// The table's time field, or else when it was recorded, in ms.
  public let time: Int64
  /// When the creating change was recorded, in ms.
  public let createdAt: Int64
  public let parent: Dot?
  /// In the order in which the fields were asked for; null where nobody wrote one; of a text of more than 40,000 bytes
  /// its hash, as bytes.
  public let values: [Value]
  public let id: Dot
}

extension StoreReader {
  /// Goes through the records of a table, the visible ones if not said otherwise, the oldest first; of one time, in no order.
  ///
  /// Only records that were written to after they were made cost more than a row each, so that a million are gone
  /// through within seconds, in the memory of one.
  public func scan(
    _ table: String, fields wanted: [FieldName], since: Int64? = nil, until: Int64? = nil,
    includeRemoved: Bool = false, _ body: (ScannedRecord) throws -> Void
  ) throws {
    guard let number = try names.existingTable(table) else { return }
    var columns: [Int64: [Int]] = [:]
    var parents: [ChangeKey: (id: Dot, isVisible: Bool)] = [:]
    // CROSS: in the order of the listing, never through the log first.
    let rows = try statements[
      """
      SELECT change.key, shape, subject, recorded_at, begins, body, listing.time,
        EXISTS (SELECT 1 FROM entry WHERE entry.record = change.key)
      FROM listing CROSS JOIN change ON change.key = listing.record
      WHERE record_table = ?1 AND time >= ?2 AND (time < ?3 OR ?3 IS NULL) AND present >= ?4 ORDER BY time
      """
    ].bind(number, at: 1).bind(since ?? .min, at: 2).bind(until, at: 3)
      .bind(includeRemoved ? 0 : 1, at: 4)
    try rows.eachRow { row in
      let creation = LogRow(row)
      let id = try lines.name(of: creation.key)
      var parent: Dot?
      if let subject = creation.subject {
        if parents[subject] == nil {
          let known = try lines.name(of: subject)
          parents[subject] = (known, try record(known, fields: [])?.isVisible ?? false)
        }
        guard let known = parents[subject], known.isVisible || includeRemoved else { return }
        parent = known.id
      }
      let values: [Value]
      if row.integer(7) == 0 {
        if columns[creation.shape] == nil {
          let names = try names.shape(creation.shape).shape.fields
          columns[creation.shape] = names.map { wanted.firstIndex(of: $0) ?? -1 }
        }
        values = try chosen(columns[creation.shape] ?? [], of: creation, count: wanted.count)
      } else {
        let chosen = try record(creation, fields: Set(wanted.map(\.field)))
        values = wanted.map { chosen.fields[$0]?.visible ?? .null }
      }
      try body(
        ScannedRecord(
          time: row.integer(6), createdAt: creation.recordedAt, parent: parent, values: values, id: id))
    }
  }

  /// - Parameter columns: for each of the change's values, where it goes; -1: nowhere.
  private func chosen(_ columns: [Int], of creation: LogRow, count: Int) throws -> [Value] {
    var values = [Value](repeating: .null, count: count)
    var reader = ByteReader(creation.body)
    for column in columns {
      if column < 0 {
        try Body.skip(&reader)
      } else {
        values[column] = try Body.read(&reader) { try resolve($0, in: creation.key) }.lookedAt
      }
    }
    return values
  }
}
