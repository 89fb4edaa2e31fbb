import UnknotKit

extension Advice {
  /// In the words of the command line.
  var words: String {
    text { way, id in
      switch way {
      case .safetyCheck: "unknot check"
      case .endSession: "unknot start --end"
      case .endSessionElsewhere: "unknot start --end --take-over"
      case .despiteSigns: "unknot start --despite-signs"
      case .adverse: "unknot edit \(id ?? "ID") adverse=more-pain"
      case .safetyCheckWithoutSigns: "unknot check --answer none"
      case .profile: "unknot profile"
      case .loggingAllTheSame: "--override REASON"
      case .newRoutine: "unknot routine add"
      case .newPlan: "unknot plan set course"
      case .laterFirstDay: "--from"
      case .endOfTrial: "--end-trial"
      case .outcome: "--outcome"
      case .dayCount: "--days"
      case .lastDay: "--until"
      case .choice: "--take"
      case .newName, .newJournal: "unknot init --device NAME"
      case .otherJournal: "another --journal"
      case .otherFile: "another file"
      case .join: "--join"
      case .importFile: "unknot sync import FILE"
      case .fullExport: "--full"
      case .largeImport: "--large"
      case .setFolder: "unknot sync folder set DIR"
      case .joinDevices: "unknot sync join"
      case .olderKey: "unknot sync join --older-key"
      case .showKey: "unknot sync key show"
      case .takeOpen: "--plain"
      case .closeEpisode: "unknot episode close"
      case .peg: "unknot peg 5 4 6"
      case .undo: "unknot undo \(id ?? "")"
      case .redo: "unknot redo"
      case .move: "unknot routine move"
      case .routines: "unknot routine list"
      case .restore: "unknot restore"
      case .bout: "--bout TARGET[/SIDE]:DURATION[@SURFACE]"
      case .jsonExport: "unknot export json"
      case .csvExport: "unknot export csv"
      case .source: "--from"
      case .ownTable: "--from csv"
      case .columnMap: "--map"
      case .verification: "unknot verify"
      case .rescue: "unknot rescue"
      case .pastGaps: "--past-gaps"
      case .backup: "unknot restore-backup"
      case .factorByKind: "unknot factor medication \((id ?? "NAME").shellQuoted)"
      case .otherFactor: "unknot factor other --label \((id ?? "NAME").shellQuoted)"
      }
    }
  }
}
