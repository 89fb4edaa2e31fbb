import UnknotCausality
import UnknotChangeset

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
  private let source: FileSource

  init(_ source: FileSource) throws {
    self.source = source
    name = source.name
    (formatVersion, header, bytes) = try SyncError.translating(file: source.name) {
      let reader = try ChangesetReader(source: source.reader())
      try reader.verify()
      return (reader.formatVersion, reader.header, reader.bytesRead)
    }
  }

  /// Whether it begins as one, be it damaged behind that.
  static func begins(_ source: FileSource) throws -> Bool {
    do {
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
    let reader = try ChangesetReader(source: source.reader())
    guard reader.header == header else { throw ChangesetError.damaged("it changed while it was read") }
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
  }
}
