import Foundation

/// A regular file, read in pieces.
final class InterchangeFile {
  let name: String
  /// Nil: all of it is in the buffer.
  private let descriptor: Int32?
  private var buffer: [UInt8] = []
  private var position = 0
  private var isAtEnd = false

  init(_ path: String) throws(KitError) {
    name = path.split(separator: "/").last.map(String.init) ?? path
    // A pipe would wait for ever, a folder or a device is not what was meant.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      let code = errno
      throw code == ENOENT
        ? KitError(.notFound, "there is no file \(path)")
        : KitError(.failed, "\(path) cannot be read", cause: String(cString: strerror(code)))
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw KitError(.failed, "\(path) is not a regular file")
    }
    self.descriptor = descriptor
  }

  /// - Parameter bytes: all of it.
  init(_ name: String, _ bytes: [UInt8]) {
    self.name = name
    descriptor = nil
    buffer = bytes
    isAtEnd = true
  }

  deinit { if let descriptor { close(descriptor) } }

  func next() throws(KitError) -> UInt8? {
    guard let byte = try peek() else { return nil }
    position += 1
    return byte
  }

  /// The next byte, without going on; nil at the end.
  func peek() throws(KitError) -> UInt8? {
    if position == buffer.count { try fill() }
    return position < buffer.count ? buffer[position] : nil
  }

  /// Up to so many of the next bytes, without going on.
  func peek(_ count: Int) throws(KitError) -> [UInt8] {
    while buffer.count - position < count, !isAtEnd { try fill() }
    return Array(buffer[position..<min(buffer.count, position + count)])
  }

  /// All that is left.
  ///
  /// - Parameter most: bytes; a longer file is refused.
  func rest(most: Int, hint: Advice) throws(KitError) -> [UInt8] {
    repeat {
      try fill()
      guard buffer.count - position <= most else {
        throw KitError(.invalidValue, "\(name) is larger than \(most >> 20) MB", hint: hint)
      }
    } while !isAtEnd
    defer { position = buffer.count }
    return Array(buffer[position...])
  }

  private func fill() throws(KitError) {
    guard !isAtEnd, let descriptor else { return }
    buffer.removeFirst(position)
    position = 0
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw KitError(.failed, "\(name) cannot be read", cause: String(cString: strerror(errno)))
      }
      isAtEnd = count == 0
      buffer += piece[..<count]
      return
    }
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The real path of the folder that a file is in, however the file's path is written; nil: there is none.
  static func folder(of path: String) -> String? {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    guard let real = realpath(folder, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
