import UnknotKit

extension Advice {
  /// In the words of the pages.
  var pageWords: String {
    text { way, _ in
      switch way {
      case .safetyCheck: "the page Safety check"
      case .endSession, .endSessionElsewhere: "“End it” on the page Session"
      case .despiteSigns: "“begin all the same” on the page Session"
      case .adverse: "“adverse” on the session's page, under Journal"
      case .safetyCheckWithoutSigns: "a safety check without a sign"
      case .profile: "the page Profile"
      case .newRoutine: "unknot routine add, in a terminal"
      case .newPlan: "the page Plan"
      case .joinDevices, .olderKey, .showKey, .setFolder: "the page Devices"
      case .join: "“Unite” below the code, on the page Devices"
      case .undo: "“Undo” on the page Journal"
      case .redo: "“Redo” on the page Journal"
      case .restore: "“Put it back” on its page"
      case .closeEpisode: "the page Plan"
      case .verification: "“Look at all of it” on the page Safekeeping"
      case .rescue: "unknot rescue, in a terminal"
      case .pastGaps: "unknot rescue --past-gaps, in a terminal"
      case .backup: "the page Safekeeping"
      default: way.rawValue
      }
    }
  }
}

extension String {
  /// A text with times, without the offset where that is this device's own just now: only another one says something.
  func here(_ now: Moment) -> String { replacing(" \(now.rfc3339.suffix(6))", with: "") }
}
