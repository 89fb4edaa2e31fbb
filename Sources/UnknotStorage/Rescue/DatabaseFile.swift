import UnknotPlatform

/// The pages of an SQLite database that SQLite may refuse to open, as they lie on the disk. It is only read, and nothing that
/// it says of itself is relied on.
///
/// The layout is that of SQLite's documentation, "Database File Format".
final class DatabaseFile {
  private let descriptor: Int32
  let pageSize: Int
  /// Of a page, what rows may take up.
  let usableSize: Int
  let pageCount: Int
  /// What a transaction that was not finished had changed, as it was before.
  private let before: [Int: [UInt8]]

  private static let smallestPage = 512
  private static let usualPage = 4096

  /// - Throws: `StorageError.io` where it cannot be opened, `.notAJournal` for what is no regular file.
  init(path: String) throws {
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { throw StorageError.io(String(cString: strerror(errno))) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw StorageError.notAJournal("it is no regular file")
    }
    let head = Self.read(descriptor, 0, 100) ?? []
    let said = head.count == 100 ? Int(head[16]) << 8 | Int(head[17]) : 0
    let size = said == 1 ? 1 << 16 : said
    let isSize = size >= Self.smallestPage && size.nonzeroBitCount == 1
    pageSize = isSize ? size : Self.usualPage
    // A journal leaves no space at the ends of its pages, whatever the file's head says by now.
    usableSize = pageSize
    let byteCount = Int(clamping: status.st_size)
    let before = RollbackJournal(path: "\(path)-journal", pageSize: pageSize)?.pages ?? [:]
    self.before = before
    // A write that was not finished may have cut pages off.
    pageCount = max(byteCount / pageSize + (byteCount % pageSize == 0 ? 0 : 1), before.keys.max() ?? 0)
  }

  deinit { close(descriptor) }

  /// A page by its number, from 1; nil where there is none that can be read. A last one that is cut off ends in zeros.
  func page(_ number: Int) -> [UInt8]? {
    guard number >= 1, number <= pageCount else { return nil }
    if let page = before[number] { return page }
    guard let bytes = Self.read(descriptor, (number - 1) * pageSize, pageSize) else {
      return nil
    }
    return bytes + [UInt8](repeating: 0, count: pageSize - bytes.count)
  }

  /// - Returns: fewer bytes at the end of the file; nil where the disk cannot read them.
  static func read(_ descriptor: Int32, _ offset: Int, _ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let more = bytes.withUnsafeMutableBytes { buffer in
        pread(descriptor, buffer.baseAddress.map { $0 + done }, count - done, off_t(offset + done))
      }
      if more < 0, errno == EINTR { continue }
      guard more >= 0 else { return nil }
      guard more > 0 else { break }
      done += more
    }
    return Array(bytes[..<done])
  }
}

/// What SQLite noted of the pages that a transaction changed: after a killed program they belong back into the file.
struct RollbackJournal {
  private(set) var pages: [Int: [UInt8]] = [:]

  private static let magic: [UInt8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7]

  /// nil where there is none, or it is over.
  init?(path: String, pageSize: Int) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var offset = 0
    while let head = DatabaseFile.read(descriptor, offset, 28), head.count == 28,
      Array(head[..<8]) == Self.magic
    {
      let (count, nonce, sector) = (Self.number(head, 8), Self.number(head, 12), Int(Self.number(head, 20)))
      guard Int(Self.number(head, 24)) == pageSize, sector >= 32, sector <= 1 << 16 else { break }
      offset += sector
      var done: UInt32 = 0
      // All ones: as many as there are.
      while done < count || count == .max {
        guard let record = DatabaseFile.read(descriptor, offset, pageSize + 8), record.count == pageSize + 8
        else { break }
        let page = Array(record[4..<pageSize + 4])
        guard Self.number(record, pageSize + 4) == Self.checksum(page, nonce) else { break }
        let number = Int(Self.number(record, 0))
        // The first one of a page is how it was before everything.
        if pages[number] == nil { pages[number] = page }
        offset += pageSize + 8
        done += 1
      }
      guard done > 0 else { break }
      offset = (offset + sector - 1) / sector * sector
    }
    guard !pages.isEmpty else { return nil }
  }

  private static func number(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
    bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }

  private static func checksum(_ page: [UInt8], _ nonce: UInt32) -> UInt32 {
    stride(from: page.count - 200, to: 0, by: -200).reduce(nonce) { $0 &+ UInt32(page[$1]) }
  }
}
