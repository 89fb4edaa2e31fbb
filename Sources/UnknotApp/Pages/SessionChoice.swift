import UnknotKit

/// What to press today, with reasons; and the way into a session.
enum SessionChoice {
  static func page(_ journal: Journal, routine: String?) throws -> Page {
    let suggestion = try journal.suggest()
    let standing = try journal.standingSign()
    let running = try journal.runningSession()
    let routines =
      Catalogue.defaultRoutines.map { ($0.id, $0.name) }
      + (try journal.list("routines")).map { ($0.id, $0[.name].text ?? $0.shortID) }
    func relation(_ relation: TargetDescription.Relation) -> HTML {
      let found = suggestion.ranked.filter { $0.target.relation == relation }
      return found.isEmpty
        ? .nothing
        : "<h3>\(relation == .above ? "Above the pain" : relation == .below ? "Below the pain" : "At the pain")</h3><ul>\(found.html(card))</ul>"
    }
    let isEmergency = standing?.tier == .emergency
    let mayPress = try journal.reasonNotToPress() == nil
    let begin: HTML =
      isEmergency || running?.isOwn == true
      ? .nothing
      : mayPress
        ? form(routines, routine, suggestion.side, asks: standing != nil)
        : "<details><summary>Begin all the same</summary>\(form(routines, routine, suggestion.side, asks: true))</details>"
    let targets: HTML = """
      <section><h2>What to press</h2><p class="soft">Above and below the pain, not on it.</p>
      \([.above, .below, .local].html(relation))
      \(suggestion.left.isEmpty ? "" : "<h3>Not for you</h3><ul>\(suggestion.left.html { "<li>\($0.target): \($0.reason)</li>" })</ul>" as HTML)
      </section>
      """
    return Page(
      "Session", here: .session,
      """
      \(try Parts.signs(journal))
      \(running.map { left($0, now: journal.now, isEmergency: isEmergency, asks: !mayPress) })
      \(try signs(journal, isKnown: standing != nil || !mayPress))
      <p>You lie on a massage ball, or lean on it at a wall, for a minute at each place. A tennis ball will do. Have it at hand before you start.</p>
      \(begin)
      \(isEmergency ? "" : targets)
      """)
  }

  /// Whether a session that was left goes on as soon as its page is opened: what has come to speak against it since, or points to a
  /// sign, is read first.
  static func goesOnByItself(_ journal: Journal) throws -> Bool {
    try journal.reasonNotToPress() == nil && journal.signPointer() == nil
  }

  /// What was begun and does not go on by itself.
  private static func left(
    _ running: (record: JournalRecord, isOwn: Bool), now: Moment, isEmergency: Bool, asks: Bool
  ) -> HTML {
    """
    <section><h2>\(running.isOwn ? "A session of \(running.record[.startedAt].readable(now: now)) waits" : "A session runs on \(running.record.device)")</h2>
    \(isEmergency ? "" : """
      <form method="post" action="/session/resume">\(asks ? despite("go on") : .nothing)
      <button class="main">\(running.isOwn ? "Go on with it" : "Take it over")</button></form>
      """ as HTML)
    \(Parts.button("End it", to: "/session/end"))</section>
    """
  }

  private static func despite(_ verb: String) -> HTML {
    "<label class=\"tick\"><input type=\"checkbox\" name=\"despite\" value=\"yes\">I know of the sign above, and \(verb) all the same</label>"
  }

  /// Before a first session, and after a long time: whatever else points to a sign is said above.
  private static func signs(_ journal: Journal, isKnown: Bool) throws -> HTML {
    guard !isKnown, try journal.signPointer() == nil, let reason = try journal.safetyCheckReason() else {
      return .nothing
    }
    return """
      <section class="alert"><h2>First look at the signs that need a doctor.</h2>
      <p>Why: \(reason). <a href="/check">Safety check</a></p></section>
      """
  }

  private static func card(_ suggestion: Suggestion) -> HTML {
    """
    <li><strong>\(suggestion.target.name)</strong> <span class="soft">(\(suggestion.target.latin)), \(suggestion.surface), \(suggestion.target.defaultSeconds) s</span>
    <br>\(suggestion.reasons.joined(separator: "; "))</li>
    """
  }

  private static func form(
    _ routines: [(value: String, words: String)], _ chosen: String?, _ side: String?, asks: Bool
  ) -> HTML {
    """
    <form method="post" action="/session/begin">
    \(Parts.choice("routine", "Which session", routines.map { ($0.value, $0.words) }, chosen: chosen ?? "quick"))
    \(Parts.choice("side", "The side that hurts", [("", "as last rated"), ("left", "left"), ("right", "right")]))
    \(Parts.choice("surface", "On the floor, or at a wall", [("", "as suits the pain")] + Catalogue.surfaces.words.map { ($0, $0) }))
    \(asks ? despite("begin") : .nothing)
    <button class="main">Start</button></form>
    """
  }
}
