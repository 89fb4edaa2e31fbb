#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Standard input as it is put aside in a file, piece by piece.
final class StandardInput {
  private let limit: UInt64
  private let check: () throws -> Void
  private var isAtEnd = false
  private var count: off_t = 0

  init(limit: UInt64, check: @escaping () throws -> Void) {
    self.limit = limit
    self.check = check
  }

  /// Reads a piece more where the file ends at `position`, unless standard input has ended.
  func putAside(into descriptor: Int32, upTo position: off_t) throws {
    guard position >= count, !isAtEnd else { return }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let length = try readPiece(&buffer)
    isAtEnd = length == 0
    guard UInt64(count) + UInt64(length) <= limit else { throw SyncError.tooLarge(file: "-", limit: limit) }
    var written = 0
    while written < length {
      let more = buffer.withUnsafeBytes { bytes in
        pwrite(descriptor, bytes.baseAddress! + written, length - written, count + off_t(written))
      }
      if more < 0, errno == EINTR { continue }
      guard more > 0 else { throw Self.failure }
      written += more
    }
    count += off_t(length)
  }

  private func readPiece(_ buffer: inout [UInt8]) throws -> Int {
    while true {
      try check()
      // A signal does not end a read, but that somebody waits is looked at again a few times a second.
      var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      let ready = poll(&waiting, 1, 200)
      if ready == 0 || ready < 0 && errno == EINTR { continue }
      let length = read(STDIN_FILENO, &buffer, buffer.count)
      if length < 0, errno == EINTR || errno == EAGAIN { continue }
      guard length >= 0 else { throw Self.failure }
      return length
    }
  }

  private static var failure: SyncError {
    .unreadable(file: "-", reason: String(cString: strerror(errno)))
  }
}
