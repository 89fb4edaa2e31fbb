import Foundation

/// Reads what a form sends.
enum FormReader {
  /// Of one form; more is no form of this program's.
  static let mostFields = 500

  /// `a=1&b=two+words`; nil where it is not that.
  static func fields(urlencoded text: String) -> [(name: String, value: String)]? {
    let pairs = text.split(separator: "&")
    guard pairs.count <= mostFields else { return nil }
    var fields: [(name: String, value: String)] = []
    for pair in pairs {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = decoded(parts[0]), let value = decoded(parts.count == 2 ? parts[1] : "") else {
        return nil
      }
      fields.append((name, Self.lines(value)))
    }
    return fields
  }

  /// Browsers send line ends as of old.
  private static func lines(_ text: String) -> String { text.replacing("\r\n", with: "\n") }

  private static func decoded(_ text: Substring) -> String? {
    String(text).replacing("+", with: " ").removingPercentEncoding
  }

  /// RFC 7578; nil where it is not that.
  static func parts(multipart body: Data, boundary: String) -> (
    fields: [(name: String, value: String)], files: [Upload]
  )? {
    guard (1...70).contains(boundary.utf8.count) else { return nil }
    let mark = Data("--\(boundary)".utf8)
    let (lineEnd, headEnd) = (Data("\r\n".utf8), Data("\r\n\r\n".utf8))
    var fields: [(name: String, value: String)] = []
    var files: [Upload] = []
    guard var at = body.range(of: mark)?.upperBound else { return nil }
    while true {
      let rest = body[at...]
      if rest.starts(with: Data("--".utf8)) { return (fields, files) }
      guard rest.starts(with: lineEnd), let head = body.range(of: headEnd, in: at..<body.endIndex),
        // One without any line has its end where its beginning is.
        head.lowerBound >= at + 2,
        let end = body.range(of: lineEnd + mark, in: (head.upperBound - 2)..<body.endIndex),
        let lines = String(data: body[(at + 2)..<head.lowerBound], encoding: .utf8),
        let line = lines.split(separator: "\r\n").first(where: {
          $0.lowercased().hasPrefix("content-disposition:")
        }), let name = parameter("name", of: line), fields.count + files.count < mostFields
      else { return nil }
      let content = body[head.upperBound..<max(head.upperBound, end.lowerBound)]
      if let file = parameter("filename", of: line) {
        if !file.isEmpty { files.append(Upload(name: file, bytes: Data(content))) }
      } else {
        guard let value = String(data: content, encoding: .utf8) else { return nil }
        fields.append((name, Self.lines(value)))
      }
      at = end.upperBound
    }
  }

  private static func parameter(_ name: String, of line: Substring) -> String? {
    guard let start = line.range(of: " \(name)=\"")?.upperBound,
      let end = line[start...].firstIndex(of: "\"")
    else { return nil }
    return String(line[start..<end]).replacing("%22", with: "\"")
  }
}
