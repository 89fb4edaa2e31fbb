import UnknotPlatform

/// A stream as it is put aside in a file, piece by piece.
final class PutAside {
  private let name: String
  private let limit: UInt64
  private let read: (_ atMost: Int) throws -> [UInt8]
  private var isAtEnd = false
  private var count: off_t = 0

  init(name: String, limit: UInt64, _ read: @escaping (_ atMost: Int) throws -> [UInt8]) {
    self.name = name
    self.limit = limit
    self.read = read
  }

  /// Reads a piece more where the file ends at `position`, unless the stream has ended.
  func putAside(into descriptor: Int32, upTo position: off_t) throws {
    guard position >= count, !isAtEnd else { return }
    let piece = try read(1 << 16)
    isAtEnd = piece.isEmpty
    guard UInt64(count) + UInt64(piece.count) <= limit else {
      throw SyncError.tooLarge(file: name, limit: limit)
    }
    var written = 0
    while written < piece.count {
      let more = piece.withUnsafeBytes { bytes in
        pwrite(
          descriptor, bytes.baseAddress.map { $0 + written }, piece.count - written, count + off_t(written))
      }
      if more < 0, errno == EINTR { continue }
      guard more > 0 else {
        throw SyncError.unreadable(file: name, reason: String(cString: strerror(errno)))
      }
      written += more
    }
    count += off_t(piece.count)
  }
}
