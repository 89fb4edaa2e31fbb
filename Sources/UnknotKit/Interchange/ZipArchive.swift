import CZlib
import UnknotEngine

/// The files in a zip, unpacked in memory: stored and deflated ones, as exports are made of.
///
/// The central directory alone says what is in it. Whatever is unusual is refused, since two programs could read it in
/// two ways.
struct ZipArchive {
  static let mostFiles = 1000
  static let mostBytes = 64 << 20
  /// The archive itself: what it holds, and what stands around each file.
  private static let mostArchiveBytes = mostBytes + (8 << 20)

  /// By their paths, as in `001 Heat/Checkmarks.csv`.
  private(set) var files: [String: [UInt8]] = [:]

  static func isOne(_ path: String) -> Bool {
    guard let file = try? InterchangeFile(path), let begin = try? file.peek(4) else { return false }
    return begin == [0x50, 0x4b, 3, 4] || begin == [0x50, 0x4b, 5, 6] || path.lowercased().hasSuffix(".zip")
  }

  init(_ path: String) throws(KitError) {
    let file = try InterchangeFile(path)
    let bytes = try file.rest(most: Self.mostArchiveBytes, hint: Self.hint)
    try self.init(bytes, file.name)
  }

  /// - Parameter name: of the archive, for errors.
  init(_ bytes: [UInt8], _ name: String) throws(KitError) {
    let directory = try Directory(bytes, name)
    var left = Self.mostBytes
    var folders: Set<String> = []
    // Where files stand, to see that no two share bytes.
    var ranges: [Range<Int>] = []
    for entry in directory.entries {
      var path = entry.path
      if path.hasSuffix("/") {
        guard entry.size == 0 else { throw Self.damaged(name, "a folder has content") }
        path.removeLast()
      }
      let parts = path.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }), parts.count <= 16,
        !path.unicodeScalars.contains(where: { $0 == "\\" || $0.value < 0x20 || $0.value == 0x7f })
      else { throw Self.damaged(name, "\(path) is not a path inside of it") }
      for count in 1..<max(1, parts.count) { folders.insert(parts[..<count].joined(separator: "/")) }
      let range = try directory.content(of: entry)
      ranges.append(range.whole)
      if entry.path.hasSuffix("/") {
        folders.insert(path)
        continue
      }
      guard entry.size <= left else {
        throw KitError(
          .invalidValue, "\(name) holds more than \(Self.mostBytes >> 20) MB", hint: Self.hint)
      }
      left -= entry.size
      let content = try Self.unpack(bytes[range.content], entry, name)
      guard files.updateValue(content, forKey: path) == nil else {
        throw Self.damaged(name, "\(path) is in it twice")
      }
    }
    guard folders.isDisjoint(with: files.keys) else {
      throw Self.damaged(name, "a file is a folder too")
    }
    ranges.sort { $0.lowerBound < $1.lowerBound }
    guard zip(ranges, ranges.dropFirst()).allSatisfy({ $0.upperBound <= $1.lowerBound }) else {
      throw Self.damaged(name, "files share bytes")
    }
  }

  private static let hint: Advice = "unpack it, and import the folder"

  private static func damaged(_ name: String, _ cause: String) -> KitError {
    KitError(.fileDamaged, "\(name) is not a zip that can be read", cause: cause, hint: hint)
  }

  private static func unpack(
    _ packed: ArraySlice<UInt8>, _ entry: Entry, _ name: String
  ) throws(KitError) -> [UInt8] {
    let content: [UInt8]? = entry.isDeflated ? inflate(packed, size: entry.size) : Array(packed)
    guard let content, content.count == entry.size,
      content.withUnsafeBufferPointer({ CZlib.crc32(0, $0.baseAddress, UInt32($0.count)) })
        == uLong(entry.checksum)
    else { throw damaged(name, "\(entry.path) is damaged") }
    return content
  }

  /// Memory is taken as bytes come out. Nil: it is not deflated, or is not of that size.
  private static func inflate(_ packed: ArraySlice<UInt8>, size: Int) -> [UInt8]? {
    var stream = z_stream()
    guard unknot_inflate_init(&stream) == Z_OK else { return nil }
    defer { inflateEnd(&stream) }
    var result: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    return packed.withUnsafeBufferPointer { input in
      stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      stream.avail_in = UInt32(input.count)
      while true {
        let (status, count) = piece.withUnsafeMutableBufferPointer { output -> (Int32, Int) in
          stream.next_out = output.baseAddress
          stream.avail_out = UInt32(output.count)
          let status = CZlib.inflate(&stream, Z_NO_FLUSH)
          return (status, output.count - Int(stream.avail_out))
        }
        guard status == Z_OK || status == Z_STREAM_END, count > 0 || status == Z_STREAM_END,
          result.count + count <= size
        else { return nil }
        result += piece[..<count]
        if status == Z_STREAM_END { return stream.avail_in == 0 && result.count == size ? result : nil }
      }
    }
  }

  private struct Entry {
    let path: String
    let isDeflated: Bool
    let checksum: UInt32
    let packedSize: Int
    let size: Int
    /// Of its local header.
    let offset: Int
    let nameBytes: ArraySlice<UInt8>
  }

  /// What the end of the archive says about all of it.
  private struct Directory {
    private let bytes: [UInt8]
    private let name: String
    private let start: Int
    private(set) var entries: [Entry] = []

    init(_ bytes: [UInt8], _ name: String) throws(KitError) {
      self.bytes = bytes
      self.name = name
      guard let end = Self.end(bytes) else { throw ZipArchive.damaged(name, "it has no end") }
      let (count, size, start) = (
        Self.number(bytes, end + 10, 2), Self.number(bytes, end + 12, 4), Self.number(bytes, end + 16, 4)
      )
      // Zip64 has these numbers where the real ones do not fit.
      guard count != 0xffff, size != 0xffff_ffff, start != 0xffff_ffff else {
        throw Self.unread(name, "zip64")
      }
      guard Self.number(bytes, end + 4, 4) == 0, Self.number(bytes, end + 8, 2) == count else {
        throw Self.unread(name, "a part of several")
      }
      guard start + size <= end else {
        throw ZipArchive.damaged(name, "its directory is not where it should be")
      }
      if start + size + 20 == end, Self.number(bytes, end - 20, 4) == 0x0706_4b50 {
        throw Self.unread(name, "zip64")
      }
      guard start + size == end else {
        throw ZipArchive.damaged(name, "its directory is not where it should be")
      }
      guard count <= ZipArchive.mostFiles else {
        throw KitError(
          .invalidValue, "\(name) holds more than \(ZipArchive.mostFiles) files", hint: ZipArchive.hint)
      }
      self.start = start
      var position = start
      for _ in 0..<count {
        let (entry, next) = try entry(at: position, end)
        entries.append(entry)
        position = next
      }
      guard position == end else { throw damaged("its directory has more than it says") }
    }

    /// The end's record, after which only its comment comes.
    private static func end(_ bytes: [UInt8]) -> Int? {
      var position = bytes.count - 22
      while position >= max(0, bytes.count - 22 - 0xffff) {
        if number(bytes, position, 4) == 0x0605_4b50,
          position + 22 + number(bytes, position + 20, 2) == bytes.count
        {
          return position
        }
        position -= 1
      }
      return nil
    }

    private func entry(at position: Int, _ end: Int) throws(KitError) -> (Entry, next: Int) {
      guard position + 46 <= end, number(position, 4) == 0x0201_4b50 else {
        throw damaged("its directory is cut off")
      }
      let flags = number(position + 8, 2)
      let method = number(position + 10, 2)
      let (nameLength, extraLength) = (number(position + 28, 2), number(position + 30, 2))
      let next = position + 46 + nameLength + extraLength + number(position + 32, 2)
      guard next <= end else { throw damaged("its directory is cut off") }
      let nameBytes = bytes[position + 46..<position + 46 + nameLength]
      guard !nameBytes.isEmpty, let path = String(validating: nameBytes, as: UTF8.self) else {
        throw damaged("a name is not UTF-8")
      }
      // Encrypted, strongly so, or with hidden headers.
      guard flags & 0x2041 == 0 else { throw Self.unread(name, "encrypted") }
      let (packed, size, offset) = (
        number(position + 20, 4), number(position + 24, 4), number(position + 42, 4)
      )
      guard packed != 0xffff_ffff, size != 0xffff_ffff, offset != 0xffff_ffff,
        !hasZip64(position + 46 + nameLength, extraLength)
      else { throw Self.unread(name, "zip64") }
      guard method == 0 || method == 8 else { throw Self.unread(name, "packed in another way than deflate") }
      guard number(position + 34, 2) == 0 else { throw Self.unread(name, "a part of several") }
      // By Unix, the upper half of the attributes is the file's mode; a link is no file.
      guard number(position + 40, 2) & 0xf000 != 0xa000 else { throw damaged("\(path) is a link") }
      let entry = Entry(
        path: path, isDeflated: method == 8, checksum: UInt32(number(position + 16, 4)), packedSize: packed,
        size: size, offset: offset, nameBytes: nameBytes)
      return (entry, next)
    }

    private func hasZip64(_ start: Int, _ length: Int) -> Bool {
      var position = start
      while position + 4 <= start + length {
        if number(position, 2) == 1 { return true }
        position += 4 + number(position + 2, 2)
      }
      return false
    }

    /// Where a file's packed bytes are, and with its header before them.
    func content(of entry: Entry) throws(KitError) -> (whole: Range<Int>, content: Range<Int>) {
      let header = entry.offset
      guard header + 30 <= start, number(header, 4) == 0x0403_4b50 else {
        throw damaged("\(entry.path) is not where it should be")
      }
      let nameLength = number(header + 26, 2)
      let begin = header + 30 + nameLength + number(header + 28, 2)
      guard begin + entry.packedSize <= start,
        bytes[header + 30..<header + 30 + nameLength].elementsEqual(entry.nameBytes)
      else { throw damaged("\(entry.path) is not where it should be") }
      let end = begin + entry.packedSize
      return (header..<end, begin..<end)
    }

    private func number(_ position: Int, _ count: Int) -> Int { Self.number(bytes, position, count) }

    /// Little-endian, of up to 4 bytes.
    private static func number(_ bytes: [UInt8], _ position: Int, _ count: Int) -> Int {
      (0..<count).reduce(0) { $0 | Int(bytes[position + $1]) << (8 * $1) }
    }

    private func damaged(_ cause: String) -> KitError { ZipArchive.damaged(name, cause) }

    private static func unread(_ name: String, _ what: String) -> KitError {
      KitError(.invalidValue, "\(name) is \(what), which is not read", hint: ZipArchive.hint)
    }
  }
}
