import Foundation
import Testing
import UnknotKit

/// The rules of `Rules.swift`: what is forbidden, and what is only told.
@Suite struct RuleTests {
  private let household: Household
  private let journal: Journal

  init() throws {
    household = try Household()
    journal = try household.device("phone")
  }

  private func log(_ bouts: String..., at: String? = nil, reason: String? = nil, ball: String? = nil) throws
    -> Written
  {
    var entry = SessionEntry(bouts: try bouts.map { text throws(KitError) in try BoutText(text) })
    entry.at = try at.map { text throws(KitError) in try journal.times.moment(text) }
    entry.overrideReason = reason
    entry.ball = ball
    return try journal.logSession(entry)
  }

  private func warnings(_ written: Written) -> [String] {
    written.notices.filter { $0.level == .warning }.map(\.text.description)
  }

  private func hints(_ written: Written) -> [String] {
    written.notices.filter { $0.level == .hint }.map(\.text.description)
  }

  /// Refused, and nothing was written.
  private func refused(
    _ kind: KitError.Kind, _ where: SourceLocation = #_sourceLocation, _ body: () throws -> Written
  )
    throws
  {
    let before = try journal.digest().digest
    _ = try failure(kind, sourceLocation: `where`, body)
    #expect(try journal.digest().digest == before, sourceLocation: `where`)
  }

  // MARK: Scales

  @Test func scalesHaveTheirEnds() throws {
    for score in [-1, 11, 100] { try refused(.invalidValue) { try journal.ratePain(score) } }
    let pain = try journal.ratePain(10).only()
    try refused(.invalidValue) { try journal.edit(pain.id, ["score=11"]) }
    try refused(.invalidValue) { try journal.edit(pain.id, ["score=101"]) }
    #expect(try journal.edit(pain.id, ["scale=vas100", "score=64"]).only()[.score].integer == 64)
    try refused(.invalidValue) { try journal.edit(pain.id, ["scale=nrs11"]) }
    try refused(.invalidValue) { try journal.recordPEG(pain: 5, enjoyment: 11, activity: 2) }
    let peg = try journal.recordPEG(pain: 5, enjoyment: 4, activity: 7).only()
    #expect(peg.derived.map(\.value.plain) == ["5.3"])
    // All three or none.
    try refused(.invalidValue) { try journal.edit(peg.id, ["activity="]) }
  }

  @Test func oneAssessmentAWeekIsEnough() throws {
    #expect(try journal.recordPEG(pain: 1, enjoyment: 2, activity: 3).notices.isEmpty)
    #expect(try warnings(journal.recordPEG(pain: 1, enjoyment: 2, activity: 3)).count == 1)
    // Thursday and four days later: Monday is another week.
    household.advance(seconds: 4 * 86_400)
    #expect(try journal.recordPEG(pain: 1, enjoyment: 2, activity: 3).notices.isEmpty)
  }

  /// Of each place once; how much it got in the way goes with it.
  @Test func oneRatingOfTheWeekIsEnough() throws {
    #expect(try journal.rateWeek(4, activity: 3, nil).notices.isEmpty)
    #expect(try journal.rateWeek(3, activity: 2, PlaceText(site: "neck")).notices.isEmpty)
    #expect(try warnings(journal.rateWeek(5, activity: nil, nil)).count == 1)
    #expect(try warnings(journal.rateWeek(5, activity: 1, PlaceText(site: "neck"))).count == 1)
    household.advance(seconds: 4 * 86_400)
    #expect(try journal.rateWeek(5, activity: 1, nil).notices.isEmpty)
  }

  /// It would stand for the other one.
  @Test func noRoutineIsCalledAsOneOfTheProgram() throws {
    let step = try BoutText("ql/left:30s")
    for name in Catalogue.defaultRoutines.map(\.id) + ["QUICK", " quick "] {
      try refused(.invalidValue) { try journal.newRoutine(name, steps: [step]) }
    }
    _ = try journal.newRoutine("my-quick", steps: [step])
    try refused(.invalidValue) { try journal.renameRoutine("my-quick", to: "quick") }
    #expect(try journal.routine("my-quick")[.name].text == "my-quick")
  }

  // MARK: Times

  @Test func whatHappenedIsNeitherToComeNorBefore1990() throws {
    for minutes in [3, 600] as [Int64] {
      let later = Moment(milliseconds: thursdayEvening + minutes * 60_000, offsetMinutes: 120)
      try refused(.invalidValue) { try journal.ratePain(5, at: later) }
      var factor = FactorEntry(kind: "walk")
      factor.at = later
      try refused(.invalidValue) { try journal.recordFactor(factor) }
      try refused(.invalidValue) { try journal.openEpisode(onset: later) }
    }
    let old = Moment(milliseconds: 600_000_000_000, offsetMinutes: 0)
    try refused(.invalidValue) { try journal.ratePain(5, at: old) }
    let day = try journal.times.moment("2026-05-01")
    var entry = PainEntry(score: 5, at: day)
    entry.precision = try journal.times.precision("2026-05-01")
    #expect(try journal.ratePain(entry).only()[.precision].text == "day")
  }

  @Test func endsComeAfterBeginnings() throws {
    let session = try log("ql/left:45s", at: "12:00").records[0]
    try refused(.invalidValue) { try journal.edit(session.id, ["ended_at=11:59"]) }
    try refused(.invalidValue) { try journal.edit(session.id, ["started_at=08:00"]) }
    #expect(try warnings(journal.edit(session.id, ["ended_at=13:30"])).first?.contains("1h30m") == true)
    let episode = try journal.openEpisode(onset: try journal.times.moment("2026-05-10 12:00")).only()
    try refused(.invalidValue) {
      try journal.closeEpisode(episode.id, at: try journal.times.moment("2026-05-10 11:00"))
    }
  }

  @Test func boutsLastFromASecondToHalfAnHour() throws {
    for text in ["ql/left:0s", "ql/left:30m1s", "ql/left:2h"] {
      let error = try failure(.invalidValue) { try BoutText(text) }
      #expect(error.hint == "a bout lasts from 1s to 30m")
    }
    #expect(try warnings(log("ql/left:2m", at: "09:00")).isEmpty)
    #expect(try warnings(log("ql/left:2m1s", at: "10:00")).count == 1)
  }

  @Test func boutsFitIntoTheirSession() throws {
    let session = try log("ql/left:60s", "ql/right:60s", at: "09:00")
    #expect(session.notices.isEmpty)
    // Two minutes of bouts in a session of 110 s are within a tenth, in one of 100 s they are not.
    let id = session.records[0].id
    #expect(try journal.edit(id, ["ended_at=2026-05-14T09:01:50+02:00"]).notices.isEmpty)
    let shorter = try journal.edit(id, ["ended_at=2026-05-14T09:01:40+02:00"])
    #expect(warnings(shorter) == ["the bouts take 2m, the session only 1m40s"])
  }

  // MARK: Places

  @Test func bothSidesAreTwoBouts() throws {
    let session = try log("ql/both:45s@wall", "tfl/left:30s").records[0]
    #expect(session.children.map { $0[.side].text } == ["left", "right", "left"])
    #expect(session.children.map { $0[.seconds].integer } == [45, 45, 30])
    #expect(session[.endedAt].moment?.milliseconds == thursdayEvening)
    #expect(session[.startedAt].moment?.milliseconds == thursdayEvening - 120_000)
    #expect(try warnings(log("ql:45s", at: "09:00")).first?.contains("ql/left") == true)
  }

  @Test func ratingsAroundASessionAreNearItAndOfOnePlace() throws {
    var entry = SessionEntry(bouts: [try BoutText("ql/left:45s")])
    entry.at = try journal.times.moment("12:00")
    (entry.before, entry.after) = (6, 4)
    let written = try journal.logSession(entry)
    #expect(written.notices.isEmpty)
    let (before, after) = (written.records[1], written.records[2])
    let other = try journal.edit(before.id, ["site=hip", "side=left"])
    #expect(warnings(other).first?.contains("not compared") == true)
    // Within half an hour of the session's end it stays what it was.
    #expect(try journal.edit(after.id, ["at=12:30"]).only()[.context].text == "after")
    let moved = try journal.edit(after.id, ["at=12:31"])
    #expect(try moved.only()[.context].text == "spontaneous" && warnings(moved).count == 1)
    #expect(try journal.edit(before.id, ["at=11:29"]).only()[.context].text == "spontaneous")
    // One that is made by itself is what the person says.
    var alone = PainEntry(score: 5)
    alone.context = "before"
    #expect(try journal.ratePain(alone).only()[.context].text == "before")
  }

  // MARK: Too much

  @Test func moreThanTwoSessionsADayIsTold() throws {
    #expect(try log("ql/left:45s", at: "09:00").notices.isEmpty)
    #expect(try log("ql/left:45s", at: "12:00").notices.isEmpty)
    #expect(try warnings(log("ql/left:45s", at: "15:00")).first?.hasPrefix("the 3rd session") == true)
    // 03:59 belongs to the day before, 04:00 does not.
    let night = try log("ql/left:45s", at: "2026-05-14 03:59")
    #expect(night.notices.isEmpty && night.records[0][.localDay].day?.description == "2026-05-13")
    #expect(
      try log("tfl/left:45s", at: "2026-05-14 04:00").records[0][.localDay].day?.description == "2026-05-14"
    )
  }

  /// One that was left before anything was pressed is none.
  @Test func aSessionWithoutPressesDoesNotCount() throws {
    for time in ["09:00", "10:00"] {
      let session = try log("ql/left:45s", at: time).records[0]
      _ = try journal.remove(session.children.map(\.id))
    }
    #expect(try log("ql/left:45s", at: "12:00").notices.isEmpty)
    #expect(try log("ql/left:45s", at: "13:00").notices.isEmpty)
    #expect(try warnings(log("ql/left:45s", at: "15:00")).first?.hasPrefix("the 3rd session") == true)
  }

  @Test func sessionsThatOverlapAreTold() throws {
    let first = try log("ql/left:10m", at: "12:00").records[0]
    let second = try log("tfl/left:1m", at: "12:05")
    #expect(warnings(second).contains { $0.contains(first.shortID) })
    #expect(try log("tfl/left:1m", at: "2026-05-13 12:05").notices.isEmpty)
    // Another device's is a duplicate at most.
    let laptop = try household.device("laptop")
    try household.carry(journal, laptop)
    var entry = SessionEntry(bouts: [try BoutText("ql/left:10m")])
    entry.at = try laptop.times.moment("2026-05-13 12:05")
    func overlaps(_ written: Written) -> [String] {
      written.notices.map { "\($0.text)" }.filter { $0.contains("overlaps") }
    }
    let own = try laptop.logSession(entry)
    #expect(overlaps(own).isEmpty)
    // Several are one warning.
    let record = own.records[0]
    let what = "\(record.shortID) of \(record[.startedAt].readable(now: laptop.now))"
    #expect(
      try overlaps(laptop.logSession(entry)) == ["it overlaps with another session of this device: \(what)"])
    #expect(
      try overlaps(laptop.logSession(entry))
        == ["it overlaps with 2 other sessions of this device, the first of them \(what)"])
  }

  @Test func aSpotIsGivenARest() throws {
    let spot = try journal.addSpot("ql/left", label: "the sore one").only()
    let session = try log("tfl/left:30s", at: "09:00").records[0]
    for number in 1...3 {
      let bout = try log("ql/left:30s", at: "1\(number):00").records[0].children[0]
      #expect(
        !(try warnings(journal.edit(bout.id, ["spot=\(spot.id)"])).contains { $0.contains("spot today") }))
    }
    let fourth = try journal.edit(session.children[0].id, ["spot=\(spot.id)"])
    #expect(warnings(fourth) == ["the 4th time on that spot today: give it a rest until tomorrow"])
  }

  @Test(arguments: ["discomfort_peak=8", "discomfort_peak=10", "stop_sign=tingling"])
  func whatIsTooMuchIsTold(_ field: String) throws {
    let bout = try log("ql/left:30s").records[0].children[0]
    #expect(try journal.edit(bout.id, ["discomfort_peak=7"]).notices.isEmpty)
    #expect(try warnings(journal.edit(bout.id, [field])).first?.contains("safety check") == true)
  }

  @Test func severeAndSuddenPainPointsToTheCheck() throws {
    #expect(try journal.ratePain(7).notices.isEmpty)
    #expect(try hints(journal.ratePain(8)).count == 1)
    household.advance(seconds: 2 * 86_400)
    #expect(try journal.ratePain(2).notices.isEmpty)
    household.advance(seconds: 3600)
    #expect(try journal.ratePain(4).notices.isEmpty)
    #expect(try hints(journal.ratePain(5)).first?.hasPrefix("3 points above") == true)
    #expect(try journal.ratePain(7, site: PlaceText(site: "hip/left")).notices.isEmpty)
  }

  // MARK: What speaks against it

  @Test func aForbiddenTargetIsRefusedUnlessAReasonIsGiven() throws {
    _ = try journal.editProfile(["contraindications/fracture/ql/left=2026-05-01"])
    try refused(.safetyStop) { try log("ql/left:45s") }
    try refused(.safetyStop) { try log("tfl/left:45s", "ql/both:45s") }
    #expect(try log("ql/right:45s", at: "09:00").notices.isEmpty)
    let written = try log("ql/left:45s", at: "11:00", reason: "the doctor agreed")
    #expect(written.records[0][.overrideReason].text == "the doctor agreed")
    // By the site under which a target lies, and everywhere.
    _ = try journal.editProfile(["contraindications/open-wound/buttock=2026-05-01"])
    for target in ["glute-max", "glute-med", "glute-min"] {
      try refused(.safetyStop) { try log("\(target)/right:45s") }
    }
    _ = try journal.editProfile(["contraindications/fracture=2026-05-01"])
    try refused(.safetyStop) { try log("tfl/right:45s") }
    // Gone again.
    _ = try journal.editProfile(["contraindications/fracture="])
    #expect(try log("tfl/right:45s", at: "13:00").records.count == 1)
  }

  @Test func othersAskForAdvice() throws {
    _ = try journal.editProfile(["contraindications/blood-thinner=2026-05-01"])
    let written = try log("ql/left:45s", at: "09:00")
    #expect(hints(written).contains { $0.contains("blood-thinner") })
    try refused(.invalidValue) { try journal.editProfile(["contraindications/blood-thiner=2026-05-01"]) }
    try refused(.invalidValue) { try journal.editProfile(["contraindications/fracture/nowhere=2026-05-01"]) }
  }

  @Test func wallsWantARopeAndFloorsAWillingBack() throws {
    _ = try journal.addBall("loose")
    _ = try journal.addBall("tied", ["on_rope=yes"])
    let session = try log("ql/left:45s@wall", at: "09:00").records[0]
    let bout = session.children[0].id
    #expect(
      try hints(journal.edit(bout, ["ball=\(journal.list("balls")[1].id)"])).first?.contains("rope") == true)
    #expect(try journal.edit(bout, ["ball=\(journal.list("balls")[0].id)"]).notices.isEmpty)
    _ = try journal.editProfile(["floor_ok=no"])
    #expect(try hints(log("ql/left:45s@floor", at: "11:00")).first?.contains("floor") == true)
    #expect(try log("ql/left:45s@wall", at: "13:00").notices.allSatisfy { $0.level == .warning })
  }

  // MARK: Words and texts

  @Test func unknownWordsGetTheNearest() throws {
    #expect(
      try failure(.invalidValue) { try BoutText("glute-mid/left:45s") }.hint?.contains("glute-mi") == true)
    #expect(
      try failure(.invalidValue) { try journal.recordFactor(FactorEntry(kind: "medicaton")) }
        .hint?.contains("did you mean medication?") == true)
    var first = PainEntry(score: 5)
    first.tags = ["Travel"]
    #expect(try journal.ratePain(first).only()[.tags].keys == ["travel"])
    let pain = try journal.ratePain(4).only()
    let near = try journal.tag(pain.id, ["+travle"])
    #expect(warnings(near) == ["travle is a new tag; there is travel already"])
    #expect(try journal.tag(pain.id, ["travel", "-travle"]).only()[.tags].keys == ["travel"])
    for bad in ["two words", "", "-", "a/b", String(repeating: "t", count: 61)] {
      try refused(.invalidValue) { try journal.tag(pain.id, ["+\(bad)"]) }
    }
  }

  @Test func textsAreOfOneFormAndOfBoundedLength() throws {
    let pain = try journal.ratePain(4, note: "re\u{301}sume\u{301}").only()
    #expect(pain[.note].text?.utf8.elementsEqual("r\u{e9}sum\u{e9}".utf8) == true)
    try refused(.invalidValue) { try journal.edit(pain.id, ["note=\u{1b}[31m"]) }
    try refused(.invalidValue) {
      try journal.edit(pain.id, ["note=" + String(repeating: "n", count: 10_001)])
    }
    #expect(try journal.edit(pain.id, ["note=" + String(repeating: "n", count: 10_000)]).records.count == 1)
  }

  // MARK: Fields of every kind

  @Test func setsAndMapsAreEditedByTheirKeys() throws {
    let pain = try journal.ratePain(4).only()
    #expect(try journal.edit(pain.id, ["quality=ache,stiff"]).only()[.quality].keys == ["ache", "stiff"])
    #expect(try journal.edit(pain.id, ["quality=ache,sharp"]).only()[.quality].keys == ["ache", "sharp"])
    #expect(try journal.edit(pain.id, ["quality/sharp="]).only()[.quality].keys == ["ache"])
    #expect(try journal.edit(pain.id, ["quality=ache"]).records.isEmpty)
    #expect(try journal.edit(pain.id, ["quality="]).only()[.quality].isEmpty)
    try refused(.invalidValue) { try journal.edit(pain.id, ["quality=wet"]) }
    try refused(.invalidValue) { try journal.edit(pain.id, ["score/x=1"]) }
    try refused(.invalidValue) { try journal.edit(pain.id, ["local_day=2026-05-01"]) }
    let ball = try journal.addBall("red", ["diameter_mm=60", "kind=rubber", "acquired=2026-05-01"]).only()
    #expect(ball[.acquired].day?.description == "2026-05-01")
    for bad in [
      "diameter_mm=19", "diameter_mm=201", "firmness=6", "kind=square", "acquired=1/2/2026", "name=",
    ] {
      try refused(.invalidValue) { try journal.edit(ball.id, [bad]) }
    }
  }

  /// Two devices that add words of their own to one set have both.
  @Test func setsMergeWordByWord() throws {
    let laptop = try household.device("laptop")
    let pain = try journal.ratePain(4).only()
    try household.carry(journal, laptop)
    _ = try journal.tag(pain.id, ["+work"])
    _ = try laptop.tag(pain.id, ["+travel"])
    try household.exchange(journal, laptop)
    #expect(try laptop.show(pain.id)[.tags].keys == ["travel", "work"])
    #expect(try laptop.conflicts().isEmpty)
  }

  @Test func everyEventIsFlaggedWhenItWasRecordedLater() throws {
    let live = try journal.ratePain(4, at: try journal.times.moment("17:30")).only()
    let later = try journal.ratePain(4, at: try journal.times.moment("17:29")).only()
    #expect(live.derived.map(\.value) == [.bool(false)] && later.derived.map(\.value) == [.bool(true)])
  }

  /// A session counts from its end, however long it was.
  @Test func aLongSessionIsLive() throws {
    let bouts = Array(repeating: "ql/left:20m", count: 2)
    let session = try journal.logSession(
      bouts: try bouts.map { text throws(KitError) in try BoutText(text) }
    ).only()
    #expect(session.derived.map(\.value) == [.bool(false)])
    #expect(try journal.quality(FigureRange()).liveSessions == 1)
  }

  @Test func whatIsRecordedInAnEpisodeBelongsToIt() throws {
    let before = try journal.ratePain(4, at: try journal.times.moment("2026-04-01 12:00")).only()
    let episode = try journal.openEpisode(
      onset: try journal.times.moment("2026-04-02 12:00"), trigger: "garden"
    ).only()
    #expect(episode.derived.map(\.value.plain) == ["43", "subacute"])
    #expect(before[.episode].isEmpty)
    #expect(try journal.ratePain(4).only()[.episode].reference == episode.id)
    #expect(try journal.ratePain(4, site: PlaceText(site: "hip/left")).only()[.episode].isEmpty)
    #expect(try log("ql/left:45s").records[0][.episode].reference == episode.id)
    try refused(.invalidValue) { try journal.openEpisode() }
    #expect(try journal.closeEpisode().records.count == 1)
    try refused(.notFound) { try journal.closeEpisode() }
    #expect(try journal.ratePain(4).only()[.episode].isEmpty)
  }
}
