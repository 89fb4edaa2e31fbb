/// What may happen to devices that share a folder, and to the folder.
enum FolderStep: CaseIterable {
  case log, edit, round, carry, tidy
  case passDays, jumpClock
  case wipeHalf, damage, bringStranger, leaveTemporary
  case reopen, backUp, restoreJournal, restoreHome, cloneJournal, cloneHome
  case invite, newcomer
  case retire, lose, rotate

  var weight: Int {
    switch self {
    case .carry: 24
    case .round: 20
    case .log, .edit: 8
    case .passDays: 6
    case .jumpClock, .damage, .reopen, .newcomer, .rotate: 2
    default: 1
    }
  }

  /// Without these a seed is a calm one.
  var isAlwaysThere: Bool {
    switch self {
    case .log, .edit, .round, .carry, .passDays: true
    default: false
    }
  }
}
