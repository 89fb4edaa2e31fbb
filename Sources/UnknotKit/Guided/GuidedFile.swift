import UnknotPlatform

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Where a session that runs is kept between the writes to the journal: which second of which bout. Every front end on one
/// machine keeps it at the same place, so that a session that was begun in one goes on in another.
///
/// Who has it open holds a lock on a file beside it, which ends with the program however that ends.
public final class GuidedFile: Sendable {
  private let path: String
  private let lock: Int32

  /// - Parameters:
  ///   - session: the id of the session's record.
  ///   - folder: the state folder of the journal.
  /// - Throws: `invalidValue` where another front end has it open.
  public init(session: String, folder: String) throws(KitError) {
    path = "\(folder)/running-\(session).json"
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    lock = open("\(path).lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    if lock >= 0, flock(lock, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      close(lock)
      throw KitError(
        .invalidValue, "this session is open in another window or terminal",
        hint: "go on there, or close it there first")
    }
  }

  deinit { if lock >= 0 { close(lock) } }

  /// What was saved last; nil where there is nothing, or nothing that can be read.
  public func load() -> GuidedSession? {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)), data.count < 1 << 20 else {
      return nil
    }
    return try? JSONDecoder().decode(GuidedSession.self, from: data)
  }

  /// Whole or not at all. A failure is none of the session's: its records are in the journal.
  public func save(_ session: GuidedSession) {
    guard let data = try? JSONEncoder().encode(session) else { return }
    try? data.write(to: URL(fileURLWithPath: path), options: .atomic)
  }

  /// To be called once the session is over.
  public func remove() {
    for name in [path, "\(path).lock"] { try? FileManager.default.removeItem(atPath: name) }
  }
}
