import Foundation
import UnknotKit

/// A file that is written for somebody else to read: whole or not at all, for the person alone, and never in place of
/// another.
enum NewFile {
  static func write(_ text: String, to path: String) throws(KitError) {
    let file = try create(path)
    defer { close(file) }
    do {
      try append(text, to: file, path)
    } catch {
      unlink(path)
      throw error
    }
  }

  /// - Returns: its descriptor.
  static func create(_ path: String) throws(KitError) -> Int32 {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      let code = errno
      throw code == EEXIST
        ? KitError(
          .failed, "\(path) exists already, and nothing is ever replaced", hint: "name another file with -o")
        : KitError(.failed, "\(path) cannot be written", cause: String(cString: strerror(code)))
    }
    return file
  }

  static func append(_ text: String, to file: Int32, _ path: String) throws(KitError) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw KitError(.failed, "\(path) cannot be written", cause: String(cString: strerror(errno)))
      }
      bytes = bytes.dropFirst(count)
    }
  }
}
