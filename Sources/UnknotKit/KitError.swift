import UnknotEngine

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// What went wrong, for people, and its kind, for programs. Whatever it is, nothing was changed.
public struct KitError: LocalizedError, Hashable, Sendable, CustomStringConvertible {
  /// What a program can do about an error depends on this alone.
  public enum Kind: Hashable, Sendable, CaseIterable {
    /// The system refused something: no room on the disk, a file that cannot be read.
    case failed
    /// What was asked for cannot be asked so.
    case usage
    /// There is no such record, device or file, or more than one can be meant.
    case notFound
    /// A value that its field cannot have.
    case invalidValue
    /// A sign that needs a doctor, or a target that the person's own list forbids.
    case safetyStop
    /// Another program uses the journal: try again when that one has finished.
    case journalBusy
    /// The journal's file is not as it should be.
    case journalDamaged
    /// A newer program made the journal, or another version has opened it meanwhile.
    case journalNewer
    /// The journal is not where it was written before: a medium may not be plugged in.
    case journalMissing
    /// The file is something else than a journal.
    case notAJournal
    /// The file of another device is damaged, or not one.
    case fileDamaged
    /// The file is of another journal.
    case otherJournal
    /// The file starts after changes that are not here.
    case changesMissing
    /// The file was written by a newer program.
    case newerFormat
    /// The file is sealed, and the keys that are here do not open it, or nobody who counts has signed it.
    case noKey
    /// By whoever asked.
    case interrupted
  }

  /// For programs.
  public let kind: Kind
  /// What went wrong, in one sentence of English.
  public let message: String
  /// The reason behind it, where there is one to tell: often SQLite's or the system's words.
  public let cause: String?
  /// What to do about it.
  public let hint: Advice?

  /// For front ends that refuse what only they can know of.
  public init(_ kind: Kind, _ message: String, cause: String? = nil, hint: Advice? = nil) {
    self.kind = kind
    self.message = message
    self.cause = cause
    self.hint = hint
  }

  /// The same with words that were put together before, and name no way.
  init(_ kind: Kind, _ message: String, cause: String? = nil, hint: String?) {
    self.init(kind, message, cause: cause, hint: hint.map { Advice($0) })
  }

  /// The message alone.
  public var description: String { message }
  /// The message, for Foundation.
  public var errorDescription: String? { message }
  /// The cause, for Foundation.
  public var failureReason: String? { cause }
  /// The hint in words that fit any front end, for Foundation.
  public var recoverySuggestion: String? { hint?.description }

  /// Gives the errors of the modules below their words.
  static func translating<T>(_ body: () throws -> T) throws(KitError) -> T {
    do {
      return try body()
    } catch let error as KitError {
      throw error
    } catch let error as StorageError {
      throw KitError(error)
    } catch let error as SyncError {
      throw KitError(syncError: error)
    } catch {
      throw KitError(.failed, "\(error)")
    }
  }

  /// What went wrong and why, as a part of something larger.
  static func reason(of error: any Error) -> String {
    let error =
      (error as? StorageError).map { KitError($0) } ?? (error as? SyncError).map { KitError(syncError: $0) }
      ?? KitError(.failed, "\(error)")
    return words(of: error)
  }

  static func words(of error: KitError) -> String {
    [error.message, error.cause].compactMap { $0 }.joined(separator: ": ")
  }

  static func translated(_ error: StorageError) -> KitError { KitError(error) }

  private init(_ error: StorageError) {
    // The engine's own words, where they speak of no file.
    let said = error.errorDescription ?? "\(error)"
    self =
      switch error {
      case .newerJournal(let version, let supported):
        KitError(
          .journalNewer, "the journal was made by a newer program: its version is \(version)",
          hint: "this program reads up to version \(supported); install a newer one")
      case .busy:
        KitError(
          .journalBusy, "the journal is in use by another program",
          hint: "try again when that one has finished")
      case .damaged(let reason):
        KitError(
          .journalDamaged, "the journal is damaged", cause: reason,
          hint:
            "\(.rescue) puts together what is whole of it, and \(.backup) puts an older state in its place")
      case .journalMissing(let place):
        KitError(
          .journalMissing, "the journal is not there, though it was written here before: \(place)",
          hint:
            "plug in the medium that it lies on or put it back; \(.newJournal) begins a new one there"
        )
      case .notAJournal(let reason):
        KitError(
          .notAJournal, "this file is not a journal", cause: reason, hint: "name \(.otherJournal)")
      case .diskFull(let free):
        KitError(
          .failed, "the disk is full: nothing was changed",
          cause: free.map { "\($0) bytes are free on it" },
          hint: "make room there; what is recorded can be read and written to other disks all the same")
      case .io(let reason): KitError(.failed, "the journal could not be read or written", cause: reason)
      case .noSuchRecord, .nothingToUndo, .noSuchOperation, .notInList: KitError(.notFound, said)
      case .nothingToRedo:
        KitError(
          .notFound, said,
          hint: "only an undo can be redone, until something else is written")
      case .operationAlreadyReverted, .invalidWrite: KitError(.invalidValue, said)
      case .conflictChanged: KitError(.notFound, said, hint: "look at it again")
      case .tablesChanged:
        KitError(
          .journalNewer, "another version of the program has opened the journal meanwhile",
          hint: "start this one again")
      case .invalidQuery(let reason):
        KitError(
          .invalidValue, "this query cannot be answered", cause: reason,
          hint: reason.hasPrefix("no such ")
            ? "what there is to ask can be listed: the views and their columns" : nil)
      case .interrupted: KitError(.interrupted, "interrupted: nothing was changed")
      }
  }

  init(syncError error: SyncError) {
    let said = error.errorDescription ?? "\(error)"
    self =
      switch error {
      case .damaged(let file, let reason):
        KitError(
          .fileDamaged, "\(file) is damaged or not a changeset", cause: reason,
          hint: "copy it again from where it came from")
      case .newerFormat(let file, let version, let supported):
        KitError(
          .newerFormat, "\(file) has format \(version), newer than this program reads",
          hint: "this program reads up to format \(supported); install a newer one")
      case .otherJournal(let file):
        KitError(
          .otherJournal, "\(file) belongs to another journal",
          hint: "if both are yours and you want them as one, import it with \(.join)")
      case .severalJournals(let folder, let files):
        KitError(
          .otherJournal,
          "\(folder) has files of \(files.count) journals, and nothing says which of them is meant",
          cause: "one of each: \(files.joined(separator: ", "))",
          hint: "take in a file of the one that is meant: \(.importFile)")
      case .changesMissing(_, _, let isLoss):
        KitError(
          .changesMissing, said,
          hint: isLoss
            ? """
            this device held them before it was restored from a backup, or it is a copy: export here, import that \
            file there, and the next file from there will contain them
            """
            : "import the files before it, or export on the other device with \(.fullExport)")
      case .tooLarge(let file, let limit):
        KitError(
          .failed, "\(file) would make the journal larger by more than \(limit >> 20) MiB",
          hint: "if it is yours and as large as it should be, import it with \(.largeImport)")
      case .unreadable(let file, let reason): KitError(.failed, "\(file) cannot be read", cause: reason)
      case .notFound: KitError(.notFound, said)
      case .targetExists: KitError(.failed, said, hint: "name \(.otherFile)")
      case .cannotWrite(let file, let reason): KitError(.failed, "\(file) cannot be written", cause: reason)
      case .locked(let file):
        KitError(
          .noKey, "\(file) is sealed with a key that this device does not have",
          hint: "\(.joinDevices) gives it the key")
      case .invitation(let file):
        KitError(.noKey, "\(file) is an invitation", hint: "\(.joinDevices) opens it")
      case .wrongCode:
        KitError(
          .noKey, "nothing in the folder is opened by this",
          hint: "check every character; an invitation is there for a day, and comes as slowly as other files")
      case .olderKey:
        KitError(
          .failed, said, hint: "\(.showKey) here, and type it on the others at \(.joinDevices)")
      case .outdatedKey:
        KitError(.failed, said, hint: "type the newest one; if nobody has it any more: \(.olderKey)")
      case .notSealing: KitError(.failed, said, hint: "\(.setFolder) begins that")
      case .notSealed(let file):
        KitError(
          .failed, "\(file) is not sealed and was not taken",
          hint: "if it is yours: \(.takeOpen) takes it once")
      case .quarantined(let file, let reason):
        KitError(.noKey, "\(file) was not taken", cause: reason)
      case .noKey:
        KitError(
          .failed, "this journal's files are sealed, and this device does not have the key",
          hint: "\(.joinDevices) gives it the key")
      case .notABackup(let file, let reason):
        KitError(
          .fileDamaged, "\(file) cannot be put back", cause: reason,
          hint: "nothing was changed; take another backup")
      case .noFolder:
        KitError(.notFound, "no folder is shared with other devices", hint: "\(.setFolder) says which one is")
      case .noNotes: KitError(.failed, said)
      case .noSuchDevice(_, let known):
        KitError(
          .notFound, said,
          hint: known.isEmpty ? "no other device is known yet" : "known: \(known.joined(separator: ", "))")
      }
  }
}
