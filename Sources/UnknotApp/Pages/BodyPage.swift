import UnknotKit
import UnknotReport

/// Where it hurts: a tap on a place, its side, and how much.
enum BodyPage {
  private static func rating(_ site: String) -> HTML {
    let sides = ["left", "right", "both", ""].html { side in
      """
      <details\("open", if: side.isEmpty)><summary>\(side.isEmpty ? "no side" : side)</summary>
      \(Parts.scale("score", to: "/rate", "How much does it hurt there?", [("site", site), ("side", side), ("back", "body")]))</details>
      """
    }
    return "<section id=\"rate\"><h2>\(site.replacing("-", with: " "))</h2>\(sides)</section>"
  }

  static func page(_ desk: Desk, chosen: String?) throws -> Page {
    let journal = desk.journal
    let range = FigureRange(since: try journal.today().adding(-27))
    let picture = Report.body(try journal.body(range), range)
    let spots = try journal.list("spots").filter { $0[.state].text != "gone" }
    let chosen = chosen.flatMap { try? Catalogue.sites.check($0) }
    let places = Parts.sites.html { site in
      "<a class=\"place\" href=\"/body?site=\(site.value)#rate\"\("aria-current=\"true\"", if: site.value == chosen)>\(site.words)</a>"
    }
    let rating: HTML = chosen.map(rating) ?? .nothing
    return Page(
      "Body", here: .body,
      """
      <section><h2>Where does it hurt?</h2><div class="places">\(places)</div></section>
      \(rating)
      <section><h2>The last four weeks</h2>\(HTML(drawn: picture.fragment))</section>
      <section><h2>Spots</h2>\(spots.isEmpty ? "<p>No spot is remembered yet.</p>" as HTML : "<ul class=\"records\">\(spots.html { Parts.record($0, desk.now) })</ul>")
      <details><summary>Remember a spot</summary><form method="post" action="/journal/spot">
      \(Parts.choice("target", "Muscle", Catalogue.targets.words.map { ($0, TargetDescription.named($0)?.name ?? $0) }))
      \(Parts.choice("side", "Side", Parts.sides))
      \(Parts.input("label", "Name", hint: "under the rib"))
      \(Parts.choice("felt_in", "Pressed, it is felt in", [("", "not said")] + Parts.sites))
      <button>Remember</button></form></details></section>
      """)
  }
}
