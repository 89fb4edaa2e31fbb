import UnknotKit

/// A body from behind and from the front: drawn for this project, in a frame of 160 by 470 with its middle at x = 0.
/// There is no view from the side: all that would be in it is seen on the edge of the front, too.
enum BodyOutline: String, CaseIterable {
  case back
  case front

  typealias Point = (x: Double, y: Double)

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
  static let points: [Point] = half + half.dropFirst().dropLast().reversed().map { (-$0.x, $0.y) }

  /// As if one looked at somebody else: no mirror.
  var leftIsOnTheLeft: Bool { self == .back }

  /// Where a site or a target is shown: a view, and a point of the half that has the larger x.
  static func place(_ name: String) -> (view: BodyOutline, x: Double, y: Double)? {
    switch name {
    case "neck": (.back, 6, 75)
    case "shoulder": (.back, 44, 105)
    case "upper-back": (.back, 18, 120)
    case "mid-back": (.back, 17, 156)
    case "low-back": (.back, 16, 205)
    case "sacrum": (.back, 6, 234)
    case "tailbone": (.back, 3, 252)
    case "buttock": (.back, 26, 267)
    case "hip": (.front, 45, 256)
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
    case "glute-min": (.back, 40, 240)
    case "tfl": (.front, 34, 222)
    default: nil
    }
  }

  /// Half the width and half the height of what is shaded where a site hurts on one side.
  static func extent(_ site: String) -> (x: Double, y: Double) {
    switch site {
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

  /// Whether it is also seen in this view, though it is shown in another one.
  func shows(_ name: String) -> Bool {
    if Self.place(name)?.view == self { return true }
    return ["neck", "shoulder", "hip", "thigh", "knee", "calf", "ankle", "foot"].contains(name)
  }

  /// Whether there is one on the left and one on the right.
  static func isPaired(_ site: String) -> Bool {
    Catalogue.siteDescriptions.first { $0.id == site }?.hasSides ?? false
  }

  /// Where it lies in this view, by side; both sides where it is said of both, the middle where of neither.
  func points(_ name: String, side: String?) -> [Point] {
    guard let place = Self.place(name) else { return [] }
    let left = leftIsOnTheLeft ? -place.x : place.x
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
    let extent = Self.extent(site)
    if side == nil || side == "midline", !Self.isPaired(site) {
      return [((0, place.y), (place.x + extent.x, extent.y))]
    }
    return points(site, side: side ?? "both").map { ($0, extent) }
  }
}
