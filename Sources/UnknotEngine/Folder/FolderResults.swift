public import UnknotStorage

/// What a round with a shared folder did or, of a dry run, what it would do.
public struct FolderRoundResult: Sendable {
  /// Files of others that brought something new, in the order in which they were taken in.
  public internal(set) var taken: [ImportedFile] = []
  /// Names of the files that were written.
  public internal(set) var written: [String] = []
  /// How many files of this device were superfluous, and were removed.
  public internal(set) var removed = 0
  /// How many files that were there are not listed any more. What is lost with them is written anew if they stay away.
  public internal(set) var missing = 0
  /// Files that were set aside. They do no harm: they are tried again where that may help.
  public internal(set) var aside: [SharedFile] = []
  /// The other devices that somebody waits for.
  public internal(set) var devices: [FolderDevice] = []
  /// Registers in conflict that were not before.
  public internal(set) var conflictsNew = 0
  /// All that are in conflict now.
  public internal(set) var conflictsWaiting = 0
  /// Second histories of one actor that became known: a journal was copied or restored, and both were written to.
  public internal(set) var forks: [ForkNote] = []
  /// How many changesets are in the folder that are not of other journals.
  public internal(set) var files = 0
}

/// A file of a shared folder, as this device knows it.
public struct SharedFile: Hashable, Sendable {
  /// What was found out about it.
  public enum State: String, Sendable {
    /// Another device wrote it, and all of it is held.
    case held
    /// This device wrote it, and all of it is held.
    case own
    /// It starts after changes that are not held, and that no other file in the folder has.
    case waiting
    /// It is not complete yet, or it is damaged: it is tried again.
    case partial
    /// It is of another journal.
    case foreign
    /// A newer program wrote it.
    case newer
    /// It would make the journal larger by more than one file may.
    case large
    /// The system refuses it.
    case unreadable
    /// It is sealed with a key that this device does not have.
    case locked
    /// It is sealed, and signed by nobody who counts.
    case quarantined
    /// It is not sealed, where this replica's files are.
    case open
    /// It has keys, or is an invitation.
    case key
  }
  /// Its name in the folder; what is not UTF-8 of it is replaced.
  public let name: String
  /// What was found out about it.
  public let state: State
  /// In words, why it was set aside; empty where it was not.
  public let reason: String
  /// The device that wrote it, as far as that could be read.
  public let writer: String
  /// How many changes are in it; 0 for a note, which only says who holds what.
  public let changes: UInt64
  /// How large it is, in bytes.
  public let bytes: Int64

  static let foreignAndOpen = "it belongs to another journal, and is not sealed"

  /// Whether it was set aside as files are sealed and it is not, be it of another journal or of this one.
  public var isOpen: Bool { state == .open || bytewiseEqual(reason, Self.foreignAndOpen) }

  init?(_ file: FolderFile) {
    switch file.state {
    case .unread, .other: return nil
    case .held: state = .held
    case .own, .stale: state = .own
    case .waiting: state = .waiting
    case .partial: state = .partial
    case .foreign: state = .foreign
    case .newer: state = .newer
    case .large: state = .large
    case .unreadable: state = .unreadable
    case .locked: state = .locked
    case .quarantined: state = .quarantined
    case .open: state = .open
    case .key: state = .key
    }
    name = String(decoding: file.name, as: UTF8.self)
    (reason, writer, bytes) = (file.reason, file.writer, file.look.bytes)
    // Of keys, it is their epoch.
    changes = file.state == .key ? 0 : file.changes
  }
}

/// Another device, as far as a shared folder is concerned.
public struct FolderDevice: Sendable {
  /// What people call it.
  public let name: String
  /// When it was last heard of, in ms since 1970 UTC by this device's clock; nil: never.
  public let lastHeard: Int64?
  /// How many of the changes held here it is not known to hold.
  public let lacks: UInt64
}
