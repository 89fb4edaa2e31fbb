import UnknotKit

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Standard output, whose failures are noticed: a full disk behind `>` is an error, a closed pipe is not.
enum StandardOutput {
  // The program has one thread.
  nonisolated(unsafe) private static var buffer: [UInt8] = []
  nonisolated(unsafe) private static var failure: Int32 = 0

  /// What is listed is written while the journal is being read, and nobody can write to it meanwhile. Whoever reads
  /// slowly, as in a pager, is to keep nobody out: what is shorter goes out after the journal was let go.
  private static let mostHeldBytes = 2 << 20

  static func write(_ text: String) {
    buffer += text.utf8
    if buffer.count >= mostHeldBytes { flush() }
  }

  /// What was written so far goes out, so that what is said on stderr comes after it.
  static func flush() {
    if failure == 0 { failure = send(buffer, to: STDOUT_FILENO) }
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

  /// Writes all of it; gives 0, or the error's number.
  static func send(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { pointer in
        #if canImport(Glibc)
          Glibc.write(descriptor, pointer.baseAddress, pointer.count)
        #elseif canImport(Musl)
          Musl.write(descriptor, pointer.baseAddress, pointer.count)
        #else
          Darwin.write(descriptor, pointer.baseAddress, pointer.count)
        #endif
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return errno }
      sent += count
    }
    return 0
  }
}
