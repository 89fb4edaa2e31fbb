import UnknotKit
import UnknotReport

/// The reports, with their pictures.
enum ReportPage {
  private static let kinds = [
    ("week", "The week"), ("trend", "Pain over time"), ("effect", "Before and after sessions"),
    ("targets", "What helped"), ("adherence", "The plan"), ("bodymap", "Body"), ("episode", "Episodes"),
    ("quality", "How the log was kept"), ("trial", "A trial of two ways"),
    ("clinician", "For an appointment"),
  ]

  static func page(_ kind: String?, _ request: Request, _ desk: Desk) throws -> Page {
    let journal = desk.journal
    let kind = kind ?? "week"
    var range = try journal.figureRange(site: request["site"])
    let times = try journal.times
    // Of ten years, a page would be long and slow: whoever wants them asks for them.
    let year =
      ["week", "clinician", "trial", "episode"].contains(kind) ? nil : try journal.today().adding(-364)
    range.since = try request["since"].map { try times.day($0) } ?? year
    range.until = try request["until"].map { try times.day($0) }
    guard let known = ReportKind(rawValue: kind) else { throw NotThere(words: "There is no such report.") }
    let report = try known.report(journal, range)
    let links = kinds.html {
      "<li><a href=\"/report/\($0.0)\"\("aria-current=\"page\"", if: $0.0 == kind)>\($0.1)</a></li>"
    }
    return Page(
      report.title, here: .more,
      """
      <details class="noprint"><summary>Other reports, other days</summary><ul class="links">\(links)</ul>
      <form method="get" action="/report/\(kind)">\(Parts.choice("site", "Place", Parts.sites, chosen: range.site))
      \(Parts.input("since", "From", value: request["since"] ?? "", hint: "2026-05-01"))\(Parts.input("until", "Until", value: request["until"] ?? "", hint: "today"))
      <button>Show</button></form></details>
      <p class="soft">\(report.scope)</p>\(HTML(drawn: report.fragment))
      """)
  }
}
