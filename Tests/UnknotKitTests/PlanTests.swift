import Foundation
import SeededRandom
import Testing
import UnknotKit

/// Plans in the journal: slots are derived, the past stays what it was.
@Suite struct PlanTests {
  private let household: Household
  private let journal: Journal

  /// Thursday 2026-05-14, 06:00 in Berlin.
  init() throws {
    household = try Household(now: thursdayEvening - 12 * 3_600_000)
    journal = try household.device("phone")
  }

  private func states(_ days: Int = 0, of other: Journal? = nil) throws -> [String] {
    let journal = other ?? journal
    let today = try journal.today()
    return try journal.slots(today.adding(-days)...today).map { "\($0.day)/\($0.name) \($0.state.rawValue)" }
  }

  private func hours(_ count: Double) { household.advance(seconds: Int64(count * 3600)) }

  private func log(_ journal: Journal? = nil) throws -> JournalRecord {
    try (journal ?? self.journal).logSession(bouts: [try BoutText("ql/left:1m")]).records[0]
  }

  private func set(_ kind: String = "course", _ slots: String...) throws -> Written {
    var entry = PlanEntry(kind: kind)
    entry.slots = slots
    return try journal.setPlan(entry)
  }

  @Test func aCourseIsAWeekOfMorningsAndEvenings() throws {
    let plan = try set().only()
    #expect(
      plan[.slots].entries.map(\.key) == ["am", "pm"] && plan[.untilDay].day?.description == "2026-05-20")
    #expect(try states() == ["2026-05-14/am open", "2026-05-14/pm upcoming"])
    #expect(try log()[.slot].text == "2026-05-14/am")
    hours(7)
    #expect(try states() == ["2026-05-14/am done", "2026-05-14/pm open"])
    // Past midnight it still is the same day, until 04:00.
    hours(14)
    #expect(try states() == ["2026-05-14/am done", "2026-05-14/pm open"])
    #expect(try log()[.slot].text == "2026-05-14/pm")
    hours(1)
    #expect(
      try states(1).suffix(4) == [
        "2026-05-14/am done", "2026-05-14/pm done", "2026-05-15/am open", "2026-05-15/pm upcoming",
      ])
    #expect(try journal.adherence().score == 100)
    hours(24)
    let adherence = try journal.adherence()
    #expect(adherence.due == 4 && adherence.done == 2 && adherence.bouts == 2 && adherence.seconds == 120)
    let score = try #require(adherence.score)
    #expect((61..<100).contains(score))
  }

  /// The morning's session, recorded on both devices, is one morning and no evening.
  @Test(arguments: [true, false]) func twoSessionsOfOneSlotAreOneSlot(isNamed: Bool) throws {
    let laptop = try household.device("laptop")
    _ = try journal.ratePain(1)
    try household.carry(journal, laptop)
    if isNamed {
      _ = try set()
      try household.carry(journal, laptop)
    }
    hours(1)
    let first = try log(journal)
    household.advance(seconds: 120)
    let second = try log(laptop)
    if !isNamed {
      var entry = PlanEntry(kind: "course")
      entry.from = try journal.today()
      _ = try journal.setPlan(entry)
    }
    try household.exchange(journal, laptop)
    hours(20)
    for device in [journal, laptop] {
      #expect(
        try device.slots(LocalDay("2026-05-14")...LocalDay("2026-05-14")).map(\.state) == [.done, .open])
      #expect(try device.adherence(FigureRange()).done == 1)
    }
    // Once they are said to be two, the second is the evening's; merged, they are the morning's.
    let isDismissed = isNamed
    if isDismissed {
      _ = try journal.dismissDuplicate(first.id, second.id)
    } else {
      _ = try journal.mergeDuplicates(first.id, second.id)
    }
    #expect(
      try journal.slots(LocalDay("2026-05-14")...LocalDay("2026-05-14")).map(\.state)
        == [.done, isDismissed ? .done : .open])
  }

  @Test func aTrialIsNotEndedUnasked() throws {
    let trial = try journal.setTrial(TrialEntry("wall", "floor")).only()
    let error = try failure(.invalidValue) { try set() }
    #expect(
      error.message.hasPrefix("a trial runs until") && error.hint?.contains("the end of the trial") == true)
    _ = try failure(.invalidValue) { try journal.setTrial(TrialEntry("hold", "roll")) }
    #expect(try journal.show(trial.id)[.untilDay].day == trial[.untilDay].day)
    // After it, there is nothing to ask.
    var later = PlanEntry(kind: "course")
    later.from = trial[.untilDay].day?.adding(1)
    _ = try journal.setPlan(later)
    _ = try journal.undo()
    var entry = PlanEntry(kind: "course")
    entry.endsTrial = true
    _ = try journal.setPlan(entry)
    #expect(try journal.trialToday() == nil)
  }

  @Test func maintenanceIsMorningsOfTheWeek() throws {
    let plan = try set("maintenance").only()
    #expect(plan[.untilDay].isEmpty && plan[.reviewDay].day?.description == "2026-06-25")
    #expect(try states() == ["2026-05-14/am open"])
    household.advance(seconds: 2 * 86_400)
    #expect(try states() == [])
  }

  @Test func excusedSlotsNeitherBreakNorExtend() throws {
    _ = try set()
    _ = try log()
    household.advance(seconds: 86_400)
    let before = try journal.adherence().score
    _ = try journal.excuseSlot(nil, reason: "sick")
    _ = try journal.excuseSlot("2026-05-15/pm", reason: "travel")
    hours(23)
    #expect(try states(1).suffix(4).prefix(2) == ["2026-05-15/am excused", "2026-05-15/pm excused"])
    #expect(try journal.adherence().score == before)
    // One that was missed can be excused afterwards, and counts again when that is taken back.
    _ = try journal.excuseSlot("2026-05-14/pm")
    #expect(try journal.adherence().score == 100)
    _ = try journal.excuseSlot("2026-05-14/pm", undo: true)
    #expect(try journal.adherence().score == before)
    #expect(
      try failure(.invalidValue) { try journal.excuseSlot(nil, reason: "lazy") }.hint?.contains("known")
        == true)
    _ = try failure(.notFound) { try journal.excuseSlot("2026-05-13/am") }
    _ = try failure(.notFound) { try journal.excuseSlot("2026-05-15/07:00") }
  }

  /// What was done or missed stays so, whatever is planned, paused or resumed afterwards.
  @Test(arguments: 0..<120) func thePastStaysWhatItWas(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    _ = try set(["course", "maintenance"][random.pick(2)])
    var past: [String] = []
    for _ in 0..<40 {
      hours(Double(random.pick(40)) / 4)
      switch random.pick(8) {
      case 0: _ = try log()
      case 1: _ = try? journal.pausePlan()
      case 2: _ = try? journal.pausePlan(until: journal.today().adding(random.pick(4)))
      case 3: _ = try? journal.resumePlan()
      case 4: _ = try set(["course", "maintenance"][random.pick(2)])
      case 5: _ = try set("maintenance", "am=daily", "20:30=sat,sun")
      case 6: _ = try? journal.excuseSlot(nil)
      default: break
      }
      let today = try journal.today()
      let slots = try journal.slots(LocalDay("2026-05-14")...today)
      // What is over: missed, done, excused or paused, of days that are gone.
      let over = slots.filter { $0.day < today }.map { "\($0.day)/\($0.name) \($0.state.rawValue)" }
      #expect(over.starts(with: past), "seed \(seed)")
      past = over
      #expect(!over.contains { $0.hasSuffix("open") || $0.hasSuffix("upcoming") })
      if let score = try journal.adherence().score { #expect((0...100).contains(score)) }
      // A slot is filled once, and a session fills one.
      let sessions = slots.compactMap(\.session)
      #expect(Set(sessions).count == sessions.count)
    }
  }

  /// A plan that only begins tomorrow rests with what is left of today's, and both go on.
  @Test func aPauseIsOfTheNextPlanToo() throws {
    _ = try set()
    hours(7)
    _ = try journal.setPlan(PlanEntry(kind: "course"))
    let tomorrow = try journal.today().adding(1)
    #expect(try journal.slots(tomorrow...tomorrow).map(\.state) == [.upcoming, .upcoming])
    #expect(try journal.pausePlan().records.count == 2)
    #expect(try states() == ["2026-05-14/am missed", "2026-05-14/pm paused"])
    #expect(try journal.slots(tomorrow...tomorrow.adding(3)).allSatisfy { $0.state == .paused })
    #expect(try journal.resumePlan().records.count == 2)
    #expect(try states() == ["2026-05-14/am missed", "2026-05-14/pm open"])
    #expect(try journal.slots(tomorrow...tomorrow.adding(3)).allSatisfy { $0.state == .upcoming })
  }

  @Test func aPauseTakesNothingBack() throws {
    _ = try set()
    hours(7)
    #expect(try states() == ["2026-05-14/am missed", "2026-05-14/pm open"])
    _ = try journal.pausePlan()
    #expect(try states() == ["2026-05-14/am missed", "2026-05-14/pm paused"])
    household.advance(seconds: 2 * 86_400)
    #expect(
      try states(1).suffix(4) == [
        "2026-05-15/am paused", "2026-05-15/pm paused", "2026-05-16/am paused", "2026-05-16/pm paused",
      ])
    _ = try journal.resumePlan()
    #expect(
      try states(1).suffix(4) == [
        "2026-05-15/am paused", "2026-05-15/pm paused", "2026-05-16/am paused", "2026-05-16/pm open",
      ])
    _ = try failure(.notFound) { try journal.resumePlan() }
    let plan = try #require(try journal.planInForce()).plan
    _ = try failure(.invalidValue) { try journal.edit(plan.id, ["slots/am=mon"]) }
  }

  /// Each day is of one plan: the one that is replaced ends the day before.
  @Test func aPlanThatIsReplacedEndsTheDayBefore() throws {
    let first = try set("maintenance").only()
    household.advance(seconds: 86_400)
    let records = try set("maintenance", "pm").records
    #expect(records[0][.fromDay].day?.description == "2026-05-15")
    #expect(records[1].id == first.id && records[1][.untilDay].day?.description == "2026-05-14")
  }

  /// A session that was broken off does not count as one.
  @Test func anAbandonedSessionFillsNothing() throws {
    _ = try set()
    let session = try log()
    #expect(try states() == ["2026-05-14/am done", "2026-05-14/pm upcoming"])
    _ = try journal.edit(session.id, ["status=abandoned"])
    #expect(try states() == ["2026-05-14/am open", "2026-05-14/pm upcoming"])
    _ = try journal.edit(session.id, ["status=partial"])
    #expect(try states() == ["2026-05-14/am partial", "2026-05-14/pm upcoming"])
  }

  /// A day that was stays what it was, though days begin otherwise from now on.
  @Test func whatWasStaysInItsDayThoughDaysBeginOtherwise() throws {
    _ = try set()
    let session = try log()
    hours(36)
    let before = try states(1)
    _ = try journal.editProfile(["day_start=10:00"])
    let day = try LocalDay("2026-05-14")
    #expect(
      try journal.slots(day...day).map { "\($0.day)/\($0.name) \($0.state.rawValue)" }
        == before.prefix(2).map { $0 })
    let filter = ListFilter(since: .day(day), until: .day(day))
    #expect(try journal.list("sessions", filter).map(\.id) == [session.id])
  }

  @Test func whatWasNeverPossibleIsNotMissed() throws {
    hours(12)
    _ = try set()
    #expect(try states() == ["2026-05-14/am excused", "2026-05-14/pm open"])
    _ = try log()
    // Today is begun: another plan begins tomorrow.
    let other = try set("maintenance").records[0]
    #expect(other[.fromDay].day?.description == "2026-05-15")
    #expect(try states() == ["2026-05-14/am excused", "2026-05-14/pm done"])
  }

  @Test func badPlansAreRefused() throws {
    let before = try journal.digest().digest
    var entry = PlanEntry(kind: "curse")
    #expect(try failure(.invalidValue) { try journal.setPlan(entry) }.hint?.contains("course") == true)
    for slot in ["noon", "25:00", "am=someday", "7:5", ""] {
      _ = try failure(.invalidValue) { try set("course", slot) }
    }
    entry = PlanEntry(kind: "course")
    entry.from = try LocalDay("2026-05-13")
    _ = try failure(.invalidValue) { try journal.setPlan(entry) }
    entry.from = try LocalDay("2026-05-20")
    entry.until = try LocalDay("2026-05-19")
    _ = try failure(.invalidValue) { try journal.setPlan(entry) }
    entry.days = 3
    _ = try failure(.usage) { try journal.setPlan(entry) }
    for _ in 0..<1 { _ = try failure(.notFound) { try journal.pausePlan() } }
    #expect(try journal.digest().digest == before)
  }

  /// Devices that plan and excuse without knowing of each other agree once they have met.
  @Test func devicesAgree() throws {
    let laptop = try household.device("laptop")
    _ = try journal.ratePain(1)
    try household.carry(journal, laptop)
    _ = try set()
    hours(0.5)
    _ = try laptop.setPlan(PlanEntry(kind: "maintenance"))
    try household.exchange(journal, laptop)
    #expect(try states() == states(of: laptop))
    #expect(try journal.planInForce()?.others == 1)
    _ = try journal.excuseSlot("2026-05-14/am", reason: "sick")
    _ = try laptop.excuseSlot("2026-05-14/am", reason: "sick")
    try household.exchange(journal, laptop)
    #expect(try laptop.conflicts().isEmpty)
    #expect(try states(of: laptop) == states())
    #expect(try states().first == "2026-05-14/am excused")
  }

  /// From UTC−10 to UTC+14, and over both changes of the clocks: days and slots stay those of where the person was.
  @Test func daysAreThoseOfWhereThePersonWas() throws {
    // 2026-05-14 08:00 in Honolulu is 18:00 UTC; on Kiritimati it then is 08:00 of the 15th.
    let household = try Household(now: thursdayEvening + 2 * 3_600_000)
    let path = household.folder + "/journal.sqlite"
    func open(_ zone: String) throws -> Journal { try household.device("phone", path: path, zone: zone) }
    let first = try { () throws -> JournalRecord in
      let honolulu = try open("Pacific/Honolulu")
      _ = try honolulu.setPlan(PlanEntry(kind: "course"))
      return try log(honolulu)
    }()
    #expect(first[.localDay].day?.description == "2026-05-14" && first[.slot].text == "2026-05-14/am")
    let kiritimati = try open("Pacific/Kiritimati")
    let second = try log(kiritimati)
    #expect(second[.localDay].day?.description == "2026-05-15" && second[.slot].text == "2026-05-15/am")
    #expect(
      try kiritimati.slots(LocalDay("2026-05-14")...LocalDay("2026-05-15")).map {
        "\($0.day)/\($0.name) \($0.state)"
      }
        == ["2026-05-14/am done", "2026-05-14/pm missed", "2026-05-15/am done", "2026-05-15/pm upcoming"])
    // Back home, what was done stays where it was.
    #expect(try open("Pacific/Honolulu").show(second.id)[.localDay].day?.description == "2026-05-15")
    _ = try kiritimati.editProfile(["day_start=10:00"])
    #expect(try kiritimati.show(first.id)[.localDay].day?.description == "2026-05-14")
  }

  @Test(arguments: [
    ("2026-03-28T22:00:00Z", 9), ("2026-10-24T22:00:00Z", 9),
  ]) func theClocksChange(start: String, hours: Int) throws {
    let begin = try TimeExpression(now: .max / 2, zone: try zone("UTC")).moment(start).milliseconds
    let household = try Household(now: begin)
    let journal = try household.device("phone")
    _ = try journal.setPlan(PlanEntry(kind: "course"))
    var days: [String] = []
    for _ in 0..<(4 * hours) {
      days.append(try journal.ratePain(3).only()[.localDay].day?.description ?? "")
      household.advance(seconds: 900)
    }
    // 23:00 to 08:00 or so: one change of day, at 04:00 of the clock on the wall.
    #expect(Set(days).count == 2 && days == days.sorted())
    let change = try #require(days.firstIndex { $0 != days[0] })
    let ratings = try journal.list("pain")
    let first = try #require(ratings.reversed()[change][.at].moment)
    #expect(first.rfc3339.contains("T04:00:00"))
    #expect(try journal.slots(LocalDay(days[0])...LocalDay(days[change])).count == 4)
  }
}
