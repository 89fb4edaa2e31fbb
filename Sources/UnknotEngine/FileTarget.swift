import UnknotPlatform

/// A file that appears under its name whole or not at all: written beside it under another name, brought to the
/// disk, given its name without replacing anything, and only then reported.
struct FileTarget {
  private let path: String
  private let folder: String
  private let temporary: String
  private let descriptor: Int32
  private(set) var bytes: UInt64 = 0

  /// - Parameter nonce: makes the temporary name; unpredictable.
  init(path: String, nonce: String) throws(SyncError) {
    self.path = path
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    folder = slash.map { String(path[...$0]) } ?? "./"
    temporary = "\(folder).unknot-\(nonce).tmp"
    var status = stat()
    guard lstat(path, &status) != 0 else { throw .targetExists(file: path) }
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .cannotWrite(file: path, reason: Self.reason) }
  }

  mutating func write(_ data: [UInt8]) throws(SyncError) {
    var written = 0
    while written < data.count {
      let count = data.withUnsafeBytes { pointer -> Int in
        writeBytes(descriptor, pointer.baseAddress.map { $0 + written }, data.count - written)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw .cannotWrite(file: path, reason: Self.reason)
      }
      written += count
    }
    bytes += UInt64(written)
  }

  /// After this the file is there, also if the power fails.
  func commit() throws(SyncError) {
    guard fsync(descriptor) == 0 else { throw .cannotWrite(file: path, reason: Self.reason) }
    guard renameWithoutReplacing(temporary, path) else {
      throw errno == EEXIST ? .targetExists(file: path) : .cannotWrite(file: path, reason: Self.reason)
    }
    let folderDescriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { if folderDescriptor >= 0 { close(folderDescriptor) } }
    // Some file systems cannot sync a folder; that they say so (EINVAL) is no failure.
    if folderDescriptor < 0 || (fsync(folderDescriptor) != 0 && errno != EINVAL) {
      let reason = Self.reason
      // Nobody has been told of it yet. What may not survive a power cut is not to be relied on.
      unlink(path)
      throw .cannotWrite(file: path, reason: reason)
    }
    close(descriptor)
  }

  /// Leaves nothing behind.
  func discard() {
    close(descriptor)
    unlink(temporary)
  }

  private static var reason: String { String(cString: strerror(errno)) }
}
