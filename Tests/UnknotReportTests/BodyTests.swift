import Foundation
import Testing

@testable import UnknotKit
@testable import UnknotReport

/// The body map: what is drawn where, and that it can be told apart.
@Suite struct BodyTests {
  /// Pain on either side, on both and in the middle; more referrals than there are arrows for.
  static let full = BodyFigures(
    pain: [
      .init(site: "low-back", side: nil, ratings: 1_234, mean: 1.7, worst: 9),
      .init(site: "low-back", side: "left", ratings: 3, mean: 10, worst: 10),
      .init(site: "buttock", side: "both", ratings: 2, mean: 4, worst: 5),
      .init(site: "thigh", side: nil, ratings: 2, mean: 0, worst: 0),
      .init(site: "upper-back", side: "midline", ratings: 99, mean: 6.5, worst: 7),
      .init(site: "foot", side: "right", ratings: 1, mean: 8, worst: 8),
    ],
    work: ["erector-mid", "ql", "glute-med", "glute-max", "glute-min", "tfl"].enumerated().flatMap {
      [
        BodyFigures.Work(target: $1, side: "left", minutes: 155 - Double($0) * 20),
        BodyFigures.Work(target: $1, side: "right", minutes: 0.2 + Double($0) * 10),
      ]
    },
    referrals: [
      .init(target: "erector-mid", side: "left", site: "buttock", bouts: 17),
      .init(target: "glute-med", side: "left", site: "low-back", bouts: 24),
      .init(target: "glute-min", side: "left", site: "thigh", bouts: 19),
      .init(target: "ql", side: "left", site: "hip", bouts: 15),
      .init(target: "tfl", side: "right", site: "buttock", bouts: 14),
      .init(target: "ql", side: "right", site: "groin", bouts: 3),
      .init(target: "glute-max", side: "right", site: "foot", bouts: 2),
    ],
    ratings: 1_341, days: nil)

  static func picture(_ figures: BodyFigures) -> BodyPicture {
    BodyPicture(figures: figures, caption: "n = 1 rating")
  }

  /// No label lies on another or outside, and neither does a line, a ring or a shade.
  @Test func nothingIsOutsideAndNoLabelsLieOnEachOther() throws {
    let html = Report.body(Self.full, FigureRange()).html
    let drawings = try PageTests.drawings(html)
    #expect(drawings.map(\.kind) == ["wide", "narrow"])
    for drawing in drawings {
      for (index, label) in drawing.labels.enumerated() {
        #expect(label.left >= -2 && label.right <= drawing.width + 4, "\(drawing.kind): \(label.words)")
        #expect(label.y >= 8 && label.y <= drawing.height, "\(drawing.kind): \(label.words)")
        if drawing.kind == "narrow" { #expect(label.size * PageTests.room / drawing.width >= 11) }
        for other in drawing.labels[..<index] {
          let isApart =
            label.right <= other.left || other.right <= label.left || abs(label.y - other.y) >= 11
          #expect(isApart, "\(drawing.kind): \(label.words) on \(other.words)")
        }
      }
      for match in drawing.text.matches(of: /\bc?x[12]?="([-0-9.]+)"/) {
        let x = try #require(Double(match.1))
        #expect(x >= 0 && x <= drawing.width)
      }
      for match in drawing.text.matches(of: /\bc?y[12]?="([-0-9.]+)"/) {
        let y = try #require(Double(match.1))
        #expect(y >= 0 && y <= drawing.height)
      }
      for match in drawing.text.matches(of: /[MLQ ]([-0-9.]+) ([-0-9.]+)(?=[LQZ "])/) {
        let (x, y) = (try #require(Double(match.1)), try #require(Double(match.2)))
        #expect(x >= 0 && x <= drawing.width && y >= 0 && y <= drawing.height)
      }
    }
  }

  /// The commonest, and it is said how many there are besides.
  @Test func arrowsAreFew() throws {
    let picture = Self.picture(Self.full)
    #expect(picture.arrows.arrows.count == 5 && picture.arrows.left == 2)
    var svg = SVG()
    picture.draw(&svg)
    // One more explains them.
    #expect(svg.text.components(separatedBy: "class=\"arrow\"").count - 1 == 6)
    #expect(svg.text.contains("2 more without an arrow"))
    // From where both ends are seen: what is pressed at the outside of the hip is felt down the outside of the leg.
    #expect(picture.arrows.arrows.map(\.view) == [.back, .left, .back, .back, .right])
    #expect(picture.arrows.arrows.map(\.site) == ["low-back", "thigh", "buttock", "hip", "buttock"])
  }

  @Test func arrowsDoNotCross() throws {
    let year = try PictureTests.journal(.year).body(FigureRange())
    for figures in [Self.full, year] {
      let arrows = Self.picture(figures).arrows.arrows
      #expect(arrows.count > 2)
      for (index, arrow) in arrows.enumerated() {
        for other in arrows[..<index] where other.view == arrow.view {
          #expect(!BodyArrows.cross(arrow.points, other.points), "\(arrow.site), \(other.site)")
        }
      }
    }
  }

  /// A shade is larger than the largest ring, so that none hides it.
  @Test func painIsSeenBelowPresses() throws {
    var svg = SVG()
    Self.picture(Self.full).draw(&svg)
    let radii = svg.text.matches(of: /r="([0-9.]+)" class="work"/).compactMap { Double($0.1) }
    let largest = try #require(radii.max())
    for site in ["low-back", "mid-back", "upper-back", "buttock"] {
      let extent = BodyOutline.back.extent(site)
      #expect(min(extent.x, extent.y) > largest, "\(site)")
    }
    // The legend's two among them: areas as minutes.
    #expect(radii.count == 14)
    let (small, large) = (radii[12], radii[13])
    #expect(abs(large * large / (small * small) - 4) < 0.1)
    #expect(svg.text.contains(">30 min<") && svg.text.contains(">120 min<"))
    for mean in ["1.7", "10.0, n 3", "4.0, n 2", "6.5, n 99"] { #expect(svg.text.contains(">\(mean)<")) }
  }

  /// Every site and every target has its place, and every place is on the body's frame.
  @Test func everythingHasAPlace() throws {
    for name in Catalogue.sites.words + Catalogue.targets.words {
      let views = BodyOutline.views(of: name, side: "left")
      #expect(views.count == 1 && views[0] != .right && views[0].shows(name), "\(name)")
      for view in BodyOutline.allCases where view.shows(name) {
        for point in view.points(name, side: nil) {
          #expect(abs(point.x) < 76 && point.y > 8 && point.y < 470, "\(name), \(view)")
        }
        let (left, right) = (view.points(name, side: "left"), view.points(name, side: "right"))
        switch view {
        case .back: #expect(left.allSatisfy { $0.x < 0 } && right.allSatisfy { $0.x > 0 }, "\(name)")
        case .front: #expect(left.allSatisfy { $0.x > 0 } && right.allSatisfy { $0.x < 0 }, "\(name)")
        case .left: #expect(left.count == 1 && right.isEmpty, "\(name)")
        case .right: #expect(left.isEmpty && right.count == 1, "\(name)")
        }
      }
    }
  }

  /// The outside of the hip is seen from its side, and no view is drawn that has nothing on it.
  @Test(
    arguments: [
      ("left", [BodyOutline.left]), ("right", [.right]), ("both", [.left, .right]), (nil, [.left, .right]),
    ] as [(String?, [BodyOutline])]) func sidesAreDrawnWhereSomethingLies(side: String?, views: [BodyOutline])
  {
    let pain = BodyFigures(
      pain: [.init(site: "hip", side: side, ratings: 3, mean: 4, worst: 6)], work: [], referrals: [],
      ratings: 3,
      days: nil)
    let work = BodyFigures(
      pain: [], work: [.init(target: "tfl", side: side, minutes: 3)], referrals: [], ratings: 0, days: nil)
    for figures in [pain, work] {
      var picture = Self.picture(figures)
      #expect(picture.views == views)
      var svg = SVG()
      picture.draw(&svg)
      for view in views { #expect(svg.text.contains("seen from your \(view.rawValue)")) }
      for width in [40, 80] {
        let lines = picture.lines(width: width).joined(separator: "\n")
        for view in [BodyOutline.left, .right] {
          #expect(lines.contains("\(view.rawValue) side") == views.contains(view), "\(width)")
        }
      }
      picture.isNarrow = true
      #expect(picture.views == views)
    }
    let back = BodyFigures(
      pain: [.init(site: "low-back", side: side, ratings: 3, mean: 4, worst: 6)], work: [], referrals: [],
      ratings: 3,
      days: nil)
    #expect(Self.picture(back).views == [.back])
  }

  /// What is near the middle has its words on its own side.
  @Test(arguments: ["sacrum", "tailbone", "neck", "low-back", "buttock"]) func wordsStandOnTheirSide(
    site: String
  ) throws {
    var svg = SVG()
    Self.picture(
      BodyFigures(
        pain: [
          .init(site: site, side: "left", ratings: 1, mean: 8, worst: 8),
          .init(site: site, side: "right", ratings: 1, mean: 2, worst: 2),
        ], work: [], referrals: [], ratings: 2, days: nil)
    ).draw(&svg)
    func x(_ words: String) throws -> Double {
      let match = try #require(svg.text.firstMatch(of: try Regex("<text x=\"([-0-9.]+)\"[^>]*>\(words)<")))
      return try #require(match.output[1].substring.flatMap { Double($0) })
    }
    #expect(try x("8.0, n 1") < 360 && x("2.0, n 1") > 360)
  }

  @Test func labelsMoveApartTogether() {
    #expect(BodyLabels.tops([(100, 20), (100, 20), (300, 10)]) == [80, 100, 295])
    #expect(BodyLabels.tops([(0, 20), (5, 20)]) == [0, 20])
  }

  /// In a terminal: what was pressed, on which side and how long.
  @Test(arguments: [20, 40, 80]) func linesNameThePresses(_ width: Int) {
    let lines = Self.picture(Self.full).lines(width: width)
    for line in lines { #expect(Table.width(of: line) <= max(24, width), "\(line)") }
    let text = lines.joined(separator: " ").split(separator: " ").joined(separator: " ")
    for words in [
      "low back (left) mean 10.0, n 3", "erector-mid left 155.0 min, right 0.2 min",
      "tfl left 55.0 min, right 50.2 min",
    ] { #expect(text.contains(words), "\(width): \(words)") }
    #expect(text.contains("your left is on the left") == (width > 20))
  }
}
