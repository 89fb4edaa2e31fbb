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
  private var isFresh = false
  /// Of a text that is longer than the screen, the page that is shown.
  var page = 0

  /// A key; nil where it only changes what is shown.
  mutating func event(for key: Character, _ session: GuidedSession) -> GuidedSession.Event? {
    switch prompt {
    case .none: break
    case .help:
      prompt = .none
      // Of the keys that the help names, the one that nobody should have to press twice.
      guard key == "x" || key == "X" else { return nil }
    case .confirmFinish:
      prompt = .none
      return key == "y" || key == "Y" ? .finish : nil
    case .skipReason, .stopSign:
      // A wrong key does not take back that something is wrong: one key does.
      if key == "b" || key == "B" { prompt = .none }
      // Nor is a sign passed over because something else is asked.
      if key == "x" || key == "X" { prompt = .stopSign }
      guard let number = key.wholeNumberValue, prompt.choices.indices.contains(number - 1) else { return nil }
      return choose(prompt.choices[number - 1])
    }
    if session.phase == .askFinish {
      switch key {
      case "y", "Y": return .answerFinish(true)
      // Another key than the one for the next step: whoever presses that by habit stays.
      case "g", "G": return .answerFinish(false)
      default: return nil
      }
    }
    if session.isQuestion, let event = answer(key) { return event }
    if Self.takesOneKey(session), let event = oneKey(key) { return event }
    return command(key, session)
  }

  private mutating func choose(_ choice: String) -> GuidedSession.Event {
    let isSkip = prompt == .skipReason
    prompt = .none
    return isSkip ? .skip(choice) : .stop(choice)
  }

  /// The input has ended, or the program is to: a sign to stop that was not named yet is one all the same.
  mutating func abandoned() -> GuidedSession.Event? { prompt == .stopSign ? choose("other") : nil }

  /// What people write for a key.
  private static let keys: [String: Character] = [
    "pause": " ", "space": " ", "stop": "x", "sign": "x", "skip": "s", "next": "n", "again": "p",
    "repeat": "p",
    "back": "b", "more": "+", "longer": "+", "quit": "q", "finish": "q", "end": "q", "exit": "q", "help": "?",
    "yes": "y",
    "no": "n", "go": "g",
  ]

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
    let word = line.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: "-")
    if let choice = prompt.choices.first(where: { $0 == word || Words.stopSignName($0) == line.lowercased() })
    {
      return ([choose(choice)], true)
    }
    // One key to a line, as on a screen; only a space means nothing more than itself.
    guard let key = line.count <= 1 ? line.first : Self.keys[word] else { return ([], line.isEmpty) }
    let before = prompt
    let event = self.event(for: key, session)
    return (event.map { [$0] } ?? [], event != nil || prompt != before)
  }

  /// How tender the spot is, with hands that are busy: one key, and it goes on by itself.
  private static func takesOneKey(_ session: GuidedSession) -> Bool {
    session.phase == .getReady || session.phase == .tenderAfter
  }

  /// A 1 can be the first half of a 10: it counts once nothing has come behind it (`settle`).
  private mutating func oneKey(_ key: Character) -> GuidedSession.Event? {
    let isTen = typed == "1" && key == "0" || key == "t" || key == "T"
    typed = ""
    if isTen { return .answer(10) }
    guard key.isASCII, let score = key.wholeNumberValue else { return nil }
    guard score == 1 else { return .answer(score) }
    typed = "1"
    isFresh = true
    return .tick
  }

  /// Nothing came for a while: what was begun is meant as it is.
  mutating func settle(_ session: GuidedSession) -> GuidedSession.Event? {
    guard typed == "1", Self.takesOneKey(session), prompt == .none else { return nil }
    // Not at once: the time until the next second begins can be short.
    guard !isFresh else {
      isFresh = false
      return nil
    }
    typed = ""
    return .answer(1)
  }

  private mutating func answer(_ key: Character) -> GuidedSession.Event? {
    switch key {
    case "0"..."9":
      let longer = typed + String(key)
      // What is too high is shown, and no answer.
      if let number = Int(longer), number < 100, longer == String(number) { typed = longer }
      return nil
    case "\u{7f}", "\u{8}":
      if !typed.isEmpty { typed.removeLast() }
      return nil
    case "\n", "\r":
      let number = Int(typed)
      typed = ""
      if let number, number > 10 { return nil }
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
