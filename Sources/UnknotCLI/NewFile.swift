import Foundation
import UnknotKit

/// A file that is written for somebody else to read: whole or not at all, for the person alone, and never in place of
/// another.
final class NewFile {
  private let path: String
  private var descriptor: Int32
  private var pending = ""

  init(_ path: String) throws(KitError) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      let code = errno
      throw code == EEXIST
        ? KitError(
          .failed, "\(path) exists already, and nothing is ever replaced", hint: "name another file with -o")
        : KitError(.failed, "\(path) cannot be written", cause: String(cString: strerror(code)))
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  static func write(_ text: String, to path: String) throws(KitError) {
    let file = try NewFile(path)
    do {
      try file.append(text)
      try file.finish()
    } catch {
      file.discard()
      throw error
    }
  }

  func append(_ text: String) throws(KitError) {
    if pending.utf8.count + text.utf8.count > 1 << 16 {
      try flush()
      try write(text)
    } else {
      pending += text
    }
  }

  private func flush() throws(KitError) {
    try write(pending)
    pending = ""
  }

  private func write(_ text: String) throws(KitError) {
    let code = Descriptor.write(text, to: descriptor)
    guard code == 0 else { throw failure(code) }
  }

  /// A full disk may say so only here.
  func finish() throws(KitError) {
    try flush()
    let open = descriptor
    descriptor = -1
    guard close(open) == 0 else { throw failure(errno) }
  }

  func discard() {
    pending = ""
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
    unlink(path)
  }

  private func failure(_ code: Int32) -> KitError {
    KitError(.failed, "\(path) cannot be written", cause: String(cString: strerror(code)))
  }
}
