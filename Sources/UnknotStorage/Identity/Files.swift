import UnknotPlatform

/// What is done with files as such.
enum Files {
  /// With its slash at the end; empty where the path names no folder.
  static func folder(of path: String) -> String {
    var folder = path
    while folder.utf8.last != UInt8(ascii: "/"), !folder.isEmpty { folder.removeLast() }
    return folder
  }

  /// Whether there is nothing yet in what is called so: no file, or an empty one.
  static func isMissingOrEmpty(_ path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { return errno == ENOENT || errno == ENOTDIR }
    return status.st_mode & S_IFMT == S_IFREG && status.st_size == 0
  }

  /// Whether it has fewer bytes than the head of a database, and is not empty.
  static func isTooSmall(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
      && (1..<100).contains(status.st_size)
  }

  static func isWritable(_ path: String) -> Bool { access(path, W_OK) == 0 }

  static func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// A new file is empty, and for nobody else; one that is there stays as it is.
  static func make(_ path: String) throws {
    try makeFolder(of: path)
    var descriptor = open(path, O_CREAT | O_EXCL | O_CLOEXEC | O_RDWR, 0o600)
    // A link that leads to where nothing is: the file is made there.
    if descriptor < 0, errno == EEXIST, !isThere(path) {
      descriptor = open(path, O_CREAT | O_CLOEXEC | O_RDWR, 0o600)
    }
    if descriptor >= 0 {
      close(descriptor)
    } else if errno != EEXIST {
      throw StorageError.io("cannot make \(path): \(String(cString: strerror(errno)))")
    }
  }

  /// So that a new file's name is on the disk, too.
  static func syncFolder(of path: String) {
    let folder = folder(of: path)
    let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  static func makeFolder(of file: String) throws {
    let folder = folder(of: file)
    do {
      try makeFolders(folder)
    } catch {
      // Whether there is a way to a file in it shows where that is opened.
      if case .failed(let code) = error, code == EROFS || code == EACCES { return }
      throw StorageError.io("cannot make the folder \(folder): \(error.reason ?? "it exists")")
    }
  }

  /// The names in a folder, but for those that are not UTF-8; nil where the folder cannot be read.
  static func names(in folder: String) -> [String]? {
    guard let listing = opendir(folder.isEmpty ? "." : folder) else { return nil }
    defer { closedir(listing) }
    var names: [String] = []
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
      }
      if let name { names.append(name) }
    }
    return names
  }
}
