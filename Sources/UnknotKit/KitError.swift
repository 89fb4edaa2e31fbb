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
            "\(.rescue) saves its intact parts, and \(.backup) goes back to an older state")
      case .journalMissing(let place):
        KitError(
          .journalMissing, "the journal is not there, though it was written here before: \(place)",
          hint:
            "plug in its disk, or put the file back; \(.newJournal) begins a new one there"
        )
      case .notAJournal(let reason):
        KitError(
          .notAJournal, "this file is not a journal", cause: reason, hint: "name \(.otherJournal)")
      case .diskFull(let free):
        KitError(
          .failed, "the disk is full: nothing was changed",
          cause: free.map { "\($0) bytes are free on it" },
          hint: "make room there; you can still read your records and write them to other disks")
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
          hint: "restart this program")
      case .invalidQuery(let reason):
        KitError(
          .invalidValue, "this query cannot be answered", cause: reason,
          hint: reason.hasPrefix("no such ")
            ? "list the views and their columns to see what you can ask" : nil)
      case .interrupted: KitError(.interrupted, "interrupted: nothing was changed")
      }
  }
}
