import Testing

@testable import UnknotKit

/// What two devices recorded of one thing counts once in every figure, until it is merged or said to be two.
@Suite struct RepeatTests {
  private struct Counts: Equatable {
    var ratings: Int
    var sessions: Int
    var bouts: Int
    var minutes: Double
    var factors: Int
    var pairs: Int
    var pegs: Int
    var episodes: Int
  }

  private func counts(_ journal: Journal) throws -> Counts {
    let week = try journal.week(FigureRange()).this
    let clinician = try journal.clinician(FigureRange())
    let quality = try journal.quality(FigureRange())
    let targets = try journal.targets(FigureRange())
    let adherence = try journal.adherence()
    #expect(quality.sessions == week.sessions && targets.sessions == week.sessions)
    #expect(clinician.weeks.sessions == week.sessions && clinician.weeks.minutes == week.minutes)
    #expect(adherence.bouts == week.bouts || adherence.due == 0 && adherence.bouts == 0)
    #expect(try journal.adherence(FigureRange()).minutes == week.minutes)
    #expect(targets.rows.reduce(0) { $0 + $1.bouts } == week.bouts)
    return Counts(
      ratings: quality.ratings, sessions: week.sessions, bouts: week.bouts, minutes: week.minutes,
      factors: week.factors.reduce(0) { $0 + $1.count }, pairs: clinician.effect.pairs.count,
      pegs: clinician.peg.count, episodes: try journal.episodes(FigureRange()).rows.count)
  }

  private func record(_ device: Journal, _ bouts: String...) throws {
    _ = try device.logSession(bouts: bouts.map { try BoutText($0) }, before: 6, after: 4)
    _ = try device.ratePain(4, context: "scheduled")
    _ = try device.recordFactor(FactorEntry(kind: "walk"))
    _ = try device.openEpisode()
    _ = try device.recordPEG(pain: 4, enjoyment: 4, activity: 4)
  }

  private func devices(_ names: String...) throws -> (Household, [Journal]) {
    let household = try Household()
    let devices = try names.map { try household.device($0) }
    _ = try devices[0].setPlan(PlanEntry(kind: "course"))
    for device in devices.dropFirst() { try household.carry(devices[0], device) }
    return (household, devices)
  }

  /// One that was left before anything was pressed.
  @Test func whatWasLeftIsNoSession() throws {
    let household = try Household()
    let journal = try household.device("phone")
    _ = try journal.logSession(bouts: [try BoutText("ql/left:45s")], before: 6, after: 4)
    household.advance(seconds: 3600)
    var guided = try journal.beginGuided(GuidedRequest()).session
    _ = guided.handle(.finish, at: 0)
    _ = try journal.write(&guided)
    #expect(try journal.list("sessions").map { $0[.status].text } == ["abandoned", "done"])
    #expect(try journal.week(FigureRange()).this.sessions == 1)
    #expect(try journal.trend(FigureRange()).sessions == 1 && journal.targets(FigureRange()).sessions == 1)
  }

  @Test func aWeekRatedOnTwoDevicesCountsOnce() throws {
    let (household, journals) = try devices("phone", "laptop")
    for journal in journals { _ = try journal.rateWeek(5) }
    try household.exchange(journals[0], journals[1])
    for journal in journals {
      #expect(try journal.clinician(FigureRange()).weekRatings.count == 1)
      #expect(try journal.checkIn().lastWeekRating == journal.today())
    }
    // Six at most, however long ago the first of them was.
    for _ in 0..<8 {
      household.advance(seconds: 20 * 86_400)
      _ = try journals[0].rateWeek(4)
    }
    #expect(try journals[0].clinician(FigureRange()).weekRatings.count == 6)
  }

  @Test func oneThingOnThreeDevicesCountsOnce() throws {
    let (household, journals) = try devices("phone", "laptop", "tablet")
    try record(journals[0], "ql/left:45s", "tfl/left:30s")
    let alone = try counts(journals[0])
    #expect(
      alone
        == Counts(
          ratings: 3, sessions: 1, bouts: 2, minutes: 1.25, factors: 1, pairs: 1, pegs: 1, episodes: 1))
    household.advance(seconds: 60)
    try record(journals[1], "ql/left:45s", "tfl/left:30s")
    household.advance(seconds: 60)
    // What the other two did not write down is there, too, as it would be if they were merged.
    try record(journals[2], "glute-med/right:1m", "ql/left:45s")
    for _ in 0..<2 { for other in journals[1...] { try household.exchange(journals[0], other) } }
    var all = alone
    (all.bouts, all.minutes) = (3, 2.25)
    for journal in journals {
      #expect(try counts(journal) == all)
      #expect(try journal.episodes(FigureRange()).rows.count == 1)
    }
  }

  /// A rating and a session whose twin lies outside of the days that are asked for is counted on the twin's day only.
  @Test func theDaysEdgeCountsNothingTwice() throws {
    let (household, journals) = try devices("phone", "laptop")
    // 04:00 in Berlin begins the day.
    household.advance(seconds: 10 * 3600 - 60)
    _ = try journals[0].ratePain(5)
    household.advance(seconds: 120)
    _ = try journals[1].ratePain(5)
    try household.exchange(journals[0], journals[1])
    let today = try journals[0].today()
    #expect(today.description == "2026-05-15")
    for journal in journals {
      func ratings(_ since: LocalDay?, _ until: LocalDay?) throws -> Int {
        try journal.quality(FigureRange(since: since, until: until)).ratings
      }
      #expect(try ratings(nil, today.adding(-1)) == 1)
      #expect(try ratings(today, nil) == 0)
      #expect(try ratings(nil, nil) == 1)
    }
  }

  @Test func saidToBeTwoTheyAreTwo() throws {
    let (household, journals) = try devices("phone", "laptop")
    for journal in journals { try record(journal, "ql/left:45s") }
    try household.exchange(journals[0], journals[1])
    let one = try counts(journals[1])
    for pair in try journals[0].duplicates() {
      _ = try journals[0].dismissDuplicate(pair.first.id, pair.second.id)
    }
    try household.carry(journals[0], journals[1])
    let two = try counts(journals[1])
    #expect(two.ratings == 2 * one.ratings && two.sessions == 2 && two.bouts == 2 && two.minutes == 1.5)
    #expect(two.factors == 2 && two.pairs == 2 && two.pegs == 2 && two.episodes == 2)
  }

  /// An episode that was ended on one of them has ended.
  @Test func anEpisodeEndsOnce() throws {
    let (household, journals) = try devices("phone", "laptop")
    for journal in journals {
      household.advance(seconds: 3600)
      _ = try journal.openEpisode()
    }
    household.advance(seconds: 3 * 86_400)
    _ = try journals[1].closeEpisode()
    try household.exchange(journals[0], journals[1])
    for journal in journals {
      let rows = try journal.episodes(FigureRange()).rows
      #expect(rows.count == 1 && rows[0].end != nil)
      #expect(try journal.clinician(FigureRange()).earlierEpisodes == 0)
    }
  }

  /// The worst is never left out, whichever of the two was first.
  @Test(arguments: [(3, 9), (9, 3)]) func ofTwoRatingsTheHigherCounts(_ first: Int, _ second: Int) throws {
    let (household, journals) = try devices("phone", "laptop")
    _ = try journals[0].ratePain(first)
    household.advance(seconds: 60)
    _ = try journals[1].ratePain(second)
    try household.exchange(journals[0], journals[1])
    for journal in journals {
      let week = try journal.week(FigureRange()).this
      #expect(week.highest?.score == 9 && week.median == 9)
    }
  }

  /// What went wrong in the session that is not counted is told all the same.
  @Test func anAdverseEventIsToldOfEither() throws {
    let (household, journals) = try devices("phone", "laptop")
    let bouts = [try BoutText("ql/left:45s")]
    _ = try journals[0].logSession(bouts: bouts)
    household.advance(seconds: 60)
    let session = try journals[1].logSession(bouts: bouts).records[0]
    _ = try journals[1].edit(session.id, ["adverse=bruise"])
    try household.exchange(journals[0], journals[1])
    #expect(try journals[0].clinician(FigureRange()).adverse.map(\.kind) == ["bruise"])
  }

  /// Two that were said to be two stay two, also where a third could be either of them.
  @Test func aThirdJoinsNoTwoThatAreTwo() throws {
    let (household, journals) = try devices("phone", "laptop", "tablet")
    var ids: [String] = []
    for journal in journals {
      ids.append(try journal.ratePain(4).only().id)
      household.advance(seconds: 60)
    }
    for _ in 0..<2 { for other in journals[1...] { try household.exchange(journals[0], other) } }
    _ = try journals[0].dismissDuplicate(ids[1], ids[2])
    #expect(try journals[0].quality(FigureRange()).ratings == 2)
    _ = try journals[0].dismissDuplicate(ids[0], ids[1])
    #expect(try journals[0].quality(FigureRange()).ratings == 2)
    _ = try journals[0].dismissDuplicate(ids[0], ids[2])
    #expect(try journals[0].quality(FigureRange()).ratings == 3)
  }

  /// A minute before noon on the one and after it on the other: one slot.
  @Test func twoSlotsAreNotFilledByOneSession() throws {
    let household = try Household(now: thursdayEvening - 6 * 3_600_000 - 60_000)
    let journals = [try household.device("phone"), try household.device("laptop")]
    household.advance(seconds: -86_400)
    _ = try journals[0].setPlan(PlanEntry(kind: "course"))
    household.advance(seconds: 86_400)
    try household.carry(journals[0], journals[1])
    for journal in journals {
      _ = try journal.logSession(bouts: [try BoutText("ql/left:45s")])
      household.advance(seconds: 180)
    }
    try household.exchange(journals[0], journals[1])
    household.advance(seconds: 20 * 3600)
    let day = try LocalDay("2026-05-14")
    for journal in journals {
      #expect(Set(try journal.list("sessions").compactMap { $0[.slot].text }).count == 2)
      #expect(try journal.slots(day...day).map(\.state.halves).compactMap { $0 }.reduce(0, +) == 2)
    }
  }

  /// Both devices merged the same two before they met again: each copied what was lacking, and it counts once.
  @Test func whatBothHaveMergedCountsOnce() throws {
    let (household, journals) = try devices("phone", "laptop")
    let first = try journals[0].logSession(bouts: [try BoutText("ql/left:45s")], before: 6).records[0].id
    household.advance(seconds: 60)
    let second = try journals[1].logSession(
      bouts: [try BoutText("ql/left:45s"), try BoutText("tfl/left:1m")], after: 4
    ).records[0].id
    try household.exchange(journals[0], journals[1])
    let before = try counts(journals[0])
    for journal in journals { _ = try journal.mergeDuplicates(first, second) }
    #expect(try counts(journals[0]) == before)
    try household.exchange(journals[0], journals[1])
    for journal in journals {
      #expect(try counts(journal) == before)
      #expect(try journal.duplicates().allSatisfy(\.hasSameOrigin))
      #expect(Set(try journal.duplicates().map(\.first.type)) == ["bout", "pain"])
    }
    _ = try journals[0].mergeSameOrigin()
    #expect(try counts(journals[0]) == before)
    #expect(try journals[0].show(first).children.map(\.type).sorted() == ["bout", "bout"])
    #expect(try journals[0].duplicates().isEmpty)
  }

  /// Of copies, too, somebody can say that they are two.
  @Test func copiesThatAreTwoCountTwice() throws {
    let (household, journals) = try devices("phone", "laptop")
    let first = try journals[0].logSession(bouts: [try BoutText("ql/left:45s")]).records[0].id
    household.advance(seconds: 60)
    let second = try journals[1].logSession(
      bouts: [try BoutText("ql/left:45s"), try BoutText("tfl/left:1m")]
    ).records[0].id
    try household.exchange(journals[0], journals[1])
    for journal in journals { _ = try journal.mergeDuplicates(first, second) }
    try household.exchange(journals[0], journals[1])
    let copies = try journals[0].duplicates()
    #expect(copies.map(\.first.type) == ["bout"])
    #expect(try counts(journals[0]).bouts == 2)
    _ = try journals[0].dismissDuplicate(copies[0].first.id, copies[0].second.id)
    #expect(try counts(journals[0]).bouts == 3)
  }

  /// What the kept session's bout does not say is taken from the other's; of two ratings of one question one is kept.
  @Test func whatAMatchingBoutLacksIsTaken() throws {
    let (household, journals) = try devices("phone", "laptop")
    let first = try journals[0].logSession(bouts: [try BoutText("ql/left:45s")], after: 4).records[0]
    household.advance(seconds: 60)
    let second = try journals[1].logSession(bouts: [try BoutText("ql/left:45s")], after: 3).records[0]
    _ = try journals[1].edit(try #require(second.children.first).id, ["note=a knot", "discomfort_start=7"])
    try household.exchange(journals[0], journals[1])
    let before = try counts(journals[0])
    let merged = try journals[0].mergeDuplicates(first.id, second.id)
    #expect(merged.notices.map(\.text) == ["of two ratings of one question, 4 is kept and 3 is left out"])
    let bout = try #require(try journals[0].show(first.id).children.first)
    #expect(bout[.note].text == "a knot" && bout[.discomfortStart].json.plain == "7")
    #expect(try counts(journals[0]) == before)
  }

  /// What counts once counts as it does once all pairs are merged.
  @Test(arguments: 0..<30) func figuresCountAsIfAllWereMerged(_ seed: UInt64) throws {
    var random = SeededRandom(seed)
    let (household, journals) = try devices("phone", "laptop")
    for _ in 0..<30 {
      household.advance(seconds: Int64.random(in: 1...400, using: &random))
      let own = Int.random(in: 0..<2, using: &random)
      if Int.random(in: 0..<6, using: &random) == 0 { try household.carry(journals[own], journals[1 - own]) }
      switch Int.random(in: 0..<4, using: &random) {
      case 0:
        let bouts = ["ql/left:45s", "tfl/left:30s", "tfl/left:1m"].filter { _ in Bool.random(using: &random) }
        guard !bouts.isEmpty else { continue }
        _ = try journals[own].logSession(bouts: bouts.map { try BoutText($0) })
      case 1:
        let kind = Bool.random(using: &random) ? "walk" : "heat"
        _ = try journals[own].recordFactor(FactorEntry(kind: kind))
      case 2: _ = try journals[own].recordPEG(pain: 4, enjoyment: 5, activity: 6)
      default: _ = try journals[own].ratePain(4)
      }
    }
    try household.exchange(journals[0], journals[1])
    let counted = try counts(journals[0])
    #expect(try counts(journals[1]) == counted)
    while let pair = try journals[1].duplicates().first {
      _ = try journals[1].mergeDuplicates(pair.first.id, pair.second.id)
    }
    #expect(try counts(journals[1]) == counted)
  }
}
