import UnknotPlatform
import UnknotStorage

/// What a file is for.
struct FileKind {
  /// What its name has in it, unless a carrier made another of it.
  let ending: [UInt8]
  /// What it begins with.
  let start: [UInt8]

  static let changeset = FileKind(ending: Array(".unknot".utf8), start: ChangesetFile.start)
  static let sealed = FileKind(ending: Array(".age".utf8), start: SealedFile.start)
  static let database = FileKind(ending: Array(".sqlite".utf8), start: Array("SQLite format 3\0".utf8))

  /// Carriers add to names, and change letters from small to capital: `x.unknot(1)`, `4.UNKNOT`, `x.unknot..path1`.
  func isNamed(_ name: [UInt8]) -> Bool {
    let small = name.map { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 ? $0 | 0x20 : $0 }
    return small.indices.contains { small[$0...].starts(with: ending) }
  }
}

/// The files that a path stands for.
enum FolderListing {
  /// The path itself or, where it is a folder, the files in it of these kinds, by name.
  ///
  /// The first bytes say what a file is. One that is only called so is given as well, that somebody hears of it: it may be
  /// empty, damaged, or only half there. Names that begin with a dot or end in `.tmp` are of files that are being written.
  static func files(at path: String, of kinds: [FileKind]) throws(SyncError) -> (
    files: [FilePath], isFolder: Bool
  ) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      return ([FilePath(path)], false)
    }
    var files: [FilePath] = []
    for name in try names(in: path) {
      guard isFinished(name) else { continue }
      let file = FilePath(path, name)
      if kinds.contains(where: { $0.isNamed(name) }) || isOf(kinds, file) { files.append(file) }
    }
    return (files, true)
  }

  /// What can be told of a folder's files without reading them: regular ones, but for hidden ones and those that are being
  /// written.
  static func looks(in path: String, atMost most: Int64) throws(SyncError) -> [(
    name: [UInt8], look: FileLook
  )] {
    var looks: [(name: [UInt8], look: FileLook)] = []
    for name in try names(in: path) {
      guard isFinished(name), let look = look(at: FilePath(path, name)), look.bytes <= most else { continue }
      looks.append((name, look))
    }
    return looks
  }

  /// - Returns: nil where no regular file is there.
  static func look(at path: FilePath) -> FileLook? {
    var status = stat()
    guard path.withCString({ lstat($0, &status) }) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    return FileLook(bytes: Int64(status.st_size), modifiedAt: modificationTime(status))
  }

  private static func isFinished(_ name: [UInt8]) -> Bool {
    name.first != UInt8(ascii: ".") && !name.suffix(4).elementsEqual(".tmp".utf8)
  }

  /// What cannot be read and is not called so is somebody else's.
  private static func isOf(_ kinds: [FileKind], _ path: FilePath) -> Bool {
    guard let most = kinds.map(\.start.count).max(), let file = try? OpenFile(path),
      let start = try? file.read(most, at: 0, of: path.name)
    else { return false }
    return kinds.contains { start.starts(with: $0.start) }
  }

  private static func names(in path: String) throws(SyncError) -> [[UInt8]] {
    guard let folder = opendir(path) else { throw .unreadable(file: path, reason: OpenFile.reason) }
    defer { closedir(folder) }
    var names: [[UInt8]] = []
    while let entry = readdir(folder) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: UInt8.self, capacity: 256) { start in
            Array(
              UnsafeBufferPointer(
                start: start, count: strlen(UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self))))
          }
        })
    }
    return names.sorted { $0.lexicographicallyPrecedes($1) }
  }
}
