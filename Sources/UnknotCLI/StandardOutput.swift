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
    if buffer.count + text.utf8.count > mostHeldBytes { flush() }
    if text.utf8.count <= mostHeldBytes {
      buffer += text.utf8
    } else if failure == 0 {
      failure = Descriptor.write(text, to: STDOUT_FILENO)
    }
  }

  /// What was written so far goes out, so that what is said on stderr comes after it.
  static func flush() {
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
