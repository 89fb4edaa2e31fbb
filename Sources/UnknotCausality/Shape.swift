/// What a change does and to which fields: everything about it but its values. Few shapes serve many changes,
/// so storage and files keep each once.
public struct Shape: Hashable, Sendable {
  public enum Action: UInt8, Sendable {
    /// Makes a record; its fields have these values.
    case create = 1
    /// Writes these fields. Without fields it writes presence alone: a restored record.
    case edit = 2
    /// Writes that the record is gone.
    case delete = 3
  }

  public let action: Action
  public let table: String
  /// In ascending order, none twice.
  public let fields: [FieldName]

  public static let maximumFields = 256

  /// Sorts the fields.
  public init(_ action: Action, table: String, fields: [FieldName]) {
    self.action = action
    self.table = table
    self.fields = fields.sorted()
  }

  /// Whether a change may have this shape: valid names, no field twice, a delete without fields.
  public var isValid: Bool {
    FieldName.isValidName(table) && fields.count <= Self.maximumFields
      && fields.allSatisfy(\.isValid) && zip(fields, fields.dropFirst()).allSatisfy { $0 < $1 }
      && (action != .delete || fields.isEmpty)
  }

  /// Unambiguous bytes of the shape: what its hash is taken over.
  public var canonicalBytes: [UInt8] {
    var writer = ByteWriter()
    writer.byte(action.rawValue)
    writer.text(table)
    writer.unsigned(UInt64(fields.count))
    for name in fields {
      writer.text(name.field)
      writer.byte(name.isMapKey ? 1 : 0)
      if let key = name.key { writer.text(key) }
    }
    return writer.bytes
  }
}
