/// Why bytes were not taken for a changeset.
public enum ChangesetError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file does not begin as every changeset does.
  case notAChangeset
  /// The file's format, and the highest that this program reads.
  case newerFormat(version: UInt64, supported: UInt64)
  /// Something in it is not as the format demands: what, in words. A writer throws it for what it may not write.
  case damaged(String)

  /// The reason in words, without the name of the file.
  public var description: String {
    switch self {
    case .notAChangeset: "it is not a changeset file"
    case .newerFormat(let version, let supported):
      "its format is \(version); this program reads up to \(supported)"
    case .damaged(let reason): reason
    }
  }
}
