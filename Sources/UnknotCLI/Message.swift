import Foundation
import UnknotKit

/// What is said beside the data: on stderr, with nothing in it that a terminal would act on.
enum Message {
  static func note(_ text: String) {
    FileHandle.standardError.write(Data((SafeText.visible(text) + "\n").utf8))
  }

  static func failure(_ message: String, cause: String?, hint: String?) {
    note("error: \(message)")
    if let cause { note("caused by: \(cause)") }
    if let hint { note("hint: \(hint)") }
  }
}
