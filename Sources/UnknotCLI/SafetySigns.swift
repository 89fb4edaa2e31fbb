import Foundation
import UnknotKit

/// What comes before everything else where a sign points to a doctor.
enum SafetySigns {
  /// "Stop. Seek emergency care now." and where that comes from.
  static func words(_ sign: StandingSign, now: Moment) -> String {
    "\(sign.tier.advice) The safety check of \(sign.check[.at].readable(now: now)) found this. If the signs are gone: "
      + "unknot check --answer none"
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
      let items = SafetyChecklist.current.items.filter { $0.tier == tier }
      Message.note(tier.advice)
      for (number, item) in items.enumerated() {
        Message.note("\(asks ? "\(number + 1)." : "-") \(item.text)")
      }
      // One tier after the other: what is most urgent has not gone from a small screen when it is asked about.
      guard asks, try YesOrNo.ask("Does any of these apply to you?") else { continue }
      _ = try journal.recordCheck([try which(items).id])
      throw KitError(
        .safetyStop, "not started. \(tier.advice)",
        hint: "the sign is recorded; when all are gone: unknot check --answer none")
    }
    guard asks else { return Message.note("unknot check records whether one of them is there") }
    _ = try journal.recordCheck([])
  }

  private static func which(_ items: [SafetyChecklist.Item]) throws -> SafetyChecklist.Item {
    while true {
      FileHandle.standardError.write(Data("Which one, by its number? ".utf8))
      guard let line = readLine() else { throw KitError(.interrupted, "nothing was answered") }
      if let number = Int(line.filter { !$0.isWhitespace }), items.indices.contains(number - 1) {
        return items[number - 1]
      }
    }
  }

  /// Asks before something that speaks against pressing is passed over.
  static func isKnown(_ journal: Journal, asks: Bool) throws -> Bool {
    guard asks, let reason = try journal.reasonNotToPress() else { return false }
    let sign = try journal.standingSign()
    guard sign?.tier != .emergency else { return false }
    Message.note(sign.map { words($0, now: journal.now) } ?? "No ball for now: \(reason)")
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
