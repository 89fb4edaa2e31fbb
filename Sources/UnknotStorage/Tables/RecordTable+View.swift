import UnknotCausality

// Views are for people, and for programs that read with SQL alone: what is visible, ids and times as the program prints
// them. They can only be read.

extension RecordTable {
  /// The statement that makes the kind's view.
  static func view(_ schema: RecordKind, _ sqlName: String) -> String {
    var columns = [("id", id("record.id"))]
    if let parent = schema.parentName { columns.append((parent, id("record.parent"))) }
    columns += [
      (
        "device",
        "(SELECT device.name FROM line JOIN device ON device.number = line.device"
          + " WHERE line.number = record.id >> 40)"
      ),
      ("created_at", time("record.created_at")),
    ]
    columns += schema.fields.map { ($0.name, shown($0)) }
    // Ids are put together for each row, and cannot be looked for: views are joined by these.
    columns.append(("key", "record.id"))
    if let parent = schema.parentName { columns.append(("\(parent)_key", "record.parent")) }
    columns += schema.fields.filter { $0.kind == .reference }.map {
      ("\($0.name)_key", "record.\"\($0.name)\"")
    }
    return """
      CREATE VIEW "\(schema.name)" AS SELECT
      \(columns.map { "  \($1) AS \"\($0)\"" }.joined(separator: ",\n"))
      FROM \(sqlName) AS record
      WHERE record.present = 1 AND NOT EXISTS (
        WITH RECURSIVE above (record) AS (
          SELECT record.parent WHERE record.parent IS NOT NULL
          UNION SELECT change.subject FROM above JOIN change ON change.key = above.record WHERE change.subject <> 0
        )
        SELECT 1 FROM above JOIN entry ON entry.record = above.record AND entry.spent = 0
        GROUP BY above.record HAVING max(entry.presence = 2) > max(entry.presence = 1)
      )
      """
  }

  /// What waits for a person's decision, also of records that were removed.
  static let conflictView = """
    CREATE VIEW conflict AS SELECT
      \(id("register.record")) AS record,
      (SELECT record_kind.name FROM change JOIN shape ON shape.id = change.shape
        JOIN record_kind ON record_kind.id = shape.kind WHERE change.key = register.record) AS kind,
      field.name AS field,
      field.key AS key,
      \(id("register.shown")) AS shown
    FROM register_conflict AS register JOIN field ON field.id = register.field
    """

  // MARK: Columns

  private static func shown(_ field: RecordField) -> String {
    let column = "record.\"\(field.name)\""
    return switch field.kind {
    case .text, .integer: column
    case .flag: "\(column) <> 0"
    case .day: "date(max(-719162, min(2932896, \(column))) * 86400, 'unixepoch')"
    case .timeOfDay:
      "printf('%02d:%02d', max(0, min(1439, \(column))) / 60, max(0, min(1439, \(column))) % 60)"
    case .time: time(column, offset: "record.\"\(field.name)_offset\"")
    case .reference: id(column)
    case .set: members(of: field, "json_group_array(key)")
    // JSON has no bytes.
    case .map:
      members(of: field, "json_group_object(key, iif(typeof(value) = 'blob', lower(hex(value)), value))")
    }
  }

  private static func members(of field: RecordField, _ text: String) -> String {
    """
    (SELECT \(text) FROM (
        SELECT field.key, member.value FROM member JOIN field ON field.id = member.field
        WHERE member.record = record.id AND field.name = '\(field.name)' ORDER BY field.key))
    """
  }

  /// What the change of that key is called: `ACTOR-SEQ`.
  static func id(_ key: String) -> String {
    "(SELECT actor || '-' || ((\(key) & 1099511627775) - before) FROM line_name"
      + " WHERE first <= \(key) ORDER BY first DESC LIMIT 1)"
  }

  /// RFC 3339, with milliseconds only where there are any; of what lies outside of the years 1 to 9999 the first or last
  /// instant of them.
  ///
  /// - Parameter offset: the column of the minutes east of UTC; nil: none.
  private static func time(_ milliseconds: String, offset: String? = nil) -> String {
    let local = offset.map { "\(milliseconds) + \($0) * 60000" } ?? milliseconds
    let clamped = "max(-62135596800000, min(253402300799999, \(local)))"
    let text = "replace(strftime('%Y-%m-%dT%H:%M:%f', \(clamped) / 1000.0, 'unixepoch'), '.000', '')"
    guard let offset else { return "\(text) || '+00:00'" }
    return
      "\(text) || printf('%s%02d:%02d', iif(\(offset) < 0, '-', '+'), abs(\(offset)) / 60, abs(\(offset)) % 60)"
  }
}
