import UnknotCausality
import UnknotChangeset
import UnknotSealing

/// A changeset file, read in two passes: every byte is verified when it is opened, and its changes are read later. What
/// counts is the bytes that are read then: they have to be of the same file.
final class ChangesetFile {
  let name: String
  let formatVersion: UInt64
  let header: ChangesetHeader
  /// How large it is.
  let bytes: UInt64
  /// What every one begins with.
  static let start = ChangesetReader.start
  /// How it is closed.
  let closing: SealedFile.Closing
  /// Who has signed it.
  let seal: ChangesetSeal?
  private let source: FileSource
  private let keys: KeyFile?
  private let passphrase: String?

  /// - Parameters:
  ///   - keys: what opens it where it is sealed.
  ///   - passphrase: that of an invitation.
  init(_ source: FileSource, _ keys: KeyFile?, passphrase: String? = nil) throws {
    (self.source, self.keys, self.passphrase) = (source, keys, passphrase)
    name = source.name
    (formatVersion, header, bytes, closing, seal) = try SyncError.translating(file: source.name) {
      let file = try SealedFile(source, keys, passphrase: passphrase)
      let reader = try ChangesetReader(source: file.read)
      try reader.verify()
      // What is sealed is complete once its end was read.
      guard try file.read(1).isEmpty else { throw ChangesetError.damaged("something follows its end") }
      return (reader.formatVersion, reader.header, reader.bytesRead, file.closing, reader.seal)
    }
  }

  /// Whether it begins as one, be it damaged behind that.
  static func begins(_ source: FileSource) throws -> Bool {
    do {
      if try SealedFile.isStart(source.start(SealedFile.startBytes)) { return true }
      _ = try ChangesetReader(source: source.reader())
      return true
    } catch ChangesetError.notAChangeset {
      return false
    } catch is ChangesetError {
      return true
    }
  }

  /// The changes from the start, less those that `known` covers.
  ///
  /// - Parameters:
  ///   - run: takes each run.
  ///   - afterBlock: told how many changes of a block were given.
  func read(
    skipping known: VectorClock, _ run: (SentRun) throws -> Void, afterBlock: (UInt64) throws -> Void
  ) throws {
    let file = try SealedFile(source, keys, passphrase: passphrase)
    let reader = try ChangesetReader(source: file.read)
    guard reader.header == header, file.closing == closing else {
      throw ChangesetError.damaged("it changed while it was read")
    }
    var count: UInt64 = 0
    while try reader.next(
      skipping: known,
      { sent in
        try run(sent)
        count += sent.run.count
      })
    {
      try afterBlock(count)
      count = 0
    }
    guard try file.read(1).isEmpty, reader.seal == seal else {
      throw ChangesetError.damaged("it changed while it was read")
    }
  }
}
