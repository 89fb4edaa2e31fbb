#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A regular file, or standard input put aside in one that has no name, read more than once from its start.
final class FileSource {
  let name: String
  private let descriptor: Int32

  /// - Parameters:
  ///   - path: a regular file. `-` is standard input. Links are not followed: whoever can put one into a folder that
  ///     is imported would choose what is read.
  ///   - nonce: makes the name of the file that standard input is put aside in, before it loses it.
  init(_ path: String, nonce: String) throws(SyncError) {
    name = path
    if path.utf8.elementsEqual("-".utf8) {
      descriptor = try Self.putAside(nonce: nonce)
      return
    }
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ELOOP { throw .unreadable(file: path, reason: "a link: name the file that it leads to") }
      throw errno == ENOENT ? .notFound(file: path) : .unreadable(file: path, reason: Self.reason)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .unreadable(file: path, reason: "not a regular file")
    }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  private static var reason: String { String(cString: strerror(errno)) }

  private static func putAside(nonce: String) throws(SyncError) -> Int32 {
    let path = "/tmp/.unknot-\(nonce).tmp"
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .unreadable(file: "-", reason: reason) }
    unlink(path)
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(STDIN_FILENO, &buffer, buffer.count)
      if count == 0 { return descriptor }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      var written = 0
      while written < count {
        let more = buffer.withUnsafeBytes { write(descriptor, $0.baseAddress! + written, count - written) }
        if more < 0, errno == EINTR { continue }
        guard more > 0 else {
          close(descriptor)
          throw .unreadable(file: "-", reason: reason)
        }
        written += more
      }
    }
    close(descriptor)
    throw .unreadable(file: "-", reason: reason)
  }

  /// Reads on from the start; [] at the end. Each call of this begins anew.
  func reader() -> (Int) throws -> [UInt8] {
    var position: off_t = 0
    return { [self] atMost in
      var buffer = [UInt8](repeating: 0, count: min(atMost, 1 << 16))
      while true {
        let count = pread(descriptor, &buffer, buffer.count, position)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw SyncError.unreadable(file: name, reason: Self.reason) }
        position += off_t(count)
        return Array(buffer[..<count])
      }
    }
  }

  /// The changeset files that a path stands for: itself, or, where it is a folder, those in it, by name: everything
  /// that ends in `.unknot`, as copies that a carrier made of a file do, but for names that begin with a dot, as
  /// half-written ones do.
  static func files(at path: String) throws(SyncError) -> [String] {
    var status = stat()
    guard !path.utf8.elementsEqual("-".utf8), stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR
    else { return [path] }
    guard let folder = opendir(path) else { throw .unreadable(file: path, reason: reason) }
    defer { closedir(folder) }
    var names: [[UInt8]] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: UInt8.self, capacity: 256) { start in
          Array(
            UnsafeBufferPointer(
              start: start, count: strlen(UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self))))
        }
      }
      if name.first != UInt8(ascii: "."), name.suffix(7).elementsEqual(".unknot".utf8) { names.append(name) }
    }
    let slash = path.utf8.last == UInt8(ascii: "/") ? "" : "/"
    return names.sorted { $0.lexicographicallyPrecedes($1) }
      .compactMap { String(validating: $0, as: UTF8.self) }.map { path + slash + $0 }
  }
}
