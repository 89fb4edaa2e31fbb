public import UnknotStorage

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

// Places as apps have them. Only URLs of files have a path: others are what a caller has mistaken.
extension Replica {
  /// Opens a replica, or makes one with the first write: `init(at:kinds:deviceName:environment:noteFolder:replacing:)`
  /// with paths says more.
  ///
  /// - Parameters:
  ///   - url: of an SQLite file; a URL of something else than a file is a mistake in the program, and ends it.
  ///   - kinds: the kinds of records that the app declares.
  ///   - deviceName: this device's name in a journal that is made now.
  ///   - environment: where time and randomness come from.
  ///   - noteFolder: of a folder that backups leave out, such as one in the app's caches or its no-backup folder.
  ///   - replacing: begins a new journal also where this machine wrote one that is not there any more.
  /// - Throws: `StorageError`; nothing was changed.
  public convenience init(
    at url: URL, kinds: [RecordKind], deviceName: String, environment: any ReplicaEnvironment,
    noteFolder: URL? = nil, replacing: Bool = false
  ) async throws {
    try await self.init(
      at: url.filePath, kinds: kinds, deviceName: deviceName, environment: environment,
      noteFolder: noteFolder?.filePath, replacing: replacing)
  }
}

extension ChangesetSource {
  /// A file, or a folder with files, to be imported (`path`).
  ///
  /// - Parameter url: of a file that can be read now: what a picker gave has to be accessed first. A URL of something else
  ///   than a file is a mistake in the program, and ends it.
  public static func url(_ url: URL) -> ChangesetSource { .path(url.filePath) }
}

extension ExportTarget {
  /// A file that must not be there yet. A URL of something else than a file is a mistake in the program, and ends it.
  public static func url(_ url: URL) -> ExportTarget { .file(url.filePath) }
}

extension URL {
  fileprivate var filePath: String {
    precondition(isFileURL, "records lie in files: \(scheme ?? "no scheme") is none")
    return path
  }
}
