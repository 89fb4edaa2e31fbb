#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A sidecar in a file of its own, which must not lie where a backup of the journal would take it along.
public struct FileSidecar: Sidecar {
  private let path: String

  public init(path: String) { self.path = path }

  public func load() throws -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw failure("read")
    }
    defer { close(descriptor) }
    // A note has about a hundred bytes; anything longer is none.
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    guard count >= 0 else { throw failure("read") }
    return Array(bytes[..<count])
  }

  /// The bytes fit into one sector; one that was torn all the same is no note, which is safe.
  public func save(_ bytes: [UInt8]) throws {
    try Store.makeFolder(of: path)
    let isNew = access(path, F_OK) != 0
    let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw failure("write") }
    defer { close(descriptor) }
    let written = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    guard written == bytes.count, ftruncate(descriptor, off_t(bytes.count)) == 0, fsync(descriptor) == 0
    else {
      throw failure("write")
    }
    if isNew { Store.syncFolder(of: path) }
  }

  private func failure(_ what: String) -> StorageError {
    .io("cannot \(what) \(path): \(String(cString: strerror(errno)))")
  }
}
