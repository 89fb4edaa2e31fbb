/// What a register can hold. `null` is a field set to empty, or the absence of a map's key.
public enum Value: Hashable, Sendable {
  /// Nothing: the field is empty, a word is not in the set.
  case null
  /// A whole number; also a flag (0 or 1), a day since 1970-01-01, minutes after midnight.
  case integer(Int64)
  /// A text, compared by its bytes.
  case text(String)
  /// An instant in milliseconds since 1970 UTC, with the offset from UTC in minutes at which it was meant.
  case time(milliseconds: Int64, offsetMinutes: Int32)
  /// The id of another record.
  case reference(Dot)
  /// Bytes that no field of a declared kind has: kept and passed on.
  case bytes([UInt8])

  /// Texts are compared as bytes: `é` and `e` + accent are two values.
  public static func == (left: Value, right: Value) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.integer(let a), .integer(let b)): a == b
    case (.text(let a), .text(let b)): bytewiseEqual(a, b)
    case (.time(let a, let x), .time(let b, let y)): a == b && x == y
    case (.reference(let a), .reference(let b)): a == b
    case (.bytes(let a), .bytes(let b)): a == b
    default: false
    }
  }

  /// Agrees with `==`: texts are hashed by their UTF-8 bytes.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .integer(let number): hasher.combine(number)
    case .text(var text): text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    case .time(let milliseconds, let offset):
      hasher.combine(milliseconds)
      hasher.combine(offset)
    case .reference(let dot): hasher.combine(dot)
    case .bytes(let bytes): hasher.combine(bytes)
    }
  }
}
