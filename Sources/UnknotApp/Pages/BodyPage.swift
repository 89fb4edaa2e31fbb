import Foundation
import UnknotKit
import UnknotReport

/// Where it hurts: a tap on the body or on a name, the side, and how much.
enum BodyPage {
  static func page(_ request: Request, _ desk: Desk) throws -> Page {
    let journal = desk.journal
    let range = try journal.figureRange(since: try journal.today().adding(-27))
    let picture = Report.body(try journal.body(range), range)
    let spots = try journal.list("spots").filter { $0[.state].text != "gone" }
    let chosen = chosen(request)
    let places = Parts.sites.html { site in
      "<a class=\"place\" href=\"/body?site=\(site.value)#rate\"\("aria-current=\"true\"", if: site.value == chosen?.site)>\(site.words)</a>"
    }
    return Page(
      "Body", here: .body,
      """
      <section><h2>Where does it hurt?</h2>\(chosen == nil && request["view"] != nil ? "<p class=\"said\">There is no place near that: tap on the body, or choose a name.</p>" as HTML : .nothing)
      \(chosen.map(rating) ?? .nothing)
      <div class="outlines">\(BodyMap.View.allCases.html { outline($0, chosen) })</div>
      <details\("open", if: chosen != nil)><summary>By name</summary><div class="places">\(places)</div></details></section>
      <section><h2>The last four weeks</h2>\(HTML(drawn: picture.fragment))</section>
      <section><h2>Spots</h2><p class="soft">A spot is a place in a muscle that hurts when it is pressed. Your sessions name the spots kept here.</p>\(spots.isEmpty ? "<p>No spot is remembered yet.</p>" as HTML : "<ul class=\"records\">\(spots.html { Parts.record($0, desk.now) })</ul>")
      <details><summary>Remember a spot</summary><form method="post" action="/journal/spot">
      \(Parts.choice("target", "Muscle", Catalogue.targets.words.map { ($0, TargetDescription.named($0)?.name ?? $0) }))
      \(Parts.choice("side", "Side", Parts.sides))
      \(Parts.input("label", "Name", hint: "under the rib"))
      \(Parts.choice("felt_in", "When pressed, felt in", [("", "not said")] + Parts.sites))
      <button>Remember</button></form></details></section>
      """)
  }

  /// By name, or by where the body was tapped.
  private static func chosen(_ request: Request) -> (site: String, side: String?)? {
    if let site = request["site"].flatMap({ try? Catalogue.sites.check($0) }) {
      return (site, ["left", "right", "both"].first { $0 == request["side"] })
    }
    guard let view = request["view"].flatMap(BodyMap.View.init),
      let x = request["tap.x"].flatMap({ Int($0) }),
      let y = request["tap.y"].flatMap({ Int($0) }), (0...BodyMap.width).contains(x),
      (0...BodyMap.height).contains(y)
    else { return nil }
    return BodyMap.place(view, x: x, y: y)
  }

  /// A button that says where on it was tapped: without any script.
  private static func outline(_ view: BodyMap.View, _ chosen: (site: String, side: String?)?) -> HTML {
    """
    <form method="get" action="/body#rate" class="outline"><input type="hidden" name="view" value="\(view.rawValue)">
    <input type="image" name="tap" src="/\(view.rawValue).svg\(chosen.map { "?site=\($0.site)&amp;side=\($0.side ?? "")" as HTML } ?? .nothing)" width="\(BodyMap.width)" height="\(BodyMap.height)"
    alt="The body from the \(view.rawValue): tap where it hurts. With a keyboard, choose it by name."><p>\(view.rawValue): your left is on the \(view == .back ? "left" : "right")</p></form>
    """
  }

  private static func rating(_ place: (site: String, side: String?)) -> HTML {
    let name = "\(Catalogue.siteName(place.site))\(place.side.map { ", \($0)" } ?? "")"
    let sides = ["left", "right", "both", ""].html { side in
      """
      <a class="place" href="/body?site=\(place.site)&amp;side=\(side)#rate"\("aria-current=\"true\"", if: side == place.side ?? "")>\(side.isEmpty ? "no side" : side)</a>
      """
    }
    return """
      <section id="rate"><h2>\(name)</h2><div class="places">\(sides)</div>
      \(Parts.scale("score", to: "/rate", "How much does it hurt there: \(name)?", [("site", place.site), ("side", place.side ?? ""), ("back", "body")]))</section>
      """
  }
}
