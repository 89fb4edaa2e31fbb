import Foundation
import UnknotKit

/// Where a session that runs is kept between the writes to the journal: which second of which bout.
///
/// Who has it open holds a lock on a file beside it, which ends with the program however that ends.
final class GuidedFile {
  private let path: String
  private var lock: Int32 = -1

  /// - Parameter folder: the state folder.
  /// - Throws: `invalidValue` where another terminal has it open.
  init(session: String, folder: String) throws {
    path = "\(folder)/running-\(session).json"
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    lock = open("\(path).lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    if lock >= 0, flock(lock, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      throw KitError(
        .invalidValue, "this session is open in another terminal",
        hint: "go on there, or close it there first")
    }
  }

  deinit { if lock >= 0 { close(lock) } }

  /// Nil where there is none, or none that can be read.
  func load() -> GuidedSession? {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)), data.count < 1 << 20 else {
      return nil
    }
    return try? JSONDecoder().decode(GuidedSession.self, from: data)
  }

  /// Whole or not at all. A failure is none of the session's: its records are in the journal.
  func save(_ session: GuidedSession) {
    guard let data = try? JSONEncoder().encode(session) else { return }
    try? data.write(to: URL(fileURLWithPath: path), options: .atomic)
  }

  func remove() {
    for name in [path, "\(path).lock"] { try? FileManager.default.removeItem(atPath: name) }
  }
}
