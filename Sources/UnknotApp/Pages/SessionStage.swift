import UnknotKit

/// What a session that runs shows, step by step. Every button is a form of its own: it works without a script too.
enum SessionStage {
  /// Changes whenever the page has to be drawn anew.
  static func key(_ session: GuidedSession) -> String {
    "\(session.phase.rawValue) \(session.index) \(session.isPaused) \(session.tenderness ?? -1) \(session.plannedSeconds)"
  }

  private static func button(_ words: String, _ event: String, isMain: Bool = false, isStop: Bool = false)
    -> HTML
  {
    """
    <form method="post" action="/session/do"><button name="event" value="\(event)"\("class=\"main\"", if: isMain)\("class=\"stop\"", if: isStop)>\(words)</button></form>
    """
  }

  static func html(_ session: GuidedSession, _ notice: String?) -> HTML {
    let place: HTML = """
      <p class="soft">\(session.title), step \(min(session.index + 1, session.steps.count)) of \(session.steps.count)</p>
      """
    let said = notice.map { "<p class=\"said\">\($0)</p>" as HTML }
    return """
      <section data-phase="\(session.phase.rawValue)" data-index="\(session.index)" data-paused="\(session.isPaused ? "yes" : "no")">
      \(session.step == nil ? "" : place)\(said)\(middle(session))
      </section>
      """
  }

  private static func middle(_ session: GuidedSession) -> HTML {
    switch session.phase {
    case .ratingBefore: return rating("How much does it hurt now?")
    case .ratingAfter: return rating("And now, how much does it hurt?")
    case .done: return "<p>It is over.</p>"
    case .askFinish:
      return """
        <h2>Stop here for today?</h2><p>A sign to stop came up. What was pressed is kept.</p>
        <div class="row">\(button("Stop here", "end", isMain: true))\(button("Go on with the next step", "goon"))</div>
        <p><a href="/check">Look at the signs that need a doctor</a></p>
        """
    case .getReady: return step(session, "Get ready", tenderness: "How tender is the spot? One tap, or none")
    case .pressing: return step(session, "Press", tenderness: nil)
    case .tenderAfter: return step(session, "Let go", tenderness: "How tender is it now? One tap, or none")
    }
  }

  private static func howTo(_ setUp: SetUp) -> HTML {
    "<ol class=\"how\">\(setUp.steps.html { "<li>\($0)</li>" })</ol>"
  }

  private static func rating(_ question: String) -> HTML {
    """
    \(Parts.scale("score", to: "/session/do", question, [("event", "answer")]))
    <div class="row">\(button("Without an answer", "next"))\(button("End the session", "finish"))</div>
    """
  }

  private static func step(_ session: GuidedSession, _ verb: String, tenderness: String?) -> HTML {
    let step = session.step
    let target = step.flatMap { TargetDescription.named($0.target) }
    let name = target?.name ?? step?.target ?? ""
    let side = step?.side.map { ", \($0)" } ?? ""
    let surface = step?.surface.map { ", at the \($0)" } ?? ""
    let left = session.secondsLeft ?? 0
    let canHold = session.phase != .tenderAfter || session.isPaused
    return """
      <p class="verb">\(session.isPaused ? "Paused" : verb)</p>
      <p class="left"><span id="left" role="timer">\(left / 60):\(left % 60 < 10 ? "0" : "")\(left % 60)</span></p>
      <h2>\(name)\(side)\(surface)</h2>
      \(target.flatMap { target in (step?.surface.flatMap { target.setUp($0) } ?? target.setUps.first).map(howTo) })
      \(tenderness.map { Parts.scale("score", to: "/session/do", $0, [("event", "answer")]) })
      <details class="stopping"><summary>Stop: a bad sign</summary>
      <div class="row">\(Words.stopSigns.words.html { sign in
        """
        <form method="post" action="/session/do"><input type="hidden" name="sign" value="\(sign)"><button name="event" value="stop" class="stop">\(Words.stopSignName(sign))</button></form>
        """
      })</div></details>
      <div class="row">\(canHold ? button(session.isPaused ? "Go on" : "Pause", "pause", isMain: true) : "")\
      \(button(session.phase == .getReady ? "Press now" : "Next", "next"))\
      \(button("+15 s", "longer"))\(button("Back", "previous"))</div>
      <details><summary>Skip this step, or end</summary><div class="row">
      \(["too-sore", "no-time", "out-of-reach", "other"].html { reason in
        """
        <form method="post" action="/session/do"><input type="hidden" name="reason" value="\(reason)"><button name="event" value="skip">Skip: \(reason.replacing("-", with: " "))</button></form>
        """
      })\(button("End the session", "finish"))</div></details>
      """
  }
}
