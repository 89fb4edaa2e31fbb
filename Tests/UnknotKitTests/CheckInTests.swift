import SeededRandom
import Testing
import UnknotKit

/// How often the person is asked, and that weeks and moments are never in one figure.
@Suite struct CheckInTests {
  /// Day by day from no episode to a persistent one, and with a plan that says otherwise.
  @Test func theStageSaysHowOften() throws {
    let household = try Household()
    let journal = try household.device("phone")
    #expect(try journal.checkIn().frequency == .weekly)
    #expect(try journal.checkIn().reason == .usual)
    _ = try journal.openEpisode()
    for day in 0..<100 {
      let asked = try journal.checkIn()
      #expect(asked.frequency == (day < 84 ? .weekly : .daily), "\(day)")
      #expect(asked.reason == (day < 84 ? .usual : .persistent))
      household.advance(seconds: 86_400)
    }
    var entry = PlanEntry(kind: "maintenance")
    entry.checkIn = "weekly"
    #expect(try journal.setPlan(entry).notices.isEmpty)
    #expect(try journal.checkIn().frequency == .weekly)
    #expect(try journal.checkIn().reason == .plan)
    household.advance(seconds: 86_400)
    entry.checkIn = "hourly"
    #expect(throws: KitError.self) { try journal.setPlan(entry) }
    #expect(try journal.list("plans").count == 1)
  }

  /// Whoever chooses daily scores while the pain is new is told what is known of them.
  @Test func choosingDailyScoresShowsTheEvidence() throws {
    let journal = try Household().device("phone")
    var entry = PlanEntry(kind: "course")
    entry.checkIn = "daily"
    let notices = try journal.setPlan(entry).notices.map(\.text.description)
    #expect(notices.contains(CheckInFrequency.evidence))
    #expect(try journal.checkIn().frequency == .daily)
    #expect(try !journal.checkIn().isDone)
    var rating = PainEntry(score: 4)
    rating.context = "scheduled"
    _ = try journal.ratePain(rating)
    #expect(try journal.checkIn().isDone)
  }

  @Test func aWeekIsAnsweredForSevenDays() throws {
    let household = try Household()
    let journal = try household.device("phone")
    let written = try journal.rateWeek(6, activity: 3)
    #expect(written.records.map(\.type) == ["pain", "assessment"])
    for day in 0..<9 {
      #expect(try journal.checkIn().isDone == (day < 7), "\(day)")
      household.advance(seconds: 86_400)
    }
    #expect(throws: KitError.self) { try journal.rateWeek(11) }
    #expect(throws: KitError.self) { try journal.rateWeek(4, activity: 11) }
    #expect(try journal.list("pain").count == 1)
  }

  /// Whatever is rated of weeks, no figure of moments moves.
  @Test(arguments: 1...4) func weeksAndMomentsStayApart(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let household = try Household()
    let journals = [try household.device("phone"), try household.device("other")]
    for _ in 0..<40 {
      let score = Int.random(in: 1...9, using: &random)
      for journal in journals { _ = try journal.ratePain(PainEntry(score: score)) }
      _ = try journals[1].rateWeek(Bool.random(using: &random) ? 0 : 10)
      household.advance(seconds: 86_400)
    }
    let all = FigureRange()
    #expect(try journals[0].trend(all).days == journals[1].trend(all).days)
    #expect(try journals[0].week(all).this.highest == journals[1].week(all).this.highest)
    #expect(try journals[0].week(all).this.median == journals[1].week(all).this.median)
    #expect(try journals[0].quality(all).ratings == journals[1].quality(all).ratings)
    #expect(try journals[0].week(all).this.weekRating == nil)
    #expect(try journals[1].week(all).this.weekRating != nil)
    #expect(try journals[1].clinician(all).weekRatings.count == 6)
  }
}
