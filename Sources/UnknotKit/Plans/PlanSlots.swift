import UnknotEngine

/// How it stands with one slot of a plan.
public enum SlotState: String, Sendable {
  /// It can be done now.
  case open
  /// A session filled it.
  case done
  /// A session that was ended early filled it.
  case partial
  /// Its time is over, and nothing filled it.
  case missed
  /// The person said why it was left out: it does not count.
  case excused
  /// The plan rests on that day: it does not count.
  case paused
  /// It was moved to another time: it does not count here.
  case moved
  /// Its time has not come.
  case upcoming

  /// What it adds to the score, in halves; nil: it neither breaks nor extends.
  var halves: Int? {
    switch self {
    case .done: 2
    case .partial: 1
    case .missed: 0
    case .open, .excused, .paused, .moved, .upcoming: nil
    }
  }
}

/// One slot of one day: derived from a plan, never stored.
struct PlanSlot: Hashable {
  let plan: Dot
  let day: LocalDay
  let name: SlotName
  var state: SlotState
  var session: Dot?

  /// As exceptions and sessions name it.
  var key: String { "\(day)/\(name)" }
}

/// A plan as slots are derived from it.
struct PlanTerms {
  let id: Dot
  let from: LocalDay
  /// The last day; nil: open-ended.
  var until: LocalDay?
  var slots: [SlotName: WeekdaySet]
  var exceptions: [String: SlotState] = [:]
  /// First day to last day; nil: until it is resumed.
  var pauses: [LocalDay: LocalDay?] = [:]
  /// Of a trial: the first days of its blocks, in order, and their arms.
  var blocks: [(from: LocalDay, arm: String)] = []

  /// The arm of that day; nil outside of a trial.
  func arm(on day: LocalDay) -> String? {
    guard from <= day, until.map({ day <= $0 }) ?? true else { return nil }
    return blocks.last { $0.from <= day }?.arm
  }

  func isPaused(on day: LocalDay) -> Bool {
    pauses.contains { first, last in first <= day && last.map { day <= $0 } ?? true }
  }
}

extension SlotName {
  /// A morning is over at noon, everything else with the local day.
  func isOver(at minute: Int) -> Bool {
    minutes.count > 1 && minutes.lowerBound == 0 && minute >= minutes.upperBound
  }
}

/// A session as it may fill a slot.
struct SlotFiller: Hashable {
  let id: Dot
  let day: LocalDay
  /// On the clock where it was, counted from midnight of its local day: past 1440 after the next midnight.
  let minute: Int
  var isPartial = false
  var plan: Dot?
  var slot: String?
  /// Sessions that are probably this one, recorded on another device: together they fill one slot.
  var twins: Set<Dot> = []
  /// Those that somebody said are not this one.
  var distinct: Set<Dot> = []
}

enum PlanSlots {
  /// The plan in force: that with the latest first day, of two the one with the greater id.
  static func inForce(_ plans: [PlanTerms], on day: LocalDay) -> PlanTerms? {
    let begun = plans.filter { plan in
      plan.from <= day && (plan.until.map { plan.from <= $0 } ?? true)
    }
    guard let latest = begun.max(by: { ($0.from, $0.id) < ($1.from, $1.id) }) else { return nil }
    return latest.until.map { day <= $0 } ?? true ? latest : nil
  }

  /// The slots of the days, in the order of time.
  ///
  /// - Parameter now: the local day that is now, and the minute since its midnight.
  static func derive(
    _ plans: [PlanTerms], _ sessions: [SlotFiller], days: ClosedRange<LocalDay>,
    now: (day: LocalDay, minute: Int)
  ) -> [PlanSlot] {
    var slots: [PlanSlot] = []
    for number in days.lowerBound.number...days.upperBound.number {
      let day = LocalDay(number: number)
      guard let plan = inForce(plans, on: day) else { continue }
      // In a trial of resting, nothing is due on its days.
      if let arm = plan.arm(on: day), bytewiseEqual(arm, TrialPlan.rest) { continue }
      var ofDay = plan.slots.filter { $0.value.contains(day) }.keys
        .sorted { ($0.minutes.lowerBound, $0.description) < ($1.minutes.lowerBound, $1.description) }
        .map { PlanSlot(plan: plan.id, day: day, name: $0, state: plainState($0, on: day, now: now)) }
      fill(&ofDay, sessions.filter { $0.day == day })
      for index in ofDay.indices where ofDay[index].session == nil {
        if let state = plan.exceptions[ofDay[index].key] {
          ofDay[index].state = state
        } else if plan.isPaused(on: day) {
          ofDay[index].state = .paused
        }
      }
      slots += ofDay
    }
    return slots
  }

  /// Without a session: a morning is over at noon, everything else with the local day.
  private static func plainState(
    _ name: SlotName, on day: LocalDay, now: (day: LocalDay, minute: Int)
  ) -> SlotState {
    if day < now.day { return .missed }
    if day > now.day { return .upcoming }
    if name.isOver(at: now.minute) { return .missed }
    return now.minute < name.minutes.lowerBound ? .upcoming : .open
  }

  /// Each session fills one slot at most: the one that it names, else the nearest that is free. Of two that name one
  /// slot, or that are probably one, the second fills none, until somebody said that they are two; but what was done
  /// to its end goes before what was not.
  private static func fill(_ slots: inout [PlanSlot], _ sessions: [SlotFiller]) {
    let ordered = sessions.sorted { ($0.minute, $0.id) < ($1.minute, $1.id) }
    // Also those that fill none because another one does.
    var ofSlot = slots.map { _ in [Dot]() }
    func settle(_ index: Int, _ session: SlotFiller) {
      ofSlot[index].append(session.id)
      let isFree = slots[index].session == nil
      guard isFree || slots[index].state == .partial && !session.isPartial else { return }
      slots[index].session = session.id
      slots[index].state = session.isPartial ? .partial : .done
    }
    func settleWithTwin(_ session: SlotFiller) -> Bool {
      guard let index = ofSlot.firstIndex(where: { $0.contains(where: session.twins.contains) }) else {
        return false
      }
      settle(index, session)
      return true
    }
    var others: [SlotFiller] = []
    for session in ordered {
      let named = slots.firstIndex { session.plan == $0.plan && session.slot.map($0.key.isSame) ?? false }
      guard let named else {
        others.append(session)
        continue
      }
      // Noon lies between the two: each device named the slot that its session was near.
      if settleWithTwin(session) { continue }
      if slots[named].session.map(session.distinct.contains) ?? false {
        others.append(session)
      } else {
        settle(named, session)
      }
    }
    for session in others where !settleWithTwin(session) {
      let free = slots.indices.filter { slots[$0].session == nil }
      let nearest = free.min {
        (distance(slots[$0].name, session.minute), $0) < (distance(slots[$1].name, session.minute), $1)
      }
      if let nearest { settle(nearest, session) }
    }
  }

  private static func distance(_ name: SlotName, _ minute: Int) -> Int {
    let last = name.minutes.upperBound == 1440 && name.minutes.count > 1 ? Int.max : name.minutes.upperBound
    return minute < name.minutes.lowerBound
      ? name.minutes.lowerBound - minute : minute < last ? 0 : minute - last + 1
  }

  /// The forgiving score, 0 to 1: after 7 due slots a slot counts half as much. Nil until one was due.
  static func score(_ slots: [PlanSlot]) -> Double? {
    // 2 to the power of -1/7.
    let kept = 0.905_723_664_263_906_7
    return slots.compactMap(\.state.halves).reduce(nil) { score, halves in
      let value = Double(halves) / 2
      return score.map { $0 * kept + value * (1 - kept) } ?? value
    }
  }
}

extension String {
  fileprivate func isSame(_ other: String) -> Bool { bytewiseEqual(self, other) }
}
