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
      \(plan.map { "<p>\($0.plan.summary(now: desk.now))\($0.others > 0 ? "; another one was made for the same days on another device" : "")</p>" as HTML } ?? "<p>No plan.</p>")
      \(slots.isEmpty ? "" : "<ul class=\"slots\">\(slots.html { "<li>\($0.day.readable(today: today)), \($0.name): \($0.state.rawValue)</li>" })</ul>" as HTML)
      \(adherence.due > 0 ? "<p>Done \(adherence.done) of \(adherence.due) in the last 28 days.</p>" as HTML : "")
      <div class="row">\(plan == nil ? "" : isPaused ? Parts.button("Go on", to: "/plan/resume") : Parts.button("Pause", to: "/plan/pause"))</div></section>
      <section><h2>A new plan</h2><form method="post" action="/plan/set">
      \(Parts.choice("kind", "Which", [("course", "course: 7 days, morning and evening, for new pain"), ("maintenance", "maintenance: weekday mornings, for pain that lasts")]))
      \(Parts.choice("check_in", "How often you are asked how much it hurts", [("", "as fits: weekly as long as the pain is new"), ("weekly", "weekly"), ("daily", "daily")]))
      <button>Begin</button></form></section>
      <section><h2>Episodes</h2>\(episodes.isEmpty ? "<p>None is recorded.</p>" as HTML : "<ul class=\"records\">\(episodes.html { Parts.record($0, desk.now) })</ul>")
      \(episodes.contains { $0[.endedAt].isEmpty } ? Parts.button("It is over", to: "/plan/close") : "")</section>
      """)
  }

  static func change(_ request: Request, _ desk: Desk, _ what: String?) throws -> Response {
    let journal = desk.journal
    let written: Written
    switch what {
    case "set":
      var entry = PlanEntry(kind: request["kind"] ?? "")
      entry.checkIn = request["check_in"]
      written = try journal.setPlan(entry)
    case "pause": written = try journal.pausePlan()
    case "resume": written = try journal.resumePlan()
    case "close": written = try journal.closeEpisode()
    default: throw NotThere(words: "There is no such page.")
    }
    return .go("/plan", Said.written("Done", written, desk))
  }
}
