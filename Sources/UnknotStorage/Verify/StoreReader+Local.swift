import UnknotCausality

// What this file knows for itself alone: who the devices are and what they hold, and what was done here. No chain of hashes
// proves it. What can be told of it is whether it fits the log, and whether each row is as this program wrote it.

extension StoreReader {
  /// Looks whether what this file knows for itself fits the log.
  ///
  /// - Parameter most: no more faults than these are told.
  /// - Returns: what does not, in words.
  public func localFaults(most: Int = 100) throws -> [String] {
    try statements.flush()
    // One that is about to be made knows nothing yet.
    guard try isIntroduced || !clock.isEmpty else { return [] }
    var faults: [String] = []
    try statements["PRAGMA foreign_key_check"].eachRow {
      faults.append("\(try $0.text(0)): a row is of a \(try $0.text(2)) that is not there")
    }
    if try device(1) == nil { faults.append("device: this one is not there") }
    if try journalIDs.isEmpty { faults.append("journal: it has no id") }
    if let own = try ownLine,
      try statements["SELECT device FROM line WHERE number = ?"].bind(own, at: 1).first({
        $0.integer(0)
      }) != 1
    {
      faults.append("device: this one writes on a line of another")
    }
    try checkChecksums { faults.append("\($0) \($1): it is not as it was written") }
    try checkAcknowledgements { faults.append("acknowledgement: \($0)") }
    try checkOperations { faults.append("operation \($0): \($1)") }
    try checkKinds { faults.append("record_kind: \($0)") }
    return Array(faults.prefix(most))
  }

  private func checkChecksums(_ note: (_ table: String, _ row: Int64) -> Void) throws {
    for (table, columns) in RowChecksum.tables {
      try statements[
        "SELECT \(columns) FROM \(table) WHERE checksum IS NOT row_checksum(\(columns))"
      ].eachRow { note(table, $0.integer(0)) }
    }
  }

  private func checkAcknowledgements(_ note: (String) -> Void) throws {
    try statements["SELECT line, depth FROM acknowledgement"].eachRow { row in
      guard let state = lines[row.integer(0)] else { return note("it is of a line that is not there") }
      if row.integer(1) > state.depth { note("a device holds more of a line than there is") }
    }
  }

  private func checkOperations(_ note: (_ number: Int64, _ reason: String) -> Void) throws {
    try statements[
      """
      SELECT operation.number, first, last, operation.recorded_at, kind, reverts, held_before, held_after,
      change.recorded_at, change.begins, (SELECT begins FROM change AS next WHERE next.key = last + 1)
      FROM operation LEFT JOIN change ON change.key = first ORDER BY operation.number
      """
    ].eachRow { row in
      let (number, first, last) = (row.integer(0), row.key(1), row.key(2))
      guard let state = lines[first.line], first.line == last.line, last <= state.last else {
        return note(number, "its changes are not there")
      }
      let isImport = row.integer(4) == Operation.Kind.imported.rawValue
      // What it took back can be forgotten, by its age.
      if let reverts = row.optionalInteger(5), reverts >= number {
        note(number, "it takes back what was not done before")
      }
      if isImport {
        try checkClocks(row.bytes(6), row.bytes(7), first) { note(number, $0) }
        return
      }
      // Forgotten changes have no row.
      guard !row.isNull(8) else { return }
      if row.integer(3) != row.integer(8) { note(number, "its time is not that of its first change") }
      if row.integer(9) == 0 { note(number, "it begins in the middle of another") }
      if row.optionalInteger(10) == 0 { note(number, "it ends before its last change") }
    }
  }

  private func checkClocks(
    _ before: [UInt8], _ after: [UInt8], _ first: ChangeKey, _ note: (String) -> Void
  ) throws {
    guard let before = try? LineClock(before), let after = try? LineClock(after), after.covers(before),
      lines.held.covers(after), after.covers(first), !before.covers(first)
    else { return note("what was held before and after it is not what its import was") }
  }

  private func checkKinds(_ note: (String) -> Void) throws {
    try statements["SELECT id FROM shape"].eachRow { row in
      do {
        _ = try names.shape(row.integer(0))
      } catch StorageError.damaged(let reason) {
        note(reason)
      }
    }
  }

  /// Stands for all rows that say which change wrote to which record: the same for whoever holds the same changes, in
  /// whatever order they came.
  package func entryDigest() throws -> [UInt64] {
    try statements.flush()
    var sums = [UInt64](repeating: 0, count: 4)
    var bytes = ByteWriter()
    var last = try NamedFields()
    try statements["SELECT key, own, presence, fields, record, spent FROM entry"].eachRow { row in
      let entry = try Entry(row, after: &last)
      bytes.clear()
      bytes.dot(try lines.name(of: row.key(4)))
      bytes.dot(try lines.name(of: entry.key))
      bytes.byte(entry.isOwn ? 1 : 0)
      bytes.byte(row.integer(5) == 0 ? 0 : 1)
      bytes.unsigned(UInt64(entry.presence.rawValue))
      let fields = try entry.fields.map { try names.field($0) }.sorted {
        ($0.field, $0.key ?? "") < ($1.field, $1.key ?? "")
      }
      for field in fields { bytes.name(field) }
      let hash = Hashing.sha256(bytes.bytes)
      for index in sums.indices {
        sums[index] &+= hash[index * 8..<index * 8 + 8].reduce(0) { $0 << 8 | UInt64($1) }
      }
    }
    return sums
  }
}
