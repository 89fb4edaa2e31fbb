import UnknotCausality

/// Which number stands for which shape, field and kind of record, for the length of one transaction: numbers given in a
/// transaction that is rolled back are forgotten with it.
final class NameCache {
  private let statements: Statements
  private var shapes: [Int64: StoredShape] = [:]
  private var shapeNumbers: [Shape: StoredShape] = [:]
  private var lastShape: StoredShape?
  private var fields: [Int64: FieldName] = [0: .presence]
  private var fieldNumbers: [FieldName: Int64] = [.presence: 0]
  private var kinds: [String: Int64] = [:]

  private let recordTables: [String: RecordTable]

  init(_ statements: Statements, _ recordTables: [String: RecordTable]) {
    self.statements = statements
    self.recordTables = recordTables
  }

  /// After a part of the transaction was taken back.
  func reload() {
    shapes = [:]
    shapeNumbers = [:]
    lastShape = nil
    fields = [0: .presence]
    fieldNumbers = [.presence: 0]
    kinds = [:]
  }

  func shape(_ number: Int64) throws -> StoredShape {
    if let shape = shapes[number] { return shape }
    let definition = try statements["SELECT definition FROM shape WHERE id = ?"].bind(number, at: 1)
      .first { $0.bytes(0) }
    guard let definition else { throw StorageError.damaged("a change has a shape that is not listed") }
    return try remember(number, try Shape(canonicalBytes: definition))
  }

  /// nil for one that no change has.
  func existing(_ shape: Shape) throws -> StoredShape? {
    if let lastShape, lastShape.shape == shape { return lastShape }
    var stored = shapeNumbers[shape]
    if stored == nil {
      let number = try statements["SELECT id FROM shape WHERE definition = ?"].bind(
        shape.canonicalBytes, at: 1
      )
      .first { $0.integer(0) }
      stored = try number.map { try remember($0, shape) }
    }
    if let stored { lastShape = stored }
    return stored
  }

  func isKnown(_ shape: Shape) throws -> Bool { lastShape?.shape == shape || shapeNumbers[shape] != nil }

  private func remember(_ number: Int64, _ shape: Shape) throws -> StoredShape {
    let stored = StoredShape(
      number: number, shape: shape,
      fieldNumbers: try shape.fields.map { field in
        guard let number = try existingNumber(of: field) else {
          throw StorageError.damaged("a shape has a field that is not listed")
        }
        return number
      }, kind: try kind(shape.table), recordTable: recordTables[shape.table])
    shapes[number] = stored
    shapeNumbers[shape] = stored
    return stored
  }

  private func kind(_ name: String) throws -> Int64 {
    guard let number = try existingKind(name) else {
      throw StorageError.damaged("a shape is of a kind that is not listed")
    }
    return number
  }

  func field(_ number: Int64) throws -> FieldName {
    if let name = fields[number] { return name }
    let name = try statements["SELECT name, key FROM field WHERE id = ?"].bind(number, at: 1)
      .first { FieldName(try $0.text(0), key: try $0.optionalText(1)) }
    guard let name else { throw StorageError.damaged("a register has a name that is not listed") }
    fields[number] = name
    fieldNumbers[name] = number
    return name
  }

  /// Nil where no change has written to a field of that name.
  func existingNumber(of name: FieldName) throws -> Int64? {
    if let number = fieldNumbers[name] { return number }
    let number = try statements["SELECT id FROM field WHERE name = ? AND key IS ?"]
      .bind(name.field, at: 1).bind(name.key, at: 2).first { $0.integer(0) }
    guard let number else { return nil }
    fields[number] = name
    fieldNumbers[name] = number
    return number
  }

  /// nil for one of which no record was ever seen.
  func existingKind(_ name: String) throws -> Int64? {
    if let number = kinds[name] { return number }
    let number = try statements["SELECT id FROM record_kind WHERE name = ?"].bind(name, at: 1).first {
      $0.integer(0)
    }
    if let number { kinds[name] = number }
    return number
  }

  /// Of every record that was ever seen.
  func kindNames() throws -> [String] {
    var names: [String] = []
    try statements["SELECT name FROM record_kind"].eachRow { names.append(try $0.text(0)) }
    return names
  }
}

/// A shape with the numbers of its names, resolved once.
final class StoredShape {
  let number: Int64
  let shape: Shape
  let fieldNumbers: [Int64]
  /// The number of its kind of record, and that one's table where it is declared.
  let kind: Int64
  let recordTable: RecordTable?
  lazy var digest: [UInt8] = Hashing.sha256(shape.canonicalBytes)
  /// `Entry.bytes` of its fields.
  private(set) lazy var entryFields: [UInt8] = Entry.bytes(fieldNumbers.sorted())

  /// Of each of the table's columns, the place of the field among the shape's; nil where that has none.
  private(set) lazy var columnPlaces: [Int?] = {
    var places = [Int?](repeating: nil, count: recordTable?.columns.count ?? 0)
    for (index, place) in tablePlaces.enumerated() {
      if case .column(let column) = place { places[column] = index }
    }
    return places
  }()
  /// The places of fields that have rows in `member`, by the fields' numbers.
  private(set) lazy var memberPlaces: [Int] = shape.fields.indices.filter {
    if case .member = tablePlaces[$0] { true } else { false }
  }.sorted { fieldNumbers[$0] < fieldNumbers[$1] }
  /// Where each of its fields is kept.
  private(set) lazy var tablePlaces: [RecordTable.Place] = shape.fields.map {
    recordTable?.place(of: $0) ?? .logAlone
  }
  /// Whether the table says all that changes of this shape write.
  private(set) lazy var isDeclared = tablePlaces.allSatisfy { place in
    if case .logAlone = place { false } else { true }
  }

  init(number: Int64, shape: Shape, fieldNumbers: [Int64], kind: Int64, recordTable: RecordTable?) {
    self.number = number
    self.shape = shape
    self.fieldNumbers = fieldNumbers
    self.kind = kind
    self.recordTable = recordTable
  }
}

extension Shape {
  /// Reads what `canonicalBytes` wrote.
  init(canonicalBytes: [UInt8]) throws(MalformedBytes) {
    var reader = ByteReader(canonicalBytes)
    guard let action = Action(rawValue: try reader.byte()) else { throw MalformedBytes("unknown action") }
    let table = try reader.text()
    let count = try reader.unsigned()
    var fields: [FieldName] = []
    while UInt64(fields.count) < count {
      let name = try reader.text()
      fields.append(FieldName(name, key: try reader.byte() == 1 ? try reader.text() : nil))
    }
    self.init(action, table: table, fields: fields)
  }
}
