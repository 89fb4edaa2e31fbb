public import UnknotCausality

/// Why a file was not written or not taken in. Whatever it is, every record is as it was.
public enum SyncError: Error, Sendable {
  /// The file's bytes are not what its writer wrote, or not a changeset at all.
  case damaged(file: String, reason: String)
  case newerFormat(file: String, version: UInt64, supported: UInt64)
  case otherJournal(file: String)
  /// The file starts after changes that are not held here. Where this device held them before (`isLoss`), it was
  /// restored from a backup: that is noted, and its next file says what it holds now.
  case changesMissing(file: String, missing: [MissingRange], isLoss: Bool)
  /// Taken in, it would make the journal larger by more than one file may unless that is asked for; in bytes.
  case tooLarge(file: String, limit: UInt64)
  case unreadable(file: String, reason: String)
  case notFound(file: String)
  case targetExists(file: String)
  case cannotWrite(file: String, reason: String)
  case noSuchDevice(String, known: [String])
}

/// Changes of one actor that a file needs and the journal lacks.
public struct MissingRange: Hashable, Sendable {
  /// The name of the device that wrote them, as far as it is known.
  public let device: String
  public let actor: ActorID
  public let from: UInt64
  public let to: UInt64
}
