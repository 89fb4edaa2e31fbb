import UnknotCausality

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension JSONValue: Decodable {
  /// Integers and texts are all that records hold; a number with decimals is read as its text.
  public init(from decoder: any Decoder) throws {
    if let keyed = try? decoder.container(keyedBy: Key.self) {
      self = .object(try keyed.allKeys.map { ($0.stringValue, try keyed.decode(JSONValue.self, forKey: $0)) })
      return
    }
    if var list = try? decoder.unkeyedContainer() {
      var items: [JSONValue] = []
      while !list.isAtEnd { items.append(try list.decode(JSONValue.self)) }
      self = .array(items)
      return
    }
    let single = try decoder.singleValueContainer()
    if single.decodeNil() {
      self = .null
    } else if let flag = try? single.decode(Bool.self) {
      self = .bool(flag)
    } else if let number = try? single.decode(Int64.self) {
      self = .integer(number)
    } else if let text = try? single.decode(String.self) {
      self = .string(text)
    } else {
      self = .decimal("\(try single.decode(Double.self))")
    }
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// The value that a text is.
  ///
  /// - Parameter bytes: in UTF-8.
  /// - Throws: `NotJSON`, also where it is nested more deeply than `maximumDepth`.
  public init(reading bytes: [UInt8]) throws(NotJSON) {
    // The parser calls itself for what is nested, on a thread whose stack may be small.
    guard Self.depth(of: bytes) <= Self.maximumDepth else { throw NotJSON(reason: "it is nested too deeply") }
    do {
      self = try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
    } catch {
      throw NotJSON(reason: Self.reason(error))
    }
  }

  /// Arrays and objects within each other: more than anything here is made of.
  public static let maximumDepth = 32

  /// How deeply brackets are nested outside of texts.
  private static func depth(of bytes: [UInt8]) -> Int {
    var (depth, deepest) = (0, 0)
    var (isText, isEscaped) = (false, false)
    for byte in bytes {
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = isText
      } else if byte == UInt8(ascii: "\"") {
        isText.toggle()
      } else if !isText, byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") {
        depth += 1
        deepest = max(deepest, depth)
      } else if !isText, byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") {
        depth -= 1
      }
    }
    return deepest
  }

  private static func reason(_ error: any Error) -> String {
    if case DecodingError.dataCorrupted(let context) = error { context.debugDescription } else { "\(error)" }
  }

  /// The member of that name; nil where there is none, or this is no object.
  public subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { bytewiseEqual($0.key, key) }?.value
  }
}

/// A text is not one JSON value.
public struct NotJSON: Error, Hashable, Sendable {
  /// In the parser's words.
  public let reason: String
}
