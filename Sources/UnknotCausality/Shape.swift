/// What a change does and to which fields: everything about it but its values. Few shapes serve many changes,
/// so storage and files keep each once.
public struct Shape: Hashable, Sendable {
  /// What a change does. The raw values are those in files and in hashes.
  public enum Action: UInt8, Sendable {
    /// Makes a record; its fields have these values.
    case create = 1
    /// Writes these fields. Without fields it writes presence alone: a restored record.
    case edit = 2
    /// Writes that the record is gone.
    case delete = 3
  }

  // All changes of one shape share it: that two of them are of the same is then seen without reading any name.
  private final class Content: Sendable {
    let action: Action
    let table: String
    let fields: [FieldName]
    let hash: Int

    init(_ action: Action, _ table: String, _ fields: [FieldName]) {
      self.action = action
      self.table = table
      self.fields = fields
      var hasher = Hasher()
      hasher.combine(action)
      hasher.combine(fields)
      for byte in table.utf8 { hasher.combine(byte) }
      hash = hasher.finalize()
    }
  }
  private let content: Content

  /// Whether the change makes, edits or deletes a record.
  public var action: Action { content.action }
  /// The kind of the record; `isValid` says whether it is a possible name.
  public var table: String { content.table }
  /// In ascending order, none twice.
  public var fields: [FieldName] { content.fields }

  /// How many fields one change writes at most.
  public static let maximumFields = 256

  /// Sorts the fields.
  public init(_ action: Action, table: String, fields: [FieldName]) {
    content = Content(action, table, fields.sorted())
  }

  /// Compares action, table and fields; names are compared as bytes.
  public static func == (left: Shape, right: Shape) -> Bool {
    left.content === right.content
      || left.content.hash == right.content.hash && left.action == right.action
        && bytewiseEqual(left.table, right.table) && left.fields == right.fields
  }

  /// Agrees with `==`. The hash is computed once, when the shape is made.
  public func hash(into hasher: inout Hasher) { hasher.combine(content.hash) }

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
