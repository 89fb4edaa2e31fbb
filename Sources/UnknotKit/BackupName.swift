/// What a backup is called: when it was made and why, so that nothing else has to be kept about it.
struct BackupName: Hashable {
  /// Since 1970 UTC.
  let milliseconds: Int64
  let reason: JournalBackup.Reason

  private static let ending = ".sqlite"

  init(milliseconds: Int64, reason: JournalBackup.Reason) {
    self.milliseconds = milliseconds
    self.reason = reason
  }

  init(_ backup: JournalBackup) { self.init(milliseconds: backup.madeAt.milliseconds, reason: backup.reason) }

  /// Nil for what `text` would not be.
  init?(_ text: String) {
    guard text.hasSuffix(Self.ending) else { return nil }
    let parts = text.dropLast(Self.ending.count).split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let milliseconds = Int64(parts[0]),
      let reason = JournalBackup.Reason(rawValue: String(parts[1]))
    else { return nil }
    self.init(milliseconds: milliseconds, reason: reason)
    guard self.text == text else { return nil }
  }

  var text: String { "\(milliseconds)-\(reason.rawValue)\(Self.ending)" }

  /// Those that can go: the newest three stay, and so do, of this week and the one before and of this month and the one
  /// before, the oldest of each. So one is there that is a week old, and one that is a month old, as soon as there can be.
  /// Weeks and months of 7 and 30 days are counted from 1970. What the person asked for stays.
  ///
  /// - Parameter inUse: these stay whatever their times say: a clock that was set back makes the newest the oldest.
  static func superfluous(
    among names: [BackupName], at now: Int64, inUse: Set<BackupName> = []
  ) -> [BackupName] {
    let automatic = names.filter { $0.reason != .asked }.sorted { $0.milliseconds > $1.milliseconds }
    var kept = inUse.union(automatic.prefix(3))
    for length in [7, 30].map({ $0 * Moment.millisecondsPerDay }) {
      for period in [now / length, now / length - 1] {
        if let oldest = automatic.last(where: { $0.milliseconds / length == period }) { kept.insert(oldest) }
      }
    }
    return automatic.filter { !kept.contains($0) }
  }
}
