import ArgumentParser

/// A part of what may happen, to be looked at alone.
enum Selection: String, ExpressibleByArgument { case clones, folders }

/// What may happen.
enum Step: CaseIterable {
  case create, edit, editOldForm, delete, restore, move, place, undo, redo, resolve, openForm
  case export, exportFor, exportFull, importFile, importFiles, importDamaged, loseFile
  case newDevice, newStranger, join
  case reopen, upgrade, changeClock, killWrite, killImport
  case retire, compact
  case backUp, restoreBackup, restoreHome, copyJournal, cloneHome

  var isAlwaysThere: Bool {
    switch self {
    case .create, .edit, .export, .importFile: true
    default: false
    }
  }

  /// Whether a person writes something, which a device that only reads never does.
  var isWrite: Bool {
    switch self {
    case .create, .edit, .editOldForm, .delete, .restore, .move, .place, .undo, .redo, .resolve, .killWrite:
      true
    default: false
    }
  }

  /// Whether afterwards plain exports may no longer be enough: histories that part, journals of strangers, devices that
  /// nobody waits for.
  var isDisorder: Bool {
    switch self {
    case .newStranger, .join, .backUp, .restoreBackup, .restoreHome, .copyJournal, .cloneHome, .retire: true
    default: false
    }
  }

  /// What `--only clones` consists of: writes, files, and journals that are copied and restored.
  var isOfClones: Bool {
    switch self {
    case .create, .edit, .delete, .export, .exportFor, .importFile, .importFiles, .backUp, .restoreBackup,
      .restoreHome, .copyJournal, .cloneHome:
      true
    default: false
    }
  }

  var weight: Int {
    switch self {
    case .edit, .importFile: 12
    case .create, .export, .importFiles: 6
    case .editOldForm, .delete, .move, .place, .exportFor, .openForm, .resolve: 3
    case .restore, .undo, .redo, .importDamaged, .exportFull, .killWrite, .cloneHome, .restoreHome, .backUp,
      .compact:
      2
    default: 1
    }
  }
}
