/// A body from behind, from the front and from its right side: drawn for this project, in a frame of 160 by 470 with
/// its middle at x = 0.
enum BodyOutline: String, CaseIterable {
  case back
  case front
  case side

  typealias Point = (x: Double, y: Double)

  /// The right half of a body that is seen from behind, from the crown down to between the legs.
  private static let half: [Point] = [
    (0, 8), (12, 10), (20, 22), (22, 38), (18, 54), (10, 64), (10, 72), (13, 80), (30, 88), (50, 95),
    (58, 108),
    (62, 140), (66, 180), (70, 215), (74, 245), (76, 264), (73, 281), (66, 282), (63, 265), (60, 240),
    (56, 210),
    (50, 175), (46, 140), (42, 122), (40, 150), (37, 180), (36, 196), (40, 215), (46, 235), (48, 255),
    (46, 290),
    (41, 330), (36, 350), (37, 376), (35, 398), (30, 430), (27, 446), (33, 458), (14, 462), (12, 446),
    (14, 420),
    (17, 386), (15, 355), (12, 320), (7, 285), (2, 264), (0, 261),
  ]

  /// Facing right.
  private static let profile: [Point] = [
    (0, 8), (14, 10), (22, 22), (24, 34), (28, 42), (23, 46), (22, 56), (12, 62), (12, 75), (20, 90),
    (28, 112),
    (27, 136), (24, 165), (25, 190), (28, 215), (24, 240), (22, 270), (24, 300), (20, 340), (20, 353),
    (16, 390),
    (12, 430), (14, 446), (34, 456), (34, 462), (-12, 462), (-12, 448), (-8, 430), (-16, 390), (-12, 355),
    (-16, 320), (-20, 286), (-28, 264), (-30, 243), (-20, 215), (-12, 195), (-14, 174), (-22, 140),
    (-24, 112),
    (-18, 90), (-12, 76), (-14, 62), (-20, 50), (-22, 30), (-14, 12),
  ]

  var points: [Point] {
    switch self {
    case .back, .front: Self.half + Self.half.dropFirst().dropLast().reversed().map { (-$0.x, $0.y) }
    case .side: Self.profile
    }
  }

  /// Where a site or a target is shown: a view, and a point of the right half of the back or the left of the front.
  static func place(_ name: String) -> (view: BodyOutline, x: Double, y: Double)? {
    switch name {
    case "neck": (.back, 6, 75)
    case "shoulder": (.back, 44, 104)
    case "upper-back": (.back, 18, 120)
    case "mid-back": (.back, 17, 158)
    case "low-back": (.back, 14, 205)
    case "sacrum": (.back, 6, 232)
    case "tailbone": (.back, 3, 250)
    case "buttock": (.back, 26, 262)
    case "hip": (.side, 42, 240)
    case "groin": (.front, 14, 258)
    case "thigh": (.front, 27, 300)
    case "knee": (.front, 26, 351)
    case "calf": (.back, 26, 394)
    case "ankle": (.front, 22, 440)
    case "foot": (.front, 22, 455)
    case "erector-mid": (.back, 12, 172)
    case "ql": (.back, 27, 196)
    case "glute-med": (.back, 33, 228)
    case "glute-max": (.back, 22, 250)
    case "glute-min": (.back, 41, 246)
    case "tfl": (.front, 41, 226)
    default: nil
    }
  }

  /// Where it lies, by side; both sides where it is said of both, the middle where of neither.
  ///
  /// - Parameter view: nil: the one that it is shown on. From the side, left and right lie beside each other.
  static func points(
    _ name: String, side: String?, on view: BodyOutline? = nil
  ) -> (view: BodyOutline, points: [Point])? {
    guard let place = place(name) else { return nil }
    let view = view ?? place.view
    // From behind, the left is on the left; from the front, on the right.
    let left =
      switch view {
      case .back: -place.x
      case .front: place.x
      case .side: -9.0
      }
    switch side {
    case "left": return (view, [(left, place.y)])
    case "right": return (view, [(-left, place.y)])
    case "both": return (view, [(left, place.y), (-left, place.y)])
    default: return (view, [(0, place.y)])
    }
  }
}
