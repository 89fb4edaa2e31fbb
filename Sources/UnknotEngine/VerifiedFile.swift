import UnknotPlatform
import UnknotSealing
public import UnknotStorage

/// A file that was looked through and is whole.
public enum VerifiedFile: Sendable {
  /// A changeset, and what it holds.
  case changeset(Inspection)
  /// A backup, or another file of a replica, and how many changes it has.
  case backup(changes: UInt64)
}

extension Replica {
  /// The files that a path stands for: itself, or, where it is a folder, the changesets and databases in it: by what they
  /// begin with, and what is only called `.unknot` or `.sqlite` as well.
  ///
  /// - Throws: `SyncError.unreadable` for a folder that cannot be read.
  public static func files(at path: String) throws -> [String] {
    try FolderListing.files(at: path, of: [.changeset, .sealed, .database]).files.map(\.name)
  }

  /// Looks whether a file is what was written: of a changeset its checksum and every change in it, of a backup all that
  /// `verify` looks at. Nothing is written to it; of a backup a copy is made, and goes.
  ///
  /// - Parameters:
  ///   - path: a changeset, a backup, or another file of a replica.
  ///   - kinds: the program's kinds of records.
  ///   - environment: its randomness names the copy.
  ///   - temporaryFolder: where the copy is made.
  ///   - noteFolder: that of the replicas of this machine, whose keys open what is sealed; nil: nothing does.
  /// - Throws: `SyncError.damaged`, `.newerFormat`, `.notABackup`, `.notFound`, `.unreadable`, `.locked`; `StorageError`.
  @available(*, noasync, message: "it blocks the thread: call it from one that may wait")
  public static func verify(
    file path: String, kinds: [RecordKind], environment: any ReplicaEnvironment, temporaryFolder: String,
    noteFolder: String? = nil
  ) throws -> VerifiedFile {
    guard try ChangesetFile.begins(FileSource(path: path)) else {
      let nonce = hexadecimal(environment.randomBytes(8))
      do {
        let file = try NewFile("\(temporaryFolder)/unknot-\(nonce)", nonce: nonce)
        let backup = try BlockingReplica.whole(path, copiedTo: file, kinds, environment)
        return .backup(changes: try backup.read { $0.clock.changeCount(beyond: VectorClock()) })
      } catch let error as NewFileError {
        throw SyncError(error, temporaryFolder)
      }
    }
    let keys = try noteFolder.flatMap { try KeyFile.all(in: NoteFolder(folder: $0, journal: path)) }
    let file = try ChangesetFile(FileSource(path: path), keys)
    try SyncError.translating(file: path) {
      try file.read(skipping: VectorClock(), { _ in }, afterBlock: { _ in })
    }
    return .changeset(Inspection(file))
  }
}
