import UnknotReport

/// Markup that can be shown. A text only gets into it escaped, whoever wrote it: there is no other way from the one to the
/// other.
struct HTML: ExpressibleByStringInterpolation, Sendable {
  // What is no literal of this program's is no markup.
  typealias StringLiteralType = StaticString

  private(set) var text: String

  init(stringLiteral text: StaticString) { self.text = "\(text)" }
  init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }
  private init(text: String) { self.text = text }

  static let nothing: HTML = ""

  /// What the report module has drawn: it escapes by itself.
  init(drawn fragment: ReportFragment) { text = fragment.markup }

  static func + (one: HTML, other: HTML) -> HTML { HTML(text: one.text + other.text) }

  struct StringInterpolation: StringInterpolationProtocol {
    typealias StringLiteralType = StaticString
    fileprivate var text = ""

    init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity * 2) }

    mutating func appendLiteral(_ literal: StaticString) { text += "\(literal)" }
    mutating func appendInterpolation(_ words: some StringProtocol) { text += Markup.escaped(String(words)) }
    /// What a form has to give back as it is: nothing of it is made visible.
    mutating func appendInterpolation(exactly words: String) { text += Markup.escaped(exactly: words) }
    mutating func appendInterpolation(_ number: some BinaryInteger) { text += String(number) }
    mutating func appendInterpolation(_ markup: HTML) { text += markup.text }
    mutating func appendInterpolation(_ markup: HTML?) { text += markup?.text ?? "" }
    mutating func appendInterpolation(_ parts: [HTML]) { for part in parts { text += part.text } }
    /// Of an attribute that is there or not: `\(checked, if: isChosen)`.
    mutating func appendInterpolation(_ attribute: StaticString, if isThere: Bool) {
      if isThere { text += " \(attribute)" }
    }
  }
}

extension Sequence {
  /// A piece of markup for each.
  func html(_ body: (Element) throws -> HTML) rethrows -> [HTML] { try map(body) }
}
