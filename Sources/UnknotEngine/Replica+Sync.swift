import UnknotStorage

extension Replica {
  /// Writes what a device may lack into a file that appears under its name whole or not at all, mode 0600.
  ///
  /// - Parameters:
  ///   - target: the file, or the folder for one of a random name.
  ///   - receiver: for whom: what it is known to hold is left out.
  ///   - full: everything, for somebody who has nothing yet.
  ///   - progress: called after every few thousand changes, not on the thread that asked.
  /// - Returns: with no file where there was nothing to send.
  /// - Throws: `SyncError`, `StorageError`, `CancellationError`; no file was written.
  public func export(
    to target: ExportTarget, for receiver: Receiver = .everyone, full: Bool = false,
    progress: (@Sendable (Progress) -> Void)? = nil
  ) async throws -> ExportResult {
    try await perform {
      try $0.export(to: target, for: receiver, full: full, progress: { progress?($0) })
    }
  }

  /// Merges files of other devices in one transaction: all that are named, or nothing; of a folder, all that fit.
  ///
  /// Every byte is checked before the first change is taken in. Files that were taken in before do no harm, whatever the
  /// order.
  ///
  /// - Parameters:
  ///   - sources: files and folders of other devices.
  ///   - options: how they are merged.
  ///   - progress: called after every few thousand changes, not on the thread that asked.
  /// - Throws: `SyncError`, `StorageError`, `CancellationError`, and what a stream throws; nothing was changed.
  public func importFiles(
    _ sources: [ChangesetSource], _ options: MergeOptions = MergeOptions(),
    progress: (@Sendable (Progress) -> Void)? = nil
  ) async throws -> ImportResult {
    try await perform { try $0.importFiles(sources, options, progress: { progress?($0) }) }
  }

  /// What a file says of itself: its checksum is verified, nothing is taken in.
  ///
  /// - Throws: `SyncError`.
  public func inspect(_ path: String) async throws -> Inspection {
    try await perform { try $0.inspect(path) }
  }
}
