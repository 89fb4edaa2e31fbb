/// A file of a shared folder, as this device knows it.
package struct FolderFile: Hashable, Sendable {
  /// What was found out about it.
  package enum State: Int64, Sendable {
    /// It was only listed.
    case unread
    /// Somebody else's: it does not even begin as one of ours.
    case other
    /// Another device's, and all of it is held.
    case held
    /// This device wrote it, and all of it is held.
    case own
    /// It starts after changes that are not held.
    case waiting
    /// Not all of it is there yet, or it is damaged.
    case partial
    /// Of another journal.
    case foreign
    /// Of a newer format.
    case newer
    /// It would make the journal larger by more than one file may.
    case large
    /// The system refuses it.
    case unreadable
    /// It is sealed with a key that this device does not have.
    case locked
    /// It is sealed, and signed by nobody who counts.
    case quarantined
    /// It is not sealed, where files are.
    case open
    /// It has keys, or is an invitation.
    case key
    /// This device wrote it, before files were sealed or with a key that does not count any more: what is in it is written anew, and
    /// it goes.
    case stale
  }

  /// Of its folder's names: bytes.
  package let name: [UInt8]
  /// What it looked like when it was read: it is not read again as long as it looks the same.
  package var look: FileLook
  package var state: State
  /// For people: why it was set aside.
  package var reason: String
  /// The id of the device that wrote it; empty until that is read.
  package var device: [UInt8]
  /// What the device was called.
  package var writer: String
  /// How many changes are in it; of keys, the newest epoch.
  package var changes: UInt64
  /// The clocks that it starts after and ends at (`StoreReader.stored`), once it is held. Equal for a note, which has no
  /// changes: they are then what its writer held. Of keys, the second one is their hash.
  package var base: [UInt8]
  package var tip: [UInt8]
  /// Whether this device put it there: it may go, also where it was damaged since.
  package var isWrittenHere: Bool
  /// The day on which it was listed first: days since 1970.
  package var firstDay: Int64
  /// The last day on which it was looked for.
  package var lastDay: Int64
  /// On how many different days it was listed.
  package var listedDays: Int64
  /// On how many different days it was missing, since it was listed last.
  package var missingDays: Int64

  /// One that is listed for the first time, and not yet read.
  package init(name: [UInt8], look: FileLook, day: Int64) {
    self.name = name
    self.look = look
    (state, reason, device, writer, changes, base, tip) = (.unread, "", [], "", 0, [], [])
    isWrittenHere = false
    (firstDay, lastDay, listedDays, missingDays) = (day, day, 1, 0)
  }

  /// It goes, and what is in it is written anew.
  package mutating func giveUp() { (state, reason, base, tip, isWrittenHere) = (.stale, "", [], [], true) }

  /// Whether it is held, whoever wrote it.
  package var isHeld: Bool { state == .held || state == .own }
}

/// What can be told of a file without reading it.
package struct FileLook: Hashable, Sendable {
  package let bytes: Int64
  /// In ns since 1970 by whoever's clock: it is only compared for being the same.
  package let modifiedAt: Int64

  package init(bytes: Int64, modifiedAt: Int64) {
    self.bytes = bytes
    self.modifiedAt = modifiedAt
  }
}
