import UnknotCausality

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A sidecar in a file of its own, which must not lie where a backup of the journal would take it along.
public struct FileSidecar: Sidecar {
  private let folder: String
  private let journal: String

  /// - Parameters:
  ///   - folder: holds the sidecars of all journals of this device.
  ///   - journal: the journal's file; the sidecar is called by where it lies.
  public init(folder: String, journal: String) {
    self.folder = folder
    self.journal = journal
  }

  private var path: String {
    // The journal's file is made before anything is noted of it.
    let place = Self.realPath(journal) ?? journal
    return "\(folder)/\(hexadecimal(Hashing.sha256(Array(place.utf8)).prefix(16))).sidecar"
  }

  /// Without links on the way; nil where nothing is there.
  private static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(validatingCString: resolved)
  }

  public func load() throws -> [UInt8]? {
    let path = path
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw failure("read", path)
    }
    defer { close(descriptor) }
    // A note has about a hundred bytes; anything longer is none.
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    guard count >= 0 else { throw failure("read", path) }
    return Array(bytes[..<count])
  }

  /// The bytes fit into one sector and replace others of the same length: what a power cut leaves is the old note or
  /// the new one. Only the file itself is brought to the disk: where the old note is left, the journal is another one
  /// than this device noted, and a new actor is taken, which is safe.
  public func save(_ bytes: [UInt8]) throws {
    let path = path
    try Store.makeFolder(of: path)
    let isNew = access(path, F_OK) != 0
    let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw failure("write", path) }
    defer { close(descriptor) }
    let written = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    guard written == bytes.count, ftruncate(descriptor, off_t(bytes.count)) == 0,
      !isNew || fsync(descriptor) == 0
    else {
      throw failure("write", path)
    }
    if isNew { Store.syncFolder(of: path) }
  }

  private func failure(_ what: String, _ path: String) -> StorageError {
    .io("cannot \(what) \(path): \(String(cString: strerror(errno)))")
  }
}
