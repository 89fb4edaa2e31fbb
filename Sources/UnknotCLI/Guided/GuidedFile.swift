import Foundation
import UnknotKit

/// Where a session that runs is kept between the writes to the journal: which second of which bout.
struct GuidedFile {
  private let path: String?

  /// - Parameter folder: the state folder; nil: nothing is kept.
  init(session: String, folder: String?) {
    path = folder.map { "\($0)/running-\(session).json" }
  }

  /// Nil where there is none, or none that can be read.
  func load() -> GuidedSession? {
    guard let path, let data = try? Data(contentsOf: URL(fileURLWithPath: path)), data.count < 1 << 20 else {
      return nil
    }
    return try? JSONDecoder().decode(GuidedSession.self, from: data)
  }

  /// Whole or not at all. A failure is none of the session's: its records are in the journal.
  func save(_ session: GuidedSession) {
    guard let path, let data = try? JSONEncoder().encode(session) else { return }
    let folder = (path as NSString).deletingLastPathComponent
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try? data.write(to: URL(fileURLWithPath: path), options: .atomic)
  }

  func remove() {
    if let path { try? FileManager.default.removeItem(atPath: path) }
  }
}
