import Foundation
import Testing
import UnknotKit

@testable import UnknotReport

/// Pages on a telephone of 390 pixels and on wide screens.
@Suite struct PageTests {
  /// What the margins of a page leave.
  static let room = 390.0 - 2 * 16

  struct Label {
    let left: Double
    let right: Double
    let y: Double
    let size: Double
    let words: String
  }

  struct Drawing {
    /// "wide", "narrow" or, shown everywhere, nothing.
    let kind: String
    let width: Double
    let height: Double
    let text: String
    let labels: [Label]
  }

  static func drawings(_ html: String) throws -> [Drawing] {
    let frame =
      /<svg (?:class="(?<kind>\w+)" )?viewBox="0 0 (?<width>\d+) (?<height>\d+)"[^>]*>(?<text>.*?)<\/svg>/
      .dotMatchesNewlines()
    return try html.matches(of: frame).map { match in
      let text = String(match.text)
      return Drawing(
        kind: match.kind.map(String.init) ?? "", width: try #require(Double(match.width)),
        height: try #require(Double(match.height)), text: text, labels: try labels(text, html))
    }
  }

  /// As large as the page's own style says.
  static func labels(_ text: String, _ html: String) throws -> [Label] {
    func size(_ rule: String) throws -> Double {
      let rest = try #require(html.firstRange(of: rule).map { html[$0.upperBound...] })
      return try #require(rest.firstMatch(of: /font-size:(\d+)px/).flatMap { Double($0.1) })
    }
    let sizes = ["t": try size("svg text{"), "s": try size("svg .s{"), "h": try size("svg .h{")]
    let label =
      /<text x="(?<x>[-0-9.]+)" y="(?<y>[-0-9.]+)" text-anchor="(?<anchor>\w+)" class="(?<style>\w+)">(?<words>[^<]*)</
    return try text.matches(of: label).map { match in
      let size = try #require(sizes[String(match.style)])
      let x = try #require(Double(match.x))
      let words = String(match.words)
      let width = SVG.width(of: words) * size / 11
      let left = match.anchor == "start" ? x : match.anchor == "end" ? x - width : x - width / 2
      return Label(
        left: left, right: left + width, y: try #require(Double(match.y)), size: size, words: words)
    }
  }

  static func pages(_ data: PictureTests.Data) throws -> [(name: String, html: String)] {
    try PictureTests.reports(try PictureTests.journal(data))
      .map { ($0.name, $0.report.html) }
  }

  /// No letter of a picture is smaller than 11 pixels on a telephone, and none is where it is not seen.
  @Test(arguments: [PictureTests.Data.point, .week, .year]) func labelsCanBeRead(_ data: PictureTests.Data)
    throws
  {
    var count = 0
    for (name, html) in try Self.pages(data) {
      #expect(html.contains("<meta name=\"viewport\" content=\"width=device-width"))
      // Paper is as narrow as some screens, but has the wide ones.
      #expect(html.contains("@media screen and (max-width:47rem){.wide{display:none}.narrow{display:block}"))
      for drawing in try Self.drawings(html) {
        for label in drawing.labels {
          let what = Comment(rawValue: "\(name), \(drawing.kind): \(label.words)")
          if drawing.kind != "wide" {
            #expect(label.size * Self.room / drawing.width >= 11, what)
            count += 1
          }
          #expect(label.left >= -2 && label.right <= drawing.width + 4, what)
          #expect(label.y >= 8 && label.y <= drawing.height, what)
        }
      }
    }
    #expect(count > 20)
  }

  /// The axes say what they are.
  @Test func axesAreNamed() throws {
    let names = [
      "trend": ["pain 0–10", "day", "minutes pressed a week"], "effect": ["pain 0–10", "day"],
      "targets": ["minutes pressed"], "quality": ["pain 0–10"], "episode": ["since", "days"],
      "adherence": ["day"],
    ]
    for (name, html) in try Self.pages(.year) {
      for kind in ["wide", "narrow"] {
        let words = try Self.drawings(html).filter { $0.kind == kind }.flatMap(\.labels).map(\.words)
        for expected in names[name] ?? [] {
          #expect(
            words.contains { $0 == expected || $0.hasSuffix(": \(expected)") },
            "\(name), \(kind): \(expected)")
        }
      }
    }
  }

  /// Words of a table are whole; only free text, which may be one word without an end, is broken where it must.
  @Test(arguments: [PictureTests.Data.hostile, .year]) func cellsAreBrokenBetweenWords(
    _ data: PictureTests.Data
  ) throws {
    for (name, html) in try Self.pages(data) {
      #expect(!html.contains("break-all") && !html.contains("break-word;word"), "\(name)")
      // Of the style alone: looked for in a whole page, this takes minutes.
      let style = try #require(
        html.components(separatedBy: "<style>").last?.components(separatedBy: "</style>").first)
      let rules = style.matches(of: /([^{}]*)\{[^{}]*overflow-wrap:anywhere/).map {
        $0.1.split(whereSeparator: \.isWhitespace).last.map(String.init)
      }
      #expect(rules == ["td.text"], "\(name)")
      #expect(html.contains("td.text{min-width:"))
      let tables = html.components(separatedBy: "<table")
      #expect(tables.dropLast().allSatisfy { $0.hasSuffix("<div class=\"scroll\">") }, "\(name)")
    }
  }

  /// Both sides of a target are one pair under one name, in the picture, the table and the lines; JSON is as it was.
  @Test func sidesStandTogether() throws {
    let figures = try PictureTests.journal(.year).targets(FigureRange())
    let report = Report.targets(figures)
    let targets = Set(figures.rows.map(\.target))
    #expect(targets.count < figures.rows.count)
    func runs(_ names: [String]) -> Int { zip(names, names.dropFirst()).count { $0 != $1 } + 1 }
    var seen = 0
    for block in report.blocks {
      if case .table(let columns, let rows) = block, columns.first?.header == "target" {
        #expect(rows.count == figures.rows.count && runs(rows.map { $0[0] }) == targets.count)
        let sides = Dictionary(grouping: rows) { $0[0] }.values.map { $0.map { $0[1] } }
        #expect(sides.contains(["left", "right"]) && !sides.contains(["right", "left"]))
        seen += 1
      }
      if case .picture(let picture as BarPicture) = block {
        #expect(runs(picture.bars.compactMap { $0.group?.name }) == targets.count)
        seen += 1
      }
    }
    #expect(seen == 2)
    for drawing in try Self.drawings(report.html) {
      for target in targets {
        #expect(drawing.labels.count { $0.words == target } == 1, "\(drawing.kind): \(target)")
      }
    }
    let written = report.json.compact.matches(of: /"target":"([^"]*)"/).map { String($0.1) }
    #expect(written == figures.rows.map(\.target))
  }

  /// Neither bars nor triangles of a whole year lie on each other.
  @Test func marksOfAYearAreApart() throws {
    let html = try #require(try Self.pages(.year).first { $0.name == "trend" }?.html)
    let drawings = try Self.drawings(html)
    #expect(drawings.map(\.kind) == ["wide", "narrow"])
    for drawing in drawings {
      let bars = drawing.text.matches(
        of: /<rect x="([-0-9.]+)" y="[-0-9.]+" width="([-0-9.]+)"[^>]*class="bar"/
      )
      .compactMap { match in Double(match.1).flatMap { x in Double(match.2).map { (x, x + $0) } } }
      let triangles = drawing.text.matches(of: /<path d="M([-0-9.]+) ([-0-9.]+)L([-0-9.]+) [^>]*class="mark"/)
        .compactMap { match -> (y: String, from: Double, to: Double)? in
          guard let x = Double(match.1), let right = Double(match.3) else { return nil }
          return (String(match.2), 2 * x - right, right)
        }
      // The one that explains them stands on a line of its own.
      let row = triangles.filter { $0.y == triangles[0].y }.map { ($0.from, $0.to) }
      for marks in [bars, row] {
        #expect(marks.count > 30 && marks.count <= 53, "\(drawing.kind)")
        for (one, next) in zip(marks, marks.dropFirst()) { #expect(one.1 < next.0, "\(drawing.kind)") }
      }
    }
  }
}
