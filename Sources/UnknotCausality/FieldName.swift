/// A register of a record: a field, or one key of a field that is a map or a set.
///
/// `presence` is the one register that every record has (`merge.md`, "Registers").
public struct FieldName: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The field's name; `isValid` says whether a change may carry it.
  public let field: String
  /// The key, where the field is a map or a set.
  public let key: String?

  /// How many bytes the name of a field or of a table has at most.
  public static let maximumBytes = 64
  /// How many bytes of UTF-8 the key of a map or a set has at most.
  public static let maximumKeyBytes = 256

  /// Any names are taken; whether a change may carry them says `isValid`.
  public init(_ field: String, key: String? = nil) {
    self.field = field
    self.key = key
  }

  /// The register that says whether the record is there. No change names it: `isValid` is false.
  public static let presence = FieldName("presence")

  /// A map's key is decided like presence: something written wins over a concurrent removal.
  public var isMapKey: Bool { key != nil }

  /// Whether the name is one that a change may carry: `a-z`, `0-9`, `_`, at most 64 bytes, not `presence`;
  /// a key has at most 256 bytes and no NUL.
  public var isValid: Bool {
    Self.isValidName(field) && !bytewiseEqual(field, "presence")
      && (key.map { $0.utf8.count <= Self.maximumKeyBytes && !$0.utf8.contains(0) } ?? true)
  }

  /// Whether a field or a table may be called so: 1 to 64 bytes of `a-z`, `0-9` and `_`.
  public static func isValidName(_ name: String) -> Bool {
    let bytes = name.utf8
    return (1...maximumBytes).contains(bytes.count)
      && bytes.allSatisfy {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "_")
      }
  }

  /// The field's name, for a key of a map or a set `FIELD/KEY`.
  public var description: String { key.map { "\(field)/\($0)" } ?? field }

  /// Compares bytes; a field and its empty key are two registers.
  public static func == (left: FieldName, right: FieldName) -> Bool {
    bytewiseEqual(left.field, right.field) && left.isMapKey == right.isMapKey
      && bytewiseEqual(left.key ?? "", right.key ?? "")
  }

  /// Agrees with `==`: the bytes of the names are hashed.
  public func hash(into hasher: inout Hasher) {
    field.combineBytes(into: &hasher)
    key?.combineBytes(into: &hasher)
  }

  /// By the bytes of the field's name, then the field without a key, then by the bytes of the key.
  public static func < (left: FieldName, right: FieldName) -> Bool {
    if !bytewiseEqual(left.field, right.field) {
      return left.field.utf8.lexicographicallyPrecedes(right.field.utf8)
    }
    guard left.isMapKey, right.isMapKey else { return !left.isMapKey && right.isMapKey }
    return (left.key ?? "").utf8.lexicographicallyPrecedes((right.key ?? "").utf8)
  }
}

/// Identifiers are bytes: Swift's `==` on strings takes canonically equivalent ones for equal.
public func bytewiseEqual(_ left: String, _ right: String) -> Bool {
  guard left.utf8.count == right.utf8.count else { return false }
  var left = left
  var right = right
  return left.withUTF8 { left in right.withUTF8 { left.elementsEqual($0) } }
}

extension String {
  fileprivate func combineBytes(into hasher: inout Hasher) {
    var text = self
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
