import GRDB
import UnknotCausality
import UnknotPlatform

import struct Foundation.Data

/// Notes in files of one folder, which must not lie where a backup of a journal would take it along. All programs of
/// one person on one machine share it.
package struct NoteFolder: DeviceNotes {
  package let folder: String
  private let journal: String

  /// - Parameters:
  ///   - folder: made when the first note is saved.
  ///   - journal: the journal's file, which need not be there.
  package init(folder: String, journal: String) {
    self.folder = folder
    self.journal = journal
  }

  // MARK: Places

  package var place: String { Self.place(of: journal, following: 16) }

  /// Of what is not there: its folder's place as far as that is there, and the rest as it was said.
  private static func place(of path: String, following links: Int) -> String {
    if let resolved = realPath(path) { return resolved }
    // A link that leads to where nothing is.
    if links > 0, let target = target(of: path) {
      return place(of: target.hasPrefix("/") ? target : Files.folder(of: path) + target, following: links - 1)
    }
    let parts = path.split(separator: "/", omittingEmptySubsequences: true)
    guard let name = parts.last else { return path }
    let folder = (path.hasPrefix("/") ? "/" : "") + parts.dropLast().joined(separator: "/")
    guard folder != "/" else { return "/\(name)" }
    let parent = folder.isEmpty ? realPath(".") ?? "." : place(of: folder, following: links)
    if name == "." { return parent }
    if name == ".." {
      let above = parent.split(separator: "/").dropLast().joined(separator: "/")
      return parent.hasPrefix("/") ? "/\(above)" : above
    }
    return parent == "/" ? "/\(name)" : "\(parent)/\(name)"
  }

  /// Without links on the way; nil where nothing is there.
  private static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(validatingCString: resolved)
  }

  private static func target(of link: String) -> String? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = buffer.withUnsafeMutableBytes { room in
      room.withMemoryRebound(to: CChar.self) { $0.baseAddress.map { readlink(link, $0, room.count) } ?? -1 }
    }
    guard count > 0, count < buffer.count else { return nil }
    return String(validating: buffer[..<count], as: UTF8.self)
  }

  package func isTaken(_ place: String, by device: DeviceID) -> Bool {
    guard !place.isEmpty else { return false }
    var (there, here) = (stat(), stat())
    guard stat(place, &there) == 0, there.st_mode & S_IFMT == S_IFREG, there.st_size > 0,
      stat(journal, &here) == 0, there.st_dev != here.st_dev || there.st_ino != here.st_ino
    else { return false }
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(1)
    do {
      return try DatabaseQueue(path: place, configuration: configuration).read { database in
        guard try database.tableExists("device") else { return false }
        let id = try Data.fetchOne(database, sql: "SELECT id FROM device WHERE number = 1")
        return id.map(Array.init) == device.bytes
      }
    } catch let error as DatabaseError where error.resultCode == .SQLITE_NOTADB {
      return false
    } catch {
      // Who cannot be asked may be that one: to become another device is safe.
      return true
    }
  }

  // MARK: Notes

  private static let suffix = ".note"
  /// A head of one sector, and a path.
  private static let mostBytes = 16 << 10

  private func path(of device: DeviceID) -> String { "\(folder)/\(hexadecimal(device.bytes))\(Self.suffix)" }

  package func load(_ device: DeviceID) throws -> [UInt8]? {
    let note = try Self.read(path(of: device))
    // One that is empty was about to be made when the program ended.
    if let note, !note.isEmpty { return note }
    return try PathNote(folder: folder, place: place).note(of: device) ?? note
  }

  package func devices() throws -> [DeviceID] {
    let names = Files.names(in: folder)
    guard names != nil || !Files.isThere(folder) else { throw Self.failure("read", folder) }
    // The order of a folder's names is not one to rely on.
    let ids = (names ?? []).sorted().compactMap { name in
      name.hasSuffix(Self.suffix) ? DeviceID(hexadecimal: name.dropLast(Self.suffix.count)) : nil
    }
    let old = try PathNote(folder: folder, place: place).device
    return ids + (old.map { ids.contains($0) ? [] : [$0] } ?? [])
  }

  static func read(_ path: String) throws -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw failure("read", path)
    }
    defer { close(descriptor) }
    try lock(descriptor, LOCK_SH, path)
    return try read(descriptor, path)
  }

  /// Until the file is closed. Where a file system has no locks, one program at a time has to do.
  private static func lock(_ descriptor: Int32, _ kind: Int32, _ path: String) throws {
    while flock(descriptor, kind) != 0 {
      if [ENOLCK, ENOTSUP, EOPNOTSUPP, ENOSYS].contains(errno) { return }
      guard errno == EINTR else { throw failure("lock", path) }
    }
  }

  private static func read(_ descriptor: Int32, _ path: String) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: mostBytes)
    let count = bytes.withUnsafeMutableBytes { buffer in
      untilUninterrupted { pread(descriptor, buffer.baseAddress, buffer.count, 0) }
    }
    guard count >= 0 else { throw failure("read", path) }
    return Array(bytes[..<count])
  }

  /// What a power cut leaves is the old note or the new one, which both are safe: see `DeviceNote`. So only a note that is
  /// new is brought to the disk, and its name with it.
  package func save(_ note: [UInt8], of device: DeviceID, replacing expected: [UInt8]?) throws -> Bool {
    let path = path(of: device)
    try Files.makeFolder(of: path)
    let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw Self.failure("write", path) }
    defer { close(descriptor) }
    try Self.lock(descriptor, LOCK_EX, path)
    let present = try Self.read(descriptor, path)
    let isNew = present.isEmpty
    let old = PathNote(folder: folder, place: place)
    guard try isNew ? expected?.isEmpty ?? true || expected == old.note(of: device) : present == expected
    else { return false }
    let written = note.withUnsafeBytes { buffer in
      untilUninterrupted { pwrite(descriptor, buffer.baseAddress, buffer.count, 0) }
    }
    guard written == note.count,
      untilUninterrupted({ Int(ftruncate(descriptor, off_t(note.count))) }) == 0,
      !isNew || fsync(descriptor) == 0
    else { throw Self.failure("write", path) }
    if isNew {
      Files.syncFolder(of: path)
      try old.remove(of: device)
    }
    return true
  }

  private static func failure(_ what: String, _ path: String) -> StorageError {
    .io("cannot \(what) \(path): \(String(cString: strerror(errno)))")
  }
}

/// A call that a signal interrupts has done nothing.
private func untilUninterrupted(_ call: () -> Int) -> Int {
  while true {
    let result = call()
    if result >= 0 || errno != EINTR { return result }
  }
}

/// The note of an older program: called by where the journal lies.
private struct PathNote {
  private static let magic = Array("unknot sidecar 1".utf8)
  private let path: String
  private let place: String

  init(folder: String, place: String) {
    path = "\(folder)/\(hexadecimal(Hashing.sha256(Array(place.utf8)).prefix(16))).sidecar"
    self.place = place
  }

  var device: DeviceID? { get throws { try content?.device } }

  /// As it would be noted today.
  func note(of device: DeviceID) throws -> [UInt8]? {
    guard let note = try content, note.device == device else { return nil }
    return note.bytes
  }

  func remove(of device: DeviceID) throws {
    if try self.device == device { unlink(path) }
  }

  private var content: DeviceNote? {
    get throws {
      guard let bytes = try NoteFolder.read(path) else { return nil }
      let checksumStart = bytes.count - ChangeHash.byteCount
      guard checksumStart > 0,
        Hashing.sha256(Array(bytes[..<checksumStart])) == Array(bytes[checksumStart...])
      else { return nil }
      var reader = ByteReader(bytes[..<checksumStart])
      guard let magic = try? reader.raw(UInt64(Self.magic.count)), Array(magic) == Self.magic,
        let id = try? reader.raw(UInt64(DeviceID.byteCount)), let device = DeviceID(Array(id)),
        let stamp = try? reader.raw(UInt64(DeviceNote.stampBytes)), let epoch = try? reader.signed(),
        epoch >= 0
      else { return nil }
      return DeviceNote(
        device: device, epoch: epoch, stampBefore: Array(stamp), stamp: Array(stamp), place: place)
    }
  }
}
