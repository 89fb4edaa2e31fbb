public import UnknotStorage

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

extension StorageError: LocalizedError {
  /// What went wrong, in one sentence of English. An app that speaks to people words each case itself.
  public var errorDescription: String? {
    switch self {
    case .newerJournal(let version, let supported):
      "the file was made by a newer program: its version is \(version), and \(supported) is the highest known here"
    case .busy: "the file is in use by another program"
    case .damaged(let reason): "the file is damaged: \(reason)"
    case .journalMissing(let place): "the file is not there, though it was written here before: \(place)"
    case .notAJournal(let reason): "the file holds something else: \(reason)"
    case .diskFull(let free):
      "the disk is full" + (free.map { ": \($0) bytes are free" } ?? "") + "; nothing was changed"
    case .io(let reason): "the file could not be read or written: \(reason)"
    case .noSuchRecord(let record): "there is no record \(record)"
    case .nothingToUndo: "there is nothing to undo"
    case .nothingToRedo: "there is nothing to redo"
    case .noSuchOperation(let operation): "this device did no operation \(operation)"
    case .operationAlreadyReverted(let operation): "operation \(operation) was taken back already"
    case .conflictChanged(let key): "\(key.field) of \(key.record) was written to since it was shown"
    case .tablesChanged: "another version of the program has opened the file meanwhile"
    case .notInList(let record): "\(record) is not in this list"
    case .invalidWrite(let reason): reason
    case .invalidQuery(let reason): "the query cannot be answered: \(reason)"
    case .interrupted: "it was interrupted, and nothing was changed"
    }
  }
}

extension SyncError: LocalizedError {
  /// What went wrong, in one sentence of English. An app that speaks to people words each case itself.
  public var errorDescription: String? {
    switch self {
    case .damaged(let file, let reason): "\(file) is damaged or not a changeset: \(reason)"
    case .newerFormat(let file, let version, let supported):
      "\(file) has format \(version), and \(supported) is the highest known here"
    case .otherJournal(let file): "\(file) is of records that were begun apart from these"
    case .severalJournals(let folder, let files):
      "\(folder) has files of \(files.count) replicas that were begun apart: \(files.joined(separator: ", "))"
    case .onlyPastGaps(let proven):
      "the first changes are lost, and \(proven) later ones are proven to be what was written"
    case .changesMissing(let file, let missing, _):
      "\(file) starts after changes that are not here: "
        + missing.map { "\($0.device) \($0.from)–\($0.to)" }.joined(separator: ", ")
    case .tooLarge(let file, let limit):
      "\(file) would make the records' file larger by more than \(limit >> 20) MiB"
    case .unreadable(let file, let reason): "\(file) cannot be read: \(reason)"
    case .notFound(let file): "there is no file \(file)"
    case .targetExists(let file): "\(file) already exists and is not replaced"
    case .cannotWrite(let file, let reason): "\(file) cannot be written: \(reason)"
    case .locked(let file): "\(file) is sealed with a key that is not here"
    case .invitation(let file): "\(file) is an invitation: its code opens it"
    case .wrongCode: "nothing in the folder is opened by this"
    case .outdatedKey: "this journal's files were sealed with a newer key than that"
    case .olderKey: "this device has a newer key, which the others do not know"
    case .notSealing: "files are not sealed here, and there is no key"
    case .notSealed(let file): "\(file) is not sealed, and files are"
    case .quarantined(let file, let reason): "\(file) counts for nothing: \(reason)"
    case .noKey: "files are sealed, and the key is not here"
    case .notABackup(let file, let reason): "\(file) cannot be put back: \(reason)"
    case .noFolder: "no folder was said that this device shares with others"
    case .noNotes: "what is known of a shared folder can be noted nowhere"
    case .noSuchDevice(let name, _): "no device \(name) is known"
    }
  }
}
