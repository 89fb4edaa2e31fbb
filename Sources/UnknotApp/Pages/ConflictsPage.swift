import UnknotKit

/// What devices disagree on: side by side, and a person decides.
enum ConflictsPage {
  static func page(_ desk: Desk) throws -> Page {
    let conflicts = try desk.journal.conflicts()
    return Page(
      "Conflicts", here: .more,
      """
      \(conflicts.isEmpty ? "<p>All devices agree.</p>" : "<p>Two devices wrote the same thing without knowing of each other. Nothing is lost: choose what is true.</p>" as HTML)
      \(conflicts.html { conflict in
        """
        <section class="conflict"><h2>\(conflict.field.replacing("_", with: " ")) of <a href="/record/\(conflict.record.id)">\(conflict.record.summary(now: desk.now).here(desk.now))</a></h2>
        <form method="post" action="/conflicts">\(Parts.fields([("id", conflict.record.id), ("field", conflict.field)]))
        \(conflict.values.html { "<input type=\"hidden\" name=\"seen\" value=\"\($0.change)\">" })
        <div class="sides">\(conflict.values.html { value in side(value, desk.now) })</div></form></section>
        """
      })
      """)
  }

  private static func side(_ value: ConflictItem.Candidate, _ now: Moment) -> HTML {
    let words =
      value.place
      ?? (value.value.isEmpty
        ? (value.json.plain.isEmpty ? "nothing" : value.json.plain) : value.value.readable(now: now))
    return """
      <div class="side"><p class="value">\(words)</p><p class="soft">\(value.device), \(value.recordedAt.readable(now: now))\(value.isAhead ? "; its clock was ahead" : "")</p>
      <button name="take" value="\(value.change)">Take this</button></div>
      """
  }

  static func resolve(_ request: Request, _ desk: Desk) throws -> Response {
    let (id, field) = (request["id"] ?? "", request["field"] ?? "")
    let conflict = try desk.journal.conflict(id, field: field)
    // What was imported since it was shown is not overruled unseen.
    guard Set(conflict.values.map(\.change)) == Set(request.all("seen")) else {
      throw KitError(.notFound, "this conflict has changed since it was shown", hint: "look at it again")
    }
    let written = try desk.journal.resolve(conflict, .takeChange(request["take"] ?? ""))
    return .wrote("/conflicts", "Decided", written, desk)
  }
}
