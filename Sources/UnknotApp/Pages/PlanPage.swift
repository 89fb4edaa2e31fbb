import UnknotKit

/// When to press: the plan in force, how it is kept, and episodes of pain.
enum PlanPage {
  static func page(_ desk: Desk) throws -> Page {
    let journal = desk.journal
    let today = try journal.today()
    let plan = try journal.planInForce()
    let slots = try journal.slots(today...today.adding(6))
    let adherence = try journal.adherence()
    let episodes = try journal.list("episodes", ListFilter(limit: 5))
    let isPaused = slots.contains { $0.state == .paused }
    return Page(
      "Plan", here: .more,
      """
      <section><h2>In force</h2>
      \(plan.map { "<p>\($0.plan.summary(now: desk.now).here(desk.now))\($0.others > 0 ? "; another one was made for the same days on another device" : "")</p>" as HTML } ?? "<p>No plan.</p>")
      \(slots.isEmpty ? "" : "<ul class=\"slots\">\(slots.html { slot($0, today) })</ul>" as HTML)
      \(adherence.due > 0 ? "<p>Done \(adherence.done) of \(adherence.due) in the last 28 days.</p>" as HTML : "")
      <div class="row">\(plan == nil ? "" : isPaused ? Parts.button("Go on", to: "/plan/resume") : Parts.button("Pause", to: "/plan/pause"))</div></section>
      <section><h2>A new plan</h2>\(plan == nil ? .nothing : "<p>It replaces the current plan, which ends.</p>" as HTML)<form method="post" action="/plan/set">
      \(Parts.choice("kind", "Which", [("course", "course: 7 days, morning and evening, for new pain"), ("maintenance", "maintenance: weekday mornings, for pain that lasts")]))
      \(Parts.choice("check_in", "How often you are asked how much it hurts", [("", "automatic: weekly while the pain is new"), ("weekly", "weekly"), ("daily", "daily")]))
      <details><summary>Other times, for how long</summary>
      \(Parts.input("slots", "Times", hint: "am pm, or 07:30=mon,wed,fri 21:00"))
      \(Parts.input("days", "For how many days", hint: "empty: the usual length"))</details>
      <button>\(plan == nil ? "Begin" : "Begin it instead")</button></form></section>
      <section><h2>Episodes</h2>\(episodes.isEmpty ? "<p>None is recorded.</p>" as HTML : "<ul class=\"records\">\(episodes.html { Parts.record($0, desk.now) })</ul>")
      \(episodes.contains { $0[.endedAt].isEmpty } ? Parts.button("It is over", to: "/plan/close") : "")</section>
      """)
  }

  private static func slot(_ slot: SlotStatus, _ today: LocalDay) -> HTML {
    let name = "\(slot.day)/\(slot.name)"
    let words = "\(slot.day.readable(today: today)), \(slot.name)"
    let change: HTML =
      switch slot.state {
      case .open, .upcoming, .missed:
        """
        <details><summary>Not this time<span class="heard"> (\(words))</span></summary><form method="post" action="/plan/excuse">\(Parts.fields([("slot", name)]))
        \(Parts.choice("reason", "Why", [("", "not said")] + Words.excuses.words.map { ($0, $0) }))<button>It does not count</button></form></details>
        """
      case .excused: Parts.button("It counts again", to: "/plan/count", [("slot", name)], about: words)
      default: .nothing
      }
    return "<li>\(words): \(slot.state.rawValue)\(change)</li>"
  }

  static func change(_ request: Request, _ desk: Desk, _ what: String?) throws -> Response {
    let journal = desk.journal
    let written: Written
    switch what {
    case "set":
      var entry = PlanEntry(kind: request["kind"] ?? "")
      entry.checkIn = request["check_in"]
      entry.slots = request["slots"]?.split(separator: " ").map(String.init) ?? []
      entry.days = try request["days"].map { text in
        guard let days = Int(text) else { throw KitError(.invalidValue, "\(text) is not a number of days") }
        return days
      }
      written = try journal.setPlan(entry)
    case "excuse": written = try journal.excuseSlot(request["slot"] ?? "", reason: request["reason"]).written
    case "count": written = try journal.excuseSlot(request["slot"] ?? "", undo: true).written
    case "pause": written = try journal.pausePlan()
    case "resume": written = try journal.resumePlan()
    case "close": written = try journal.closeEpisode()
    default: throw NotThere(words: "There is no such page.")
    }
    return .wrote("/plan", "Done", written, desk)
  }
}
