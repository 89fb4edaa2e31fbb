public import UnknotCausality

/// Why a file was not written or not taken in. Whatever it is, every record is as it was.
public enum SyncError: Error, Sendable {
  /// The file's bytes are not what its writer wrote, or not a changeset at all.
  case damaged(file: String, reason: String)
  /// A newer program wrote the file: the version of its format, and the highest that this program reads.
  case newerFormat(file: String, version: UInt64, supported: UInt64)
  /// The file is of a replica that was begun apart from this one: `MergeOptions.joins` unites the two.
  case otherJournal(file: String)
  /// A folder has files of replicas that were begun apart from each other, and this one has nothing yet that would tell which
  /// of them it belongs to. A file of each.
  case severalJournals(folder: String, files: [String])
  /// A rescue found nothing but changes that come after lost ones: so many of them are proven to be what was written.
  case onlyPastGaps(proven: Int64)
  /// The file starts after changes that are not held here. Where this device held them before (`isLoss`), it was
  /// restored from a backup: that is noted, and its next file says what it holds now.
  case changesMissing(file: String, missing: [MissingRange], isLoss: Bool)
  /// Taken in, it would make the journal larger by more than one file may unless that is asked for; in bytes.
  case tooLarge(file: String, limit: UInt64)
  /// The file cannot be read. It is a link or no regular file, the system refuses it, or it is a stream and
  /// there is no `MergeOptions.temporaryFolder`.
  case unreadable(file: String, reason: String)
  /// An import or an inspection names a file that is not there.
  case notFound(file: String)
  /// An export was to go to a name that is taken already: nothing is replaced.
  case targetExists(file: String)
  /// The file of an export could not be made, written, or brought to the disk safely: the reason says which.
  case cannotWrite(file: String, reason: String)
  /// The file is sealed with a key that this device does not have.
  case locked(file: String)
  /// The file is an invitation: its code opens it (`BlockingReplica.join`), and nothing else is done with it.
  case invitation(file: String)
  /// No invitation in the folder is opened by this code, or no file by this key.
  case wrongCode
  /// Those who are to be joined and this device have keys of which the other side does not know, and this device's goes before: they
  /// are to join with the key of this device.
  case olderKey
  /// This replica's files were sealed with a newer key before, which this device does not have any more.
  case outdatedKey
  /// The replica's files are not sealed: there is no key.
  case notSealing
  /// The replica's files are sealed, and this one is not: whoever could write into the folder can have made it
  /// (`MergeOptions.takesOpen`).
  case notSealed(file: String)
  /// The file is sealed, and signed by nobody who counts: the reason says why.
  case quarantined(file: String, reason: String)
  /// The replica's files are sealed, and this device does not have the key of that: nothing is written open.
  case noKey
  /// A file that is to be put back is no backup, or not a whole one: the reason says which.
  case notABackup(file: String, reason: String)
  /// No folder was said that this device shares with others (`BlockingReplica.setFolder`).
  case noFolder
  /// The replica has no folder for notes, in which it could be remembered what is known of a shared one.
  case noNotes
  /// An export is for a device that is not known here: its name, and the names of those that are.
  case noSuchDevice(String, known: [String])
}

/// Changes of one actor that a file needs and the journal lacks.
public struct MissingRange: Hashable, Sendable {
  /// The name of the device that wrote them, as far as it is known.
  public let device: String
  /// Whose changes they are: the actor as the file calls it.
  public let actor: ActorID
  /// The number of the first that is missing, counted from 1.
  public let from: UInt64
  /// The number of the last that is missing: at least `from`.
  public let to: UInt64
}
