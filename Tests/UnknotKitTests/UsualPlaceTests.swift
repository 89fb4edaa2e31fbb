import TestSupport
import Testing
import UnknotKit

/// Whatever is recorded or asked without a place is of where the pain usually is: the same place for all of it.
@Suite struct UsualPlaceTests {
  private func journal() throws -> (journal: Journal, household: Household) {
    let household = try Household()
    let journal = try household.device("phone")
    _ = try journal.editProfile(["site=neck"])
    return (journal, household)
  }

  @Test func aWeekOfItIsTheCheckIn() throws {
    let (journal, _) = try journal()
    #expect(try !journal.checkIn().isDone)
    _ = try journal.rateWeek(4)
    #expect(try journal.list("pain")[0][.site].text == "neck")
    #expect(try journal.checkIn().isDone)
    #expect(try journal.week(journal.figureRange()).this.weekRating != nil)
  }

  @Test func figuresAreOfIt() throws {
    let (journal, _) = try journal()
    _ = try journal.ratePain(5)
    #expect(try journal.figureRange().site == "neck")
    #expect(try journal.trend(journal.figureRange()).days.map(\.value) == [5])
    #expect(try journal.trend(journal.figureRange(site: "low-back")).days.isEmpty)
    _ = try failure(.invalidValue) { try journal.figureRange(site: "nowhere") }
  }

  @Test func anEpisodeIsOfIt() throws {
    let (journal, household) = try journal()
    let episode = try journal.openEpisode().records[0]
    #expect(episode[.site].text == "neck")
    household.advance(seconds: 60)
    let rating = try journal.ratePain(3).records[0]
    #expect(rating[.episode].reference == episode.id)
  }

  /// The ratings of a session that was led and of one that was logged are of one place.
  @Test func sessionsAreRatedThere() throws {
    let (journal, _) = try journal()
    var session = try journal.beginGuided(GuidedRequest()).session
    _ = session.handle(.answer(4), at: 0)
    _ = try journal.write(&session)
    var entry = SessionEntry(bouts: [try BoutText("ql/left:45s@wall")])
    entry.before = 4
    _ = try journal.logSession(entry)
    #expect(try journal.list("pain").map { $0[.site].text } == ["neck", "neck"])
  }

  @Test func withoutAProfileItIsTheLowerBack() throws {
    let journal = try Household().device("phone")
    #expect(try journal.profile().usualPlace.words == "low back")
    #expect(try journal.figureRange().site == "low-back")
  }
}
