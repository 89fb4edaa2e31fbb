import CUnknot
import UnknotEngine
import UnknotJSON

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A request that is not one.
struct BadRequest: Error {
  let message: String
  init(_ message: String) { self.message = message }
}

/// How a call went, for the caller: one of the header's numbers, and a text.
struct Failure {
  let status: Int32
  let message: String

  init(_ error: any Error) {
    switch error {
    case let error as BadRequest: (status, message) = (Int32(UNKNOT_BAD_REQUEST), error.message)
    case let error as StorageError: (status, message) = (Self.status(of: error), Self.words(error))
    case let error as SyncError: (status, message) = (Self.status(of: error), Self.words(error))
    default: (status, message) = (Int32(UNKNOT_IO), "\(error)")
    }
  }

  var json: JSONValue { .object([("message", .string(message))]) }

  private static func words(_ error: any LocalizedError) -> String { error.errorDescription ?? "\(error)" }

  private static func status(of error: StorageError) -> Int32 {
    let status =
      switch error {
      case .noSuchRecord, .nothingToUndo, .nothingToRedo, .noSuchOperation, .journalMissing:
        UNKNOT_NOT_FOUND
      case .operationAlreadyReverted, .conflictChanged, .notInList, .invalidWrite, .invalidQuery:
        UNKNOT_REFUSED
      case .busy: UNKNOT_BUSY
      case .tablesChanged: UNKNOT_REOPEN
      case .damaged, .notAJournal: UNKNOT_DAMAGED
      case .newerJournal: UNKNOT_NEWER
      case .io, .diskFull: UNKNOT_IO
      case .interrupted: UNKNOT_INTERRUPTED
      }
    return Int32(status)
  }

  private static func status(of error: SyncError) -> Int32 {
    let status =
      switch error {
      case .damaged, .notABackup, .onlyPastGaps: UNKNOT_DAMAGED
      case .newerFormat: UNKNOT_NEWER
      case .otherJournal, .severalJournals: UNKNOT_OTHER_JOURNAL
      case .changesMissing: UNKNOT_CHANGES_MISSING
      case .tooLarge, .targetExists, .locked, .invitation, .wrongCode, .olderKey, .outdatedKey, .notSealing,
        .notSealed,
        .quarantined,
        .noKey:
        UNKNOT_REFUSED
      case .unreadable, .cannotWrite: UNKNOT_IO
      case .notFound, .noSuchDevice, .noFolder, .noNotes: UNKNOT_NOT_FOUND
      }
    return Int32(status)
  }
}
