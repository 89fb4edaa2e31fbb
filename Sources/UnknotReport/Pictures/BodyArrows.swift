import UnknotKit

/// From where something was pressed to where that was felt: the commonest few, bent so that they lie on each other as
/// little as can be.
struct BodyArrows {
  typealias Point = BodyOutline.Point

  struct Arrow {
    let view: BodyOutline
    let site: String
    /// In the frame of the outline, from the middle of the ring to the tip.
    let points: [Point]
  }

  /// More than these would be a tangle.
  static let most = 5

  private(set) var arrows: [Arrow] = []
  /// How many referrals have none.
  private(set) var left = 0

  private struct Wish {
    let view: BodyOutline
    let site: String
    let from: Point
    let to: Point
  }

  /// - Parameter marks: of each view, what an arrow should rather not lie on.
  init(_ referrals: [BodyFigures.Referral], marks: [BodyOutline: [(center: Point, radius: Double)]]) {
    // What is as common stays in the figures' order.
    let ordered = referrals.enumerated().sorted {
      ($1.element.bouts, $0.offset) < ($0.element.bouts, $1.offset)
    }
    var wishes: [Wish] = []
    for (_, referral) in ordered {
      let own = Self.wishes(referral)
      if own.isEmpty || wishes.count + own.count > Self.most { left += 1 } else { wishes += own }
    }
    let choices = wishes.map { wish in Self.bends.map { Self.curve(wish, bend: $0) } }
    let picked = Self.picked(wishes, choices, marks)
    arrows = zip(wishes, picked).map { Arrow(view: $0.view, site: $0.site, points: $1) }
  }

  /// Where the target is shown, unless the site cannot be seen there.
  private static func wishes(_ referral: BodyFigures.Referral) -> [Wish] {
    // On the left or on the right: nobody said.
    let hasSide = referral.side == "left" || referral.side == "right" || referral.side == "both"
    if !hasSide, BodyOutline.isPaired(referral.site) { return [] }
    let own = BodyOutline.views(of: referral.target, side: referral.side)
    let isSeen = own.allSatisfy { $0.shows(referral.site) }
    let views = isSeen ? own : BodyOutline.views(of: referral.site, side: referral.side)
    return views.flatMap { view in
      zip(
        view.points(referral.target, side: referral.side), view.points(referral.site, side: referral.side)
      ).compactMap { from, to in
        distance(from, to) > 6 ? Wish(view: view, site: referral.site, from: from, to: to) : nil
      }
    }
  }

  // MARK: Bends

  /// Of the arrow's length, of long ones less, outwards on its side of the body; the first is liked best.
  private static let bends = [0.3, 0.5, 0.15, 0.8, -0.2, -0.45, 1.1, -0.8]

  private static func distance(_ a: Point, _ b: Point) -> Double {
    ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)).squareRoot()
  }

  private static func curve(_ wish: Wish, bend: Double) -> [Point] {
    let (from, to) = (wish.from, wish.to)
    let (dx, dy) = (to.x - from.x, to.y - from.y)
    // Across it, away from the body's middle: to the right where it lies in the middle.
    let outward = from.x + to.x < 0 ? -1.0 : 1
    let sign = -dy * outward >= 0 ? 1.0 : -1
    // So that one down to a foot stays on the leg.
    let bend = sign * bend * min(1, 60 / max(1, distance(from, to)))
    let control = ((from.x + to.x) / 2 - dy * bend, (from.y + to.y) / 2 + dx * bend)
    return (0...20).map { step -> Point in
      let t = Double(step) / 20
      let (a, b, c) = ((1 - t) * (1 - t), 2 * t * (1 - t), t * t)
      return (a * from.x + b * control.0 + c * to.x, a * from.y + b * control.1 + c * to.y)
    }
  }

  /// Every choice of bends is looked at, unless a better one is known: there are few arrows.
  private static func picked(
    _ wishes: [Wish], _ choices: [[[Point]]], _ marks: [BodyOutline: [(center: Point, radius: Double)]]
  ) -> [[Point]] {
    let own = zip(wishes, choices).map { wish, curves in
      curves.enumerated().map { index, curve in
        let others = (marks[wish.view] ?? []).filter { distance($0.center, wish.from) > 1 }
        let hits = others.count { mark in curve.contains { distance($0, mark.center) < mark.radius + 2 } }
        let isFar = curve.contains { abs($0.x) > 74 || $0.y < 10 || $0.y > 464 }
        return Double(index) + Double(hits) * 4 + (isFar ? 30 : 0)
      }
    }
    // Of each two arrows and each two bends of them: looked up many times below.
    let between = wishes.indices.map { one in
      (0..<one).map { other in
        choices[one].map { curve in
          choices[other].map { wishes[one].view == wishes[other].view ? clash(curve, $0) : 0 }
        }
      }
    }
    var best: (cost: Double, choice: [Int]) = (.infinity, [])
    func look(_ choice: [Int], _ cost: Double) {
      guard cost < best.cost else { return }
      let next = choice.count
      guard next < wishes.count else {
        best = (cost, choice)
        return
      }
      for index in choices[next].indices {
        let clashes = choice.indices.reduce(0) { $0 + between[next][$1][index][choice[$1]] }
        look(choice + [index], cost + own[next][index] + clashes)
      }
    }
    look([], 0)
    return zip(choices, best.choice).map { $0[$1] }
  }

  /// To cross is worst; beside each other they could be taken for one.
  private static func clash(_ one: [Point], _ other: [Point]) -> Double {
    guard let end = one.last, let otherEnd = other.last else { return 0 }
    let isShared = distance(end, otherEnd) < 1
    let near = one.count { point in
      !(isShared && distance(point, end) < 10) && other.contains { distance($0, point) < 7 }
    }
    return (cross(one, other) ? 100 : 0) + Double(near) * 4
  }

  /// Two that end at the same place may meet there.
  static func cross(_ one: [Point], _ other: [Point]) -> Bool {
    guard let end = one.last, let otherEnd = other.last else { return false }
    let isShared = distance(end, otherEnd) < 1
    func turn(_ a: Point, _ b: Point, _ c: Point) -> Double {
      (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
    }
    for (a, b) in zip(one, one.dropFirst()) {
      for (c, d) in zip(other, other.dropFirst()) {
        if isShared, distance(b, end) < 8, distance(d, end) < 8 { continue }
        if turn(a, b, c) * turn(a, b, d) < 0, turn(c, d, a) * turn(c, d, b) < 0 { return true }
      }
    }
    return false
  }
}
