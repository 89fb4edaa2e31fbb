import UnknotKit

/// Everything that was recorded, the newest first, and what can be added from memory.
enum JournalPage {
  private static let most = 40
  private static let kinds = (RecordType.events + [.plan]).map(\.plural)

  private static let names = [
    "pain": "pain ratings", "factors": "walks, heat, medicines", "assessments": "questions of the week",
    "checks": "safety checks", "episodes": "episodes of pain",
  ]

  static func page(_ request: Request, _ desk: Desk) throws -> Page {
    let journal = desk.journal
    let kind = request["kind"].flatMap { word in kinds.first { $0 == word } }
    var filter = ListFilter(limit: most, after: request["after"])
    filter.isOfRemoved = request["removed"] == "yes"
    var records: [JournalRecord] = []
    if let words = request["q"] {
      records = try journal.search(words, kind: kind, limit: most)
    } else if let kind {
      records = try journal.list(kind, filter)
    } else {
      filter.after = nil
      for kind in kinds { records += try journal.list(kind, filter) }
      records = Array(records.sorted { time($0) > time($1) }.prefix(most))
    }
    let isFull = records.count == most
    let nothing =
      request["q"] != nil
      ? "No record has these words." : filter.isOfRemoved ? "Nothing was removed." : "Nothing is there yet."
    let next = kind != nil && request["q"] == nil && isFull ? records.last : nil
    return Page(
      filter.isOfRemoved ? "Removed records" : "Journal", here: .journal,
      """
      <form method="get" action="/journal" class="find"><label>Search<input type="search" name="q" value="\(request["q"] ?? "")"></label>
      \(Parts.choice("kind", "Kind", [("", "all")] + kinds.map { ($0, names[$0] ?? $0) }, chosen: kind ?? ""))<button>Show</button></form>
      <div class="row">\(Parts.button("Undo the last thing", to: "/undo"))\(Parts.button("Redo it", to: "/redo"))</div>
      \(records.isEmpty ? "<p>\(nothing)</p>" as HTML : "<ul class=\"records\">\(records.html { Parts.record($0, desk.now) })</ul>")
      \(request["q"] != nil && isFull ? "<p class=\"soft\">Only the newest \(most): add words to find fewer.</p>" as HTML : "")
      \(try next.map { "<p><a href=\"/journal?kind=\(kind ?? "")&amp;after=\(try journal.cursor(after: $0.id))\(filter.isOfRemoved ? "&amp;removed=yes" as HTML : .nothing)\">Older ones</a></p>" as HTML })
      \(forms)
      """)
  }

  private static func time(_ record: JournalRecord) -> Int64 {
    (record.time ?? record.recordedAt).milliseconds
  }

  private static let at: HTML =
    "<label>When (empty: now)<input type=\"datetime-local\" name=\"at\"></label>"

  private static let forms: HTML = """
    <h2>Add</h2>
    <details><summary>A rating from memory</summary><form method="post" action="/journal/pain">
    \(Parts.choice("score", "How much", (0...10).map { ("\($0)", "\($0)") }, isRequired: true))
    \(Parts.choice("site", "Where", Parts.sites))\(Parts.choice("side", "Side", Parts.sides))\(at)
    \(Parts.text("note", "Note"))<button>Record</button></form></details>
    <details><summary>A session from memory</summary><form method="post" action="/journal/session">
    \(Parts.choice("routine", "What", Catalogue.defaultRoutines.map { ($0.id, $0.name) }))
    \(Parts.choice("side", "Which side was pressed", [("left", "left"), ("right", "right"), ("both", "both")], isRequired: true))\(at)
    \(Parts.choice("before", "Pain before", [("", "not rated")] + (0...10).map { ("\($0)", "\($0)") }))
    \(Parts.choice("after", "Pain after", [("", "not rated")] + (0...10).map { ("\($0)", "\($0)") }))
    \(Parts.text("note", "Note"))<button>Record</button></form></details>
    <details><summary>Something else: a walk, heat, a medicine</summary><form method="post" action="/journal/factor">
    \(Parts.choice("kind", "What", Words.factors.words.map { ($0, $0.replacing("-", with: " ")) }))
    \(Parts.input("label", "Its name", hint: "ibuprofen"))\(Parts.input("amount", "How much", hint: "30m, 400mg"))\(at)
    \(Parts.text("note", "Note"))<button>Record</button></form></details>
    <details><summary>A new episode of pain</summary><form method="post" action="/journal/episode">
    \(Parts.choice("site", "Where", Parts.sites))\(Parts.choice("side", "Side", Parts.sides))
    <label>Since when (empty: now)<input type="datetime-local" name="at"></label>\(Parts.input("trigger", "What set it off"))
    <button>Begin it</button></form></details>
    """

  static func add(_ request: Request, _ desk: Desk, _ kind: String?) throws -> Response {
    let journal = desk.journal
    let times = try journal.times
    let said = request["at"].map { $0.replacing("T", with: " ") }
    let at = try said.map { try times.moment($0) }
    let precision = said.map(times.precision)
    let place = try TodayPage.place(request)
    let written: Written
    switch kind {
    case "pain":
      var entry = PainEntry(score: try TodayPage.number("score", request), site: place, at: at)
      (entry.precision, entry.note) = (precision, request["note"])
      written = try journal.ratePain(entry)
    case "session":
      var entry = SessionEntry(bouts: [])
      (entry.routine, entry.note, entry.precision) = (request["routine"], request["note"], precision)
      // Without a side, a routine is of both.
      entry.site = try request["side"].flatMap { side in
        side == "both" ? nil : try PlaceText(site: "low-back/\(side)")
      }
      entry.before = request["before"] == nil ? nil : try TodayPage.number("before", request)
      entry.after = request["after"] == nil ? nil : try TodayPage.number("after", request)
      entry.at = at
      written = try journal.logSession(entry)
    case "factor":
      var entry = FactorEntry(kind: request["kind"] ?? "")
      (entry.label, entry.amount, entry.note) = (request["label"], request["amount"], request["note"])
      (entry.at, entry.precision) = (at, precision)
      written = try journal.recordFactor(entry)
    case "episode":
      written = try journal.openEpisode(place, onset: at, precision: precision, trigger: request["trigger"])
    case "spot":
      let target = (request["target"] ?? "") + (request["side"].map { "/\($0)" } ?? "")
      written = try journal.addSpot(
        target, label: request["label"], request["felt_in"].map { ["felt_in=\($0)"] } ?? [])
      return .wrote("/body", "Remembered", written, desk)
    default: throw NotThere(words: "There is no such page.")
    }
    return .wrote("/journal", "Recorded", written, desk)
  }

  static func undo(_ request: Request, _ desk: Desk, isRedo: Bool) throws -> Response {
    let undone = isRedo ? try desk.journal.redo() : try desk.journal.undo(request["operation"])
    let first = try undone.records.first.map { id in
      try desk.journal.show(id).summary(now: desk.now).here(desk.now)
        + (undone.records.count > 1 ? " and \(undone.records.count - 1) more" : "")
    }
    return .go(
      "/journal",
      Said.words("\(isRedo ? "Done again" : "Taken back"): \(first ?? "nothing of it was left").")
        + undone.notices)
  }
}
