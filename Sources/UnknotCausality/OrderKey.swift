/// Keys that put a list in order: base-62 fractional indexes, compared as bytes. Between any two there is room for
/// another, so an insertion never touches its neighbours and a move is one write.
///
/// A key is a whole part, whose first letter says how long it is, and a fraction without a trailing zero. `between`
/// agrees with the published test vectors of the scheme; what a writer adds to it is in `OrderKey+Writer.swift`, and
/// where a new element goes in a list in `OrderKey+Insertion.swift`.
public enum OrderKey {
  static let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
  static let zero = UInt8(ascii: "0")
  static let maximumBytes = 1024
  private static let smallestWhole = [UInt8(ascii: "A")] + [UInt8](repeating: UInt8(ascii: "0"), count: 26)

  /// A key that sorts after `after` and before `before`; nil stands for the list's end on that side. Two writers that
  /// ask for the same place get the same one: for a list that both write to, there is `insertion`.
  package static func between(_ after: String?, _ before: String?) throws(OrderKeyError) -> String {
    text(try between(after.map { Array($0.utf8) }, before.map { Array($0.utf8) }))
  }

  static func between(_ after: [UInt8]?, _ before: [UInt8]?) throws(OrderKeyError) -> [UInt8] {
    let low = try after.map(parse)
    let high = try before.map(parse)
    if let low, let high, !low.bytes.lexicographicallyPrecedes(high.bytes) {
      throw OrderKeyError("order keys out of order: \(text(low.bytes)) is not before \(text(high.bytes))")
    }
    switch (low, high) {
    case (nil, nil): return Array("a0".utf8)
    case (nil, .some(let high)):
      if high.whole == smallestWhole { return high.whole + middle([], high.fraction) }
      if !high.fraction.isEmpty { return high.whole }
      guard let whole = decrement(high.whole) else {
        throw OrderKeyError("no room before \(text(high.bytes))")
      }
      return whole
    case (.some(let low), nil):
      return increment(low.whole) ?? low.whole + middle(low.fraction, nil)
    case (.some(let low), .some(let high)):
      if low.whole == high.whole { return low.whole + middle(low.fraction, high.fraction) }
      if let whole = increment(low.whole), whole.lexicographicallyPrecedes(high.bytes) { return whole }
      return low.whole + middle(low.fraction, nil)
    }
  }

  /// Whether a text is a key of this scheme.
  public static func isValid(_ key: String) -> Bool { isValid(Array(key.utf8)) }

  static func isValid(_ key: [UInt8]) -> Bool { (try? parse(key)) != nil }

  private struct Key {
    let whole: [UInt8]
    let fraction: [UInt8]
    var bytes: [UInt8] { whole + fraction }
  }

  private static func parse(_ bytes: [UInt8]) throws(OrderKeyError) -> Key {
    // Thousands of insertions at one place do not come so far; a key from a file can.
    guard bytes.count <= maximumBytes else { throw OrderKeyError("order key too long") }
    guard let head = bytes.first, let length = wholeLength(head) else {
      throw OrderKeyError("invalid order key head: \(text(Array(bytes.prefix(1))))")
    }
    guard length <= bytes.count, bytes != smallestWhole, bytes.allSatisfy(digits.contains),
      bytes.count == length || bytes.last != zero
    else { throw OrderKeyError("invalid order key: \(text(bytes))") }
    return Key(whole: Array(bytes[..<length]), fraction: Array(bytes[length...]))
  }

  private static func wholeLength(_ head: UInt8) -> Int? {
    switch head {
    case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(head - UInt8(ascii: "a")) + 2
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(UInt8(ascii: "Z") - head) + 2
    default: nil
    }
  }

  private static func value(_ digit: UInt8) -> Int { digits.firstIndex(of: digit) ?? 0 }

  /// A fraction between two; nil above stands for 1.
  static func middle(_ low: [UInt8], _ high: [UInt8]?) -> [UInt8] {
    if let high {
      // What both begin with is kept; a low one that is shorter counts as followed by zeros.
      var common = 0
      while common < high.count, (common < low.count ? low[common] : zero) == high[common] { common += 1 }
      if common > 0 {
        return high[..<common] + middle(Array(low.dropFirst(common)), Array(high[common...]))
      }
    }
    let lowDigit = low.first.map(value) ?? 0
    let highDigit = high?.first.map(value) ?? digits.count
    if highDigit - lowDigit > 1 { return [digits[(lowDigit + highDigit + 1) / 2]] }
    if let high, high.count > 1 { return [high[0]] }
    return [digits[lowDigit]] + middle(Array(low.dropFirst()), nil)
  }

  private static func increment(_ whole: [UInt8]) -> [UInt8]? {
    var rest = Array(whole.dropFirst())
    for index in rest.indices.reversed() {
      let next = value(rest[index]) + 1
      if next < digits.count {
        rest[index] = digits[next]
        return [whole[0]] + rest
      }
      rest[index] = zero
    }
    switch whole[0] {
    case UInt8(ascii: "Z"): return [UInt8(ascii: "a"), zero]
    case UInt8(ascii: "z"): return nil
    default:
      let head = whole[0] + 1
      if head > UInt8(ascii: "a") { rest.append(zero) } else { rest.removeLast() }
      return [head] + rest
    }
  }

  private static func decrement(_ whole: [UInt8]) -> [UInt8]? {
    var rest = Array(whole.dropFirst())
    let last = digits[digits.count - 1]
    for index in rest.indices.reversed() {
      let previous = value(rest[index]) - 1
      if previous >= 0 {
        rest[index] = digits[previous]
        return [whole[0]] + rest
      }
      rest[index] = last
    }
    switch whole[0] {
    case UInt8(ascii: "a"): return [UInt8(ascii: "Z"), last]
    case UInt8(ascii: "A"): return nil
    default:
      let head = whole[0] - 1
      if head < UInt8(ascii: "Z") { rest.append(last) } else { rest.removeLast() }
      return [head] + rest
    }
  }

  static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

/// A key of a list cannot be made: a key beside it is malformed, two are out of order, or there is no room.
public struct OrderKeyError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, as words to be put into a message.
  public let description: String
  init(_ description: String) { self.description = description }
}
