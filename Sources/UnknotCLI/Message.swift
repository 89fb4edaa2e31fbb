import UnknotKit

/// What is said beside the data: on stderr, with nothing in it that a terminal would act on.
enum Message {
  private static let standardError: Int32 = 2

  static func note(_ text: String) {
    StandardOutput.flush()
    _ = StandardOutput.send(Array((SafeText.visible(text) + "\n").utf8), to: standardError)
  }

  static func failure(_ message: String, cause: String?, hint: String?) {
    note("error: \(message)")
    if let cause { note("caused by: \(cause)") }
    if let hint { note("hint: \(hint)") }
  }
}
