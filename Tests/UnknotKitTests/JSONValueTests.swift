import Foundation
import Testing
import UnknotKit

@Suite struct JSONValueTests {
  private let sample = JSONValue.object([
    ("z", .integer(.min)), ("a", .array([.null, .bool(true), .bool(false), .array([]), .object([])])),
    ("quote \" and \\", .string("line\nfeed\ttab\r")), ("empty", .string("")),
  ])

  @Test func keysKeepTheirOrder() {
    #expect(
      sample.compact
        == #"{"z":-9223372036854775808,"a":[null,true,false,[],{}],"quote \" and \\":"line\nfeed\ttab\r","empty":""}"#
    )
  }

  @Test func prettyIsTheSameValue() throws {
    let compact = try JSONSerialization.jsonObject(with: Data(sample.compact.utf8)) as? NSDictionary
    let pretty = try JSONSerialization.jsonObject(with: Data(sample.pretty().utf8)) as? NSDictionary
    #expect(compact != nil && compact == pretty)
    #expect(JSONValue.object([("a", .array([.integer(1)]))]).pretty() == "{\n  \"a\": [\n    1\n  ]\n}")
  }

  @Test func anyTextComesBackAsItWas() throws {
    var text = ""
    for code in (0..<0x2_0000 as Range<UInt32>) {
      if let scalar = Unicode.Scalar(code) { text.unicodeScalars.append(scalar) }
    }
    let json = JSONValue.array([.string(text)]).compact
    let back = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String])
    #expect(Array(back[0].utf8) == Array(text.utf8))
  }

  @Test func nothingInItActsOnATerminal() {
    let json = JSONValue.string("\u{1b}[31m\u{202e}\u{7f}\u{9b}\u{2066}\0").compact
    #expect(json == #""\u001b[31m\u202e\u007f\u009b\u2066\u0000""#)
    #expect(SafeText.visible("a\u{1b}[0mb") == "a\\u{1b}[0mb")
    #expect(SafeText.visible("é 日本 👍") == "é 日本 👍")
  }

  @Test func itIsNotNestedDeeply() throws {
    func nested(_ depth: Int) -> [UInt8] {
      Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
    }
    _ = try JSONValue(reading: nested(JSONValue.maximumDepth))
    #expect(throws: NotJSON.self) { try JSONValue(reading: nested(JSONValue.maximumDepth + 1)) }
    #expect(throws: NotJSON.self) { try JSONValue(reading: nested(100_000)) }
    let brackets = String(repeating: "[\\\"{", count: 1000)
    #expect(try JSONValue(reading: Array("[\"\(brackets)\", []]".utf8)) != .null)
  }

  /// Written by hand, digit by digit.
  @Test func everyUnsafeCharacterIsWrittenOut() {
    for scalar in (0...UInt32(0xffff)).compactMap(Unicode.Scalar.init) where SafeText.isUnsafe(scalar) {
      let hexadecimal = String(scalar.value, radix: 16)
      #expect(SafeText.visible("é\(scalar)") == "é\\u{\(hexadecimal)}")
      guard !["\n", "\r", "\t"].contains(scalar) else { continue }
      let padded = String(repeating: "0", count: 4 - hexadecimal.count) + hexadecimal
      #expect(JSONValue.string("a\(scalar)").compact == "\"a\\u\(padded)\"")
    }
  }

  @Test func equalityIsOfBytes() {
    #expect(JSONValue.string("\u{e9}") != .string("e\u{301}"))
    #expect(JSONValue.object([("a", .null), ("b", .null)]) != .object([("b", .null), ("a", .null)]))
  }
}
