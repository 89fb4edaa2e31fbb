import UnknotKit

/// What is said beside the data: on stderr, with nothing in it that a terminal would act on.
enum Message {
  private static let standardError: Int32 = 2

  static func note(_ text: String) {
    StandardOutput.flush()
    _ = Descriptor.write(SafeText.visible(text) + "\n", to: standardError)
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
