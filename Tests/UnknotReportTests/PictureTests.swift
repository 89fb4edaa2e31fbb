import Foundation
import FoundationXML
import TestSupport
import Testing
import UnknotKit

@testable import UnknotReport

extension FigureRange {
  /// Of the lower back, as the demonstration is.
  init(since: LocalDay? = nil, until: LocalDay? = nil) {
    self.init(since: since, until: until, site: Catalogue.defaultSite)
  }
}

/// Reports of no data, one point, a week, a year and two devices in conflict, in every form.
@Suite struct PictureTests {
  static let utc = TimeZone(secondsFromGMT: 0) ?? .current

  enum Data: String, CaseIterable { case none, point, week, year, conflicts, hostile }

  static let year: Journal? = try? demonstration(365)

  static func demonstration(_ days: Int) throws -> Journal {
    let last = try LocalDay("2026-05-31")
    return try Demonstration(days: last.adding(1 - days)...last).write(to: nil, zone: utc)
  }

  static func journal(_ data: Data) throws -> Journal {
    switch data {
    case .none:
      return try Journal(path: nil, deviceName: "d", environment: thursday(), zone: utc, stateFolder: nil)
    case .point:
      let journal = try Journal(
        path: nil, deviceName: "d", environment: thursday(), zone: utc, stateFolder: nil)
      _ = try journal.ratePain(4)
      return journal
    case .week: return try demonstration(7)
    case .year: return try #require(year)
    case .conflicts:
      let phone = try Journal(
        path: nil, deviceName: "phone", environment: thursday(seed: 3), zone: utc, stateFolder: nil)
      let laptop = try Journal(
        path: nil, deviceName: "laptop", environment: thursday(seed: 4), zone: utc, stateFolder: nil)
      let id = try phone.ratePain(4).records[0].id
      let temporary = try TemporaryFolder()
      let folder = temporary.path
      _ = try phone.export(to: folder + "/1", folder: folder, for: nil, full: true)
      _ = try laptop.importFiles([.path(folder + "/1")])
      _ = try laptop.edit(id, ["score=7"])
      _ = try phone.edit(id, ["score=2"])
      _ = try laptop.export(to: folder + "/2", folder: folder, for: nil, full: true)
      _ = try phone.importFiles([.path(folder + "/2")])
      return phone
    case .hostile:
      let journal = try Journal(
        path: nil, deviceName: "<b>&", environment: thursday(), zone: utc, stateFolder: nil)
      let text = "</text><script>alert(\"1\")</script>&amp; \u{202e}\u{1b}"
      _ = try journal.openEpisode(trigger: "</text><script>alert(\"1\")</script>&amp; \u{202e}")
      _ = try journal.addSpot("ql/left", label: "<i>\"'&")
      _ = try journal.logSession(bouts: [try BoutText("ql/left:45s")], before: 0, after: 10)
      _ = try journal.setTrial(TrialEntry("<a>", "\"b\" & c"))
      #expect(throws: KitError.self) { try journal.ratePain(1, note: text) }
      return journal
    }
  }

  static func reports(_ journal: Journal, _ range: FigureRange = FigureRange()) throws -> [(
    name: String, report: Report
  )] {
    try ReportKind.allCases.map { ($0.rawValue, try $0.report(journal, range)) }
  }

  @Test(arguments: Data.allCases) func everyFormOfEveryReport(_ data: Data) throws {
    for (name, report) in try Self.reports(try Self.journal(data)) {
      let what = Comment(rawValue: "\(name), \(data)")
      // n on it, and JSON that anything reads.
      #expect(report.scope.contains("n = "), what)
      #expect(throws: Never.self, what) {
        try JSONSerialization.jsonObject(with: Foundation.Data(report.json.pretty().utf8))
      }
      #expect(report.json.compact.contains("\"report\":\"\(name)\"") || name == "week", what)
      if let svg = report.svg {
        let parser = XMLParser(data: Foundation.Data(svg.utf8))
        #expect(parser.parse(), what)
        #expect(!svg.contains("<script") && !svg.contains("nan") && !svg.contains("inf"), what)
      }
      let html = report.html
      for forbidden in ["<script", "http://", "https://", "src=", "@import", "url("] {
        #expect(!html.contains(forbidden), "\(name), \(data): \(forbidden)")
      }
      #expect(html.contains("not a medical device") && html.contains("prefers-color-scheme:dark"), what)
      for width in [20, 40, 80, 200] {
        for plain in [false, true] {
          let lines = report.lines(width: width, plain: plain)
          #expect(lines.contains { $0.contains("medical") }, what)
          for line in lines {
            // What cannot be broken may be longer on the narrowest; pictures and tables may not.
            #expect(Table.width(of: line) <= max(width, 24), "\(name), \(data), \(width): \(line)")
            #expect(!line.unicodeScalars.contains { $0.value < 32 }, what)
            if plain { #expect(!line.unicodeScalars.contains { (0x2580...0x28ff).contains($0.value) }, what) }
          }
        }
      }
    }
  }

  /// Pain was lower after, or it was not; nothing worked, and nobody is cured.
  @Test(arguments: Data.allCases) func theyClaimNothing(_ data: Data) throws {
    for (name, report) in try Self.reports(try Self.journal(data)) {
      // The statistic's name says nothing of what was done.
      let text = report.lines(width: nil, plain: true).joined(separator: " ").lowercased()
        .replacing("effective number of pairs", with: "")
      for word in ["worked", "works ", "cure", "heal", "effective ", "thanks to", "correlat", "because of"] {
        #expect(!text.contains(word), "\(name): \(word)")
      }
    }
  }

  /// A picture's words say what it shows, with n and its days.
  @Test func everyPictureHasItsTextTwin() throws {
    for (name, report) in try Self.reports(
      try Self.journal(.year), FigureRange(until: try LocalDay("2026-05-31")))
    {
      for case .picture(let picture) in report.blocks {
        #expect(
          picture.caption.contains("n = ") && picture.caption.contains("20"), "\(name): \(picture.caption)")
      }
    }
  }

  /// A month's name stands where the month begins, and all are as far apart as months are.
  @Test(arguments: [
    ("2025-12-01", "2026-11-30", 8, ["Jan 2026", "Apr 2026", "Jul 2026", "Oct 2026"]),
    ("2026-01-01", "2026-12-31", 4, ["Jan 2026", "Apr 2026", "Jul 2026", "Oct 2026"]),
    ("2016-03-05", "2026-03-04", 8, ["Jan 2018", "Jan 2020", "Jan 2022", "Jan 2024", "Jan 2026"]),
    ("2026-05-14", "2026-05-14", 8, ["14 May"]), ("0001-01-01", "9999-12-31", 8, nil),
  ]) func monthsStandWhereTheyBegin(first: String, last: String, most: Int, labels: [String]?) throws {
    let ticks = TimeAxis(days: try LocalDay(first)...LocalDay(last)).ticks(most)
    if let labels { #expect(ticks.map(\.label) == labels) }
    #expect(ticks.count <= most + 1 && !ticks.isEmpty)
    for tick in ticks where tick.label.count > 6 { #expect(tick.day.description.hasSuffix("-01")) }
  }

  /// A check-in of 3 does not hide the 9 of the same day: the picture of the days shows both, and says what the line is.
  @Test func aHighRatingIsSeenBesideTheDaysValue() throws {
    let journal = try Journal(
      path: nil, deviceName: "d", environment: thursday(moving: true), zone: Self.utc, stateFolder: nil)
    _ = try journal.ratePain(3, context: "scheduled")
    func picture() throws -> (svg: String, marks: String) {
      let report = Report.trend(try journal.trend(FigureRange()))
      guard case .picture(let picture) = report.blocks[0] else { return ("", "") }
      return (try #require(report.svg), picture.marks)
    }
    let alone = try picture()
    #expect(!alone.svg.contains("class=\"high\"") && alone.marks.isEmpty)
    _ = try journal.ratePain(9)
    let beside = try picture()
    #expect(beside.svg.contains("class=\"high\"") && beside.svg.contains("highest rating of the day"))
    #expect(beside.svg.contains(">highest<"))
  }

  /// What only a drawn picture has is not told of a terminal's, and nothing of marks where there is no picture.
  @Test func marksAreToldWhereTheyAreSeen() throws {
    for (name, report) in try Self.reports(
      try Self.journal(.year), FigureRange(until: try LocalDay("2026-05-31")))
    {
      let plain = report.lines(width: nil, plain: true).joined(separator: " ")
      let drawn = report.lines(width: nil, plain: false).joined(separator: " ")
      for word in ["ollow", "riangle", "ashed:", "mpty frame", "colour of their own"] {
        #expect(!plain.contains("\(word)") || plain.contains("shows them hollow"), "\(name): \(word)")
        #expect(!drawn.contains("\(word)") || drawn.contains("shows them hollow"), "\(name): \(word)")
      }
      for case .picture(let picture) in report.blocks where !picture.marks.isEmpty {
        #expect(report.html.contains(Markup.escaped(picture.marks)), "\(name)")
      }
    }
  }

  /// Changes of six pairs and more have an interval, and up to nineteen say how little that is.
  @Test(arguments: [1, 5, 6, 19, 20]) func howSureIsSaid(_ count: Int) throws {
    let journal = try Journal(
      path: nil, deviceName: "d", environment: thursday(moving: true), zone: Self.utc, stateFolder: nil)
    for index in 0..<count {
      _ = try journal.logSession(
        bouts: [try BoutText("ql/left:45s")], before: 5 + index % 2, after: 4 - index % 3)
    }
    let report = Report.effect(try journal.effect(FigureRange()))
    let text = report.lines(width: nil, plain: true).joined(separator: " ")
    #expect(text.contains("too few for an interval") == (count < 6))
    #expect(text.contains("wide uncertainty") == (6..<20).contains(count))
    #expect(report.json.compact.contains("\"interval\":null") == (count < 6))
  }

  /// Before its end a trial tells no result; at its end all of it.
  @Test func aTrialIsLookedAtOnce() throws {
    let journal = try Self.journal(.year)
    let over = Report.trial(try journal.trial(FigureRange()))
    #expect(over.lines(width: nil, plain: true).contains { $0.hasPrefix("p, two-sided") })
    let begun = try Self.journal(.none)
    _ = try begun.setTrial(TrialEntry("wall", "floor"))
    _ = try begun.logSession(bouts: [try BoutText("ql/left:45s")], before: 6, after: 4)
    let open = Report.trial(try begun.trial(FigureRange()))
    #expect(!open.lines(width: nil, plain: true).contains { $0.hasPrefix("p, two-sided") })
    #expect(open.json.compact.contains("\"p\":null") && !over.json.compact.contains("\"p\":null"))
  }

  /// What was recorded from memory is drawn hollow.
  @Test func memoryIsHollow() throws {
    let journal = try Self.journal(.none)
    let now = journal.now.milliseconds
    _ = try journal.ratePain(5)
    #expect(try !(#require(Report.trend(try journal.trend(FigureRange())).svg)).contains("class=\"hollow\""))
    _ = try journal.ratePain(3, at: Moment(milliseconds: now - 86_400_000, offsetMinutes: 0))
    let svg = try #require(Report.trend(try journal.trend(FigureRange())).svg)
    // One in the picture, one in what explains it.
    #expect(svg.components(separatedBy: "class=\"hollow\"").count == 3)
  }

  /// Lines of braille stand where the dots are.
  @Test func braille() {
    var canvas = Braille(columns: 2, rows: 1)
    canvas.set(0, 0)
    canvas.set(3, 3)
    canvas.set(9, 9)
    canvas.set(-1, 0)
    #expect(canvas.lines == ["\u{2801}\u{2880}"])
  }

  @Test func numbersAreWrittenAlikeEverywhere() {
    #expect(Number.text(-0.04) == "0.0" && Number.text(-1.25) == "−1.3" && Number.text(2.5, 0) == "3")
    #expect(Number.signed(0.04) == "0.0" && Number.signed(0.05) == "+0.1")
    #expect(Number.json(-0.5).compact == "-0.5000" && Number.json(.nan).compact == "null")
    #expect(Number.coordinate(-0.001) == "0" && Number.coordinate(1.205) == "1.21")
  }
}

/// Thursday 2026-05-14, 18:00 UTC; each look at it a minute later where it moves.
func thursday(seed: UInt64 = 1, moving: Bool = false) -> TestEnvironment {
  TestEnvironment(seed: seed, clock: TestClock(1_778_781_600_000, step: moving ? 60_000 : 0))
}
