import Foundation
import SeededRandom
import Testing

@testable import UnknotApp

/// What a browser sends, and what nobody should.
@Suite struct FormTests {
  private func fields(_ text: String) -> [String]? {
    FormReader.fields(urlencoded: text)?.map { "\($0.name)=\($0.value)" }
  }

  @Test func fieldsAreRead() {
    #expect(fields("a=1&b=two+words&c=%C3%A9%26%3D&d=&e") == ["a=1", "b=two words", "c=é&=", "d=", "e="])
    #expect(fields("") == [])
    #expect(fields("a=%ff") == nil && fields("a=%") == nil && fields("%zz=1") == nil)
    #expect(fields((0...FormReader.mostFields).map { "a\($0)=1" }.joined(separator: "&")) == nil)
  }

  private static let body =
    Data(
      ("--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\ntwo\r\n--x\r\n"
        + "Content-Disposition: form-data; name=\"file\"; filename=\"f.unknot\"\r\nContent-Type: application/octet-stream\r\n\r\n")
        .utf8)
    + Data([0, 255, 13, 10, 45, 45]) + Data("\r\n--x--\r\n".utf8)

  @Test func partsAreRead() throws {
    let parts = try #require(FormReader.parts(multipart: Self.body, boundary: "x"))
    #expect(parts.fields.map { "\($0.name)=\($0.value)" } == ["a=one\ntwo"])
    #expect(
      parts.files.map(\.name) == ["f.unknot"] && parts.files.map(\.bytes) == [Data([0, 255, 13, 10, 45, 45])])
    // A form whose file was not chosen.
    let none = Data(
      "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\"\r\n\r\n\r\n--x--\r\n".utf8)
    #expect(FormReader.parts(multipart: none, boundary: "x")?.files.isEmpty == true)
  }

  @Test func whatIsCutOffIsNoForm() {
    for length in 0..<(Self.body.count - 4) {
      #expect(FormReader.parts(multipart: Self.body.prefix(length), boundary: "x") == nil, "\(length)")
    }
    #expect(FormReader.parts(multipart: Self.body, boundary: "") == nil)
    #expect(FormReader.parts(multipart: Self.body, boundary: "y") == nil)
  }

  @Test(arguments: 0..<200) func anyBytes(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var bytes = Array(Self.body)
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
    }
    // Whatever it is, it is read or it is not.
    if let parts = FormReader.parts(multipart: Data(bytes), boundary: "x") {
      #expect(parts.fields.count + parts.files.count <= 2)
    }
  }

  /// Pieces of forms in any order, and what is no piece: a head without lines, two ends, a mark within a name.
  @Test(arguments: 0..<40) func anyPieces(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let pieces = [
      "--x", "--", "\r\n", "\r\n\r\n", "\n", "Content-Disposition: form-data; name=\"a\"", "; filename=\"f\"",
      "abc", "\"", " name=\"",
      "content-disposition:", "\0", "\u{e9}", "x", "-",
    ]
    for _ in 0..<500 {
      let text = (0..<random.pick(14)).map { _ in pieces[random.pick(pieces.count)] }.joined()
      for begun in [text, "--x" + text, "--x\r\n\r\n" + text] {
        _ = FormReader.parts(multipart: Data(begun.utf8), boundary: "x")
        // Not all that is read begins with its own first byte.
        _ = FormReader.parts(multipart: Data("..\(begun)".utf8).dropFirst(2), boundary: "x")
        _ = FormReader.fields(urlencoded: begun)
      }
    }
  }

  @Test func noTextIsMarkup() {
    let text = "<b a=\"1\" c='2'>&\u{202e}"
    let markup: HTML =
      "<p title=\"\(text)\">\(text) \(5) \([("<i></i>" as HTML), "x"])\("checked", if: true)\("no", if: false)</p>"
    #expect(
      markup.text
        == "<p title=\"&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;\\u{202e}\">&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;\\u{202e} 5 <i></i>x checked</p>"
    )
  }
}
