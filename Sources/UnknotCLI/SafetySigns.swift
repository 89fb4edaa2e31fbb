import Foundation
import UnknotKit

/// What comes before everything else where a sign points to a doctor.
enum SafetySigns {
  /// "Stop. Seek emergency care now." and where that comes from.
  static func words(_ sign: StandingSign, now: Moment) -> String {
    "\(sign.tier.advice) The safety check of \(sign.check[.at].readable(now: now)) says so; unknot check --answer none says that "
      + "the signs are gone"
  }

  /// On stderr, before what a command prints that is about pressing. An emergency goes before every command.
  static func leadUrgent(_ journal: Journal) throws {
    guard let sign = try journal.standingSign(), sign.tier == .urgent else { return }
    Message.note(words(sign, now: journal.now))
  }

  /// Shows the signs before a first session, and whenever something points to them, and asks whether one is there.
  ///
  /// - Parameter asks: somebody is at a terminal who can answer.
  static func show(_ journal: Journal, asks: Bool) throws {
    guard let reason = try journal.safetyCheckReason() else { return }
    Message.note("Before you begin, the signs that need a doctor (\(reason)):")
    for tier in SafetyChecklist.Tier.allCases where tier != .routine {
      Message.note(tier.advice)
      for item in SafetyChecklist.current.items where item.tier == tier { Message.note("- \(item.text)") }
    }
    guard asks else { return Message.note("unknot check records whether one of them is there") }
    guard try !YesOrNo.ask("Is one of them so?") else {
      throw KitError(
        .safetyStop, "nothing was begun: see a doctor first",
        hint: "unknot check --answer WORD records the sign; unknot check lists the words")
    }
    _ = try journal.recordCheck([])
  }

  /// Asks before an urgent sign is passed over.
  static func isKnown(_ journal: Journal, asks: Bool) throws -> Bool {
    guard asks, let sign = try journal.standingSign(), sign.tier == .urgent else { return false }
    Message.note(words(sign, now: journal.now))
    return try YesOrNo.ask("Begin all the same?")
  }
}

/// A question to somebody at a terminal.
enum YesOrNo {
  /// - Throws: `KitError` of the kind `interrupted` where the input ends.
  static func ask(_ question: String) throws -> Bool {
    while true {
      FileHandle.standardError.write(Data("\(question) y or n: ".utf8))
      guard let line = readLine() else { throw KitError(.interrupted, "nothing was answered") }
      switch line.lowercased() {
      case "y", "yes": return true
      case "n", "no": return false
      default: continue
      }
    }
  }
}
