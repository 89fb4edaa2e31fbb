import UnknotEngine

/// What was found of a file that was looked through: a changeset, a backup, or another file of a journal.
public struct FileVerification: Hashable, Sendable {
  /// What kind of file it is.
  public enum Kind: String, Hashable, Sendable {
    /// A file for other devices.
    case changeset
    /// A copy of a journal.
    case backup
  }

  /// Its path.
  public let file: String
  /// Nil where it is not whole.
  public let kind: Kind?
  /// How many changes it has; nil where it is not whole.
  public let changes: UInt64?
  /// What is wrong with it; nil: nothing.
  public let error: KitError?

  /// An object with `file`, `kind`, `changes`, `whole` and `reason`.
  public var json: JSONValue {
    .object([
      ("file", .string(file)), ("kind", kind.map { .string($0.rawValue) } ?? .null),
      ("changes", changes.map { .integer(Int64(clamping: $0)) } ?? .null), ("whole", .bool(error == nil)),
      ("reason", error.map { .string(KitError.words(of: $0)) } ?? .null),
    ])
  }
}

extension Journal {
  /// Looks whether files are what was written: of a changeset its checksum and every change in it, of a backup all that
  /// `verify` looks at. Nothing is written to them.
  ///
  /// - Parameters:
  ///   - paths: files; of a folder, what ends in `.unknot` or `.sqlite`.
  ///   - environment: the clock and the randomness.
  ///   - temporaryFolder: where a copy is made of each backup in its turn, which goes again.
  ///   - stateFolder: that of the journals of this machine, whose keys open what is sealed; nil: nothing does.
  /// - Throws: what is about the disk and not about a file.
  public static func verify(
    files paths: [String], environment: any ReplicaEnvironment, temporaryFolder: String,
    stateFolder: String? = nil
  ) throws(KitError) -> [FileVerification] {
    var found: [FileVerification] = []
    for path in paths {
      let files = try KitError.translating { try Replica.files(at: path) }
      for file in files {
        do throws(KitError) {
          let verified: VerifiedFile = try KitError.translating {
            try Self.verified(
              file, environment: environment, temporaryFolder: temporaryFolder,
              stateFolder: stateFolder)
          }
          switch verified {
          case .changeset(let inspection):
            found.append(
              FileVerification(file: file, kind: .changeset, changes: inspection.changes, error: nil))
          case .backup(let changes):
            found.append(FileVerification(file: file, kind: .backup, changes: changes, error: nil))
          }
        } catch  where error.kind != .interrupted {
          found.append(FileVerification(file: file, kind: nil, changes: nil, error: error))
        }
      }
    }
    return found
  }
}
