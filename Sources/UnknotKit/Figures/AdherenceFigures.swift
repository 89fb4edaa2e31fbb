import UnknotEngine

/// How the plan was kept.
public struct AdherenceFigures: Sendable {
  /// The range that was asked for.
  public let range: FigureRange
  /// In the order of time.
  public let slots: [SlotStatus]
  /// Of all due slots in the range, the later ones counting more; 0 … 100.
  public let score: Int?
  /// Slots that count: done, done in part or missed.
  public let due: Int
  /// Of the due slots, those that were done wholly or in part.
  public let done: Int
  /// The same of mornings and of afternoons.
  public let morning: (due: Int, done: Int)
  /// Of slots that begin at noon or later.
  public let afternoon: (due: Int, done: Int)
  /// How many were pressed in the range's sessions, also in those that fill no slot; skipped ones are left out.
  public let bouts: Int
  /// How long was pressed in those bouts, in minutes.
  public let minutes: Double
}

extension Journal {
  /// The slots from the first plan on, up to today, as far as they are in the range: the last ten years at most.
  public func adherence(_ range: FigureRange) throws(KitError) -> AdherenceFigures {
    try read { session in
      let today = try session.today().day
      let last = min(range.until ?? today, today)
      let begun = try session.plans().map(\.from).min() ?? today
      // No picture shows more than ten years, and a hostile plan can begin in the year 1.
      let first = max(range.since ?? begun, begun, last.adding(-3660))
      let slots = first <= last ? try session.slots(first...last) : []
      let sessions = try session.sessionPoints(range)
      let bouts = try session.boutPoints(sessions)
      func count(_ slots: [PlanSlot]) -> (due: Int, done: Int) {
        (slots.count { $0.state.halves != nil }, slots.count { ($0.state.halves ?? 0) > 0 })
      }
      let all = count(slots)
      return AdherenceFigures(
        range: range,
        slots: slots.map { slot in
          SlotStatus(
            day: slot.day, name: slot.name.description, state: slot.state, session: slot.session?.description,
            plan: slot.plan.description)
        }, score: PlanSlots.score(slots).map { Int(($0 * 100).rounded()) }, due: all.due, done: all.done,
        morning: count(slots.filter { $0.name.minutes.lowerBound < 720 }),
        afternoon: count(slots.filter { $0.name.minutes.lowerBound >= 720 }), bouts: bouts.count,
        minutes: Double(bouts.reduce(0) { $0 + $1.seconds }) / 60)
    }
  }
}
