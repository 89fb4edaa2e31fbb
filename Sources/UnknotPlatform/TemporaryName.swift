/// A name beside the one that something is to have in the end.
///
/// Whoever makes it holds a lock on it for as long as it lives, and the system lets go of that when the program ends,
/// however it ends. So a name that nobody holds is a leftover, and nobody else's work is ever taken for one.
final class TemporaryName {
  let path: String
  /// Of what has that name.
  let descriptor: Int32
  private let folder: String
  private var isThere = true

  private static let start = ".unknot-"
  private static let end = ".tmp"

  /// - Parameters:
  ///   - final: the name that it is to have in the end; nothing may have it.
  ///   - make: makes what has the temporary name and opens it: -1 and `errno` where it cannot.
  init(for final: String, nonce: String, _ make: (String) -> Int32) throws(NewFileError) {
    guard try !isNamed(final) else { throw .exists }
    let slash = final.utf8.lastIndex(of: UInt8(ascii: "/"))
    folder = slash.map { String(final[...$0]) } ?? "./"
    Self.removeLeftovers(in: folder)
    // Between the making and the lock another program may take it for a leftover.
    var attempt = 0
    while true {
      let path = "\(folder)\(Self.start)\(nonce)\(attempt == 0 ? "" : "\(attempt)")\(Self.end)"
      let descriptor = make(path)
      guard descriptor >= 0 else {
        // A folder that was taken away before it was opened.
        if errno == ENOENT, attempt < 3 {
          attempt += 1
          continue
        }
        throw .failed(errno)
      }
      // Where a file system has no locks, leftovers stay.
      let isTaken = flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
      var status = stat()
      guard fstat(descriptor, &status) == 0 else {
        let code = errno
        close(descriptor)
        Self.remove(path)
        throw .failed(code)
      }
      if !isTaken, status.st_nlink > 0 {
        self.path = path
        self.descriptor = descriptor
        return
      }
      close(descriptor)
      attempt += 1
      guard attempt < 10 else { throw .failed(EBUSY) }
    }
  }

  deinit {
    if isThere { Self.remove(path) }
    close(descriptor)
  }

  /// What it holds has to be on the disk already.
  func becomeFinal(_ final: String) throws(NewFileError) {
    guard renameWithoutReplacing(path, final) else { throw errno == EEXIST ? .exists : .failed(errno) }
    isThere = false
    do {
      try Self.sync(folder: folder)
    } catch {
      // Nobody has been told of it yet. What may not survive a power cut is not to be relied on.
      Self.remove(final)
      throw error
    }
  }

  private static func sync(folder: String) throws(NewFileError) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .failed(errno) }
    defer { close(descriptor) }
    // Some file systems cannot sync a folder; that they say so is no failure.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw .failed(errno) }
  }

  /// What this makes, and nothing that a person would call so: 16 hexadecimal digits, and another one at most.
  private static func isOwn(_ name: String) -> Bool {
    guard name.utf8.starts(with: start.utf8), name.hasSuffix(end) else { return false }
    let nonce = name.utf8.dropFirst(start.utf8.count).dropLast(end.utf8.count)
    return (16...17).contains(nonce.count)
      && nonce.allSatisfy { byte in
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
      }
  }

  /// What programs that were killed left in a folder. Failures are nobody's: what is to be written does not depend on it.
  private static func removeLeftovers(in folder: String) {
    for name in names(in: folder) where isOwn(name) {
      let path = folder + name
      let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      defer { close(descriptor) }
      var status = stat()
      guard fstat(descriptor, &status) == 0, status.st_uid == geteuid(),
        status.st_mode & S_IFMT == S_IFREG || status.st_mode & S_IFMT == S_IFDIR,
        flock(descriptor, LOCK_EX | LOCK_NB) == 0
      else { continue }
      remove(path)
    }
  }

  /// A file, a database with the rollback journal beside it, or a folder of files.
  private static func remove(_ path: String) {
    unlink("\(path)-journal")
    guard unlink(path) != 0 else { return }
    for name in names(in: path) { unlink("\(path)/\(name)") }
    rmdir(path)
  }

  private static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
          String(cString: $0)
        }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
