import Foundation
import UnknotEngine

/// Lives through the days: back pain that comes in episodes and eases by itself, sessions that ease it a little for an
/// hour, mornings that are forgotten.
final class DemonstrationPerson {
  private var random: SplitMix
  private let days: ClosedRange<LocalDay>
  private let zone: TimeZone
  private let clock: DemonstrationClock
  /// What makes one day worse than another and lasts into the next.
  private var mood = 0.0
  private var spots: [(id: Dot, target: String, side: String)] = []
  private var ball: Dot?
  private var planned: Plan = .none
  private var isOpen = false

  private enum Plan { case none, course, maintenance, trial }

  /// Of each year: the day an episode begins and ends, its worst pain, and in how many days that falls to a third.
  private static let episodes: [(from: Int, until: Int, worst: Double, fall: Double, trigger: String)] = [
    (20, 58, 7.2, 16, "four days of digging, bent over"), (172, 236, 6.1, 24, "long drives"),
    (318, 346, 5.2, 11, "lifted a box in a hurry"),
  ]

  init(seed: UInt64, days: ClosedRange<LocalDay>, zone: TimeZone, clock: DemonstrationClock) {
    random = SplitMix(state: seed)
    self.days = days
    self.zone = zone
    self.clock = clock
  }

  /// - Parameter minute: after midnight, on the clock where the person is.
  func moment(_ day: LocalDay, _ minute: Int) -> Moment {
    let local = Int64(day.number) * Moment.millisecondsPerDay + Int64(minute) * 60_000
    let guess = Moment(milliseconds: local, in: zone)
    return Moment(milliseconds: local - Int64(guess.offsetMinutes) * 60_000, in: zone)
  }

  private func chance(_ share: Double) -> Bool { random.share() < share }

  private func score(_ level: Double) -> Int { max(0, min(10, Int(level.rounded()))) }

  func begin(_ journal: Journal) throws(KitError) {
    _ = try journal.editProfile(["made_up=yes"])
    _ = try journal.addBall("firm rubber on a rope", ["kind=rubber", "firmness=4", "on_rope=yes"])
    for (place, label) in [
      ("ql/left", "under the last rib"), ("glute-med/left", "under the rim"),
      ("erector-mid/right", "by the blade"),
    ] {
      _ = try journal.addSpot(place, label: label)
    }
    let found = try journal.read { session in
      (
        try session.records(.ball, fields: []).first?.id,
        try session.records(.spot, fields: [.target, .side]).compactMap { record in
          if case .text(let target) = record[.target], case .text(let side) = record[.side] {
            (id: record.id, target: target, side: side)
          } else {
            nil
          }
        }
      )
    }
    (ball, spots) = found
    _ = try journal.recordCheck([])
  }

  func live(_ journal: Journal, _ day: LocalDay) throws(KitError) {
    let number = day.number - days.lowerBound.number
    let ofYear = number % 365
    let episode = Self.episodes.first { $0.from <= ofYear && ofYear <= $0.until }
    if let episode, episode.from == ofYear { try open(journal, day, episode.trigger) }
    if let episode, episode.until == ofYear { try close(journal, day) }
    try plan(journal, day, ofYear)

    mood = 0.55 * mood + 0.75 * random.normal()
    var level = 0.7 + mood
    if let episode { level += episode.worst * exp(-Double(ofYear - episode.from) / episode.fall) }
    try checkIn(journal, day, level)
    let sessions = try self.sessions(journal, day, level)
    if sessions == 0, chance(0.35) { try pairWithout(journal, day, level) }
    try others(journal, day, level)
    if day.weekday == 6, chance(0.8) {
      clock.set(moment(day, 20 * 60).milliseconds)
      _ = try journal.recordPEG(
        pain: score(level), enjoyment: score(level * 0.8 + random.normal() * 0.7),
        activity: score(level * 0.9 + random.normal() * 0.7))
    }
  }

  private func open(_ journal: Journal, _ day: LocalDay, _ trigger: String) throws(KitError) {
    clock.set(moment(day, 390).milliseconds)
    _ = try journal.openEpisode(
      try PlaceText(site: "low-back/left"), onset: moment(day, 380), trigger: trigger, firstEver: false)
    _ = try journal.recordCheck([])
    isOpen = true
  }

  private func close(_ journal: Journal, _ day: LocalDay) throws(KitError) {
    clock.set(moment(day, 395).milliseconds)
    if isOpen { _ = try journal.closeEpisode(at: moment(day, 392)) }
    isOpen = false
  }

  /// A course when an episode begins, then mornings of weekdays; in the autumn a trial.
  private func plan(_ journal: Journal, _ day: LocalDay, _ ofYear: Int) throws(KitError) {
    clock.set(moment(day, 396).milliseconds)
    if Self.episodes.contains(where: { $0.from + 1 == ofYear }) {
      _ = try journal.setPlan(PlanEntry(kind: "course"))
      planned = .course
    } else if Self.episodes.contains(where: { $0.from + 8 == ofYear }) {
      _ = try journal.setPlan(PlanEntry(kind: "maintenance"))
      planned = .maintenance
    } else if ofYear == 240 {
      _ = try journal.setTrial(TrialEntry("wall", "floor"))
      planned = .trial
    } else if ofYear == 272 {
      _ = try journal.setPlan(PlanEntry(kind: "maintenance"))
      planned = .maintenance
    } else if ofYear == 100, planned == .maintenance {
      _ = try journal.pausePlan(until: day.adding(6))
    }
  }

  private func checkIn(_ journal: Journal, _ day: LocalDay, _ level: Double) throws(KitError) {
    guard chance(0.87) else { return }
    let at = moment(day, 420 + random.below(25))
    var entry = PainEntry(score: score(level), at: at)
    entry.context = "scheduled"
    if chance(0.1) {
      // Remembered in the evening: recorded below, once the day has gone that far.
      late = (entry, moment(day, 21 * 60))
      return
    }
    clock.set(at.milliseconds + 40_000)
    _ = try journal.ratePain(entry)
  }
  private var late: (PainEntry, Moment)?

  // MARK: Sessions

  private func sessions(_ journal: Journal, _ day: LocalDay, _ level: Double) throws(KitError) -> Int {
    let isHoliday = (100..<107).contains((day.number - days.lowerBound.number) % 365)
    let wanted: [(minute: Int, share: Double)] =
      switch planned {
      case .none: level > 3 ? [(495, 0.5)] : []
      case .course: [(495, 0.9), (1140, 0.8)]
      case .maintenance: day.weekday < 5 ? [(495, 0.74)] : level > 4 ? [(600, 0.4)] : []
      case .trial: [(495, 0.88)]
      }
    var count = 0
    for (minute, share) in wanted where !isHoliday && chance(share) {
      count += 1
      try press(journal, moment(day, minute + random.below(40)), level + random.normal() * 0.4)
    }
    return count
  }

  private func press(_ journal: Journal, _ start: Moment, _ level: Double) throws(KitError) {
    let arm = planned == .trial ? try journal.trialToday()?.arm : nil
    let surface = arm ?? (level >= 6 ? "wall" : "floor")
    let all: [(target: String, seconds: Int)] = [
      ("erector-mid", 60), ("ql", 45), ("glute-max", 60), ("glute-med", 60), ("glute-min", 45), ("tfl", 45),
    ]
    let chosen = level > 3.5 ? all : all.filter { _ in chance(0.55) }
    let bouts = chosen.isEmpty ? [all[1]] : chosen
    let sides = level > 5 ? ["right", "left"] : ["left"]
    let total = bouts.reduce(0) { $0 + $1.seconds + 10 } * sides.count
    let end = Moment(milliseconds: start.milliseconds + Int64(total) * 1000, in: zone)
    let isRated = chance(0.82)
    let eased = level - 0.9 + random.normal() * 0.7
    let isPartial = chance(0.07)
    clock.set(end.milliseconds + 60_000)
    try journal.write("log") { session in
      var fields: [FieldName: Value] = [
        FieldName(.startedAt): start.value, FieldName(.endedAt): end.value,
        FieldName(.precision): .text("exact"), FieldName(.source): .text("timer"),
        FieldName(.status): (isPartial ? SessionStatus.partial : .done).value,
        FieldName(.surface): .text(surface),
      ]
      if let ball { fields[FieldName(.ball)] = .reference(ball) }
      if let episode = try session.openEpisode(at: start, nil) {
        fields[FieldName(.episode)] = .reference(episode)
      }
      if let (plan, slot) = try session.slotToFill(at: start) {
        fields[FieldName(.plan)] = .reference(plan)
        fields[FieldName(.slot)] = .text(slot)
      }
      let id = try session.create(.session, fields)
      for side in sides {
        for bout in isPartial ? bouts.prefix(max(1, bouts.count / 2)) : bouts[...] {
          try self.bout(session, id, bout, side, surface, level)
        }
      }
      guard isRated else { return }
      for (context, at, value) in [("before", start, level), ("after", end, eased)] {
        var rating = PainEntry(score: self.score(value), at: at)
        rating.context = context
        _ = try session.rate(rating, at: at, parent: id)
      }
    }
  }

  private func bout(
    _ session: JournalWriter, _ id: Dot, _ bout: (target: String, seconds: Int),
    _ side: String, _ surface: String, _ level: Double
  ) throws {
    let tender = max(1, min(8, 3 + level * 0.4 + (side == "left" ? 0.8 : 0) + random.normal()))
    let after = max(0, tender - 1.4 + random.normal() * 0.8)
    var fields: [FieldName: Value] = [
      FieldName(.target): .text(bout.target), FieldName(.side): .text(side),
      FieldName(.surface): .text(surface), FieldName(.seconds): .integer(Int64(bout.seconds)),
      FieldName(.plannedSeconds): .integer(Int64(bout.seconds)), FieldName(.technique): .text("hold"),
      FieldName(.outcome): BoutOutcome.done.value,
      FieldName(.discomfortStart): .integer(Int64(score(tender))),
      FieldName(.discomfortEnd): .integer(Int64(score(after))),
      FieldName(.release): .text(after <= tender / 2 ? "full" : after < tender ? "partial" : "none"),
    ]
    if let spot = spots.first(where: { $0.target == bout.target && $0.side == side }) {
      fields[FieldName(.spot)] = .reference(spot.id)
    }
    if side == "left", random.share() < 0.12 {
      let felt = ["ql": "hip", "glute-min": "thigh", "glute-med": "low-back", "erector-mid": "buttock"][
        bout.target]
      if let felt { fields[FieldName(.referredTo, key: felt)] = .present }
    }
    _ = try session.create(.bout, parent: id, fields)
  }

  // MARK: The rest of the day

  /// Two ratings of a day without a session, as far apart as those around one.
  private func pairWithout(_ journal: Journal, _ day: LocalDay, _ level: Double) throws(KitError) {
    let first = 600 + random.below(180)
    let before = level + random.normal() * 0.4
    for (minute, value) in [(first, before), (first + 11, before - 0.35 + random.normal() * 0.7)] {
      clock.set(moment(day, minute).milliseconds)
      _ = try journal.ratePain(PainEntry(score: score(value), at: moment(day, minute)))
    }
  }

  private func others(_ journal: Journal, _ day: LocalDay, _ level: Double) throws(KitError) {
    clock.set(moment(day, 19 * 60 + 50).milliseconds)
    for (kind, share, amount) in [
      ("walk", 0.4, "30m"), ("strength", day.weekday == 1 || day.weekday == 4 ? 0.6 : 0, "20m"),
      ("heat", level > 4 ? 0.4 : 0, "15m"), ("medication", level > 6 ? 0.6 : 0, "400mg"),
    ] where chance(share) {
      var factor = FactorEntry(kind: kind)
      factor.amount = amount
      _ = try journal.recordFactor(factor)
    }
    if level > 4, chance(0.3) {
      var rating = PainEntry(score: score(level - 2), site: try PlaceText(site: "buttock/left"))
      rating.qualities = ["ache"]
      _ = try journal.ratePain(rating)
    }
    guard let (entry, at) = late else { return }
    late = nil
    clock.set(at.milliseconds)
    var remembered = entry
    remembered.precision = "approx"
    _ = try journal.ratePain(remembered)
  }
}
