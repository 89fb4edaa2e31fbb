import UnknotCausality

/// The format's fixed sizes and limits (`Schema/changeset.md`).
enum Format {
  static let magic = Array("unknot".utf8)
  /// What every file begins with: the first field whole.
  static let start = [UInt8(Field.magic), UInt8(magic.count)] + magic
  static let version: UInt64 = 2
  /// Of the first one, without keys and seals.
  static let firstVersion: UInt64 = 1
  static let changesPerBlock = 4096
  /// A block is closed early when its changes' bytes reach this.
  static let softBlockBytes = 2 << 20
  static let maximumPartBytes: UInt64 = 16 << 20
  /// No shape is longer: 256 fields with keys.
  static let maximumShapeBytes: UInt64 = 1 << 17
  /// No run is longer: a context of all actors that a journal takes in, or the hashes of a block of changes.
  static let maximumRunBytes: UInt64 = 1 << 20
  /// Of a block's runs together.
  static let maximumContextEntries = 1 << 19
  /// Of a block's columns before they are deflated, and of its changes' values as each change has them: what a reader
  /// holds at once. A writer's blocks end at a quarter of it, and at most one change more.
  static let maximumBlockBytes = 8 << 20
  /// Of public and secret keys, and of hashes.
  static let keyBytes = 32
  static let signatureBytes = 64
  /// Of secrets of one file.
  static let maximumSecrets = 1024
  /// Of a journal's and of a device's id.
  static let idBytes = 16
  static let maximumJournals = JournalLimits.journals
  static let maximumDevices = JournalLimits.devices
  /// All of them together: with names and clocks as long as they may be, they are shorter.
  static let maximumDeviceBytes = 4 << 20
  /// Whom a header lists, and as many entries in each of its clocks.
  static let maximumActors = JournalLimits.actors
  /// Of all devices' clocks together.
  static let maximumClockEntries = 1 << 18
  /// Of those, entries that are neither in the base nor in the tip.
  static let maximumOtherEntries = 1 << 16
  /// Of counts to which one is added with each rename, retirement and restored backup.
  static let maximumRevision = UInt64(JournalLimits.revision)
  static let maximumNameBytes = JournalLimits.deviceNameBytes

  /// Whether bytes are a text: UTF-8 without NUL.
  static func isText(_ bytes: ArraySlice<UInt8>) -> Bool {
    var isASCII = true
    for byte in bytes {
      if byte == 0 { return false }
      if byte >= 0x80 { isASCII = false }
    }
    return isASCII || String(validating: bytes, as: UTF8.self) != nil
  }

  enum Field {
    static let magic: UInt64 = 1 << 3 | 2
    static let version: UInt64 = 2 << 3
    static let header: UInt64 = 3 << 3 | 2
    static let block: UInt64 = 4 << 3 | 2
    static let padding: UInt64 = 5 << 3 | 2
    static let seal: UInt64 = 6 << 3 | 2
    static let checksum: UInt64 = 15 << 3 | 2
  }
}
