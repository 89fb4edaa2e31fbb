import UnknotChangeset
import UnknotSealing

/// The bytes of a changeset file, be it sealed or not.
struct SealedFile {
  /// Reads on from the start; [] at the end. What it gives of a sealed file is authentic, and complete once it has given
  /// [].
  let read: (Int) throws -> [UInt8]
  let closing: Closing

  /// How a file is closed.
  enum Closing: Hashable {
    case open
    /// With the secret of an epoch.
    case secret(epoch: UInt64)
    /// For this device alone, or with a passphrase.
    case personal
  }

  /// - Parameter passphrase: that of an invitation.
  /// - Throws: `SyncError.locked` where nothing here opens it, `.invitation` where a passphrase does; `.damaged`,
  ///   `.unreadable`.
  init(_ source: FileSource, _ keys: KeyFile?, passphrase: String? = nil) throws {
    guard try Self.isStart(source.start(Self.startBytes)) else {
      (read, closing) = (source.reader(), .open)
      return
    }
    // Most files are of the newest epoch.
    let secrets = Array((keys?.secrets ?? []).reversed())
    var reader = try SyncError.translatingAge(file: source.name) {
      try AgeReader(
        source.reader(),
        keys: secrets.map { .identity($0.identity) } + (keys.map { [.identity($0.device.identity)] } ?? [])
          + (passphrase.map { [.passphrase($0, largestWorkFactor: Invitation.workFactor)] } ?? []))
    }
    var opened: [UInt8] = []
    closing = secrets.indices.contains(reader.key) ? .secret(epoch: secrets[reader.key].epoch) : .personal
    self.read = { count in
      if opened.isEmpty {
        opened = try SyncError.translatingAge(file: source.name) { try reader.next() } ?? []
      }
      guard opened.count > count else {
        defer { opened = [] }
        return opened
      }
      defer { opened.removeFirst(count) }
      return Array(opened.prefix(count))
    }
  }

  /// Whether a file's first bytes are those of a sealed one.
  static func isStart(_ bytes: [UInt8]) -> Bool { AgeReader.isStart(bytes) }

  /// What one begins with that is not text.
  static let start = AgeReader.start

  /// How many bytes `isStart` needs.
  static let startBytes = AgeReader.startBytes
}

extension SyncError {
  fileprivate static func translatingAge<T>(file: String, _ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as AgeError {
      switch error {
      case .noKeyMatches: throw SyncError.locked(file: file)
      case .passphraseNeeded: throw SyncError.invitation(file: file)
      case .incomplete: throw SyncError.damaged(file: file, reason: "it ends too early: it is incomplete")
      case .unsupported(let kind):
        throw SyncError.damaged(
          file: file, reason: "it is sealed by \(kind), which this program does not open")
      case .malformedHeader(let reason), .malformedArmor(let reason):
        throw SyncError.damaged(file: file, reason: "it is sealed, and \(reason)")
      case .notAge: throw SyncError.damaged(file: file, reason: "it is not a changeset file")
      case .headerNotAuthentic, .payloadNotAuthentic:
        throw SyncError.damaged(file: file, reason: "it was changed on its way")
      }
    }
  }
}
