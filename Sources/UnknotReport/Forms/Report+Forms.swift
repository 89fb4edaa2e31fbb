import UnknotKit

extension Report {
  /// Lines for a terminal or a text file.
  ///
  /// - Parameters:
  ///   - width: in columns; nil: nothing is cut, and pictures are 78 wide.
  ///   - plain: without pictures: what they show stands in tables and sentences.
  public func lines(width: Int?, plain: Bool) -> [String] {
    partLines(width: width, plain: plain).map(\.text)
  }

  /// The same lines, each with what it is part of: a terminal shows some of them in another way.
  ///
  /// - Parameters:
  ///   - width: in columns; nil: nothing is cut, and pictures are 78 wide.
  ///   - plain: without pictures: what they show stands in tables and sentences.
  public func partLines(width: Int?, plain: Bool) -> [ReportLine] {
    let wrapWidth = max(20, min(width ?? 78, 100))
    var lines: [ReportLine] = []
    func add(_ texts: [String], _ part: ReportLine.Part) {
      // Whatever is in a title or a picture, too: a file of it is shown by a terminal one day.
      lines += Self.wrappedAll(texts, width).map { ReportLine(text: SafeText.visible($0), part: part) }
    }
    add([title], .title)
    add([scope, ""], .note)
    for block in blocks {
      switch block {
      case .heading(let text): add([text.uppercased()], .title)
      case .paragraph(let text): add(Table.wrapped(text, width: wrapWidth) + [""], .text)
      case .note(let text): add(Table.wrapped(text, width: wrapWidth) + [""], .note)
      case .table(let columns, let rows):
        let table = Table.lines(columns, rows, width: width, isWhole: true)
        // A narrow terminal has no line of headers.
        let hasHeader = table.first.map { $0.hasPrefix(columns.first?.header ?? "") } ?? false
        add(Array(table.prefix(hasHeader ? 1 : 0)), .title)
        add(table.dropFirst(hasHeader ? 1 : 0) + [""], .text)
      case .facts(let facts):
        for fact in facts {
          add(Self.lines(fact, among: facts, wrapWidth), fact.name == Self.warning ? .warning : .text)
        }
        add([""], .text)
      case .picture(let picture):
        let drawn = plain ? [] : picture.lines(width: wrapWidth)
        if !drawn.isEmpty { add(drawn + [""], .picture) }
        let marks = drawn.isEmpty || picture.lineMarks.isEmpty ? "" : " \(picture.lineMarks)"
        add(Table.wrapped(picture.caption + marks, width: wrapWidth) + [""], .note)
      }
    }
    add(Table.wrapped(Self.disclaimer, width: wrapWidth), .note)
    return lines
  }

  /// What is called so among facts comes before all others.
  static let warning = "Warning"

  /// Names in a column of their own; on a narrow terminal, above what they are of.
  private static func lines(
    _ fact: (name: String, text: String), among facts: [(name: String, text: String)], _ width: Int
  ) -> [String] {
    let column = (facts.map { Table.width(of: $0.name) }.max() ?? 0) + 2
    guard width - column >= 24 else {
      return [fact.name] + Table.wrapped(fact.text, width: width - 2).map { "  \($0)" }
    }
    let gap = String(repeating: " ", count: column - Table.width(of: fact.name))
    let indent = String(repeating: " ", count: column)
    return Table.wrapped(fact.text, width: width - column).enumerated().map {
      $0 == 0 ? fact.name + gap + $1 : indent + $1
    }
  }

  /// Titles and scopes can be longer than a narrow terminal.
  private static func wrappedAll(_ lines: [String], _ width: Int?) -> [String] {
    guard let width else { return lines }
    return lines.flatMap {
      Table.width(of: $0) > width && $0.contains(" ") ? Table.wrapped($0, width: max(20, width)) : [$0]
    }
  }

  /// All its pictures in one file; nil where it has none.
  public var svg: String? {
    var drawn = SVG()
    var y = 26
    var body = ""
    drawn.label(12, 18, title, .start, "h")
    drawn.label(708, 18, scope, .end, "s")
    var captions: [String] = []
    for case .picture(let picture) in blocks {
      var own = SVG()
      picture.draw(&own)
      body += "<g transform=\"translate(0 \(y))\">\n\(own.text)</g>\n"
      y += picture.height + 8
      captions.append(picture.captionWithMarks)
      var text = SVG()
      for line in Table.wrapped(picture.captionWithMarks, width: 108) {
        text.label(12, Double(y + 8), line, .start, "s")
        y += 15
      }
      body += text.text
      y += 10
    }
    guard !captions.isEmpty else { return nil }
    let height = y + 6
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(SVG.width) \(height)" width="\(SVG.width)" height="\(height)" role="img" aria-labelledby="title description">
      <title id="title">\(Markup.escaped(title))</title>
      <desc id="description">\(Markup.escaped(([scope] + captions).joined(separator: " ")))</desc>
      <style>\(SVG.style)</style>
      <rect width="\(SVG.width)" height="\(height)" class="ground"/>
      \(drawn.text)\(body)</svg>

      """
  }

  /// Free text is broken wherever it must, but never below the width of ordinary words: what a file says may be one word
  /// of a thousand letters. Other cells are broken between words alone.
  /// Of a table with more columns, a telephone shows each row as lines below each other.
  private static let mostColumnsOfTelephone = 6

  /// - Parameter label: what stands above it, for where each cell is a line.
  private static func cell(_ text: String, isText: Bool, label: String = "") -> String {
    let label = label.isEmpty ? "" : " data-label=\"\(Markup.escaped(label))\""
    return
      "<td\(isText ? " class=\"text\"" : "")\(label)>\(Markup.escaped(text.replacing(" %", with: "\u{a0}%")))</td>"
  }

  /// A table that is wider than a telephone is moved aside on its own, not the page with it.
  private static func scrolling(_ table: String) -> String { "<div class=\"scroll\">\(table)</div>\n" }

  private static func drawn(_ picture: any Picture, _ attributes: String) -> String {
    var svg = SVG()
    picture.draw(&svg)
    return """
      <svg \(attributes)viewBox="0 0 \(picture.width) \(picture.height)" role="img" aria-label="\(Markup.escaped(picture.caption))">
      \(svg.text)</svg>
      """
  }

  /// Its blocks as markup, for a page of somebody else's that has `styleSheet`.
  public var fragment: ReportFragment {
    var body = ""
    for block in blocks {
      switch block {
      case .heading(let text): body += "<h2>\(Markup.escaped(text))</h2>\n"
      case .paragraph(let text): body += "<p>\(Markup.escaped(text))</p>\n"
      case .note(let text): body += "<p class=\"note\">\(Markup.escaped(text))</p>\n"
      case .table(let columns, let rows):
        let head = columns.map { "<th scope=\"col\">\(Markup.escaped($0.header))</th>" }.joined()
        let lines = rows.map { row in
          "<tr>\(zip(columns, row).map { Self.cell($1, isText: $0.use == .text, label: $0.header) }.joined())</tr>\n"
        }.joined()
        let isWide = columns.count > Self.mostColumnsOfTelephone
        body += Self.scrolling(
          "<table\(isWide ? " class=\"tall\"" : "")><thead><tr>\(head)</tr></thead><tbody>\n\(lines)</tbody></table>"
        )
      case .facts(let facts):
        let lines = facts.map {
          "<tr><th scope=\"row\">\(Markup.escaped($0.name))</th>\(Self.cell($0.text, isText: true))</tr>\n"
        }
        body += Self.scrolling("<table class=\"facts\"><tbody>\n\(lines.joined())</tbody></table>")
      case .picture(let picture):
        let drawn =
          if let narrow = picture.narrow {
            Self.drawn(picture, "class=\"wide\" ") + Self.drawn(narrow, "class=\"narrow\" ")
          } else { Self.drawn(picture, "") }
        body +=
          "<figure>\(drawn)<figcaption>\(Markup.escaped(picture.captionWithMarks))</figcaption></figure>\n"
      }
    }
    return ReportFragment(markup: body)
  }

  /// The styles of what `fragment` has: tables and pictures, in light, dark and on paper.
  public static let styleSheet = """
    figure{margin:1rem 0;break-inside:avoid} figure svg{width:100%;height:auto}
    .scroll{overflow-x:auto} td.text{min-width:7em;overflow-wrap:anywhere} .facts th{font-weight:600;white-space:nowrap;width:1%}
    .narrow{display:none;max-width:30rem}
    @media screen and (max-width:47rem){.wide{display:none}.narrow{display:block}.facts th{white-space:normal;width:auto}}
    \(tallTables)
    \(SVG.style)
    """

  private static let tallTables =
    "@media screen and (max-width:30rem){.tall thead{display:none}.tall,.tall tbody,.tall tr,.tall td{display:block}"
    + ".tall tr{padding:.35rem 0;border-bottom:1px solid #8888}.tall td{border:0;padding:.1rem 0}.tall td:empty{display:none}"
    + ".tall td::before{content:attr(data-label) \": \";opacity:.75}}"

  /// One file without scripts or links to anywhere, for a screen in light or dark and for A4 and Letter paper.
  public var html: String {
    """
    <!DOCTYPE html>
    <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(Markup.escaped(title))</title>
    <style>
    :root{color-scheme:light dark}
    body{font:16px/1.45 system-ui,sans-serif;max-width:46rem;margin:1.5rem auto;padding:0 1rem;color:#1a1a1a;background:#fff;overflow-wrap:break-word}
    h1{font-size:1.5rem;margin:0} h2{font-size:1.1rem;margin:1.4rem 0 .4rem} .scope,.note,figcaption,footer{color:#5f5f5f;font-size:.85rem}
    figure{margin:1rem 0;break-inside:avoid} svg{width:100%;height:auto} table{border-collapse:collapse;width:100%;font-size:.9rem}
    .scroll{overflow-x:auto} th,td{text-align:left;padding:.2rem .5rem .2rem 0;border-bottom:1px solid #d9d9d9;vertical-align:top} tr{break-inside:avoid} td.text{min-width:7em;overflow-wrap:anywhere} .facts th{font-weight:600;white-space:nowrap;width:1%}
    .narrow{display:none;max-width:30rem}
    @media screen and (max-width:47rem){.wide{display:none}.narrow{display:block}.facts th{white-space:normal;width:auto}table{font-size:.8rem}th,td{padding-right:.3rem}}
    \(Self.tallTables)
    @media (prefers-color-scheme:dark){body{color:#eee;background:#16181b}.scope,.note,figcaption,footer{color:#b0b0b0}th,td{border-color:#444}}
    @page{margin:11mm}
    @media print{:root{font-size:9.5pt} svg{width:70%} th,td{padding-top:.1rem;padding-bottom:.1rem} .scroll{overflow:visible}body{font-size:9.5pt;line-height:1.32;max-width:none;margin:0;padding:0;color:#000;background:#fff}h2{break-after:avoid;margin:.8rem 0 .2rem} p,figure{margin:.4rem 0} footer p{margin:.2rem 0}.scope,.note,figcaption,footer{color:#444}}
    \(SVG.style)
    </style></head><body>
    <header><h1>\(Markup.escaped(title))</h1><p class="scope">\(Markup.escaped(scope))</p></header>
    <main>
    \(fragment.markup)</main>
    <footer><p>\(Markup.escaped(Self.disclaimer))</p></footer>
    </body></html>

    """
  }
}
