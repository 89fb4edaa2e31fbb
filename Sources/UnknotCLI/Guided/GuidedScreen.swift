import UnknotKit

/// What a guided session looks like: lines that fit the width, without anything that needs colour.
struct GuidedScreen {
  let width: Int

  init(width: Int?) { self.width = max(20, min(width ?? 80, 78)) }

  func lines(_ session: GuidedSession, _ input: GuidedInput, note: String?) -> [String] {
    var lines = wrapped(header(session))
    lines.append(String(repeating: "-", count: width))
    if input.prompt == .help { return lines + help() }
    lines += body(session, input)
    if let note { lines += [""] + wrapped("! \(note)") }
    return lines + [""] + keyLines(session, input)
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
    let plain = TargetDescription.named(step.target).map { " (\($0.name))" } ?? ""
    return "\(step.target)\(side)\(surface)\(plain)"
  }

  static func setUp(_ step: GuidedStep) -> [String] {
    guard let target = TargetDescription.named(step.target) else { return [] }
    let setUp = step.surface.flatMap { target.setUp($0) }
    return (setUp?.steps ?? [target.findIt]) + (step.note.map { [$0] } ?? [])
  }

  private func body(_ session: GuidedSession, _ input: GuidedInput) -> [String] {
    var lines: [String] = []
    if let step = session.step, session.phase != .ratingBefore { lines += wrapped(Self.name(step)) + [""] }
    switch session.phase {
    case .ratingBefore: lines += question("How much does it hurt now, 0 to 10?", input)
    case .ratingAfter: lines += question("And now, how much does it hurt, 0 to 10?", input)
    case .tenderBefore: lines += question("How tender is the spot, 0 to 10?", input)
    case .tenderAfter: lines += question("How tender is it now, 0 to 10?", input)
    case .askFinish:
      lines += wrapped("That was a sign to stop. See unknot check. Finish the session here? y or n")
    case .getReady, .pressing:
      lines += wrapped(timer(session))
      lines += bar(session) + [""]
      if let step = session.step {
        for (number, text) in Self.setUp(step).enumerated() {
          lines += wrapped("\(number + 1). \(text)", indent: 3)
        }
        lines += wrapped("Discomfort up to \(step.discomfortCap); breathe out slowly.")
        if let next = session.steps.dropFirst(session.index + 1).first {
          lines += [""] + wrapped("Next: \(Self.name(next))")
        }
      }
    case .done: lines += ["Done."]
    }
    switch input.prompt {
    case .confirmFinish: lines += [""] + wrapped("Finish now? y or n")
    case .skipReason: lines += [""] + wrapped("Why skip it? " + numbered(input.prompt.choices))
    case .stopSign: lines += [""] + wrapped("What do you feel? " + numbered(input.prompt.choices))
    case .none, .help: break
    }
    return lines
  }

  private func numbered(_ choices: [String]) -> String {
    choices.enumerated().map { "\($0 + 1) \($1)" }.joined(separator: ", ")
  }

  private func question(_ text: String, _ input: GuidedInput) -> [String] {
    wrapped(text) + ["> \(input.typed)_", ""] + wrapped("A number, then Enter; Enter alone leaves it out.")
  }

  func timer(_ session: GuidedSession) -> String {
    let left = clock(session.secondsLeft ?? 0)
    let paused = session.isPaused ? "  PAUSED" : ""
    return session.phase == .getReady
      ? "GET READY  \(left)\(paused)" : "PRESS  \(left) left of \(clock(session.plannedSeconds))\(paused)"
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
  private func keyLines(_ session: GuidedSession, _ input: GuidedInput) -> [String] {
    wrapped(keys(session, input).map { $0.replacing(" ", with: "\u{a0}") }.joined(separator: "; "))
      .map { $0.replacing("\u{a0}", with: " ") }
  }

  private func keys(_ session: GuidedSession, _ input: GuidedInput) -> [String] {
    if session.phase == .askFinish || input.prompt == .confirmFinish { return ["y yes", "n no"] }
    if !input.prompt.choices.isEmpty { return ["a number", "any other key: back"] }
    if session.isQuestion { return ["0-10 and Enter", "s skip", "x stop sign", "q finish", "? help"] }
    return [
      "space \(session.isPaused ? "go on" : "pause")", "n next", "p again", "+ 15 s", "s skip", "x stop sign",
      "q finish", "? help",
    ]
  }

  private func help() -> [String] {
    [
      "space  pause, go on", "n      next: press now, or be done with it",
      "p      again; at its beginning, the step before",
      "+      15 seconds more", "s      skip this step and say why",
      "x      a sign to stop: sharp, electric, tingling ...",
      "q      finish here; what was done is kept", "Ctrl-C leave; unknot start goes on from here", "",
      "Any key goes back.",
    ].flatMap { wrapped($0, indent: 7) }
  }

  private func wrapped(_ text: String, indent: Int = 0) -> [String] {
    var lines: [String] = []
    var line = ""
    let margin = String(repeating: " ", count: indent)
    for word in SafeText.visible(text).split(separator: " ", omittingEmptySubsequences: false).map(
      String.init)
    {
      if !line.isEmpty, line != margin, Table.width(of: line) + 1 + Table.width(of: word) > width {
        lines.append(line)
        line = margin + word
      } else {
        line += (line.isEmpty || line == margin ? "" : " ") + word
      }
    }
    return lines + [line]
  }
}
