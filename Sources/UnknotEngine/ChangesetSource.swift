/// Where a changeset comes from that is to be imported.
public struct ChangesetSource: Sendable {
  enum Place: Sendable {
    case path(String)
    case stream(name: String, read: @Sendable (_ atMost: Int) throws -> [UInt8])
  }

  let place: Place

  /// A file, or a folder with files. Of a folder, everything in it that ends in `.unknot` is imported that fits, and the
  /// rest is named (`ImportResult.leftOut`); a file that is named is taken in, or nothing is.
  ///
  /// - Parameter path: links to files are not followed.
  public static func path(_ path: String) -> ChangesetSource { ChangesetSource(place: .path(path)) }

  /// Bytes from anywhere: standard input, a socket, what another app hands over.
  ///
  /// They are put aside in a file without a name while they are read (`MergeOptions.temporaryFolder`): all of them are
  /// checked before the first change is taken in.
  ///
  /// - Parameters:
  ///   - name: what errors and results call it.
  ///   - read: gives at most so many bytes, and none at the end. It may wait; what it throws ends the import, with nothing
  ///     changed.
  public static func stream(
    named name: String, _ read: @escaping @Sendable (_ atMost: Int) throws -> [UInt8]
  ) -> ChangesetSource {
    ChangesetSource(place: .stream(name: name, read: read))
  }
}
