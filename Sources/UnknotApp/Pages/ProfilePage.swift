import UnknotKit

/// What belongs to the person.
enum ProfilePage {
  private static let fields = [
    "site", "side", "floor_ok", "prefer_surface", "day_start", "store_safety_answers",
  ]

  static func page(_ desk: Desk) throws -> Page {
    let profile = try desk.journal.list("profiles").first
    func chosen(_ name: String) -> String {
      guard let value = profile?.value(named: name), !value.isEmpty else { return "" }
      return value.readable(now: desk.now)
    }
    let against = profile?[.contraindications].entries ?? []
    let yesNo = [("", "not said"), ("yes", "yes"), ("no", "no")]
    return Page(
      "Profile", here: .more, live: nil,
      """
      <form method="post" action="/profile">
      \(Parts.choice("site", "Where it mostly hurts", [("", "not said")] + Parts.sites, chosen: chosen("site")))
      \(Parts.choice("side", "On which side", Parts.sides, chosen: chosen("side")))
      \(Parts.choice("floor_ok", "The floor suits me", yesNo, chosen: chosen("floor_ok")))
      \(Parts.choice("prefer_surface", "I prefer", [("", "not said")] + Catalogue.surfaces.words.map { ($0, $0) }, chosen: chosen("prefer_surface")))
      \(Parts.input("day_start", "My day begins at", value: chosen("day_start"), hint: "04:00"))
      \(Parts.choice("store_safety_answers", "Keep the answers of safety checks", yesNo, chosen: chosen("store_safety_answers")))
      <button class="main">Save</button></form>
      <h2>Not to be pressed</h2>
      \(against.isEmpty ? "<p>Nothing is listed.</p>" as HTML : "<ul>\(against.html { "<li>\($0.key) \($0.text)</li>" })</ul>")
      <form method="post" action="/profile">\(Parts.input("against", "What, and where", hint: "osteoporosis, or fracture/hip/left"))
      <button>Add</button></form>
      """)
  }

  static func change(_ request: Request, _ desk: Desk) throws -> Response {
    let profile = try desk.journal.list("profiles").first
    var assignments: [String] = []
    if let against = request["against"] {
      assignments = ["contraindications/\(against)=\(try desk.journal.today().description)"]
    } else {
      for name in fields {
        let value = request[name] ?? ""
        let field = profile?.value(named: name)
        let was = field.flatMap { $0.isEmpty ? nil : $0.readable(now: desk.now) } ?? ""
        if value != was { assignments.append("\(name)=\(value)") }
      }
    }
    guard !assignments.isEmpty else { return .go("/profile", Said.words("Nothing was changed.")) }
    return .go("/profile", Said.written("Saved", try desk.journal.editProfile(assignments), desk))
  }
}
