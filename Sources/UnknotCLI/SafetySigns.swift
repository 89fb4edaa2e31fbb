import Foundation
import UnknotKit
import UnknotReport

/// What comes before everything else where a sign points to a doctor.
enum SafetySigns {
  /// "Stop. Seek emergency care now." and where that comes from.
  static func words(_ sign: StandingSign, now: Moment) -> String {
    "\(sign.tier.advice) The safety check of \(sign.check[.at].readable(now: now)) found this. If the signs are gone: "
      + "unknot check"
  }

  /// On stderr, before what a command prints that is about pressing. An emergency goes before every command.
  static func leadUrgent(_ journal: Journal) throws {
    if let sign = try journal.standingSign() {
      if sign.tier == .urgent { Message.note(words(sign, now: journal.now)) }
    } else {
      try tellUnexamined(journal)
    }
  }

  /// That it is gone is a good reason to work on, and none to stay away from a doctor.
  static func tellUnexamined(_ journal: Journal) throws {
    guard let sign = try journal.unexaminedSign() else { return }
    Message.note(
      "a safety check found a sign on \(sign.check[.at].readable(now: journal.now)): \(sign.tier.advice) That holds until a doctor "
        + "has examined it. If one has: unknot check none --examined")
  }

  /// Shows the signs before a first session, and whenever something points to them, and asks whether one is there.
  ///
  /// - Parameters:
  ///   - isGoingOn: a session was begun before: only what points to a sign is a reason.
  ///   - asks: somebody is at a terminal who can answer.
  static func show(_ journal: Journal, isGoingOn: Bool, asks: Bool) throws {
    guard let reason = try isGoingOn ? journal.signPointer() : journal.safetyCheckReason() else { return }
    Message.note("Before you \(isGoingOn ? "go on" : "begin"), the signs that need a doctor (\(reason)):")
    let tiers = SafetyChecklist.Tier.allCases.filter { $0 != .routine }
    guard asks else {
      for tier in tiers {
        Message.note(heading(tier))
        for item in items(of: tier) { Message.note(line(item, "-")) }
      }
      return Message.note("unknot check records whether one of them is there")
    }
    let found = try ask(tiers)
    let (_, outcome) = try journal.recordCheck(found.map(\.id))
    guard let outcome else { return }
    let gone = "the sign is recorded; when all are gone: unknot check"
    throw KitError(
      .safetyStop, "\(isGoingOn ? "not gone on with" : "not started"). \(outcome.advice)",
      hint: "\(isGoingOn ? "\(gone); to end the session that was begun: unknot start --end" : gone)")
  }

  /// Asks somebody at a terminal for the signs, the most urgent first, until one is there.
  static func ask(_ tiers: [SafetyChecklist.Tier]) throws -> [SafetyChecklist.Item] {
    for tier in tiers {
      // What is asked about has not gone from a small screen: as many at once as it has room for.
      for part in parts(of: items(of: tier), below: heading(tier)) {
        Message.note(heading(tier))
        for (number, item) in part.enumerated() { Message.note(line(item, "\(number + 1).")) }
        if try YesOrNo.ask(question) { return try which(part) }
      }
    }
    return []
  }

  /// Nobody has said yet that one is there.
  private static func heading(_ tier: SafetyChecklist.Tier) -> String { "Any of these means: \(tier.advice)" }

  private static func items(of tier: SafetyChecklist.Tier) -> [SafetyChecklist.Item] {
    SafetyChecklist.current.items.filter { $0.tier == tier }
  }

  private static let question = "Does any of these apply to you?"

  private static func line(_ item: SafetyChecklist.Item, _ mark: String) -> String { "\(mark) \(item.text)" }

  private static func parts(
    of items: [SafetyChecklist.Item], below heading: String
  ) -> [[SafetyChecklist.Item]] {
    guard let size = Terminal.size(of: STDERR_FILENO) else { return [items] }
    func height(_ text: String) -> Int { Table.wrapped(text, width: max(20, size.columns)).count }
    let room = size.rows - height(heading) - height("\(question) y or n: ")
    var (parts, used): ([[SafetyChecklist.Item]], Int) = ([], 0)
    for item in items {
      let own = height(line(item, "1."))
      if let last = parts.indices.last, used + own <= room {
        parts[last].append(item)
        used += own
      } else {
        parts.append([item])
        used = own
      }
    }
    return parts
  }

  private static func which(_ items: [SafetyChecklist.Item]) throws -> [SafetyChecklist.Item] {
    let range = items.count == 1 ? "1" : "1 to \(items.count)"
    while true {
      FileHandle.standardError.write(Data("Which, by number (\(range); several: 1 2)? ".utf8))
      guard let line = readLine() else { throw KitError(.interrupted, "nothing was answered") }
      let numbers = line.split { !$0.isNumber }.map { Int($0) ?? 0 }
      if !numbers.isEmpty, numbers.allSatisfy({ items.indices.contains($0 - 1) }) {
        return numbers.map { items[$0 - 1] }
      }
    }
  }

  /// Asks before something that speaks against pressing is passed over.
  static func isKnown(_ journal: Journal, isGoingOn: Bool, asks: Bool) throws -> Bool {
    guard asks, let reason = try journal.reasonNotToPress() else { return false }
    let sign = try journal.standingSign()
    guard sign?.tier != .emergency else { return false }
    Message.note(sign.map { words($0, now: journal.now) } ?? "No ball for now: \(reason)")
    return try YesOrNo.ask(isGoingOn ? "Go on all the same?" : "Begin all the same?")
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
