import UnknotPlatform

/// A file that is open, for as long as somebody has this.
final class OpenFile {
  let descriptor: Int32

  /// - Parameter path: a regular file, and no link to one.
  init(_ path: FilePath) throws(SyncError) {
    let descriptor = path.withCString { open($0, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) }
    guard descriptor >= 0 else {
      if errno == ELOOP {
        throw .unreadable(file: path.name, reason: "a link: name the file that it leads to")
      }
      throw errno == ENOENT ? .notFound(file: path.name) : .unreadable(file: path.name, reason: Self.reason)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let reason = Self.reason
      close(descriptor)
      throw .unreadable(file: path.name, reason: reason)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .unreadable(file: path.name, reason: "not a regular file")
    }
    self.descriptor = descriptor
  }

  /// An empty file that has no name any more.
  ///
  /// - Parameter name: what errors call the stream that is put aside in it.
  init(temporaryIn folder: String, nonce: String, for name: String) throws(SyncError) {
    let path = "\(folder)/.unknot-\(nonce).tmp"
    descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .unreadable(file: name, reason: "no temporary file can be made in \(folder): \(Self.reason)")
    }
    unlink(path)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  static var reason: String { String(cString: strerror(errno)) }

  /// - Returns: no more than was asked for; [] at the end.
  func read(_ atMost: Int, at position: off_t, of name: String) throws(SyncError) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: atMost)
    while true {
      let count = pread(descriptor, &buffer, buffer.count, position)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .unreadable(file: name, reason: Self.reason) }
      return Array(buffer[..<count])
    }
  }
}
