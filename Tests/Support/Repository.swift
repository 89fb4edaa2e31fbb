package import Foundation

/// Files of the repository that tests read.
package enum Repository {
  /// Its top folder.
  package static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardizedFileURL

  /// - Parameter path: from the top folder on.
  package static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// Where a test puts what a file should be, for somebody to look at and to copy: beside this tree's own builds, so that
  /// two trees that are tested at once do not meet.
  package static func made(_ name: String) throws -> String {
    let folder = root.appending(path: ".build")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.appending(path: name).path()
  }
}
