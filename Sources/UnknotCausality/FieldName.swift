/// A register of a record: a field, or one key of a field that is a map or a set.
///
/// `presence` is the one register that every record has (`merge.md`, "Registers").
public struct FieldName: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let field: String
  /// The key, where the field is a map or a set.
  public let key: String?

  public static let maximumBytes = 64
  public static let maximumKeyBytes = 256

  public init(_ field: String, key: String? = nil) {
    self.field = field
    self.key = key
  }

  public static let presence = FieldName("presence")

  /// A map's key is decided like presence: something written wins over a concurrent removal.
  public var isMapKey: Bool { key != nil }

  /// Whether the name is one that a change may carry: `a-z`, `0-9`, `_`, at most 64 bytes, not `presence`;
  /// a key has at most 256 bytes and no NUL.
  public var isValid: Bool {
    Self.isValidName(field) && !bytewiseEqual(field, "presence")
      && (key.map { $0.utf8.count <= Self.maximumKeyBytes && !$0.utf8.contains(0) } ?? true)
  }

  public static func isValidName(_ name: String) -> Bool {
    let bytes = name.utf8
    return (1...maximumBytes).contains(bytes.count)
      && bytes.allSatisfy {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "_")
      }
  }

  public var description: String { key.map { "\(field)/\($0)" } ?? field }

  public static func == (left: FieldName, right: FieldName) -> Bool {
    bytewiseEqual(left.field, right.field) && left.isMapKey == right.isMapKey
      && bytewiseEqual(left.key ?? "", right.key ?? "")
  }

  public func hash(into hasher: inout Hasher) {
    field.combineBytes(into: &hasher)
    key?.combineBytes(into: &hasher)
  }

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
