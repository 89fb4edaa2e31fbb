import Testing
import UnknotCausality

@testable import UnknotKit

@Suite struct PlanSlotsTests {
  let thursday: LocalDay
  let terms: PlanTerms

  init() throws {
    thursday = try LocalDay("2026-05-14")
    terms = PlanTerms(
      id: Self.dot(1), from: thursday.adding(-2), until: nil,
      slots: [try SlotName("am"): try WeekdaySet("daily"), try SlotName("pm"): try WeekdaySet("daily")])
  }

  static func dot(_ seq: UInt64) -> Dot { Dot(ActorID([UInt8](repeating: 1, count: 16))!, seq) }

  func states(_ plans: [PlanTerms], _ sessions: [SlotFiller] = [], minute: Int = 600) -> [SlotState] {
    PlanSlots.derive(
      plans, sessions, days: thursday.adding(-2)...thursday.adding(1), now: (thursday, minute)
    ).map(\.state)
  }

  @Test func stateOfEachSlot() {
    let done = SlotFiller(id: Self.dot(2), day: thursday.adding(-2), minute: 500)
    // At two in the night: still the evening of the day before.
    let late = SlotFiller(id: Self.dot(3), day: thursday.adding(-1), minute: 1560, isPartial: true)
    #expect(
      states([terms], [late, done])
        == [.done, .missed, .missed, .partial, .open, .upcoming, .upcoming, .upcoming])
    #expect(states([terms], minute: 720)[4...5] == [.missed, .open])
    #expect(states([terms], minute: 1600)[5] == .open)
  }

  @Test func excusedAndPausedLeaveTheScore() {
    var other = terms
    other.exceptions["2026-05-12/pm"] = .excused
    other.pauses[thursday.adding(-1)] = .some(thursday.adding(-1))
    let done = SlotFiller(id: Self.dot(2), day: thursday.adding(-2), minute: 500)
    #expect(states([other], [done])[0...3] == [.done, .excused, .paused, .paused])
    let slots = PlanSlots.derive(
      [other], [done], days: thursday.adding(-2)...thursday, now: (thursday, 600))
    #expect(PlanSlots.score(slots) == 1)
    #expect(PlanSlots.score([]) == nil)
  }

  @Test func halfAfterSevenSlots() throws {
    var plan = terms
    plan.slots = [try SlotName("am"): try WeekdaySet("daily")]
    let done = SlotFiller(id: Self.dot(2), day: plan.from, minute: 500)
    let today = plan.from.adding(8)
    let slots = PlanSlots.derive([plan], [done], days: plan.from...plan.from.adding(7), now: (today, 600))
    #expect(abs(try #require(PlanSlots.score(slots)) - 0.5) < 1e-12)
  }

  @Test func namedSlotComesBeforeTheNearest() {
    let named = SlotFiller(
      id: Self.dot(3), day: thursday, minute: 500, plan: terms.id, slot: "2026-05-14/pm")
    let near = SlotFiller(id: Self.dot(2), day: thursday, minute: 510)
    let slots = PlanSlots.derive([terms], [near, named], days: thursday...thursday, now: (thursday, 600))
    #expect(slots.map(\.session) == [near.id, named.id])
  }

  @Test func laterPlanNeverAltersThePast() {
    var later = terms
    later = PlanTerms(id: Self.dot(9), from: thursday, until: nil, slots: [:])
    var ended = terms
    ended.until = thursday.adding(-1)
    #expect(states([ended, later]) == Array(states([terms])[0...3]))
    #expect(states([later, terms]) == states([ended, later]))
  }

  /// A session names a slot of its own plan: of another plan's, the name says nothing.
  @Test func aSlotOfAnotherPlanIsNotMeant() throws {
    let other = SlotFiller(
      id: Self.dot(2), day: thursday, minute: 500, plan: Self.dot(7), slot: "2026-05-14/pm")
    let slots = PlanSlots.derive([terms], [other], days: thursday...thursday, now: (thursday, 600))
    #expect(slots.map(\.session) == [other.id, nil])
  }

  /// Whichever was earlier, and whether the two are probably one or name the same slot.
  @Test(arguments: [true, false], [(500, 510), (510, 500)])
  func whatWasDoneGoesBeforeWhatWasNot(areTwins: Bool, _ minutes: (part: Int, whole: Int)) {
    var part = SlotFiller(id: Self.dot(2), day: thursday, minute: minutes.part, isPartial: true)
    var whole = SlotFiller(id: Self.dot(3), day: thursday, minute: minutes.whole)
    if areTwins {
      (part.twins, whole.twins) = ([whole.id], [part.id])
    } else {
      (part.plan, whole.plan) = (terms.id, terms.id)
      (part.slot, whole.slot) = ("2026-05-14/am", "2026-05-14/am")
    }
    #expect(states([terms], [part, whole])[4...5] == [.done, .upcoming])
  }

  /// One that fills none because another one does keeps its twin from filling a second.
  @Test(arguments: [true, false]) func theTwinOfWhatFillsNoneFillsNone(isPartial: Bool) {
    var first = SlotFiller(id: Self.dot(2), day: thursday, minute: 500, isPartial: isPartial)
    var second = SlotFiller(id: Self.dot(3), day: thursday, minute: 510)
    var twin = SlotFiller(id: Self.dot(4), day: thursday, minute: 520)
    (first.plan, first.slot) = (terms.id, "2026-05-14/am")
    (second.plan, second.slot) = (terms.id, "2026-05-14/am")
    // Of which of the two it is one is the same.
    for other in [first, second] {
      twin.twins = [other.id]
      #expect(states([terms], [first, second, twin])[4...5] == [.done, .upcoming])
    }
  }

  @Test func partCountsHalf() throws {
    var plan = terms
    plan.slots = [try SlotName("am"): try WeekdaySet("daily")]
    let part = SlotFiller(id: Self.dot(2), day: plan.from, minute: 500, isPartial: true)
    let slots = PlanSlots.derive([plan], [part], days: plan.from...plan.from, now: (thursday, 600))
    #expect(slots.map(\.state) == [.partial] && PlanSlots.score(slots) == 0.5)
  }

  /// Devices draw the same whatever comes first of what they hold.
  @Test func ofTwoPlansFromOneDayTheGreaterIdIsInForce() {
    let other = PlanTerms(id: Self.dot(9), from: terms.from, until: nil, slots: [:])
    for plans in [[terms, other], [other, terms]] {
      #expect(PlanSlots.inForce(plans, on: thursday)?.id == other.id)
    }
  }

  /// What was done is done, also where the slot was excused or rests.
  @Test func whatWasDoneIsDoneThoughItWasExcused() {
    var plan = terms
    plan.exceptions["2026-05-12/am"] = .excused
    plan.pauses[thursday.adding(-2)] = .some(thursday.adding(-2))
    let done = SlotFiller(id: Self.dot(2), day: thursday.adding(-2), minute: 500)
    #expect(states([plan], [done])[0...1] == [.done, .paused])
  }
}
