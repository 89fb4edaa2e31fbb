import UnknotPlatform

/// The terminal while keys are read one by one: set back on every way out.
final class Terminal {
  private var saved = termios()
  private var isRaw = false
  // Set by the signal that says that the window has another size.
  nonisolated(unsafe) private static var resized = false

  init() {
    guard tcgetattr(STDIN_FILENO, &saved) == 0 else { return }
    var raw = saved
    // Ctrl-C and Ctrl-Z go on meaning what they mean.
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
    isRaw = tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw) == 0
    _ = signal(SIGWINCH) { _ in Terminal.resized = true }
  }

  deinit { close() }

  func close() {
    if isRaw { tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved) }
    isRaw = false
    _ = signal(SIGWINCH, SIG_DFL)
  }

  /// Whether the window got another size since this was asked last.
  static var hasResized: Bool {
    defer { resized = false }
    return resized
  }

  /// Of the window, as the terminal says; nil where it says nothing.
  static var size: (columns: Int, rows: Int)? { size(of: STDOUT_FILENO) }

  /// Nil: it is no terminal.
  static func size(of descriptor: Int32) -> (columns: Int, rows: Int)? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
      return nil
    }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// The bytes that came, at the latest after so many milliseconds; empty where none did, nil at the input's end.
  static func read(within milliseconds: Int32) -> [UInt8]? {
    var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    guard poll(&descriptor, 1, max(0, milliseconds)) > 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = readBytes(STDIN_FILENO, &bytes, bytes.count)
    if count < 0 { return errno == EINTR || errno == EAGAIN ? [] : nil }
    return count == 0 ? nil : Array(bytes.prefix(count))
  }

  /// Keys without those that move a cursor: their sequences mean nothing here.
  static func keys(_ bytes: [UInt8]) -> [Character] {
    var keys: [Character] = []
    var rest = bytes[...]
    while let byte = rest.popFirst() {
      if byte == 0x1b {
        if rest.first == UInt8(ascii: "[") || rest.first == UInt8(ascii: "O") {
          rest = rest.dropFirst()
          while let next = rest.popFirst(), !(0x40...0x7e).contains(next) {}
        }
        continue
      }
      if byte < 0x80 { keys.append(Character(Unicode.Scalar(byte))) }
    }
    return keys
  }
}
