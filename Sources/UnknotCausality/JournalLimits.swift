/// How much a journal takes in of what others made, so that a file of it can always be written again.
public enum JournalLimits {
  /// Ids of journals that were joined into one.
  public static let journals = 64
  public static let devices = 10_000
  public static let actors = 65_536
}
