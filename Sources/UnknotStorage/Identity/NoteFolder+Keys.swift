import UnknotCausality
import UnknotPlatform

// The keys of a journal lie beside its notes, by where the journal lies: never in the journal, so that neither a backup of it
// nor a copy has them.

extension NoteFolder {
  private static let mostBytes = 1 << 20

  private var keysPath: String {
    "\(folder)/\(hexadecimal(Hashing.sha256(Array(place.utf8)).prefix(16))).keys"
  }

  /// - Returns: nil where there are none.
  /// - Throws: `StorageError.io`.
  package func keys() throws -> String? {
    let descriptor = open(keysPath, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw failure("read")
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    while bytes.count < Self.mostBytes {
      let count = readBytes(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure("read") }
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw StorageError.io("the keys in \(keysPath) cannot be understood: they were altered")
    }
    return text
  }

  /// Replaces what is there by it: after a power cut it is the one or the other.
  ///
  /// - Parameter nonce: makes the temporary name: unpredictable.
  /// - Throws: `StorageError.io`.
  package func saveKeys(_ text: String, nonce: String) throws {
    try Files.makeFolder(of: keysPath)
    let temporary = "\(keysPath).\(nonce).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw failure("write") }
    defer { close(descriptor) }
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { writeBytes(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      bytes = bytes.dropFirst(count)
    }
    guard bytes.isEmpty, fsync(descriptor) == 0, rename(temporary, keysPath) == 0 else {
      let error = failure("write")
      unlink(temporary)
      throw error
    }
    Files.syncFolder(of: keysPath)
  }

  private func failure(_ what: String) -> StorageError {
    .io("cannot \(what) \(keysPath): \(String(cString: strerror(errno)))")
  }
}
