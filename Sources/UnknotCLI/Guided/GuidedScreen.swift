import UnknotKit
import UnknotReport

/// What a guided session looks like: lines that fit the width, without anything that needs colour.
struct GuidedScreen {
  let width: Int
  /// Lines that there is room for.
  private let height: Int

  init(width: Int?, height: Int? = nil) {
    self.width = max(20, min(width ?? 80, 78))
    self.height = max(8, height ?? .max)
  }

  func lines(_ session: GuidedSession, _ input: GuidedInput, note: String?) -> [String] {
    let top = wrapped(header(session)) + [String(repeating: "-", count: width)]
    if input.prompt == .help { return Array((top + help()).prefix(height)) }
    let (now, setUp) = body(session, input)
    let end = prompt(input) + (note.map { [""] + wrapped("! \($0)") } ?? []) + [""]
    let keys = keys(session, input)
    let whole = top + now + setUp + end + keyLines(keys)
    guard whole.count > height else { return whole }
    // What does not fit is turned over, page by page; the timer and the keys stay.
    var fixed = top + now
    var foot = end + keyLines(keys + ["m more"])
    // Where even these have no room, blank lines go, then keys that can be looked up; how to stop stays to the last.
    if fixed.count + foot.count >= height {
      (fixed, foot) = (
        (top + now).filter { !$0.isEmpty }, end.filter { !$0.isEmpty } + keyLines(keys + ["m more"])
      )
    }
    if fixed.count + foot.count >= height {
      foot = end.filter { !$0.isEmpty } + keyLines(Array(keys.prefix(2)) + ["m more", "? help"])
    }
    let room = max(1, height - fixed.count - foot.count)
    let pages = max(1, (setUp.count + room - 1) / room)
    let page = setUp.dropFirst(input.page % pages * room).prefix(room)
    return Array((fixed + page).prefix(max(1, height - foot.count))) + foot.suffix(height - 1)
  }

  private func header(_ session: GuidedSession) -> String {
    let place =
      session.step == nil
      ? "" : ", step \(min(session.index + 1, session.steps.count)) of \(session.steps.count)"
    return "\(session.title)\(place)"
  }

  static func name(_ step: GuidedStep) -> String {
    let side = step.side.map { ", \($0)" } ?? ""
    let surface = step.surface.map { ", \($0)" } ?? ""
    // What it is called in words comes first: a code helps only who knows it already.
    guard let name = TargetDescription.named(step.target)?.name else {
      return "\(step.target)\(side)\(surface)"
    }
    return "\(name)\(side)\(surface) (\(step.target))"
  }

  static func setUp(_ step: GuidedStep) -> [String] {
    guard let target = TargetDescription.named(step.target) else { return [] }
    let setUp = step.surface.flatMap { target.setUp($0) }
    return (setUp?.steps ?? [target.findIt]) + (step.note.map { [$0] } ?? [])
  }

  /// What counts now, and the text beside it that can be turned over.
  private func body(_ session: GuidedSession, _ input: GuidedInput) -> (now: [String], setUp: [String]) {
    var now: [String] = []
    var setUp: [String] = []
    // After a sign to stop, a small screen has room for what that means.
    if let step = session.step, session.phase != .ratingBefore, session.phase != .askFinish {
      now += wrapped(Self.name(step)) + [""]
    }
    switch session.phase {
    case .ratingBefore: now += question("How much does it hurt now, 0 to 10?", input)
    case .ratingAfter: now += question("And now, how much does it hurt, 0 to 10?", input)
    case .askFinish:
      now += wrapped("That was a sign to stop: finish here for today, and see unknot check.")
    case .tenderAfter: now += wrapped(timer(session)) + [""] + wrapped(Self.tenderness(session))
    case .getReady, .pressing:
      now += wrapped(timer(session)) + bar(session)
      if session.phase == .getReady { now += wrapped(Self.tenderness(session)) }
      guard let step = session.step else { break }
      setUp.append("")
      for (number, text) in Self.setUp(step).enumerated() {
        setUp += wrapped("\(number + 1). \(text)", indent: 3)
      }
      setUp += wrapped("Discomfort up to \(step.discomfortCap); breathe out slowly.")
      if let next = session.steps.dropFirst(session.index + 1).first {
        setUp += [""] + wrapped("Next: \(Self.name(next))")
      }
    case .done: now += ["Done."]
    }
    return (now, setUp)
  }

  private func prompt(_ input: GuidedInput) -> [String] {
    switch input.prompt {
    case .confirmFinish: [""] + wrapped("Finish now? y or n")
    case .skipReason: [""] + wrapped("Why skip it? " + numbered(input.prompt.choices))
    case .stopSign: [""] + wrapped("What do you feel? " + numbered(input.prompt.choices))
    case .none, .help: []
    }
  }

  private func numbered(_ choices: [String]) -> String {
    choices.enumerated().map { "\($0 + 1) \($1)" }.joined(separator: ", ")
  }

  private func question(_ text: String, _ input: GuidedInput) -> [String] {
    wrapped(text) + ["> \(input.typed)_", ""] + wrapped("A number, then Enter; Enter alone skips it.")
  }

  func timer(_ session: GuidedSession) -> String {
    let left = clock(session.secondsLeft ?? 0)
    let paused = session.isPaused ? "  PAUSED" : ""
    return switch session.phase {
    case .getReady: "GET READY  \(left)\(paused)"
    case .tenderAfter: "LET GO  goes on in \(left)\(paused)"
    default: "PRESS  \(left) left of \(clock(session.plannedSeconds))\(paused)"
    }
  }

  /// What one key says, and nobody has to.
  static func tenderness(_ session: GuidedSession) -> String {
    let keys = "One key: 0-9, t is 10."
    if session.phase == .tenderAfter { return "How tender is it now? \(keys) Or just wait." }
    return session.tenderness.map { "Tender: \($0)" } ?? "How tender? \(keys)"
  }

  private func bar(_ session: GuidedSession) -> [String] {
    guard session.phase == .pressing, session.plannedSeconds > 0 else { return [] }
    let room = width - 2
    let done = min(room, room * session.pressedSeconds / session.plannedSeconds)
    return ["[" + String(repeating: "#", count: done) + String(repeating: ".", count: room - done) + "]"]
  }

  private func clock(_ seconds: Int) -> String {
    "\(seconds / 60):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60)"
  }

  /// Never broken between a key and what it does.
  private func keyLines(_ keys: [String]) -> [String] {
    wrapped(keys.map { $0.replacing(" ", with: "\u{a0}") }.joined(separator: "; "))
      .map { $0.replacing("\u{a0}", with: " ") }
  }

  private func keys(_ session: GuidedSession, _ input: GuidedInput) -> [String] {
    if session.phase == .askFinish { return ["y finish here", "g go on all the same"] }
    if input.prompt == .confirmFinish { return ["y yes", "n no"] }
    if !input.prompt.choices.isEmpty { return ["a number", "b back"] }
    if session.isQuestion { return ["0-10 and Enter", "q finish", "? help"] }
    // What may be needed at once comes first.
    return [
      "x stop sign", "space \(session.isPaused ? "go on" : "pause")", "n next", "p again", "+ 15 s", "s skip",
      "q finish",
      "? help",
    ]
  }

  private func help() -> [String] {
    [
      "space  pause, go on", "n      next: press now, or be done with it",
      "0-9 t  how tender the spot is, while you get ready and when you have let go",
      "p      repeat; at its start, the step before",
      "+      15 seconds more", "s      skip this step and say why",
      "x      a sign to stop: sharp, electric, tingling ...",
      "q      finish here; what was done is kept", "Ctrl-C pause; unknot start continues", "",
      "Any key goes back.",
    ].flatMap { wrapped($0, indent: 7) }
  }

  private func wrapped(_ text: String, indent: Int = 0) -> [String] {
    Table.wrapped(text, width: width, indent: String(repeating: " ", count: indent))
  }
}
