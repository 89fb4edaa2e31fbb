/// How much a journal takes in of what others made, so that a file of it can always be written again.
public enum JournalLimits {
  /// Ids of journals that were joined into one.
  public static let journals = 64
  public static let devices = 10_000
  public static let actors = 65_536
  /// Of counts to which one is added with each rename, retirement and restored backup. At the limit they stay there.
  public static let revision: Int64 = 1 << 53
  /// How far above what is known a file's count may be: no device renames itself a million times unheard.
  public static let revisionStep: Int64 = 1 << 20
}
