public import UnknotCausality
public import UnknotStorage

/// A field of a kind of record, with the type of its values: declare each once, and name it nowhere else.
///
///     enum Item {
///       static let name = Field<String>("name")
///       static let isDone = Field<Bool>("done")
///       static let labels = SetField("labels")
///       static let kind = RecordKind(name: "item", fields: [name, isDone, labels], orderField: "position", parentName: "list")
///     }
public struct Field<Content: FieldContent>: DeclaredField, Hashable {
  /// As changes carry it, for ever: another name is another field.
  public let name: String

  /// - Parameter name: `a-z`, `0-9` and `_`, at most 64 bytes.
  public init(_ name: String) { self.name = name }

  /// What a `RecordKind` needs to know of the field. Reading it ends the program where no field may have this name.
  public var declaration: RecordField { RecordField(name, Content.fieldKind) }

  /// - Parameter content: nil: the field is empty.
  public func set(_ content: Content?) -> Assignment {
    Assignment(field: FieldName(name), value: content?.fieldValue ?? .null)
  }
}

/// A field that holds texts, each of which is there or not. Two devices can add and remove at once: each text is decided
/// by itself.
public struct SetField: DeclaredField, Hashable {
  /// As changes carry it.
  public let name: String

  /// - Parameter name: `a-z`, `0-9` and `_`, at most 64 bytes.
  public init(_ name: String) { self.name = name }

  /// What a `RecordKind` needs to know of the field. Reading it ends the program where no field may have this name.
  public var declaration: RecordField { RecordField(name, .set) }

  /// - Parameter member: at most 256 bytes, without a NUL.
  public func insert(_ member: String) -> Assignment {
    Assignment(field: FieldName(name, key: member), value: .present)
  }

  /// Takes a text out of the set. Where another device inserts it at the same time, it stays.
  ///
  /// - Parameter member: at most 256 bytes, without a NUL.
  public func remove(_ member: String) -> Assignment {
    Assignment(field: FieldName(name, key: member), value: .removed)
  }
}

/// A field that holds a value under each of any number of keys. Two devices can write to different keys at once: each is
/// decided by itself.
public struct MapField<Content: FieldContent>: DeclaredField, Hashable {
  /// As changes carry it.
  public let name: String

  /// - Parameter name: `a-z`, `0-9` and `_`, at most 64 bytes.
  public init(_ name: String) { self.name = name }

  /// What a `RecordKind` needs to know of the field. Reading it ends the program where no field may have this name.
  public var declaration: RecordField { RecordField(name, .map) }

  /// - Parameters:
  ///   - content: nil: there is nothing under the key any more.
  ///   - key: at most 256 bytes, without a NUL.
  public func set(_ content: Content?, at key: String) -> Assignment {
    Assignment(field: FieldName(name, key: key), value: content?.fieldValue ?? .removed)
  }
}

/// What is to be written to one field, or under one key of it.
public struct Assignment: Hashable, Sendable {
  /// The field or, of a set or a map, the one text or key of it.
  public let field: FieldName
  /// What it is to hold: `null` empties the field, or takes away the text or what is under the key.
  public let value: Value

  /// For programs that read what their fields are; others take what a `Field` gives.
  public init(field: FieldName, value: Value) {
    self.field = field
    self.value = value
  }
}

extension StoredRecord {
  /// A field's visible value; nil where nobody wrote one, or a file brought one of another type.
  public subscript<Content>(field: Field<Content>) -> Content? { Content(fieldValue: self[field.name]) }

  /// What is in a set, in the order of the texts' bytes.
  public subscript(field: SetField) -> [String] { members(of: field.name).map(\.key) }

  /// What is in a map, in the order of the keys' bytes; what a file brought of another type is left out.
  public subscript<Content>(field: MapField<Content>) -> [(key: String, content: Content)] {
    members(of: field.name).compactMap { key, value in Content(fieldValue: value).map { (key, $0) } }
  }
}
