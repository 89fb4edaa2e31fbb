/// How much a journal takes in of what others made, so that a file of it can always be written again.
public enum JournalLimits {
  /// Ids of journals that were joined into one.
  public static let journals = 64
  /// Devices that a journal knows, this one included.
  public static let devices = 10_000
  /// Actors that a journal knows of all devices together, those that begin at forks included.
  public static let actors = 16_384
  /// Of counts to which one is added with each rename, retirement and restored backup. At the limit they stay there, and
  /// it is the same for all: measured by what each journal knows, one could take in what no other believes.
  public static let revision: Int64 = 1 << 20
  /// Of a device's name, in UTF-8.
  public static let deviceNameBytes = 256
}
