import UnknotKit

/// What keys mean just now, beside what the session itself asks.
enum GuidedPrompt: Equatable {
  case none
  case skipReason
  case stopSign
  case confirmFinish
  case help

  static let skipReasons = ["too-sore", "no-time", "out-of-reach", "other"]

  /// The choices that are numbered from 1.
  var choices: [String] {
    switch self {
    case .skipReason: Self.skipReasons
    case .stopSign: Words.stopSigns.words
    default: []
    }
  }
}

/// Turns keys, or whole lines, into what happens to the session.
struct GuidedInput {
  var prompt = GuidedPrompt.none
  /// Digits of an answer that is being typed.
  var typed = ""
  /// Of a text that is longer than the screen, the page that is shown.
  var page = 0

  /// A key; nil where it only changes what is shown.
  mutating func event(for key: Character, _ session: GuidedSession) -> GuidedSession.Event? {
    switch prompt {
    case .none: break
    case .help:
      prompt = .none
      return nil
    case .confirmFinish:
      prompt = .none
      return key == "y" || key == "Y" ? .finish : nil
    case .skipReason, .stopSign:
      let choices = prompt.choices
      let isSkip = prompt == .skipReason
      guard let number = key.wholeNumberValue, (1...choices.count).contains(number) else {
        prompt = .none
        return nil
      }
      prompt = .none
      return isSkip ? .skip(choices[number - 1]) : .stop(choices[number - 1])
    }
    if session.phase == .askFinish {
      switch key {
      case "y", "Y": return .answerFinish(true)
      case "n", "N": return .answerFinish(false)
      default: return nil
      }
    }
    if session.isQuestion, let event = answer(key) { return event }
    if Self.takesOneKey(session), let score = Self.score(key) { return .answer(score) }
    return command(key, session)
  }

  /// A whole line, which answers the question that is asked, or is keys; whether it meant anything.
  mutating func events(
    for line: String, _ session: GuidedSession
  ) -> (events: [GuidedSession.Event], isUnderstood: Bool) {
    let line = line.last == "\r" ? String(line.dropLast()) : line
    let asks =
      (session.isQuestion && session.phase != .askFinish || Self.takesOneKey(session)) && prompt == .none
    if asks, line.isEmpty, session.phase != .getReady { return ([.answer(nil)], true) }
    if asks, let number = Int(line) {
      return (0...10).contains(number) ? ([.answer(number)], true) : ([], false)
    }
    // One key to a line, as on a screen; only a space means nothing more than itself.
    guard line.count <= 1 else { return ([], false) }
    let before = prompt
    let event = line.first.flatMap { self.event(for: $0, session) }
    return (event.map { [$0] } ?? [], event != nil || prompt != before || line.isEmpty)
  }

  /// How tender the spot is, with hands that are busy: one key, and it goes on by itself.
  private static func takesOneKey(_ session: GuidedSession) -> Bool {
    session.phase == .getReady || session.phase == .tenderAfter
  }

  private static func score(_ key: Character) -> Int? {
    key == "t" || key == "T" ? 10 : key.isASCII ? key.wholeNumberValue : nil
  }

  private mutating func answer(_ key: Character) -> GuidedSession.Event? {
    switch key {
    case "0"..."9":
      let longer = typed + String(key)
      if let number = Int(longer), number <= 10, longer == String(number) { typed = longer }
      return nil
    case "\u{7f}", "\u{8}":
      if !typed.isEmpty { typed.removeLast() }
      return nil
    case "\n", "\r":
      let number = Int(typed)
      typed = ""
      return .answer(number)
    default: return nil
    }
  }

  private mutating func command(_ key: Character, _ session: GuidedSession) -> GuidedSession.Event? {
    switch key {
    case " ": return .pause
    case "\n", "\r": return session.phase == .tenderAfter ? .next : nil
    case "n", "N": return .next
    case "p", "P": return .previous
    case "+", "=": return .longer
    case "s", "S":
      if session.step != nil, session.phase != .ratingBefore { prompt = .skipReason }
    case "x", "X":
      if session.step != nil, session.phase != .ratingBefore { prompt = .stopSign }
    case "m", "M": page += 1
    case "q", "Q": prompt = .confirmFinish
    case "?", "h": prompt = .help
    default: break
    }
    return nil
  }
}
