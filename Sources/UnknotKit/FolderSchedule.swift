/// When a program that watches a shared folder does a round: soon after something came, a while after the person has written
/// something, and now and then, as not every file system tells of what happens in it. All times are in ms by a clock that never
/// goes back.
public struct FolderSchedule: Sendable {
  /// The folder has to be quiet for so long: carriers write in pieces.
  public static let quiet: Int64 = 2_000
  /// What a person writes is sent so long after the last of it,
  public static let afterWrite: Int64 = 20_000
  /// and at the latest so long after the first.
  public static let longestWait: Int64 = 120_000
  /// How long no event at all is waited for.
  public static let betweenLooks: Int64 = 600_000

  private var folderChanged: Int64?
  private var written: (first: Int64, last: Int64)?
  private var lastRound: Int64?

  /// The first round is due at once.
  public init() {}

  /// Something happened in the folder.
  public mutating func folderHasChanged(at now: Int64) { folderChanged = now }

  /// Something was written to the journal.
  public mutating func journalWasWritten(at now: Int64) { written = (written?.first ?? now, now) }

  /// A round has begun: what happened until now is seen by it.
  public mutating func roundBegins(at now: Int64) {
    (folderChanged, written, lastRound) = (nil, nil, now)
  }

  /// Whether a round is to be done now.
  public func isDue(at now: Int64) -> Bool {
    guard let lastRound else { return true }
    if let folderChanged, now - folderChanged >= Self.quiet { return true }
    if let written, now - written.last >= Self.afterWrite || now - written.first >= Self.longestWait {
      return true
    }
    return now - lastRound >= Self.betweenLooks
  }
}
