/// Why bytes were not taken for a changeset.
public enum ChangesetError: Error, Hashable, Sendable, CustomStringConvertible {
  case notAChangeset
  case newerFormat(version: UInt64, supported: UInt64)
  case damaged(String)

  public var description: String {
    switch self {
    case .notAChangeset: "it is not a changeset file"
    case .newerFormat(let version, let supported):
      "its format is \(version); this program reads up to \(supported)"
    case .damaged(let reason): reason
    }
  }
}
