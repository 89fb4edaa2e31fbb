import UnknotPlatform

/// A regular file, or a stream, read more than once from its start. A stream is put aside, in a file that has no name, as
/// it is read for the first time: what makes no sense from its first bytes on is not waited for.
final class FileSource {
  private enum Place {
    /// Opened for each reading and closed behind it: a folder has more files than a process may have open.
    case file(FilePath)
    case stream(OpenFile, PutAside)
  }

  let name: String
  private let place: Place

  /// - Parameter path: a regular file that can be opened. Links are not followed: whoever can put one into a folder that
  ///   is imported would choose what is read.
  init(_ path: FilePath) throws(SyncError) {
    name = path.name
    place = .file(path)
    _ = try OpenFile(path)
  }

  convenience init(path: String) throws(SyncError) { try self.init(FilePath(path)) }

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
    place = .stream(
      try OpenFile(temporaryIn: folder, nonce: nonce, for: name), PutAside(name: name, limit: limit, read))
  }

  /// Reads on from the start; [] at the end. Each call of this begins anew.
  func reader() -> (Int) throws -> [UInt8] { Reading(self).next }

  /// Its first bytes: fewer where it has no more.
  func start(_ count: Int) throws -> [UInt8] {
    let reading = Reading(self)
    var bytes: [UInt8] = []
    while bytes.count < count {
      let more = try reading.next(count - bytes.count)
      if more.isEmpty { break }
      bytes += more
    }
    return bytes
  }

  /// How far it was read. An object, and no variables of a closure: of those that were called where they were made, the
  /// optimizer of Swift 6.3.1 has read one before it was set.
  private final class Reading {
    private let source: FileSource
    private var position: off_t = 0
    private var opened: OpenFile?

    init(_ source: FileSource) { self.source = source }

    func next(_ atMost: Int) throws -> [UInt8] {
      let file: OpenFile
      switch source.place {
      case .file(let path):
        file = try opened ?? OpenFile(path)
        opened = file
      case .stream(let temporary, let stream):
        try stream.putAside(into: temporary.descriptor, upTo: position)
        file = temporary
      }
      let bytes = try file.read(min(atMost, 1 << 16), at: position, of: source.name)
      position += off_t(bytes.count)
      return bytes
    }
  }
}
