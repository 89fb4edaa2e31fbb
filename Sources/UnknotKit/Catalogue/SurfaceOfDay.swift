/// Where to press today, whatever the person likes better and a routine's steps say: one rule for what is suggested and for what
/// a session begins with.
public struct SurfaceOfDay: Hashable, Sendable {
  /// "floor", "wall" or "chair".
  public let surface: String
  /// Why, a phrase in English without a full stop.
  public let why: String

  /// From this rating on, the wall.
  static let leastForWall = 7

  /// What the body does not bear goes first; then what a trial asks for, whose surfaces the person has chosen; then what suits
  /// the day.
  ///
  /// - Parameters:
  ///   - contraindications: those that are about what is to be pressed.
  ///   - arm: of the trial that runs, today's, where it is a surface.
  ///   - rating: the latest within a day, 0–10.
  ///   - floorIsFine: false: getting down to the floor is not.
  /// - Returns: nil: nothing asks for one.
  static func choose(
    contraindications: [Profile.Contraindication], arm: String?, rating: Int?, floorIsFine: Bool?
  ) -> SurfaceOfDay? {
    if let found = contraindications.first(where: \.asksForWall) {
      return SurfaceOfDay(surface: "wall", why: "your profile says \(found.item)")
    }
    if let arm { return SurfaceOfDay(surface: arm, why: "today's turn in the trial") }
    if let rating, rating >= leastForWall {
      return SurfaceOfDay(
        surface: "wall", why: "your latest rating is \(rating), and there you set the pressure with your feet"
      )
    }
    return floorIsFine == false ? SurfaceOfDay(surface: "wall", why: "the floor does not suit you") : nil
  }
}
