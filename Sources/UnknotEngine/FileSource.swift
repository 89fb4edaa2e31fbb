import UnknotPlatform

/// A regular file, or a stream, read more than once from its start. A stream is put aside, in a file that has no name, as
/// it is read for the first time: what makes no sense from its first bytes on is not waited for.
final class FileSource {
  let name: String
  private let descriptor: Int32
  private let stream: PutAside?

  /// - Parameter path: a regular file. Links are not followed: whoever can put one into a folder that is imported would
  ///   choose what is read.
  init(path: String) throws(SyncError) {
    name = path
    stream = nil
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

  /// - Parameters:
  ///   - nonce: makes the name of the file that the stream is put aside in, before it loses it.
  ///   - folder: where that file is; nil: streams are not read.
  ///   - limit: so many bytes at most.
  init(
    stream name: String, nonce: String, folder: String?, limit: UInt64,
    _ read: @escaping (_ atMost: Int) throws -> [UInt8]
  ) throws(SyncError) {
    self.name = name
    guard let folder else { throw .unreadable(file: name, reason: "there is no folder to put it aside in") }
    descriptor = try Self.temporaryFile(in: folder, nonce: nonce, for: name)
    stream = PutAside(name: name, limit: limit, read)
  }

  deinit { close(descriptor) }

  private static var reason: String { String(cString: strerror(errno)) }

  private static func temporaryFile(
    in folder: String, nonce: String, for name: String
  ) throws(SyncError) -> Int32 {
    let path = "\(folder)/.unknot-\(nonce).tmp"
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .unreadable(file: name, reason: "no temporary file can be made in \(folder): \(reason)")
    }
    unlink(path)
    return descriptor
  }

  /// Reads on from the start; [] at the end. Each call of this begins anew.
  func reader() -> (Int) throws -> [UInt8] {
    var position: off_t = 0
    return { [self] atMost in
      try stream?.putAside(into: descriptor, upTo: position)
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
  ///
  /// - Parameter endings: of a folder, what names have to end in.
  static func files(
    at path: String, ending endings: [String] = [".unknot"]
  ) throws(SyncError) -> (names: [String], isFolder: Bool) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR
    else { return ([path], false) }
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
      guard name.first != UInt8(ascii: "."),
        endings.contains(where: { name.suffix($0.utf8.count).elementsEqual($0.utf8) })
      else { continue }
      names.append(name)
    }
    let slash = path.utf8.last == UInt8(ascii: "/") ? "" : "/"
    let files = names.sorted { $0.lexicographicallyPrecedes($1) }
      .compactMap { String(validating: $0, as: UTF8.self) }.map { path + slash + $0 }
    return (files, true)
  }
}
