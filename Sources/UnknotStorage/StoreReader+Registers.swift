import UnknotCausality

// Registers, read back from the rows of `register` and the changes that they point to.

extension StoreReader {
  func change(at dot: LocalDot) throws -> LogRow? {
    try statements.selectChange.get().bind(dot, at: 1).first { LogRow($0) }
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
    let entries = try dots.map { dot -> RegisterEntry in
      let row = try heldChange(at: dot)
      guard let value = try value(row, of: field) else {
        throw StorageError.damaged("a register points to a change that did not write it")
      }
      return RegisterEntry(dot: try names.unpack(dot), recordedAt: row.recordedAt, value: value)
    }
    return Register(entries, rule: try names.field(field).rule)
  }

  /// A register's present entries; without rows, what the creating change says.
  func register(of creation: LogRow, _ field: Int64) throws -> Register {
    var dots: [LocalDot] = []
    try statements.selectRegister.get().bind(creation.dot, at: 1).bind(field, at: 2)
      .eachRow { dots.append($0.integer(0)) }
    if dots.isEmpty {
      guard try value(creation, of: field) != nil else {
        return Register([], rule: try names.field(field).rule)
      }
      dots = [creation.dot]
    }
    return try register(creation.dot, field, dots)
  }

  /// By the record's own presence; its parent may be gone all the same.
  func isPresent(_ record: LocalDot) throws -> Bool {
    var dots: [LocalDot] = []
    try statements.selectRegister.get().bind(record, at: 1).bind(0, at: 2)
      .eachRow { dots.append($0.integer(0)) }
    return try dots.isEmpty
      || dots.contains { try names.shape(try heldChange(at: $0).shape).shape.action != .delete }
  }

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
