import UnknotKit
import UnknotPlatform

/// Standard output, whose failures are noticed: a full disk behind `>` is an error, a closed pipe is not.
enum StandardOutput {
  // The program has one thread.
  nonisolated(unsafe) private static var buffer: [UInt8] = []
  nonisolated(unsafe) private static var failure: Int32 = 0

  /// What is listed is written while the journal is being read, and nobody can write to it meanwhile. Whoever reads
  /// slowly, as in a pager, is to keep nobody out: it goes out once the journal was let go, and what is long waits in a
  /// file without a name.
  private static let mostHeldBytes = 2 << 20
  nonisolated(unsafe) private static var aside: Int32?
  /// There is no place for such a file.
  nonisolated(unsafe) private static var cannotWait = false

  static func write(_ text: String) {
    if buffer.count + text.utf8.count > mostHeldBytes {
      buffer.withUnsafeBufferPointer(put)
      buffer.removeAll(keepingCapacity: true)
    }
    if text.utf8.count <= mostHeldBytes {
      buffer += text.utf8
    } else {
      var text = text
      text.withUTF8(put)
    }
  }

  /// Into the file, or, where that cannot be, out.
  private static func put(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard failure == 0 else { return }
    if !cannotWait, aside == nil { aside = unnamedFile() }
    if let aside {
      let place = lseek(aside, 0, SEEK_CUR)
      if Descriptor.write(bytes, to: aside) == 0 { return }
      // Whatever of it was written is written anew.
      ftruncate(aside, place)
    }
    cannotWait = true
    sendAside()
    if failure == 0 { failure = Descriptor.write(bytes, to: STDOUT_FILENO) }
  }

  private static func unnamedFile() -> Int32? {
    guard let folder = try? Variable.temporaryFolder else { return nil }
    var path = Array("\(folder)/unknot-XXXXXX".utf8CString)
    let file = mkstemp(&path)
    guard file >= 0 else { return nil }
    unlink(path)
    return file
  }

  private static func sendAside() {
    guard let file = aside else { return }
    aside = nil
    defer { close(file) }
    lseek(file, 0, SEEK_SET)
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while failure == 0 {
      let count = piece.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        if count < 0 { failure = errno }
        return
      }
      failure = piece[..<count].withUnsafeBufferPointer { Descriptor.write($0, to: STDOUT_FILENO) }
    }
  }

  /// What was written so far goes out, so that what is said on stderr comes after it.
  static func flush() {
    sendAside()
    if failure == 0 { failure = buffer.withUnsafeBufferPointer { Descriptor.write($0, to: STDOUT_FILENO) } }
    buffer.removeAll(keepingCapacity: true)
  }

  static func finish() throws(KitError) {
    flush()
    guard failure == 0 || failure == EPIPE else {
      throw KitError(
        .failed, "the output could not be written", cause: String(cString: strerror(failure)),
        hint: "the command itself was carried out")
    }
  }
}
