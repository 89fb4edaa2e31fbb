/// How patient a device is with a shared folder. A day is one of this device's clock, and counts where there was a round:
/// what is done too early or too late does no harm.
struct FolderPolicy: Sendable {
  /// A name that was listed counts as there until it was missing on so many different days: listings are late, or not whole.
  var daysUntilGone: Int64 = 3
  /// What replaces something else has to be listed on so many different days.
  var daysUntilTrusted: Int64 = 3
  /// What is replaced stays for so many days, for devices that come by seldom.
  var daysUntilRemoved: Int64 = 14
  /// Changes of others are answered by a note after so long, in ms.
  var noteDelay: Int64 = 86_400_000
  /// A newcomer may lack something in one round, as files come late.
  var roundsUntilSnapshot: Int64 = 2
  /// How many days longer each device waits than the one before it, by their ids.
  var daysBetweenDevices: Int64 = 3
  /// A snapshot is made anew where there are more changes since the last one than this,
  var changesUntilSnapshot: UInt64 = 500
  /// and more than this many hundredths of it,
  var percentUntilSnapshot: UInt64 = 30
  /// and it is so many days old.
  var daysUntilSnapshot: Int64 = 7
  /// More change files of this device are brought together in one.
  var mostChangeFiles = 16
  /// So many files are taken in by one transaction, while other programs wait with what they write.
  var filesAtOnce = 64
  /// No larger file is looked at, in bytes.
  var mostBytes: Int64 = 256 << 20
}
