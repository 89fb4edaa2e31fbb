import UnknotCausality

/// A field that a program declares: it gets a column in the table of its kind of record, or, of a set or a map, rows in
/// `member`.
public struct RecordField: Hashable, Sendable {
  /// What a record's table keeps, and how a view shows it. Where a file brings a value of another type, the table has
  /// null; the log keeps it.
  public enum Kind: String, Hashable, Sendable {
    /// A text, as it was written.
    case text
    /// A whole number of 64 bits.
    case integer
    /// An integer: 0 is false. Views show 0 or 1.
    case flag
    /// An integer: days since 1970-01-01. Views show `2026-05-14`.
    case day
    /// An integer: minutes after midnight. Views show `08:30`.
    case timeOfDay
    /// Milliseconds and minutes east of UTC, in two columns. Views show RFC 3339.
    case time
    /// The key of a record. Views show its id.
    case reference
    /// Texts that are there or not. Views show a JSON array.
    case set
    /// Values under keys. Views show a JSON object.
    case map

    var isCollection: Bool { self == .set || self == .map }
  }

  /// What changes call the field, and its column or columns in SQL are named after.
  public let name: String
  /// What values the field is for.
  public let kind: Kind

  /// - Parameter name: one that a change may carry (`FieldName.isValidName`).
  public init(_ name: String, _ kind: Kind) {
    precondition(FieldName.isValidName(name), "a field's name is one that a change may carry")
    self.name = name
    self.kind = kind
  }
}

/// What can be declared as a field of a kind of record.
public protocol DeclaredField: Sendable {
  /// Its name, and what values it is for.
  var declaration: RecordField { get }
}

extension RecordField: DeclaredField {
  /// The field itself.
  public var declaration: RecordField { self }
}

/// What the engine has to know of a kind of record: how its table looks, and how it is listed and ordered. Records of
/// kinds that are not declared are kept and passed on all the same.
public struct RecordKind: Hashable, Sendable {
  /// What changes call the kind. Its table is `record_` and this name, its view has the name alone.
  public let name: String
  /// In the order of their columns.
  public let fields: [RecordField]
  /// The field, a `Value.time`, by which records are listed; without one, by when they were created.
  public let timeField: String?
  /// The field, a text, whose order keys put the records of one parent in order; without one, their ids do.
  public let orderField: String?
  /// What a view calls the record that one belongs to, where records of this kind belong to one.
  public let parentName: String?
  /// All its records stand for one thing (`StoreReader.united`).
  public let isSingle: Bool
  /// Fields that are derived from the one of their key, and are taken back with it alone.
  public let followers: [String: [String]]

  /// What a record's table and view call other things.
  private static let takenFields: Set<String> = [
    "id", "parent", "present", "complete", "created_at", "device",
    // In a view, SQLite calls columns of these names otherwise.
    "true", "false",
  ]
  /// SQLite's own limit is twice as high.
  private static let maximumColumns = 1000
  /// What the journal's other tables and views are called; the last two behind "record_".
  private static let takenKinds: Set<String> = [
    "journal", "stamp", "device", "line", "line_name", "acknowledgement", "shape", "field", "declaration",
    "change",
    "context", "checkpoint", "forgotten", "entry", "member", "register_conflict", "conflict", "operation",
    "record_kind", "record_undeclared", "kind", "undeclared",
  ]

  /// - Parameters:
  ///   - fields: `timeField` and `orderField` are added where they are not among them.
  ///   - parentName: not the name of one of the fields.
  public init(
    name: String, fields: [any DeclaredField] = [], timeField: String? = nil, orderField: String? = nil,
    parentName: String? = nil, isSingle: Bool = false, followers: [String: [String]] = [:]
  ) {
    let fields = Self.fields(fields, timeField, orderField)
    let fault = Self.fault(name, fields, timeField, orderField, parentName)
    precondition(fault == nil, fault ?? "")
    self.name = name
    self.fields = fields
    self.parentName = parentName
    self.isSingle = isSingle
    self.followers = followers
    self.timeField = timeField
    self.orderField = orderField
  }

  /// The same for a kind that is not written in a program's text, but read from somewhere.
  ///
  /// - Throws: `StorageError.invalidWrite`: why there can be no such kind.
  public static func checked(
    name: String, fields: [RecordField], timeField: String?, orderField: String?, parentName: String?
  ) throws(StorageError) -> RecordKind {
    if let fault = fault(name, Self.fields(fields, timeField, orderField), timeField, orderField, parentName)
    {
      throw .invalidWrite("\(name): \(fault)")
    }
    return RecordKind(
      name: name, fields: fields, timeField: timeField, orderField: orderField, parentName: parentName)
  }

  /// With those by which records are listed and ordered.
  private static func fields(
    _ declared: [any DeclaredField], _ timeField: String?, _ orderField: String?
  ) -> [RecordField] {
    var fields = declared.map(\.declaration)
    for (name, kind) in [(timeField, RecordField.Kind.time), (orderField, .text)] {
      guard let name, FieldName.isValidName(name), !fields.contains(where: { bytewiseEqual($0.name, name) })
      else { continue }
      fields.append(RecordField(name, kind))
    }
    return fields
  }

  /// Why there can be no such kind; nil: there can.
  private static func fault(
    _ name: String, _ fields: [RecordField], _ timeField: String?, _ orderField: String?,
    _ parentName: String?
  ) -> String? {
    for (wanted, kind) in [(timeField, RecordField.Kind.time), (orderField, .text)] {
      guard let wanted else { continue }
      guard fields.first(where: { bytewiseEqual($0.name, wanted) })?.kind == kind else {
        return "records are listed by a time, and ordered by a text"
      }
    }
    guard parentName.map(FieldName.isValidName) ?? true else {
      return "a parent's name is one like a field's"
    }
    let columns =
      fields.flatMap { $0.columns.isEmpty ? [$0.name] : $0.columns } + (parentName.map { [$0] } ?? [])
    guard Set(columns).count == columns.count, takenFields.isDisjoint(with: columns) else {
      return "a table's columns have names of their own"
    }
    guard columns.count <= maximumColumns else { return "a table has \(maximumColumns) columns at most" }
    guard FieldName.isValidName(name), !takenKinds.contains(name), !name.hasPrefix("record_"),
      !name.hasPrefix("sqlite_")
    else {
      return "a kind of record has a name of its own"
    }
    return nil
  }
}

extension RecordField {
  /// What its columns are called; none of a set or a map.
  var columns: [String] {
    switch kind {
    case .set, .map: []
    case .time: [name, "\(name)_offset"]
    case .text, .integer, .flag, .day, .timeOfDay, .reference: [name]
    }
  }
}

extension RecordKind {
  /// The SQL statements that make its table, its indexes and its view, to be read or documented: the engine runs them.
  public var definition: [String] { RecordTable(self).definition }

  /// The SQL statement that makes the view of what waits for a decision, which every replica has.
  public static var conflictView: String { RecordTable.conflictView }
}
