import UnknotCausality
import UnknotPlatform

// The keys of a device lie beside its note: never in the journal, so that neither a backup of it nor a copy elsewhere has them. A
// journal that was moved keeps them, as it keeps its note.

extension NoteFolder {
  private static let mostBytes = 1 << 20

  private func keysPath(_ device: DeviceID) -> String { "\(folder)/\(hexadecimal(device.bytes)).keys" }

  /// - Returns: nil where there are none.
  /// - Throws: `StorageError.io`.
  package func keys(of device: DeviceID) throws -> String? {
    let path = keysPath(device)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw failure("read", path)
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    while bytes.count < Self.mostBytes {
      let count = readBytes(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure("read", path) }
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw StorageError.io("the keys in \(path) cannot be understood: they were altered")
    }
    return text
  }

  /// Replaces what is there by it: after a power cut it is the one or the other.
  ///
  /// - Parameter nonce: makes the temporary name: unpredictable.
  /// - Throws: `StorageError.io`.
  package func saveKeys(_ text: String, of device: DeviceID, nonce: String) throws {
    let path = keysPath(device)
    try Files.makeFolder(of: path)
    // What programs left behind that were stopped while they saved.
    for name in Files.names(in: Files.folder(of: path)) ?? []
    where "\(folder)/\(name)".hasPrefix("\(path).") && name.hasSuffix(".tmp") {
      unlink("\(folder)/\(name)")
    }
    let temporary = "\(path).\(nonce).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw failure("write", path) }
    defer { close(descriptor) }
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { writeBytes(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      bytes = bytes.dropFirst(count)
    }
    guard bytes.isEmpty, fsync(descriptor) == 0, rename(temporary, path) == 0 else {
      let error = failure("write", path)
      unlink(temporary)
      throw error
    }
    Files.syncFolder(of: path)
  }

  private func failure(_ what: String, _ path: String) -> StorageError {
    .io("cannot \(what) \(path): \(String(cString: strerror(errno)))")
  }
}
