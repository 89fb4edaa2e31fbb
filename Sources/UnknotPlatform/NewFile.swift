/// Why something new could not be written.
public enum NewFileError: Error, Hashable, Sendable {
  /// Something has that name already. Nothing is ever replaced.
  case exists
  /// The system's reason, an `errno`.
  case failed(Int32)
  /// The disk is full: how many bytes are free on it, and how many more were to be written at least.
  case full(free: UInt64, needed: UInt64)

  /// The reason, mostly in the system's words; nil where something has that name.
  public var reason: String? {
    switch self {
    case .exists: nil
    case .failed(let code): String(cString: strerror(code))
    case .full(let free, let needed):
      "the disk is full: \(free) bytes are free, and \(needed) more are needed at least"
    }
  }
}

/// A file that appears under its name whole or not at all: it is written beside it under another name, brought to the disk,
/// and then given its name without replacing anything. Where it is let go before that, nothing is left of it; and what a
/// killed program left, the next one that writes into the same folder takes away.
///
/// Not for use from several threads at once.
public final class NewFile {
  /// Who may read it, before the person's `umask`.
  public enum Readers: Sendable {
    /// The person alone: whatever has records in it.
    case owner
    /// Everybody: what is made to be shown.
    case everyone
  }

  private let path: String
  private let temporary: TemporaryName
  private var pending: [UInt8] = []
  /// How many bytes were written so far.
  public private(set) var bytes: UInt64 = 0

  /// Looks whether there is room for the name, and begins the file.
  ///
  /// - Parameters:
  ///   - nonce: makes the temporary name: 16 hexadecimal digits, unpredictable.
  ///   - readers: who may read it.
  public init(_ path: String, nonce: String, readers: Readers = .owner) throws(NewFileError) {
    self.path = path
    temporary = try TemporaryName(for: path, nonce: nonce) {
      open($0, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, readers == .owner ? 0o600 : 0o666)
    }
  }

  /// Where it is until `commit`: for a library that writes to a path. It exists, and is empty.
  public var temporaryPath: String { temporary.path }

  /// Writes text after what was written so far.
  public func write(_ text: String) throws(NewFileError) {
    pending += text.utf8
    if pending.count >= 1 << 16 { try flush() }
  }

  /// Writes bytes after what was written so far.
  public func write(_ data: [UInt8]) throws(NewFileError) {
    pending += data
    if pending.count >= 1 << 16 { try flush() }
  }

  private func flush() throws(NewFileError) {
    var written = 0
    while written < pending.count {
      let count = pending.withUnsafeBytes { buffer -> Int in
        writeBytes(temporary.descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
      }
      if count < 0 {
        if errno == EINTR { continue }
        let code = errno
        guard code == ENOSPC, let free = freeBytes(temporary.descriptor) else { throw .failed(code) }
        throw .full(free: free, needed: UInt64(pending.count - written))
      }
      written += count
    }
    bytes += UInt64(written)
    pending.removeAll(keepingCapacity: true)
  }

  /// After this the file is there under its name, also if the power fails. To be called once, after the last write.
  public func commit() throws(NewFileError) {
    try flush()
    guard fsync(temporary.descriptor) == 0 else { throw .failed(errno) }
    try temporary.becomeFinal(path)
  }
}
