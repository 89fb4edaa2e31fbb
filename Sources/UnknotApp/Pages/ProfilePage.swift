import Foundation
import UnknotKit

/// What belongs to the person.
enum ProfilePage {
  private static let fields = [
    "site", "side", "floor_ok", "prefer_surface", "day_start", "store_safety_answers",
  ]

  static func page(_ desk: Desk) throws -> Page {
    let form = try JSONEncoder().encode(try desk.journal.form())
    let profile = try desk.journal.list("profiles").first
    func chosen(_ name: String) -> String {
      guard let value = profile?.value(named: name), !value.isEmpty else { return "" }
      return value.readable(now: desk.now).here(desk.now)
    }
    let against = profile?[.contraindications].entries ?? []
    let yesNo = [("", "not said"), ("yes", "yes"), ("no", "no")]
    return Page(
      "Profile", here: .more, live: nil,
      """
      <form method="post" action="/profile">
      \(Parts.fields([("form", String(decoding: form, as: UTF8.self))] + fields.map { ("was.\($0)", chosen($0)) }))
      \(Parts.choice("site", "Where it mostly hurts", [("", "not said")] + Parts.sites, chosen: chosen("site")))
      \(Parts.choice("side", "On which side", Parts.sides, chosen: chosen("side")))
      \(Parts.choice("floor_ok", "The floor suits me", yesNo, chosen: chosen("floor_ok")))
      \(Parts.choice("prefer_surface", "I prefer", [("", "not said")] + Catalogue.surfaces.words.map { ($0, $0) }, chosen: chosen("prefer_surface")))
      \(Parts.input("day_start", "My day begins at", value: chosen("day_start"), hint: "04:00"))
      \(Parts.choice("store_safety_answers", "Keep the answers of safety checks", yesNo, chosen: chosen("store_safety_answers")))
      <button class="main">Save</button></form>
      <h2>Not to be pressed</h2>
      \(against.isEmpty ? "<p>Nothing is listed.</p>" as HTML : "<ul>\(against.html { "<li>\($0.key) \($0.text)</li>" })</ul>")
      <form method="post" action="/profile">\(Parts.input("against", "What, and where", hint: "osteoporosis, or fracture/hip/left", isRequired: true))
      <button>Add</button></form>
      """)
  }

  static func change(_ request: Request, _ desk: Desk) throws -> Response {
    let journal = desk.journal
    if request["form"] == nil {
      guard let against = request["against"] else { throw KitError(.usage, "nothing is named") }
      let written = try journal.editProfile([
        "contraindications/\(against)=\(try journal.today().description)"
      ])
      return .wrote("/profile", "Saved", written, desk)
    }
    let assignments = fields.filter { (request[$0] ?? "") != (request["was.\($0)"] ?? "") }.map {
      "\($0)=\(request[$0] ?? "")"
    }
    guard !assignments.isEmpty else { return .go("/profile", Said.words("Nothing was changed.")) }
    let profile = try journal.list("profiles").first
    guard let profile, let form = request.form else {
      return .wrote("/profile", "Saved", try journal.editProfile(assignments), desk)
    }
    return .wrote("/profile", "Saved", try journal.edit(profile.id, assignments, asOf: form), desk)
  }
}
