import UnknotKit

/// What a session that runs shows, step by step. Every button is a form of its own: it works without a script too.
enum SessionStage {
  /// Changes whenever the page has to be drawn anew.
  static func key(_ session: GuidedSession) -> String {
    "\(session.phase.rawValue) \(session.index) \(session.isPaused) \(session.tenderness ?? -1) \(session.plannedSeconds)"
  }

  /// What a button is meant for.
  static func step(_ session: GuidedSession) -> String { "\(session.phase.rawValue) \(session.index)" }

  private static func button(_ words: String, _ event: String, isMain: Bool = false) -> HTML {
    "<button name=\"event\" value=\"\(event)\"\("class=\"main\"", if: isMain)>\(words)</button>"
  }

  /// One form: each of its buttons says what happens, and the form in which step.
  static func html(_ session: GuidedSession, _ notice: Advice?) -> HTML {
    let place: HTML = """
      <p class="soft">\(session.title), step \(min(session.index + 1, session.steps.count)) of \(session.steps.count)</p>
      """
    let said = notice.map { notice -> HTML in
      let words = notice.pageWords
      return """
        <p class="said">\(words.prefix(1).uppercased())\(words.dropFirst())\(notice.names(.safetyCheck) ? " <a href=\"/check\">Safety check</a>" as HTML : .nothing)</p>
        """
    }
    return """
      <form method="post" action="/session/do" data-phase="\(session.phase.rawValue)" data-index="\(session.index)">
      <input type="hidden" name="key" value="\(step(session))">
      \([.getReady, .pressing, .tenderAfter].contains(session.phase) ? place : .nothing)\(said)\(middle(session))
      </form>
      """
  }

  private static func middle(_ session: GuidedSession) -> HTML {
    switch session.phase {
    case .ratingBefore: rating("How much does it hurt now?")
    case .ratingAfter: rating("And now, how much does it hurt?")
    case .done: "<p>It is over.</p>"
    case .askFinish:
      """
      <h2>Stop here for today?</h2><p>A sign to stop came up. What was pressed is kept.</p>
      <div class="row">\(button("Stop here", "end", isMain: true))\(button("Go on with the next step", "goon"))</div>
      <p><a href="/check">Look at the signs that need a doctor</a></p>
      """
    case .getReady:
      step(session, "Get ready", tenderness: "Press lightly: how tender is the place? You need not answer")
    case .pressing: step(session, "Press", tenderness: nil)
    case .tenderAfter: step(session, "Let go", tenderness: "How tender is it now? You need not answer")
    }
  }

  private static func howTo(_ setUp: SetUp) -> HTML {
    "<ol class=\"how\">\(setUp.steps.html { "<li>\($0)</li>" })</ol>"
  }

  private static func rating(_ question: String) -> HTML {
    """
    \(Parts.numbers("score", question))
    <div class="row">\(button("Without an answer", "next"))\(button("End the session", "finish"))</div>
    """
  }

  private static func step(_ session: GuidedSession, _ verb: String, tenderness: String?) -> HTML {
    let step = session.step
    let target = step.flatMap { TargetDescription.named($0.target) }
    let name = target?.name ?? step?.target ?? ""
    let side = step?.side.map { ", \($0)" } ?? ""
    let surface = step?.surface.map { $0 == "wall" ? ", at the wall" : ", on the \($0)" } ?? ""
    let setUp = target.flatMap { target in
      step?.surface.flatMap { target.setUp($0) } ?? target.setUps.first
    }
    let left = session.secondsLeft ?? 0
    let signs = Words.stopSigns.words.html { sign in
      "<button name=\"stop\" value=\"\(sign)\" class=\"stop\">\(Words.stopSignName(sign))</button>"
    }
    let reasons = ["too-sore", "no-time", "out-of-reach", "other"].html { reason in
      "<button name=\"skip\" value=\"\(reason)\">Skip: \(reason.replacing("-", with: " "))</button>"
    }
    return """
      <p class="verb">\(session.isPaused ? "Paused" : verb)</p>
      <p class="left"><span id="left" role="timer">\(left / 60):\(left % 60 < 10 ? "0" : "")\(left % 60)</span></p>
      <details class="stopping"><summary>Stop: a bad sign</summary><div class="row">\(signs)</div></details>
      <h2>\(name)\(side)\(surface)</h2>\(setUp.map(howTo))
      \(tenderness.map { Parts.numbers("score", $0) })
      <div class="row">\(button(session.isPaused ? "Go on" : "Pause", "pause", isMain: true))\
      \(button(session.phase == .getReady ? "Begin to press" : "Next", "next"))\(button("+15 s", "longer"))\(button("Back", "previous"))</div>
      <details><summary>Skip this step, or end</summary><div class="row">\(reasons)\(button("End the session", "finish"))</div></details>
      """
  }
}
