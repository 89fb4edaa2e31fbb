import UnknotKit
import UnknotReport

/// What is said beside the data: on stderr, with nothing in it that a terminal would act on.
enum Message {
  private static let standardError: Int32 = 2

  static func note(_ text: String) {
    StandardOutput.flush()
    _ = Descriptor.write(lines(text).joined(separator: "\n") + "\n", to: standardError)
  }

  /// Whoever reads them at a terminal gets whole words; a program gets the line.
  private static func lines(_ text: String) -> [String] {
    guard let columns = Terminal.size(of: standardError)?.columns, columns >= 20 else {
      return [SafeText.visible(text)]
    }
    return text.split(separator: "\n", omittingEmptySubsequences: false).flatMap {
      Table.wrapped(String($0), width: columns)
    }
  }

  static func tell(_ notice: Notice) {
    note("\(notice.level == .warning ? "warning" : "hint"): \(notice.text.words)")
  }

  static func failure(_ message: String, cause: String?, hint: String?) {
    note("error: \(message)")
    if let cause { note("caused by: \(cause)") }
    if let hint { note("hint: \(hint)") }
  }
}
