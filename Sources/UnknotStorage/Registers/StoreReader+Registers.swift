import UnknotCausality

// Registers, read back from the rows of `entry` and the changes that they point to.

extension StoreReader {
  func change(at key: ChangeKey) throws -> LogRow? {
    try statements.selectChange(key).first { LogRow($0) }
  }

  func heldChange(at key: ChangeKey) throws -> LogRow {
    guard let row = try change(at: key) else {
      throw StorageError.damaged("a change is missing from the log")
    }
    return row
  }

  /// The change of that name; an error where it is not held.
  func heldKey(of dot: Dot) throws -> ChangeKey {
    guard let key = lines.key(of: dot) else { throw StorageError.noSuchRecord(dot) }
    return key
  }

  /// The change that created the record; an error where the dot names something else.
  func creation(of record: ChangeKey) throws -> LogRow {
    guard let row = try change(at: record), try names.shape(row.shape).shape.action == .create else {
      throw InvalidChange("a change names a record that was never created")
    }
    return row
  }

  /// What is asked of a record most often: its table and its parent.
  func origin(of record: ChangeKey) throws -> RecordOrigin {
    let found = try statements.selectOrigin(record).first { ($0.integer(0), $0.keyOrNone(1)) }
    guard let (number, parent) = found else {
      throw InvalidChange("a change names a record that was never created")
    }
    return try origin(of: record, number, parent)
  }

  /// Where a record comes from, and its entries: what every write to it asks for.
  func recordEntries(of record: ChangeKey) throws -> (origin: RecordOrigin, entries: [Entry]) {
    var found: (shape: Int64, parent: ChangeKey?)?
    var entries: [Entry] = []
    var fields = try NamedFields()
    try statements.selectRecord(record).eachRow { row in
      if row.integer(1) < 0 {
        found = (row.integer(0), row.keyOrNone(2))
      } else {
        entries.append(try Entry(row, after: &fields))
      }
    }
    guard let found else { throw InvalidChange("a change names a record that was never created") }
    return (try origin(of: record, found.shape, found.parent), entries)
  }

  /// Calls `body` with a record's parent, that one's parent, and so on, until it says false.
  func forEachParent(from parent: ChangeKey?, _ body: (ChangeKey) throws -> Bool) throws {
    var parent = parent
    for _ in 0..<Self.deepestNesting {
      guard let record = parent, try body(record) else { return }
      parent = try origin(of: record).parent
    }
    throw InvalidChange("records are nested too deeply, or in a circle")
  }

  /// More than any catalogue needs; only where rows lead in a circle is it ever reached.
  private static let deepestNesting = 1000

  private func origin(of record: ChangeKey, _ number: Int64, _ parent: ChangeKey?) throws -> RecordOrigin {
    let shape = try names.shape(number)
    guard shape.shape.action == .create else {
      throw InvalidChange("a change names a record that was never created")
    }
    return RecordOrigin(record: record, shape: shape, parent: parent)
  }

  /// A record's entries; a register that none of them names holds what the creating change says.
  func entries(of record: ChangeKey) throws -> [Entry] {
    var entries: [Entry] = []
    var fields = try NamedFields()
    try statements.selectEntries(record).eachRow { entries.append(try Entry($0, after: &fields)) }
    return entries
  }

  /// Whether one of those changes wrote another value to the field than the change at hand.
  func differ(_ siblings: some Sequence<ChangeKey>, _ field: Int64, from own: LogRow) throws -> Bool {
    let value = try written(own, field)
    return try siblings.contains { MergeRule.isConflict(value, try written(heldChange(at: $0), field)) }
  }

  /// What the change wrote to the register.
  func value(_ row: LogRow, of field: Int64) throws -> Value? {
    let shape = try names.shape(row.shape)
    if field == 0 { return shape.shape.action == .delete ? .removed : .present }
    guard let index = shape.fieldNumbers.firstIndex(of: field) else { return nil }
    var reader = ByteReader(row.body)
    for _ in 0..<index { try Body.skip(&reader) }
    return try Body.read(&reader) { try resolve($0, in: row.key) }
  }

  /// All that the change wrote, in the order of its shape's fields.
  func values(of row: LogRow) throws -> [Value] {
    try Body.decode(row.body[...], count: try names.shape(row.shape).shape.fields.count) {
      try resolve($0, in: row.key)
    }
  }

  /// The changes whose values stand in a register; without rows, the creating change, where it wrote to it.
  func writers(of creation: LogRow, _ field: Int64) throws -> [ChangeKey] {
    let dots = try entries(of: creation.key).filter { try $0.holds(field) }.map(\.key)
    return try dots.isEmpty && value(creation, of: field) != nil ? [creation.key] : dots
  }

  /// The changes whose values stand in a record's registers, by field; what is not among them holds what the creating
  /// change says.
  func writers(of record: ChangeKey) throws -> [Int64: [ChangeKey]] { try entries(of: record).writers }

  /// The register that consists of what these changes wrote to it, with all values.
  func register(_ field: Int64, _ dots: [ChangeKey]) throws -> Register {
    Register(
      try dots.map { dot in
        let row = try heldChange(at: dot)
        return RegisterEntry(
          dot: try lines.name(of: dot), recordedAt: row.recordedAt, value: try written(row, field))
      }, rule: try names.field(field).rule)
  }

  /// The field that consists of what these changes wrote to it. The memory of two values, however many there are.
  func field(_ field: Int64, _ dots: [ChangeKey]) throws -> StoredField? {
    guard let first = dots.first else { return nil }
    let row = try heldChange(at: first)
    let value = try written(row, field)
    guard dots.count > 1 else {
      return StoredField(dot: try lines.name(of: first), recordedAt: row.recordedAt, value: value)
    }
    let shown = try ordered(dots, field)
    return StoredField(
      entries: try shown.map {
        StoredField.Entry(dot: try lines.name(of: $0.key), recordedAt: $0.recordedAt)
      },
      visible: shown[0].key == first ? value : try written(heldChange(at: shown[0].key), field),
      isInConflict: try differ(dots.dropFirst(), field, from: row))
  }

  /// Writes to a register without their values.
  struct Stamp: RegisterWrite {
    let key: ChangeKey
    let recordedAt: Int64
    let isSomething: Bool
  }

  /// Changes that wrote to a register, the one first whose value is shown.
  ///
  /// - Parameter own: one more of them, which is at hand.
  func ordered(_ writers: [ChangeKey], _ field: Int64, and own: LogRow? = nil) throws -> [Stamp] {
    var stamps = try writers.map { try stamp(heldChange(at: $0), field) }
    if let own { stamps.append(try stamp(own, field)) }
    return try names.field(field).rule.ordered(stamps) { try lines.name(of: $0.key) }
  }

  private func stamp(_ row: LogRow, _ field: Int64) throws -> Stamp {
    Stamp(key: row.key, recordedAt: row.recordedAt, isSomething: try written(row, field) != .null)
  }

  func written(_ row: LogRow, _ field: Int64) throws -> Value {
    guard let value = try value(row, of: field) else {
      throw StorageError.damaged("an entry names a field that its change did not write")
    }
    return value
  }

  /// A field of a record as it stands; nil where nobody wrote to it.
  func field(of creation: LogRow, _ field: Int64) throws -> StoredField? {
    let writers = try entries(of: creation.key).filter { try $0.holds(field) }.map(\.key)
    guard writers.isEmpty else { return try self.field(field, writers) }
    return try value(creation, of: field).map {
      StoredField(dot: try lines.name(of: creation.key), recordedAt: creation.recordedAt, value: $0)
    }
  }

  func presence(of creation: LogRow) throws -> Register { try register(0, writers(of: creation, 0)) }

  /// By the record's own presence; its parent may be gone all the same.
  func isPresent(_ record: ChangeKey) throws -> Bool { try entries(of: record).arePresent }

  /// When the record is listed, by its visible time.
  func listedTime(of creation: LogRow) throws -> Int64 {
    let shape = try names.shape(creation.shape)
    guard let table = shape.recordTable else { return creation.recordedAt }
    return try statements["SELECT \(table.listedBy) FROM \(table.sqlName) WHERE id = ?"]
      .bind(creation.key, at: 1).first { $0.integer(0) } ?? creation.recordedAt
  }
}
