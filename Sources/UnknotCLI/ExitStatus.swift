import UnknotKit

extension KitError.Kind {
  /// As `unknot help` and the design of the command line list them; 5 is no error: merged, and conflicts wait.
  var exitStatus: Int32 {
    switch self {
    case .failed: 1
    case .usage: 2
    case .notFound: 3
    case .invalidValue: 4
    case .safetyStop: 6
    case .journalBusy, .journalDamaged, .journalNewer, .journalMissing, .notAJournal: 7
    case .fileDamaged: 8
    case .otherJournal, .noKey: 9
    case .changesMissing: 10
    case .newerFormat: 11
    // The shell's own number for Ctrl-C.
    case .interrupted: 130
    }
  }
}
