import UnknotKit

/// A body from behind, from the front and from its sides: drawn for this project, in a frame of 160 by 470 with its middle
/// at x = 0.
enum BodyOutline: String, CaseIterable {
  case back
  case front
  /// The person's left side, looking to the left.
  case left
  case right

  typealias Point = (x: Double, y: Double)
  /// Where something is drawn: what lies at the outside of the hip is seen best from there.
  private enum Aspect { case back, front, side }

  /// The right half of a body that is seen from behind, from the crown down to between the legs.
  private static let half: [Point] = [
    (0, 8), (12, 10), (20, 22), (22, 38), (18, 54), (10, 64), (10, 72), (13, 80), (30, 88), (50, 95),
    (58, 108),
    (62, 140), (66, 180), (70, 215), (74, 245), (76, 264), (73, 281), (66, 282), (63, 265), (60, 240),
    (56, 210),
    (50, 175), (46, 140), (42, 122), (40, 150), (37, 180), (36, 196), (40, 215), (46, 235), (48, 255),
    (46, 290),
    (41, 330), (36, 350), (37, 376), (35, 398), (30, 430), (27, 448), (38, 463), (10, 467), (12, 446),
    (14, 420),
    (17, 386), (15, 355), (12, 320), (7, 285), (2, 264), (0, 261),
  ]

  /// The same for both: they are told apart by what is written above them.
  private static let frontal: [Point] = half + half.dropFirst().dropLast().reversed().map { (-$0.x, $0.y) }

  /// Looking to the left: from the crown down the back, and up the front.
  private static let lateral: [Point] = [
    (2, 8), (14, 11), (22, 24), (23, 38), (18, 52), (12, 62), (14, 76), (21, 92), (26, 112), (28, 135),
    (25, 160), (19, 185), (16, 203), (19, 222), (29, 240), (33, 256), (30, 272), (22, 290), (18, 320),
    (17, 345), (15, 356), (22, 375), (25, 394), (21, 415), (13, 438), (13, 452), (16, 463), (6, 466),
    (-20, 466), (-38, 465), (-40, 457), (-26, 450), (-10, 440), (-4, 425), (-3, 400), (-5, 375), (-10, 358),
    (-12, 345), (-12, 320), (-15, 290), (-18, 262), (-21, 240), (-25, 215), (-25, 190), (-24, 160),
    (-26, 135), (-22, 112), (-14, 95), (-8, 82), (-8, 70), (-15, 63), (-19, 56), (-19, 47), (-24, 41),
    (-18, 31), (-18, 18), (-8, 9),
  ]

  /// Held forward, so that the hip is seen.
  private static let arm: [Point] = [
    (-2, 98), (8, 104), (11, 122), (4, 148), (-6, 170), (-22, 193), (-36, 212), (-46, 222), (-50, 215),
    (-41, 200), (-30, 182), (-18, 164), (-10, 144), (-9, 118), (-8, 103),
  ]

  /// What is drawn of a body, below everything else.
  var shapes: [[Point]] {
    switch self {
    case .back, .front: [Self.frontal]
    case .left: [Self.lateral, Self.arm]
    case .right: [Self.lateral, Self.arm].map { $0.map { (-$0.x, $0.y) } }
    }
  }

  /// What is written above it.
  var title: String {
    switch self {
    case .back, .front: rawValue
    case .left, .right: "\(rawValue) side"
    }
  }

  /// What lies on the left and on the right of the drawing, as if one looked at somebody else: no mirror.
  var ends: (left: String, right: String) {
    switch self {
    case .back: ("left", "right")
    case .front: ("right", "left")
    case .left: ("front", "back")
    case .right: ("back", "front")
    }
  }

  private var isFromTheSide: Bool { self == .left || self == .right }

  /// Where a site or a target is shown: an aspect, and a point of the half that has the larger x as it is seen from behind or
  /// from the front.
  private static func place(_ name: String) -> (aspect: Aspect, x: Double, y: Double)? {
    switch name {
    case "neck": (.back, 6, 75)
    case "shoulder": (.back, 44, 105)
    case "upper-back": (.back, 18, 120)
    case "mid-back": (.back, 17, 156)
    case "low-back": (.back, 16, 205)
    case "sacrum": (.back, 6, 234)
    case "tailbone": (.back, 3, 252)
    case "buttock": (.back, 26, 267)
    case "hip": (.side, 45, 256)
    case "groin": (.front, 14, 258)
    case "thigh": (.front, 28, 308)
    case "knee": (.front, 26, 352)
    case "calf": (.back, 26, 394)
    case "ankle": (.front, 22, 441)
    case "foot": (.front, 22, 456)
    case "erector-mid": (.back, 12, 168)
    case "ql": (.back, 27, 194)
    case "glute-med": (.back, 28, 220)
    case "glute-max": (.back, 19, 253)
    case "glute-min": (.side, 40, 240)
    case "tfl": (.side, 34, 222)
    default: nil
    }
  }

  /// Where it is seen from the left.
  private static func lateralPlace(_ name: String) -> Point? {
    switch name {
    case "neck": (4, 73)
    case "shoulder": (1, 108)
    case "buttock": (22, 256)
    case "hip": (0, 254)
    case "thigh": (1, 308)
    case "knee": (1, 352)
    case "calf": (9, 394)
    case "ankle": (4, 441)
    case "foot": (-14, 458)
    case "glute-med": (13, 226)
    case "glute-min": (6, 238)
    case "tfl": (-10, 228)
    default: nil
    }
  }

  /// Half the width and half the height of what is shaded where a site hurts on one side.
  func extent(_ site: String) -> (x: Double, y: Double) {
    switch site {
    case "hip" where isFromTheSide: (14, 15)
    case "neck": (7, 9)
    case "shoulder": (13, 12)
    case "upper-back", "mid-back": (17, 16)
    case "low-back": (17, 15)
    case "sacrum": (7, 11)
    case "tailbone": (5, 7)
    case "buttock": (20, 17)
    case "hip": (8, 15)
    case "groin": (10, 10)
    case "thigh": (14, 30)
    case "calf": (9, 22)
    case "ankle": (8, 7)
    case "foot": (10, 6)
    default: (10, 11)
    }
  }

  /// Where a site or a target is shown: in one view, or in that of each side that it is on. Of one that no side is said of, both.
  static func views(of name: String, side: String?) -> [BodyOutline] {
    switch place(name)?.aspect {
    case .back: [.back]
    case .front: [.front]
    case .side: side == "left" ? [.left] : side == "right" ? [.right] : [.left, .right]
    case nil: []
    }
  }

  func holds(_ name: String, side: String?) -> Bool { Self.views(of: name, side: side).contains(self) }

  /// Whether it is seen in this view, though it may be shown in another one.
  func shows(_ name: String) -> Bool {
    if isFromTheSide { return Self.lateralPlace(name) != nil }
    switch Self.place(name)?.aspect {
    case .back where self == .back, .front where self == .front: return true
    default: return ["neck", "shoulder", "hip", "thigh", "knee", "calf", "ankle", "foot"].contains(name)
    }
  }

  /// Whether there is one on the left and one on the right.
  static func isPaired(_ site: String) -> Bool {
    Catalogue.siteDescriptions.first { $0.id == site }?.hasSides ?? false
  }

  /// Where it lies in this view, by side; both sides where it is said of both, the middle where of neither.
  func points(_ name: String, side: String?) -> [Point] {
    if isFromTheSide {
      guard let place = Self.lateralPlace(name) else { return [] }
      let isHere = side == rawValue || side != "left" && side != "right"
      return isHere ? [(self == .left ? place.x : -place.x, place.y)] : []
    }
    guard let place = Self.place(name) else { return [] }
    let left = self == .back ? -place.x : place.x
    switch side {
    case "left": return [(left, place.y)]
    case "right": return [(-left, place.y)]
    case "both": return [(left, place.y), (-left, place.y)]
    default: return [(0, place.y)]
    }
  }

  /// What is shaded for pain of a site. Of one that is in the middle of the body, a whole piece; of a paired one that
  /// no side is said of, both, since between the legs there is nothing that could hurt.
  func shades(_ site: String, side: String?) -> [(center: Point, extent: Point)] {
    guard let place = Self.place(site) else { return [] }
    let extent = extent(site)
    if !isFromTheSide, side == nil || side == "midline", !Self.isPaired(site) {
      return [((0, place.y), (place.x + extent.x, extent.y))]
    }
    return points(site, side: side ?? "both").map { ($0, extent) }
  }
}
