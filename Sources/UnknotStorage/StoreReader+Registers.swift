import UnknotCausality

// Registers, read back from the rows of `entry` and the changes that they point to.

extension StoreReader {
  func change(at dot: LocalDot) throws -> LogRow? {
    try statements.selectChange(dot).first { LogRow($0) }
  }

  func heldChange(at dot: LocalDot) throws -> LogRow {
    guard let row = try change(at: dot) else {
      throw StorageError.damaged("a change is missing from the log")
    }
    return row
  }

  /// The change that created the record; an error where the dot names something else.
  func creation(of record: LocalDot) throws -> LogRow {
    guard let row = try change(at: record), try names.shape(row.shape).shape.action == .create else {
      throw InvalidChange("a change names a record that was never created")
    }
    return row
  }

  /// What is asked of a record most often: its table and its parent.
  func origin(of record: LocalDot) throws -> RecordOrigin {
    let found = try statements.selectOrigin(record).first { ($0.integer(0), $0.integer(1)) }
    guard let (number, parent) = found else {
      throw InvalidChange("a change names a record that was never created")
    }
    return try origin(of: record, number, parent)
  }

  /// Where a record comes from, and its entries: what every write to it asks for.
  func recordEntries(of record: LocalDot) throws -> (origin: RecordOrigin, entries: [Entry]) {
    var found: (shape: Int64, parent: Int64)?
    var entries: [Entry] = []
    try statements.selectRecord(record).eachRow { row in
      if row.integer(1) < 0 {
        found = (row.integer(0), row.integer(2))
      } else {
        entries.append(try Entry(row))
      }
    }
    guard let found else { throw InvalidChange("a change names a record that was never created") }
    return (try origin(of: record, found.shape, found.parent), entries)
  }

  /// Calls `body` with a record's parent, that one's parent, and so on, until it says false.
  func forEachParent(from parent: LocalDot, _ body: (LocalDot) throws -> Bool) throws {
    var parent = parent
    for _ in 0..<Self.deepestNesting {
      guard parent != 0, try body(parent) else { return }
      parent = try origin(of: parent).parent
    }
    throw InvalidChange("records are nested too deeply, or in a circle")
  }

  /// More than any catalogue needs; only where rows lead in a circle is it ever reached.
  private static let deepestNesting = 1000

  private func origin(of record: LocalDot, _ number: Int64, _ parent: LocalDot) throws -> RecordOrigin {
    let shape = try names.shape(number)
    guard shape.shape.action == .create else {
      throw InvalidChange("a change names a record that was never created")
    }
    return RecordOrigin(record: record, shape: number, table: shape.table, parent: parent)
  }

  /// A record's entries; a register that none of them names holds what the creating change says.
  func entries(of record: LocalDot) throws -> [Entry] {
    var entries: [Entry] = []
    try statements.selectEntries(record).eachRow { entries.append(try Entry($0)) }
    return entries
  }

  /// Whether one of those changes wrote another value to the field than the change at hand.
  func differ(_ siblings: [LocalDot], _ field: Int64, from own: LogRow) throws -> Bool {
    guard let value = try value(own, of: field) else {
      throw StorageError.damaged("an entry names a field that its change did not write")
    }
    return try siblings.contains { dot in
      guard let other = try self.value(try heldChange(at: dot), of: field) else {
        throw StorageError.damaged("an entry names a field that its change did not write")
      }
      return other != value
    }
  }

  /// What the change wrote to the register.
  func value(_ row: LogRow, of field: Int64) throws -> Value? {
    let shape = try names.shape(row.shape)
    if field == 0 { return shape.shape.action == .delete ? .removed : .present }
    guard let index = shape.fieldNumbers.firstIndex(of: field) else { return nil }
    var reader = ByteReader(row.body)
    for _ in 0..<index { try Body.skip(&reader) }
    return try Body.read(&reader) { try resolve($0, in: row.dot) }
  }

  /// All that the change wrote, in the order of its shape's fields.
  func values(of row: LogRow) throws -> [Value] {
    try Body.decode(row.body[...], count: try names.shape(row.shape).shape.fields.count) {
      try resolve($0, in: row.dot)
    }
  }

  /// The register that consists of what these changes wrote to it.
  func register(_ record: LocalDot, _ field: Int64, _ dots: [LocalDot]) throws -> Register {
    Register(try dots.map { try entry(try heldChange(at: $0), field) }, rule: try names.field(field).rule)
  }

  func entry(_ row: LogRow, _ field: Int64) throws -> RegisterEntry {
    guard let value = try value(row, of: field) else {
      throw StorageError.damaged("an entry names a field that its change did not write")
    }
    return RegisterEntry(dot: try names.unpack(row.dot), recordedAt: row.recordedAt, value: value)
  }

  /// A register's present entries; without rows, what the creating change says.
  func register(of creation: LogRow, _ field: Int64) throws -> Register {
    var dots = try entries(of: creation.dot).filter { $0.holds(field) }.map(\.dot)
    if dots.isEmpty {
      guard try value(creation, of: field) != nil else {
        return Register([], rule: try names.field(field).rule)
      }
      dots = [creation.dot]
    }
    return try register(creation.dot, field, dots)
  }

  /// By the record's own presence; its parent may be gone all the same.
  func isPresent(_ record: LocalDot) throws -> Bool { try entries(of: record).arePresent }

  /// When the record is listed, by its visible time.
  func listedTime(of creation: LogRow) throws -> Int64 {
    guard let name = store.tables[try names.shape(creation.shape).shape.table]?.timeField else {
      return creation.recordedAt
    }
    let register = try register(of: creation, try names.number(of: FieldName(name)))
    guard case .time(let milliseconds, _) = register.visible else { return creation.recordedAt }
    return milliseconds
  }

  /// The same for a record that is being created.
  func listingTime(of change: Change, _ shape: StoredShape) throws -> Int64 {
    guard let index = shape.timeIndex else { return change.recordedAt }
    var reader = ByteReader(change.body)
    for _ in 0..<index { try Body.skip(&reader) }
    guard case .time(let milliseconds, _) = try Body.read(&reader) else { return change.recordedAt }
    return milliseconds
  }
}
