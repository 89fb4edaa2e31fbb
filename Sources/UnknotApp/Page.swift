import UnknotKit
import UnknotReport

/// A page: what stands in the middle, and where one is.
struct Page: Sendable {
  /// Where the bar at the bottom leads to.
  enum Place: String, CaseIterable, Sendable {
    case today = "Today"
    case session = "Session"
    case body = "Body"
    case journal = "Journal"
    case more = "More"

    var address: String { self == .today ? "/" : "/\(rawValue.lowercased())" }
  }

  let title: String
  var here: Place?
  /// What tells its script of changes: the page's name, or nil where it is not to change by itself.
  var live: String? = "page"
  var main: HTML
  var notices: [Notice] = []
  /// What was just done, and can be undone.
  var operation: String?

  init(_ title: String, here: Place? = nil, live: String? = "page", _ main: HTML) {
    (self.title, self.here, self.live, self.main) = (title, here, live, main)
  }

  /// Before anybody was let in: nothing leads anywhere.
  static func bare(_ title: String, _ words: HTML) -> Page {
    var page = Page(title, live: nil, words)
    page.isBare = true
    return page
  }

  private var isBare = false

  var html: HTML {
    let bar = Place.allCases.html { place in
      "<a href=\"\(place.address)\"\("aria-current=\"page\"", if: place == here)>\(place.rawValue)</a>"
    }
    let head: HTML = """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(title) – Unknot</title>
      """
    let links: HTML = """
      <link rel="stylesheet" href="/style.css"><link rel="icon" href="/icon.svg" type="image/svg+xml">
      <link rel="manifest" href="/manifest.webmanifest" crossorigin="use-credentials"><meta name="theme-color" content="#0b5d7a">
      <script type="module" src="/app.js"></script>
      """
    let notes = notices.html { notice in
      "<p class=\"said\(notice.level == .warning ? " warning" as HTML : "")\">\(notice.text.pageWords)</p>"
    }
    return """
      \(head)\(isBare ? "" : links)</head>
      <body\(isBare ? "" : " data-live=\"\(live ?? "")\"" as HTML)>
      \(isBare ? "" : "<a class=\"skip\" href=\"#main\">To the content</a>" as HTML)
      <header><h1>\(title)</h1></header>
      <main id="main" tabindex="-1"><div id="said" role="status">\(notes)\(operation.map { Parts.button("Undo that", to: "/undo", [("operation", $0)]) } ?? .nothing)</div>\(main)</main>
      \(isBare ? "" : "<nav aria-label=\"Main\">\(bar)</nav><footer><p>\(Report.disclaimer)</p></footer>" as HTML)
      </body></html>

      """
  }
}

/// Parts that many pages have.
enum Parts {
  /// A form that does one thing.
  ///
  /// - Parameters:
  ///   - about: what it is done to, for who hears the button alone; nil: there is one of it.
  ///   - givesFile: the answer is no page.
  static func button(
    _ words: String, to action: String, _ hidden: [(String, String)] = [], isMain: Bool = false,
    about: String? = nil, givesFile: Bool = false
  ) -> HTML {
    """
    <form method="post" action="\(action)"\("data-plain", if: givesFile)>\(fields(hidden))<button\("class=\"main\"", if: isMain)>\(words)\(about.map { "<span class=\"heard\"> (\($0))</span>" as HTML })</button></form>
    """
  }

  static func fields(_ hidden: [(String, String)]) -> [HTML] {
    hidden.html { "<input type=\"hidden\" name=\"\($0.0)\" value=\"\(exactly: $0.1)\">" }
  }

  /// A row of buttons from 0 to 10: one tap.
  static func scale(
    _ name: String, to action: String, _ legend: String, _ hidden: [(String, String)] = []
  ) -> HTML {
    "<form method=\"post\" action=\"\(action)\" class=\"scale\">\(fields(hidden))\(numbers(name, legend))</form>"
  }

  /// The same, within a form.
  static func numbers(_ name: String, _ legend: String) -> HTML {
    let buttons = (0...10).html { "<button name=\"\(name)\" value=\"\($0)\" class=\"n\($0)\">\($0)</button>" }
    return """
      <fieldset><legend>\(legend)</legend><div class="numbers">\(buttons)</div>
      <p class="ends">0: no pain, 10: the worst imaginable</p></fieldset>
      """
  }

  /// - Parameters:
  ///   - chosen: one that is not among the words was written by a newer program, and stays.
  ///   - isRequired: nothing is chosen beforehand: a number that nobody meant would be an answer.
  static func choice(
    _ name: String, _ label: String, _ words: [(value: String, words: String)], chosen: String? = nil,
    isRequired: Bool = false
  ) -> HTML {
    var words = isRequired ? [("", "choose")] + words : words
    if let chosen, !words.contains(where: { $0.value == chosen }) { words.append((chosen, chosen)) }
    let options = words.html { word in
      "<option value=\"\(word.value)\"\("selected", if: word.value == chosen)>\(word.words)</option>"
    }
    return "<label>\(label)<select name=\"\(name)\"\("required", if: isRequired)>\(options)</select></label>"
  }

  static func input(
    _ name: String, _ label: String, value: String = "", hint: String = "", isRequired: Bool = false
  ) -> HTML {
    """
    <label>\(label)<input name="\(name)" value="\(exactly: value)" placeholder="\(hint)" autocomplete="off"\("required", if: isRequired)></label>
    """
  }

  static func text(_ name: String, _ label: String, value: String = "") -> HTML {
    "<label>\(label)<textarea name=\"\(name)\" rows=\"3\">\n\(exactly: value)</textarea></label>"
  }

  /// A file to be chosen, or dropped onto it.
  static func upload(_ label: String, to action: String) -> HTML {
    """
    <form method="post" action="\(action)" enctype="multipart/form-data" class="drop">
    <label>\(label)<input type="file" name="file" required></label><button>See what is in it</button></form>
    """
  }

  static func record(_ record: JournalRecord, _ now: Moment) -> HTML {
    """
    <li\("class=\"gone\"", if: !record.isPresent)><a href="/record/\(record.id)">\(record.summary(now: now).here(now))</a>\
    \(record[.note].text.map { "<br><span class=\"soft\">\($0)</span>" as HTML })</li>
    """
  }

  static let sites: [(value: String, words: String)] = Catalogue.sites.words.map {
    ($0, Catalogue.siteName($0))
  }
  static let sides: [(value: String, words: String)] = [
    ("", "not said"), ("left", "left"), ("right", "right"), ("both", "both"),
  ]

  /// What comes in front of everything until it is cleared.
  static func signs(_ journal: Journal) throws -> HTML {
    if let sign = try journal.standingSign() {
      let isEmergency = sign.tier == .emergency
      return """
        <section class="alert\(isEmergency ? " emergency" as HTML : "")" role="alert"><h2>\(sign.tier.advice)</h2>
        <p>A safety check found this. It stays here until another check finds no sign.</p>
        <p><a href="/check">Safety check</a></p></section>
        """
    }
    guard let reason = try journal.reasonNotToPress() else {
      if let sign = try journal.unexaminedSign() {
        return """
          <section class="alert"><h2>Has a doctor examined it?</h2>
          <p>A safety check of \(sign.check[.at].readable(now: journal.now)) found a sign: \(sign.tier.advice) That holds until a doctor has examined it. <a href="/check">Safety check</a></p></section>
          """
      }
      guard let pointer = try journal.signPointer() else { return .nothing }
      return """
        <section class="alert"><h2>Look at the signs that need a doctor.</h2>
        <p>Why: \(pointer). <a href="/check">Safety check</a></p></section>
        """
    }
    return """
      <section class="alert" role="alert"><h2>No ball for now: \(reason).</h2>
      <p><a href="/check">Look at the signs that need a doctor</a></p></section>
      """
  }
}
