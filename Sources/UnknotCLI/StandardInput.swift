import UnknotKit
import UnknotPlatform

/// Standard input, piece by piece.
enum StandardInput {
  /// Waits for at most so many bytes; none at the end. Ctrl-C ends the wait.
  @Sendable static func read(atMost count: Int) throws -> [UInt8] {
    while true {
      if Interruption.received != 0 { throw KitError(.interrupted, "interrupted: nothing was changed") }
      // A signal does not end a read, but that somebody waits is looked at again a few times a second.
      var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      let ready = poll(&waiting, 1, 200)
      if ready == 0 || ready < 0 && errno == EINTR { continue }
      var buffer = [UInt8](repeating: 0, count: count)
      let length = readBytes(STDIN_FILENO, &buffer, count)
      if length < 0, errno == EINTR || errno == EAGAIN { continue }
      guard length >= 0 else {
        throw KitError(.failed, "- cannot be read", cause: String(cString: strerror(errno)))
      }
      return Array(buffer.prefix(length))
    }
  }
}
