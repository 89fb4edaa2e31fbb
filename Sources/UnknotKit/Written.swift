/// What a command wrote.
public struct Written: Sendable {
  /// The records as they are now; empty where nothing had to be written.
  public let records: [JournalRecord]
  /// The operation's id, for `undo`.
  public let operation: String?
  /// What the person should know about it: written all the same.
  public let notices: [Notice]
}
